"""What a comparison says to a strategist: a few tables, each number with its unit and interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.catalogue import MAIN
from experiments.compare import Comparison
from experiments.show import number
from experiments.summary import Section

if TYPE_CHECKING:
    import pandas as pd

MOST_RULES, MOST_WINNERS = 12, 3
DIMENSIONS = ("region", "firms", "area")
STILL = 0.01
"""A figure whose interval stays within this part of A's mean did not move."""


def summarise(comparison: Comparison) -> dict[str, Section]:
    """All sections by name; those without rows are left out."""
    sections = {
        "rules": rules(comparison.manifest),
        "effects": effects(comparison),
        "winners": winners(comparison.tables["winners"], comparison.manifest),
        "expectations": expectations(comparison.tables["expectations"]),
        "assets": assets(comparison.tables["asset_counts"]),
        "still": still(comparison),
    }
    return {name: section for name, section in sections.items() if section.rows}


def rules(manifest: dict[str, Any]) -> Section:
    """The changes that only one of the two has, with the value in both."""
    found, years = manifest["differences"], manifest["difference_years"]
    rows = [
        [
            row["value"],
            row["unit"],
            row["only_in"],
            *(f"{number(row[f'a_{y}'])} → {number(row[f'b_{y}'])}" for y in years),
        ]
        for row in found[:MOST_RULES]
    ]
    note = f"and {len(found) - MOST_RULES} more in manifest.json" if len(found) > MOST_RULES else ""
    title = f"What differs: A is {manifest['a']['label']}, B is {manifest['b']['label']}"
    return Section(title, ["Value", "unit", "changed in", *(f"A → B, {year}" for year in years)], rows, note)


def effects(comparison: Comparison) -> Section:
    """The main figures over the horizon."""
    frame = horizon(comparison.tables["effects"])
    frame = frame[frame.indicator.isin(MAIN)].set_index("indicator")
    rows = [
        [
            row.label,
            row.unit,
            row.mean_a,
            row.mean_b,
            row.effect,
            interval(row),
            per_cent(row.relative),
            row.variance_saved,
        ]
        for row in (frame.loc[name] for name in MAIN if name in frame.index)
    ]
    heads = ["", "unit", "A", "B", "B - A", "95 % interval", "B - A, %", "pairing saves, x"]
    note = (
        f"{frame.period.iloc[0]}: amounts are summed, all else averaged. Interval: Student's t over "
        f"{comparison.pairs} paired differences. Pairing saves: variance of unpaired runs over that of pairs."
    )
    return Section("What changes", heads, rows, note)


def horizon(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``effects`` that cover the whole time after the branch: its last period."""
    return frame[frame.period == frame.period.iloc[-1]]


def unmoved(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose whole interval lies within STILL of A."""
    edge = STILL * rows.mean_a.abs()
    return rows[(rows.low >= -edge) & (rows.high <= edge)]


def interval(row: Any) -> str:
    """Ends of an interval, or a dash."""
    return "-" if row.low != row.low else f"{number(row.low)} to {number(row.high)}"


def per_cent(share: Any) -> float | None:
    """A share in per cent; None where it is unknown or means nothing."""
    return None if share != share or abs(share) == float("inf") else 100 * share


def winners(frame: pd.DataFrame, manifest: dict[str, Any]) -> Section:
    """Per dimension the figures that gain and lose most for their size, among those with a clear effect."""
    clear = frame[frame.verdict != "unclear"]
    clear = clear[clear.mean_a > 0]
    rows = []
    for dimension in DIMENSIONS:
        ordered = clear[clear.dimension == dimension].sort_values("relative", ascending=False)
        chosen = (
            ordered
            if len(ordered) <= 2 * MOST_WINNERS
            else ordered.iloc[[*range(MOST_WINNERS), *range(-MOST_WINNERS, 0)]]
        )
        rows += [
            [
                dimension,
                row.group,
                f"{row.label}, {row.unit}",
                row.verdict,
                row.effect,
                interval(row),
                per_cent(row.relative),
            ]
            for row in chosen.itertuples()
        ]
    heads = ["among", "who", "figure", "verdict", "B - A", "95 % interval", "B - A, %"]
    note = (
        f"Since {manifest['from']}. Clear at a false discovery rate of 5 % over all groups and figures, "
        "which winners.parquet has."
    )
    return Section("Who gains and who loses in B", heads, rows, note)


def expectations(frame: pd.DataFrame) -> Section:
    """What the sources of B expect of it, and what comes out."""
    rows = [
        [f"{row.label}: {row.direction}", row.unit, row.mean_a, row.mean_b, row.effect, interval(row), row.verdict]
        for row in frame.itertuples()
    ]
    heads = ["Expected", "unit", "A", "B", "B - A", "95 % interval", "comes out"]
    return Section("What the sources of B expect", heads, rows)


def assets(frame: pd.DataFrame) -> Section:
    """What became of assets in both worlds of a pair."""
    rows = [[row.question, row.fate, row.assets, interval(row)] for row in frame.itertuples()]
    note = "Mean over pairs; asset_differences.parquet has each asset."
    return Section("Medicine by medicine", ["", "", "assets a pair", "95 % interval"], rows, note)


def still(comparison: Comparison) -> Section:
    """Main figures that did not move."""
    frame = horizon(comparison.tables["effects"])
    same = unmoved(frame[frame.indicator.isin(MAIN)])
    rows = [[row.label, row.unit, row.mean_a, interval(row)] for row in same.itertuples()]
    return Section(f"What stays the same, within {100 * STILL:g} %", ["", "unit", "A", "95 % interval of B - A"], rows)
