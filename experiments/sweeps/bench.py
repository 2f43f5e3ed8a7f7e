"""How well a sweep uses the cores, what it costs beyond the model, and how much memory its driver takes.

``python -m experiments.sweeps.bench --runs 1000`` plays the same runs twice, one after another and as sweeps.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from experiments import pool
from experiments.bench import processor_seconds
from experiments.sweeps import chunk, create, idle
from experiments.sweeps.design import Design
from experiments.sweeps.driver import sweep
from experiments.sweeps.store import Store
from model.clock import month_index

IDLE = "experiments.sweeps.idle"
POINTS_A_SEED = 100


def design_of(runs: int, scale: float, keep: str) -> Design:
    """So many runs that branch in 2025, a hundred points for each seed."""
    points = min(runs, POINTS_A_SEED)
    return Design.model_validate(
        {
            "replicates": -(-runs // points),
            "scale": scale,
            "branch": "2025-01",
            "uncertainties": {"points": points, "names": ["capital.persistence", "trials.recruitment.CN"]},
            "keep": {"runs": keep},
        }
    )


def measure(runs: int, scale: float, workers: int, idle_runs: int, blocks: int) -> dict[str, Any]:
    """All measurements as one document."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        warm_up(place / "warm", scale)
        found = {"runs": runs, "scale": scale, **speed(place, runs, scale, workers, blocks)}
        return {**found, **overhead(place, idle_runs), **memory(place, 10 * idle_runs)}


def warm_up(place: Path, scale: float) -> None:
    """Compile and read all that a process compiles and reads once."""
    sweep(design_of(1, min(scale, 0.02), "all"), place, engine="serial")
    idle.market_events(month_index("2025-01"), month_index("2040-12"))


def speed(place: Path, runs: int, scale: float, workers: int, blocks: int) -> dict[str, Any]:
    """Seconds of the runs one after another, without storing anything, and as sweeps; 1 is ideal use of the cores.

    Both take turns block by block, so that a disturbed machine disturbs both.
    """
    design = design_of(-(-runs // blocks), scale, "all")
    taken = np.zeros((2, 2))  # (one after another, swept) x (clock, processor)
    for block in range(blocks):
        taken[0] += _plain_seconds(design, place / f"plain-{block}", workers)
        before, children = time.perf_counter(), processor_seconds()
        swept = sweep(design, place / f"swept-{block}", workers=workers)
        taken[1] += time.perf_counter() - before, processor_seconds() - children
    clock, processor = taken.T
    return {
        "workers": workers,
        "plain_seconds": round(clock[0], 2),
        "sweep_seconds": round(clock[1], 2),
        "share_of_ideal": round(clock[0] / workers / clock[1], 3),
        "plain_processor_seconds": round(processor[0], 2),
        "sweep_processor_seconds": round(processor[1], 2),
        "share_of_ideal_processor": round(processor[0] / processor[1], 3),
        "kilobytes_a_run": {kind: round(_size(swept, kind) / swept.runs / 1e3, 2) for kind in ("runs", "ts", "events")},
    }


def _plain_seconds(design: Design, place: Path, workers: int) -> tuple[float, float]:
    """Seconds (clock, processor) of all runs one after another."""
    with pool.one_thread_each():
        store = create.store_for(create.checked(design), place, workers)
        began, processor = time.perf_counter(), time.process_time()
        for number in store.chunks:
            for row in store.rows(number):
                store.player.play(chunk.run_of(store, row))
        return time.perf_counter() - began, time.process_time() - processor


def overhead(place: Path, runs: int) -> dict[str, Any]:
    """Milliseconds a run beyond playing it: by the clock and of the processor, for figures only and with series."""
    found = {keep: _idle_seconds(place / f"idle-{keep}", runs, keep) for keep in ("none", "all")}
    return {
        "overhead_ms_a_run": {
            keep: {"clock": round(1000 * clock / runs, 3), "processor": round(1000 * processor / runs, 3)}
            for keep, (clock, processor) in found.items()
        }
    }


def _idle_seconds(place: Path, runs: int, keep: str) -> tuple[float, float]:
    """Seconds (clock, processor) of playing chunks of runs without content, less those of making the numbers."""
    store = create.store_for(create.checked(design_of(runs, 1.0, keep), player=IDLE), place, 2)
    start = time.perf_counter(), time.process_time()
    for number in store.chunks:
        chunk.play_chunk(str(store.folder), number)
    middle = time.perf_counter(), time.process_time()
    for number in store.chunks:
        for row in store.rows(number):
            store.player.play(chunk.run_of(store, row))
    end = time.perf_counter(), time.process_time()
    clock, processor = (2 * m - s - e for s, m, e in zip(start, middle, end))
    return clock, processor


def memory(place: Path, runs: int) -> dict[str, Any]:
    """MB of the driver of many runs without content: a tenth of the way, and at the end."""
    seen: list[float] = []
    with _sampled(seen):
        sweep(design_of(runs, 1.0, "none"), place / "many", workers=2, player=IDLE)
    return {"driver_runs": runs, "driver_mb": {"early": round(seen[len(seen) // 10], 1), "late": round(seen[-1], 1)}}


@contextmanager
def _sampled(seen: list[float]) -> Iterator[None]:
    """Meanwhile, resident memory of this process in MB, ten times a second."""
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(0.1):
            seen.append(_resident_mb())

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        seen.append(_resident_mb())


def _resident_mb() -> float:
    """Resident memory; where the system does not tell that of the moment, the largest so far."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def _size(store: Store, kind: str) -> int:
    return sum(path.stat().st_size for path in (store.folder / kind).iterdir())


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m experiments.sweeps.bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--idle-runs", type=int, default=1000)
    parser.add_argument("--blocks", type=int, default=4, help="turns that both ways of playing take")
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    given = parser.parse_args(arguments)
    found = measure(given.runs, given.scale, given.workers, given.idle_runs, given.blocks)
    print(json.dumps(found, indent=2) if given.json else readable(found))


def readable(found: dict[str, Any], before: str = "") -> str:
    """The document as lines of name and value."""
    lines = []
    for name, value in found.items():
        label = f"{before}{name.replace('_', ' ')}"
        lines.append(readable(value, f"{label}, ") if isinstance(value, dict) else f"{label:46s} {value:>12}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
