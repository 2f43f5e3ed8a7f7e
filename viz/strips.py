"""Intervals as thin strips that stand in a row of a table, all on one scale, as wide as the column.

A strip is a zero line (or a shaded band), a bar from low to high and a dot, placed in per cent of its width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDEST = 1.5
"""A scale ends at this multiple of the largest effect: intervals that go on are cut."""


@dataclass(frozen=True)
class Strip:
    """Where bar, dot and band begin and how wide they are, in per cent, and how to colour them."""

    left: float
    width: float
    dot: float
    verdict: str
    zero: float | None = None
    band: tuple[float, float] | None = None
    cut_left: bool = False
    cut_right: bool = False
    hollow: bool = False


def verdict(low: float, high: float) -> str:
    """``gain``, ``loss`` or ``still``, by whether the interval leaves out zero."""
    return "gain" if low > 0 else "loss" if high < 0 else "still"


def scale(intervals: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Ends of a common scale for intervals (low, middle, high) that holds zero and every middle.

    It goes on to where intervals end, but not farther than WIDEST times the largest effect.
    """
    known = [value for one in intervals for value in one if value == value]
    edge = WIDEST * max((abs(one[1]) for one in intervals if one[1] == one[1]), default=0.0) or 1.0
    room = 0.04 * edge
    return max(min([*known, 0.0]), -edge) - room, min(max([*known, 0.0]), edge) + room


def around_zero(low: float, middle: float, high: float, ends: tuple[float, float]) -> Strip:
    """An interval on a scale that holds zero; one that is not known (NaN) is its middle alone."""
    known = low == low and high == high
    first, last = (low, high) if known else (middle, middle)
    left, right = _place(first, *ends), _place(last, *ends)
    return Strip(
        left, right - left, _place(middle, *ends), verdict(first, last) if known else "still",
        zero=_place(0.0, *ends), cut_left=first < ends[0], cut_right=last > ends[1], hollow=not known,
    )  # fmt: skip


def in_band(low: float, middle: float, high: float, band: tuple[float, float], target: float | None = None) -> Strip:
    """An interval against the band that is accepted, the middle third of the strip; a line marks a target."""
    width = band[1] - band[0] or 1.0
    first, last = band[0] - width, band[1] + width
    left, right = _place(low, first, last), _place(high, first, last)
    inside = band[0] <= middle <= band[1]
    return Strip(
        left, right - left, _place(middle, first, last), "gain" if inside else "loss", band=(100 / 3, 100 / 3),
        zero=None if target is None else _place(target, first, last),
        cut_left=low < first, cut_right=high > last,
    )  # fmt: skip


def _place(value: float, first: float, last: float) -> float:
    """A value on a scale in per cent, held at its ends."""
    return round(100 * min(max((value - first) / (last - first), 0.0), 1.0), 2)
