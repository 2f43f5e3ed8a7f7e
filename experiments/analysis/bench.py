"""What sweeps cost, measured: ``python -m experiments.analysis.bench``.

Plays a few runs for their seconds and the bytes that they leave, makes a store of many runs with the writer of
real sweeps, and asks it for a fan. ``--write`` keeps the figures in ``experiments/results/sweeps.json``, from which
``python -m experiments.document`` makes the plan of a million runs in ``docs/sweeps.md``.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments import record_keeping
from experiments.analysis import query
from experiments.pool import cores
from experiments.sweeps import files, market
from experiments.sweeps.design import Design
from experiments.sweeps.driver import sweep
from experiments.sweeps.market import Run, rules_of
from experiments.variants import Variant

RECORD = "sweeps"
SYNTHETIC = "experiments.analysis.synthetic"
BRANCH, UNTIL = "2025-01", "2040-12"
RUNS = {0.1: 16, 0.3: 6, 1.0: 3}
"""Runs played at each scale."""
STORED, INDICATOR, TIMES = 10_000, "net_sales", 5


def measure(stored: int = STORED, scales: dict[float, int] | None = None) -> dict[str, Any]:
    """All figures: seconds and bytes by scale, and the fan over ``stored`` runs."""
    load_compiled()
    with tempfile.TemporaryDirectory() as folder:
        return {
            "machine": {"cores": cores(), "processor": platform.machine(), "python": platform.python_version()},
            "branch": BRANCH,
            "until": UNTIL,
            "scales": [played(scale, runs, Path(folder)) for scale, runs in (scales or RUNS).items()],
            "store": fans(stored, Path(folder)),
        }


def played(scale: float, runs: int, folder: Path) -> dict[str, float]:
    """Processor seconds of a past and of a run from the branch on; bytes of the events of a run."""
    import pyarrow as pa

    planned = [one_run(scale, number, folder / f"history-{scale:g}") for number in range(runs)]
    began = time.process_time()
    market.prepare(planned[0])
    at_branch = time.process_time()
    events = [market.play(run).events for run in planned]
    ended = time.process_time()
    path = folder / "events.parquet"
    files.write_parquet(pa.concat_tables([table for table in events if table is not None]), path)
    return {
        "scale": scale,
        "runs": runs,
        "past_seconds": round(at_branch - began, 3),
        "run_seconds": round((ended - at_branch) / runs, 4),
        "bytes_events": round(path.stat().st_size / runs),
    }


def one_run(scale: float, number: int, history: Path) -> Run:
    """A run of a sweep from the branch on; all share a past."""
    values = {"capital.supply": 1 + 0.01 * number}
    rules = json.dumps(rules_of(Variant(("baseline",))))
    return Run(number, 1, rules, values, scale, BRANCH, UNTIL, True, history)


def load_compiled() -> None:
    """Play a little, so that what is compiled once per machine is there before anything is timed."""
    from model import PharmaMarket

    PharmaMarket(scale=0.02).run_until(24)


def fans(runs: int, folder: Path, engine: str = "local") -> dict[str, Any]:
    """Seconds of a fan over a store of ``runs`` runs of two scenarios (first, and median of several), and bytes.

    Series and figures take more bytes a run in small sweeps, where the heads of the files count.
    """
    design = Design(
        scenarios=["baseline", "decoupling"], replicates=runs // 20, scale=0.1, branch=BRANCH, until=UNTIL,
        levers={"capital.supply": [1 + 0.01 * number for number in range(10)]}, keep={"runs": "all"},
    )  # fmt: skip
    began = time.perf_counter()
    store = sweep(design, folder / "many", engine=engine, player=SYNTHETIC)
    made = time.perf_counter() - began
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        found = query.fan(store.folder, INDICATOR)
        taken.append(time.perf_counter() - began)
    return {
        "runs": store.runs,
        "months": int(found["month"].nunique()),
        "series": len(store.about["series"]),
        "files": len(store.chunks),
        "seconds_to_make": round(made, 1),
        "fan_seconds_first": round(taken[0], 3),
        "fan_seconds": round(sorted(taken)[TIMES // 2], 3),
        **{f"bytes_{kind}": round(bytes_in(store.folder / kind) / store.runs) for kind in ("runs", "ts")},
    }


def bytes_in(folder: Path) -> int:
    """Bytes of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m experiments.analysis.bench", description="What sweeps cost.")
    parser.add_argument("--stored", type=int, default=STORED, help="runs of the store that is asked for a fan")
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {record_keeping.place(RECORD).name}")
    asked = parser.parse_args(arguments)
    found = measure(asked.stored)
    print(json.dumps(found, indent=2))
    if asked.write:
        record_keeping.write(record_keeping.place(RECORD), found)


if __name__ == "__main__":
    main()
