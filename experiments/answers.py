"""The main questions, answered: can China's firms go solo, when, and what if the rules change?

``python -m experiments.answers --seeds 6`` plays the baseline and six scenarios with the same luck, keeps the figures
with the digest of the code in ``experiments/results/answers.json``, and ``docs/answers.md`` shows them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import record_keeping
from experiments.counts import over_years
from experiments.deal_facts import china_abroad, china_headline
from experiments.effects import paired
from experiments.fact import Tables
from experiments.pairs import run_variants
from experiments.research_facts import short_of_cash

if TYPE_CHECKING:
    from model import PharmaMarket

RECORD = "answers"
SCENARIOS = ("baseline", "go-solo", "decoupling", "detente", "ich-harmonised", "capital-winter", "china-capital-winter")
PERIODS = ((2015, 2024), (2025, 2029), (2030, 2034), (2035, 2040))
FUTURE = (2030, 2040)
TABLES = ("launches", "assets", "deals", "firm_years", "firms", "indicators")
Outcome = Callable[[int, int, Tables], float]


def launched_abroad(first: int, last: int, tables: Tables) -> float:
    """Launches of Chinese medicines in regions outside China, a year."""
    return len(china_abroad(first, last, tables)) / (last - first + 1)


def solo_abroad(first: int, last: int, tables: Tables) -> float:
    """Launches of Chinese medicines outside China that their inventor makes itself, %; NaN without any."""
    found = china_abroad(first, last, tables)
    return 100 * float((found["mode"] == "originator").mean()) if len(found) else float("nan")


def out_licensed(first: int, last: int, tables: Tables) -> float:
    """Headline value of rights that Chinese firms gave to firms abroad, bn US$ a year."""
    return china_headline(first, last, tables) / (last - first + 1)


def best_rank(first: int, last: int, tables: Tables) -> float:
    """Rank of the largest Chinese firm in the world by net sales, last year."""
    years, firms = tables["firm_years"], tables["firms"]
    sales = years[years.year == last].set_index("firm").net_sales.rank(ascending=False)
    return float(sales[sales.index.isin(firms[firms.home == "CN"].firm)].min())


OUTCOMES: dict[str, Outcome] = {
    "Chinese medicines launched abroad, launches a year": launched_abroad,
    "of which by their inventor, %": solo_abroad,
    "China's out-licences, headline, bn US$ a year": out_licensed,
    "Largest Chinese firm, rank by sales in the last year": best_rank,
    "All launches that go alone, %": partial(over_years, "solo_share", "mean", 100),
    "First approvals anywhere, a year": partial(over_years, "approvals_first", "mean", 12),
    "Months from the first to the second approval": partial(over_years, "launch_lag_median", "median", 1),
    "Candidates": partial(over_years, "pipeline_assets", "mean", 1),
    "Research firms with less than a year of cash, %": short_of_cash,
}
"""What is counted, by the words that the page shows."""


def measure(market: PharmaMarket) -> list[list[float]]:
    """The outcomes (rows) of a run in each period and in the future (columns)."""
    tables = {name: market.table(name) for name in TABLES}
    return [[count(*years, tables) for years in (*PERIODS, FUTURE)] for count in OUTCOMES.values()]


def play(seeds: Sequence[int], scale: float, workers: int | None) -> np.ndarray:
    """Outcomes of every scenario and seed, (scenarios, seeds, outcomes, periods and the future).

    Raises RuntimeError when a run fails.
    """
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
    record_keeping.add_workers(parser)
    given = record_keeping.asked(parser, arguments, RECORD, "experiments.answers --seeds 6")
    if given.seeds < 2:
        parser.error("--seeds: at least two are needed for intervals")
    seeds = list(range(1, given.seeds + 1))
    found = condensed(play(seeds, given.scale, given.workers))
    record_keeping.keep(RECORD, {"scale": given.scale, "seeds": seeds, **found})
    print(f"Kept in {record_keeping.place(RECORD).name}; `python -m experiments.document` writes the page.")


if __name__ == "__main__":
    main()
