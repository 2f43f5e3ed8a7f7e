"""Further evidence: what the library's sources expect, where inputs come from, and what drivers do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from viz.amounts import number, per_cent, span
from viz.strips import Strip, around_zero

OUTCOMES = ("as expected", "unclear", "the other way")
SHADES = {"as expected": "gain", "the other way": "loss"}
FULL_SHADE = 0.3
"""A change by this part has the full colour."""


@dataclass(frozen=True)
class Expectation:
    """What a source expects of a scenario, and what came out."""

    scenario: str
    against: str
    column: str
    direction: str
    months: str
    effect: str
    interval: str
    unit: str
    verdict: str
    why: str
    strip: Strip


def expectations(rows: Iterable[Mapping[str, Any]], verdict: str = "") -> list[Expectation]:
    """Rows of the record, with one verdict if it is given."""
    return [_expectation(row) for row in rows if verdict in ("", row["verdict"])]


def _expectation(row: Mapping[str, Any]) -> Expectation:
    low, effect, high = row["low"], row["effect"], row["high"]
    edge = 1.08 * max(abs(low), abs(high)) or 1.0
    return Expectation(
        scenario=row["scenario"], against=row["against"], column=spelled(row["column"]), direction=row["direction"],
        months=f"{row['from']} to {row['until']}", effect=number(effect, signed=True), interval=span(low, high),
        unit=row["unit"], verdict=row["verdict"], why=row["reason"] or row["source"],
        strip=replace(
            around_zero(low, effect, high, (-edge, edge)), verdict=SHADES.get(row["verdict"], "still")
        ),
    )  # fmt: skip


def spelled(column: str) -> str:
    """``regional.CN.out_licences`` as ``Licences out, CN``."""
    from experiments.expectations import column_of

    return column_of(column).label


@dataclass(frozen=True)
class Inputs:
    """How many numbers a group of inputs has, and the share in per cent by where they come from (V, M, A)."""

    group: str
    families: int
    numbers: int
    shares: tuple[float, float, float]


@cache
def inputs() -> tuple[Inputs, ...]:
    """All groups of named values, the largest first."""
    from model.data.reader import families

    groups: dict[str, list[Counter[str]]] = {}
    for name, family in families().items():
        status = Counter(point.status for cell in family.points.values() for point in cell)
        groups.setdefault(name.split(".")[0], []).append(status)
    found = [_inputs(group, counts) for group, counts in groups.items()]
    return tuple(sorted(found, key=lambda one: -one.numbers))


def _inputs(group: str, counts: Sequence[Counter[str]]) -> Inputs:
    total = sum(counts, Counter[str]())
    numbers = total.total()
    shares = [round(100 * total[letter] / numbers, 1) for letter in "VMA"]
    return Inputs(group, len(counts), numbers, (shares[0], shares[1], shares[2]))


def of_all(found: Sequence[Inputs]) -> tuple[float, float, float]:
    """Shares over all numbers."""
    total = sum(one.numbers for one in found)
    shares = [sum(one.numbers * one.shares[place] for one in found) / total for place in range(3)]
    return shares[0], shares[1], shares[2]


def frozen(kept: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """A row per fact: its value as it is, then with each driver held at 2000, with sign and strength of the change."""
    drivers = [name for name in kept if name != "none"]
    rows = [
        (fact, number(usual), [_cell(kept[driver][fact], usual) for driver in drivers])
        for fact, usual in kept["none"].items()
    ]
    return {"drivers": drivers, "rows": rows}


def _cell(value: float, usual: float) -> dict[str, Any]:
    change = value / usual - 1 if usual else 0.0
    strength = round(60 * min(abs(change) / FULL_SHADE, 1.0)) if abs(change) >= 0.05 else 0
    return {"text": number(value), "side": "gain" if change > 0 else "loss", "strength": strength,
            "change": per_cent(change)}  # fmt: skip
