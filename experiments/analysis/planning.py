"""What a million runs would take, from the figures that ``python -m experiments.analysis.bench`` has measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from experiments import record_keeping
from experiments.analysis.bench import RECORD
from experiments.sweeps.estimate import DOLLARS_A_CORE_HOUR

RUNS, SEEDS = 1_000_000, 100
CORES = (2, 16, 96, 1000)
EFFICIENCY = 0.95
"""Share of the ideal that several workers reach together."""
SAMPLED = 10_000
"""Runs of which series and events are kept where not all are."""


def measured() -> dict[str, Any] | None:
    """The figures that were kept, or None."""
    return record_keeping.read(RECORD) or None


def plans(found: dict[str, Any], runs: int = RUNS, seeds: int = SEEDS) -> Iterator[dict[str, Any]]:
    """For each scale measured, with and without a past that is shared: core hours, days by cores, US$, and GB."""
    figures, series = found["store"]["bytes_runs"], found["store"]["bytes_ts"]
    for one in found["scales"]:
        for shared in (True, False):
            pasts = seeds if shared else runs
            hours = (runs * one["run_seconds"] + pasts * one["past_seconds"]) / 3600 / EFFICIENCY
            kept = series + one["bytes_events"]
            yield {
                "scale": one["scale"],
                "shared": shared,
                "seconds": one["run_seconds"] + one["past_seconds"] * pasts / runs,
                "core_hours": hours,
                "days": {cores: hours / 24 / cores for cores in CORES},
                "dollars": hours * DOLLARS_A_CORE_HOUR,
                "gb_figures": runs * figures / 1e9,
                "gb_sample": (runs * figures + SAMPLED * kept) / 1e9,
                "gb_all": runs * (figures + kept) / 1e9,
            }


HEADS = (
    "scale", "months before the branch", "seconds a run", "core hours", *(f"on {cores:,} cores" for cores in CORES),
    "US$", "GB, figures only", f"GB, series and events of {SAMPLED:,} runs", "GB, of all",
)  # fmt: skip


def rows(found: dict[str, Any]) -> list[tuple[str, ...]]:
    """The plans as cells of a table for people, under :data:`HEADS`."""
    return [
        (
            f"{plan['scale']:g}", f"shared by {SEEDS} seeds" if plan["shared"] else "played in every run",
            f"{plan['seconds']:.2f}", f"{plan['core_hours']:,.0f}", *map(_time, plan["days"].values()),
            f"{plan['dollars']:,.0f}", *(_gb(plan[name]) for name in ("gb_figures", "gb_sample", "gb_all")),
        )
        for plan in plans(found)
    ]  # fmt: skip


def _time(days: float) -> str:
    if days >= 2:
        return f"{days:,.0f} days"
    return f"{24 * days:,.0f} h" if 24 * days >= 2 else f"{1440 * days:,.0f} min"


def _gb(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def sentences(found: dict[str, Any]) -> str:
    """What was measured, in words."""
    store, machine = found["store"], found["machine"]
    each = "; ".join(
        f"at scale {one['scale']:g} a run from {found['branch']} to {found['until']} takes {one['run_seconds']:.2f} s, "
        f"its past {one['past_seconds']:.2f} s, and it leaves {one['bytes_events'] / 1e3:,.0f} kB of events"
        for one in found["scales"]
    )
    fan = f"{store['fan_seconds']:.2f} s ({store['fan_seconds_first']:.2f} s the first time)"
    return (
        f"Measured in processor time on a machine of {machine['cores']} cores, Python {machine['python']}: {each}. "
        f"A store of {store['runs']:,} runs, {store['months']} months and {store['series']} series in {store['files']} "
        f"files takes {store['bytes_ts'] / 1e3:,.0f} kB a run for series and {store['bytes_runs'] / 1e3:.1f} kB for "
        f"figures, and a fan of one figure by scenario takes {fan}. Several workers are taken to reach "
        f"{EFFICIENCY:.0%} of the ideal, a core hour to cost US$ {DOLLARS_A_CORE_HOUR:g}."
    )
