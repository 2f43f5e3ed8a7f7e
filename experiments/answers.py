"""The questions of the project, answered: can China's firms go solo, when, and what if the rules change?

``python -m experiments.answers --seeds 6`` plays the baseline and six scenarios with the same luck, keeps the figures
with the digest of the code in ``experiments/results/answers.json``, and ``docs/answers.md`` shows them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.code_digest import code_digest
from experiments.effects import paired
from experiments.facts import staleness
from experiments.pairs import run_variants

if TYPE_CHECKING:
    import pandas as pd

    from model import PharmaMarket

RESULTS = Path(__file__).parent / "results" / "answers.json"
SCENARIOS = ("baseline", "go-solo", "decoupling", "detente", "ich-harmonised", "capital-winter", "china-capital-winter")
PERIODS = ((2015, 2024), (2025, 2029), (2030, 2034), (2035, 2040))
FUTURE = (2030, 2040)
TABLES = ("launches", "assets", "deals", "firm_years", "firms", "indicators")
Tables = Mapping[str, "pd.DataFrame"]


def abroad(tables: Tables, first: int, last: int) -> pd.DataFrame:
    """Launches of Chinese medicines outside China in the years."""
    launches, assets = tables["launches"], tables["assets"]
    mine = launches.asset.isin(assets[assets.origin_region == "CN"].asset) & (launches.region != "CN")
    return launches[mine & launches.month.dt.year.between(first, last)]


def launched_abroad(tables: Tables, first: int, last: int) -> float:
    """Launches of Chinese medicines in regions outside China, a year."""
    return len(abroad(tables, first, last)) / (last - first + 1)


def solo_abroad(tables: Tables, first: int, last: int) -> float:
    """Launches of Chinese medicines outside China that their inventor makes itself, %; NaN without any."""
    found = abroad(tables, first, last)
    return 100 * float((found["mode"] == "originator").mean()) if len(found) else float("nan")


def out_licences(tables: Tables, first: int, last: int) -> float:
    """Headline value of rights that Chinese firms gave to firms abroad, bn US$ a year."""
    deals = tables["deals"]
    mine = (deals.seller_home == "CN") & deals.cross_border & (deals.kind != "acquisition")
    return float(deals[mine & deals.month.dt.year.between(first, last)].headline.sum()) / 1e3 / (last - first + 1)


def best_rank(tables: Tables, first: int, last: int) -> float:
    """Rank of the largest Chinese firm in the world by net sales, last year."""
    years, firms = tables["firm_years"], tables["firms"]
    sales = years[years.year == last].set_index("firm").net_sales.rank(ascending=False)
    return float(sales[sales.index.isin(firms[firms.home == "CN"].firm)].min())


def yearly(column: str) -> Callable[[Tables, int, int], float]:
    """An indicator summed over the years, a year."""

    def measured(tables: Tables, first: int, last: int) -> float:
        frame = tables["indicators"]
        return float(frame[frame.month.dt.year.between(first, last)][column].sum()) / (last - first + 1)

    return measured


def mean(column: str, factor: float = 1.0) -> Callable[[Tables, int, int], float]:
    """An indicator's mean over the months of the years."""

    def measured(tables: Tables, first: int, last: int) -> float:
        frame = tables["indicators"]
        return factor * float(frame[frame.month.dt.year.between(first, last)][column].mean())

    return measured


def middle(column: str) -> Callable[[Tables, int, int], float]:
    """An indicator's median over the months of the years, which may be infinite now and then."""

    def measured(tables: Tables, first: int, last: int) -> float:
        frame = tables["indicators"]
        return float(frame[frame.month.dt.year.between(first, last)][column].median())

    return measured


OUTCOMES: dict[str, Callable[[Tables, int, int], float]] = {
    "Chinese medicines launched abroad, launches a year": launched_abroad,
    "of which by their inventor, %": solo_abroad,
    "China's out-licences, headline, bn US$ a year": out_licences,
    "Largest Chinese firm, rank by sales in the last year": best_rank,
    "All launches that go alone, %": mean("solo_share", 100),
    "First approvals anywhere, a year": yearly("approvals_first"),
    "Months from the first to the second approval": middle("launch_lag_median"),
    "Candidates": mean("pipeline_assets"),
    "Research firms with less than a year of cash, %": mean("runway_below_1y_share", 100),
}
"""What is counted, by the words that the page shows."""


def measure(market: PharmaMarket) -> list[list[float]]:
    """The outcomes (rows) of a run in each period and in the future (columns)."""
    tables = {name: market.table(name) for name in TABLES}
    return [[count(tables, *years) for years in (*PERIODS, FUTURE)] for count in OUTCOMES.values()]


def play(seeds: Sequence[int], scale: float, workers: int | None) -> np.ndarray:
    """Outcomes of every scenario and seed, (scenarios, seeds, outcomes, periods and the future)."""
    found: dict[tuple[int, int], list[list[float]]] = {}
    for run in run_variants(SCENARIOS, seeds, measure=measure, scale=scale, workers=workers):
        if run.error:
            raise RuntimeError(f"{SCENARIOS[run.variant]}, seed {run.seed}: {run.error}")
        found[run.variant, run.seed] = run.measures
    return np.array([[found[number, seed] for seed in seeds] for number in range(len(SCENARIOS))])


def condensed(played: np.ndarray) -> dict[str, Any]:
    """Means and ranges of the baseline by period, and the effect of each scenario on the future with its interval."""
    base = played[0]
    by_period = [
        [{"mean": float(np.nanmean(cell)), "low": float(np.nanmin(cell)), "high": float(np.nanmax(cell))}
         for cell in np.moveaxis(base[:, place, :-1], 1, 0)]
        for place in range(len(OUTCOMES))
    ]  # fmt: skip
    effects = {}
    for name, one in zip(SCENARIOS[1:], played[1:], strict=True):
        stats = paired(base[..., -1], one[..., -1])
        effects[name] = [{key: float(stats[key][place]) for key in ("mean_a", "effect", "low", "high")}
                         for place in range(len(OUTCOMES))]  # fmt: skip
    return {"outcomes": list(OUTCOMES), "periods": [f"{a}-{b % 100:02d}" for a, b in PERIODS],
            "baseline": by_period, "effects": effects}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Play, condense, keep."""
    parser = argparse.ArgumentParser(prog="python -m experiments.answers", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--workers", type=int, help="processes; as many as there are cores by default")
    parser.add_argument("--check", action="store_true", help="only say whether the kept figures are stale")
    given = parser.parse_args(arguments)
    if given.check:
        print(staleness(RESULTS, "experiments.answers --seeds 6"))
        return
    if given.seeds < 2:
        parser.error("--seeds: at least two are needed for intervals")
    seeds = list(range(1, given.seeds + 1))
    found = condensed(play(seeds, given.scale, given.workers))
    kept = {"code": code_digest(), "scale": given.scale, "seeds": seeds, **found}
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    print(f"Kept in {RESULTS.name}; `python -m experiments.document` writes the page.")


if __name__ == "__main__":
    main()
