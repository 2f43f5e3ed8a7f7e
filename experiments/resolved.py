"""A resolved scenario: what each change does to its value, where it stands, and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.clock import month_index
from model.data.naming import resolve
from model.values import Values
from scenarios import trace
from scenarios.loader import LIBRARY, positions

if TYPE_CHECKING:
    from scenarios import Change

DATES = ("2025-01", "2030-01", "2040-12")
"""Looked at unless others are asked for, besides the dates of the change itself."""


@dataclass(frozen=True)
class Resolved:
    """A change with its place and the value before and after it, one text per date."""

    value: str
    unit: str
    scenario: str
    file: str
    line: int
    source: str
    before: dict[str, str]
    after: dict[str, str]

    def moves(self) -> str:
        """``2025-01 0.82 -> 0.9`` for each date, in one line."""
        return "; ".join(f"{date} {self.before[date]} -> {self.after[date]}" for date in self.before)


def resolve_changes(names: Sequence[str], dates: Sequence[str] = ()) -> list[Resolved]:
    """Every change of the scenarios in order, with its value at ``dates``.

    Raises ScenarioError, ValueError or LookupError for broken ones.
    """
    values = Values.load()
    found = []
    for scenario, file in trace(names):
        lines = positions(file.read_text("utf-8")) if file else {}
        for index, change in enumerate(scenario.changes):
            after = values.with_changes([change])
            months = dates or sorted({*DATES, *filter(None, (change.from_, change.until))})
            found.append(Resolved(
                change.value, values.unit(change.value), scenario.name or scenario.title, place(file),
                lines.get(("change", index), 0), change.source, at_dates(values, change, months),
                at_dates(after, change, months),
            ))  # fmt: skip
            values = after
    return found


def place(file: Path | None) -> str:
    """The file as a reader knows it: the library's by its name, others as given."""
    if file is None:
        return ""
    return f"scenarios/library/{file.name}" if file.parent == LIBRARY else str(file)


def at_dates(values: Values, change: Change, dates: Sequence[str]) -> dict[str, str]:
    """The value of a change at dates, as text; a name that covers several cells gives their range."""
    family, mask = resolve(change.value)
    array = values[family.name]
    texts = {}
    for date in dates:
        now = array[min(max(month_index(date), 0), values.months - 1)] if array.ndim > mask.ndim else array
        cells = np.asarray(now)[mask]
        low, high = f"{cells.min():.6g}", f"{cells.max():.6g}"
        texts[date] = low if low == high else f"{low} to {high}"
    return texts


def as_records(found: Sequence[Resolved]) -> list[dict[str, object]]:
    """The changes for machines."""
    return [asdict(one) for one in found]
