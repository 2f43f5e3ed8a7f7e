"""Every scenario of the library against the baseline: does it do what its sources expect?

``python -m experiments.expectations`` plays them in pairs from 2025 on, four at full size, and keeps the verdicts with
the digest of the code in ``experiments/results/expectations.json``; ``docs/scenarios.md`` shows them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

import scenarios
from experiments import record_keeping
from experiments.errors import RequestError
from experiments.expectations import judge, values_of
from experiments.pairs import run_variants
from model.clock import month_index

if TYPE_CHECKING:
    from model import PharmaMarket

RECORD = "expectations"
BRANCH, UNTIL = "2025-01", "2040-12"
KEPT = ("column", "unit", "direction", "from", "until", "verdict", "mean_a", "effect", "low", "high", "reason",
        "source")  # fmt: skip


def expected(names: Sequence[str]) -> dict[str, list[scenarios.Expectation]]:
    """What the scenarios expect by name; those that expect nothing are left out."""
    found = {name: scenarios.load(name).expect for name in names}
    return {name: expectations for name, expectations in found.items() if expectations}


def columns_of(market: PharmaMarket, columns: Sequence[str]) -> np.ndarray:
    """The monthly values of columns from the branch on, (months, columns)."""
    recorder, first = market.world.recorder, month_index(BRANCH)
    figures, regional = recorder.indicators[: recorder.months], recorder.regional[: recorder.months]
    return np.stack([values_of(name, figures, regional)[first:] for name in columns], axis=1)


def play(wanted: dict[str, list[scenarios.Expectation]], seeds: Sequence[int], scale: float,
         workers: int | None) -> dict[str, np.ndarray]:  # fmt: skip
    """The expected columns of each scenario and what it is compared with, (seeds, months, columns).

    Raises RuntimeError when a run fails, RequestError for what cannot be played.
    """
    columns = sorted({one.column for expectations in wanted.values() for one in expectations})
    names = sorted({*wanted, *(one.against for expectations in wanted.values() for one in expectations)})
    measured: dict[tuple[int, int], np.ndarray] = {}
    measure = partial(columns_of, columns=columns)
    for run in run_variants(names, seeds, measure=measure, scale=scale, branch=BRANCH, until=UNTIL, workers=workers):
        if run.error:
            raise RuntimeError(f"{names[run.variant]}, seed {run.seed}: {run.error}")
        measured[run.variant, run.seed] = run.measures
    return {name: np.stack([measured[index, seed] for seed in seeds]) for index, name in enumerate(names)}


def verdicts(wanted: dict[str, list[scenarios.Expectation]], played: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    """One row per scenario and expectation: the effect with its interval, and whether it is as expected."""
    columns = sorted({one.column for expectations in wanted.values() for one in expectations})
    first, stop = month_index(BRANCH), month_index(UNTIL) + 1
    rows = []
    for name, expectations in wanted.items():
        for one in expectations:
            place = [columns.index(one.column)]
            a, b = played[one.against][:, :, place], played[name][:, :, place]
            found = judge([one], a, b, first, first, stop).to_dict("records")[0]
            rows.append({"scenario": name, "against": one.against, **{key: found[key] for key in KEPT if key in found}})
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Play, judge, keep, print."""
    parser = argparse.ArgumentParser(prog="python -m experiments.expectations", description=__doc__)
    parser.add_argument("names", nargs="*", help="scenarios; all of the library without")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the world; 1 is one-to-one")
    parser.add_argument("--seeds", type=int, default=4, help="how many pairs of runs")
    parser.add_argument("--dry", action="store_true", help="print only, keep nothing")
    record_keeping.add_workers(parser)
    given = record_keeping.asked(parser, arguments, RECORD, "experiments.expectations")
    seeds = range(1, given.seeds + 1)
    if not seeds:
        parser.error("--seeds: at least one is needed, two for intervals")
    try:
        wanted = expected(given.names or scenarios.available())
        played = play(wanted, seeds, given.scale, given.workers)
    except (RequestError, scenarios.ScenarioError) as error:
        parser.error(str(error))
    rows = verdicts(wanted, played)
    for row in rows:
        effect = f"{row['effect']:+.4g} [{row['low']:.4g}, {row['high']:.4g}]"
        print(f"{row['scenario']:29s} {row['column']:36s} {row['direction']:5s} {row['verdict']:14s} {effect}")
    if not given.dry and not given.names:
        record_keeping.keep(RECORD, {"scale": given.scale, "seeds": list(seeds), "expectations": rows})


if __name__ == "__main__":
    main()
