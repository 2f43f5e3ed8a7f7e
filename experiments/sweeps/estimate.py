"""What a sweep will take before it starts: runs, core hours, money, disk; from measured figures."""

from __future__ import annotations

from typing import Any

from experiments.settings import month_number
from experiments.sweeps.create import Request
from experiments.sweeps.progress import duration

SECONDS_A_MONTH = 0.0064, 0.0175
"""Processor seconds of a month after 2025: whatever the scale, and times the scale; measured (see docs/sweeps.md)."""
PAST_SHARE = 0.65
"""What a month before 2025 takes, relative to one after it."""
FIGURES_BYTES, SERIES_BYTES, EVENTS_BYTES = 1_600, 600, 2_500
"""Bytes of a row of figures, of a month of series, and of the events of a month at scale 1; as stored."""
DOLLARS_A_CORE_HOUR = 0.04
"""A core of a rented machine, common price."""
BRANCHING = month_number("2025-01", "branch")


def estimate(request: Request, workers: int) -> dict[str, Any]:
    """Runs, seconds of one run, core hours, hours on so many workers, US$, and MB on disk."""
    design = request.design
    months = month_number(design.until, "until") - month_number(design.first, "first") + 1
    seconds = played_seconds(design.first, design.until, design.scale)
    shared = design.branch is not None and design.common_random_numbers
    past = played_seconds(design.start, design.branch, design.scale) if design.branch else 0.0
    pasts = design.replicates * len(design.scenarios) if shared else request.runs
    core_seconds = request.runs * seconds + pasts * past
    kept = {"all": request.runs, "sample": min(design.keep.sample, request.runs)}.get(request.keep, 0)
    series = kept * months * (SERIES_BYTES + EVENTS_BYTES * design.scale)
    return {
        "points": len(request.points),
        "runs": request.runs,
        "seconds_a_run": round(seconds, 3),
        "core_hours": round(core_seconds / 3600, 3),
        "hours": round(core_seconds / 3600 / workers, 3),
        "workers": workers,
        "dollars": round(core_seconds / 3600 * DOLLARS_A_CORE_HOUR, 2),
        "megabytes": round((request.runs * FIGURES_BYTES + series) / 1e6, 1),
        "keep": request.keep,
        "notes": request.notes,
    }


def played_seconds(first: str, last: str, scale: float) -> float:
    """Processor seconds of the months from ``first`` to ``last`` at a scale."""
    base, slope = SECONDS_A_MONTH
    begin, end = month_number(first, "first"), month_number(last, "until") + 1
    early = max(min(end, BRANCHING) - begin, 0)
    return (early * PAST_SHARE + end - begin - early) * (base + slope * scale)


def words(found: dict[str, Any]) -> str:
    """The estimate in a few lines, with its notes."""
    lines = [
        f"{found['points']:,} points, {found['runs']:,} runs of about {found['seconds_a_run']:.2g} s: "
        f"{found['core_hours']:,.2g} core hours, {duration(found['hours'] * 3600)} on {found['workers']} workers, "
        f"about US$ {found['dollars']:,.2f} at {DOLLARS_A_CORE_HOUR:g} a core hour; "
        f"{found['megabytes']:,.1f} MB (series and events kept: {found['keep']})"
    ]
    return "\n".join([*lines, *(f"note: {note}" for note in found["notes"])])
