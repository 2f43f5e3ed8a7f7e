"""How fast the market is: whole runs at several scales, parts of the month, growth, and plain Mesa beside it.

Everything measured runs in processes of its own, one after the other, so that processor seconds and peak memory are
those of a user's command, imports and writing included.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from experiments.errors import RequestError, RunError
from experiments.settings import LARGEST_SCALE, Settings

MESA_AGENTS = 20_000
MESA_MONTHS = 312


@dataclass(frozen=True)
class Measured:
    """One run: whole command in processor and wall seconds, its months in wall seconds, memory in MB."""

    scale: float
    processor_seconds: float
    wall_seconds: float
    months_seconds: float
    peak_memory_mb: float
    firms_and_candidates: int
    part_seconds: dict[str, float]


def bench_command(scales: str, until: str, as_json: bool) -> None:
    """Measure and print. Raises RequestError for a scale or month that cannot be played."""
    from experiments import show

    Settings(until=until)
    report = measure_all(parse_scales(scales), until)
    if as_json:
        show.print_json(report)
    else:
        from experiments.bench_report import print_report

        print_report(report)


def parse_scales(text: str) -> list[float]:
    """Scales from a list such as ``0.5,1,2``, ascending. Raises RequestError for others."""
    try:
        scales = sorted({float(part) for part in text.split(",")})
    except ValueError:
        raise RequestError(f"scales: {text!r} is not a list of numbers; write it as 0.5,1,2") from None
    if not all(0 < scale <= LARGEST_SCALE for scale in scales):
        raise RequestError(f"scales: {text} leaves (0, {LARGEST_SCALE:g}]")
    return scales


def measure_all(scales: Sequence[float], until: str) -> dict[str, Any]:
    """All measurements as one document; one short run before them compiles and fills caches."""
    measure_run(scales[0], "2001-03")
    runs = [measure_run(scale, until) for scale in scales]
    world = min(runs, key=lambda run: abs(math.log(run.scale)))
    mesa = [plain_mesa(MESA_AGENTS), plain_mesa(world.firms_and_candidates)]
    return {
        "until": until,
        "runs": [asdict(run) for run in runs],
        "growth": {name: growth(runs, name) for name in ("processor_seconds", "months_seconds")},
        "plain_mesa": mesa,
        "ratios": {str(found["agents"]): ratios(world, found) for found in mesa},
        "compared_scale": world.scale,
    }


def measure_run(scale: float, until: str) -> Measured:
    """One whole ``pharmarket run`` of the baseline in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        words = ["run", "--scale", f"{scale:g}", "--until", until, "--out", str(out), "--quiet"]
        processor, wall = timed([sys.executable, "-m", "experiments.cli", *words])[:2]
        manifest = json.loads((out / "manifest.json").read_text("utf-8"))
        agents = count_agents(out)
    return Measured(
        scale,
        round(processor, 3),
        round(wall, 3),
        manifest["months_seconds"],
        manifest["peak_memory_mb"],
        agents,
        manifest["part_seconds"],
    )


def timed(command: Sequence[str]) -> tuple[float, float, str]:
    """Processor seconds, wall seconds and standard output of a command. Raises RunError if it fails."""
    before, began = processor_seconds(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RunError(f"{' '.join(command[1:])} failed: {done.stderr.strip()[-500:]}")
    return processor_seconds() - before, time.perf_counter() - began, done.stdout


def processor_seconds() -> float:
    """User and system seconds of all processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def count_agents(out: Path) -> int:
    """Companies and candidates at the end of a run."""
    import pyarrow.parquet as pq

    rows = pq.read_table(out / "indicators.parquet", columns=["firms", "pipeline_assets"]).to_pylist()
    return int(rows[-1]["firms"] + rows[-1]["pipeline_assets"])


def growth(runs: Sequence[Measured], name: str) -> float | None:
    """Exponent of growth with scale: the slope of log seconds on log scale; None for a single scale."""
    if len(runs) < 2:
        return None
    x = [math.log(run.scale) for run in runs]
    y = [math.log(max(getattr(run, name), 1e-6)) for run in runs]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return round(slope / sum((a - mean_x) ** 2 for a in x), 3)


def plain_mesa(agents: int) -> dict[str, Any]:
    """Processor seconds of plain Mesa agents over MESA_MONTHS months."""
    words = ["-m", "experiments.plain_mesa", str(agents), str(MESA_MONTHS)]
    found: dict[str, Any] = json.loads(timed([sys.executable, *words])[2])
    return found


def ratios(world: Measured, mesa: dict[str, Any]) -> dict[str, float]:
    """How many times longer plain Mesa takes than the market's whole run and than its months."""
    months = max(world.months_seconds, 1e-6)
    return {
        "shuffle_do_to_run": round(mesa["shuffle_do_seconds"] / world.processor_seconds, 2),
        "do_to_run": round(mesa["do_seconds"] / world.processor_seconds, 2),
        "shuffle_do_to_months": round(mesa["shuffle_do_seconds"] / months, 2),
        "do_to_months": round(mesa["do_seconds"] / months, 2),
    }
