"""Spans of time in lanes: when an asset was in trials, in review, under contract, on the market."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from viz.explore.figures import interval

SHORTEST = 1.0
"""Months that even a moment fills, so that it can be seen."""


@dataclass(frozen=True)
class Span:
    """Something that went on in a lane from ``begin`` to ``end``, in months since January 2000."""

    lane: str
    begin: float
    end: float
    label: str
    colour: str


def number(month: Any) -> float:
    """Months from January 2000 to a date."""
    stamp = pd.Timestamp(month)
    return float((stamp.year - 2000) * 12 + stamp.month - 1)


def span(lane: str, begin: Any, end: Any, now: float, label: str, colour: str) -> Span | None:
    """A span between two months; one that has not ended lasts until ``now``, one that has not begun is none."""
    if pd.isna(begin):
        return None
    first = number(begin)
    return Span(lane, first, max(now if pd.isna(end) else number(end), first + SHORTEST), label, colour)


def apart(spans: Sequence[Span]) -> list[tuple[str, list[Span]]]:
    """Lanes in their first order, each with spans that do not overlap; what overlaps goes to a lane below, unnamed."""
    lanes: dict[str, list[list[Span]]] = {}
    for one in sorted(spans, key=lambda item: item.begin):
        rows = lanes.setdefault(one.lane, [])
        row = next((row for row in rows if row[-1].end <= one.begin + 1e-9), None)
        if row is None:
            rows.append([one])
        else:
            row.append(one)
    order = dict.fromkeys(one.lane for one in spans)
    return [(lane if not place else lane + " " * place, row) for lane in order for place, row in enumerate(lanes[lane])]


def option(spans: Iterable[Span], now: float) -> dict[str, Any]:
    """The spans as bars on an axis of months: gaps are bars that cannot be seen."""
    lanes = apart(list(spans))
    first = min((row[0].begin for _, row in lanes), default=now - 12)
    floor = 12.0 * (first // 12)
    most = max((len(row) for _, row in lanes), default=0)
    series = [one for place in range(most) for one in _layer(lanes, place)]
    return {
        "animation": False,
        "grid": {"left": 8, "right": 16, "top": 8, "bottom": 24, "containLabel": True},
        "tooltip": {"trigger": "item", "formatter": "{b}", "confine": True},
        "xAxis": {"type": "value", "min": floor, "max": 12.0 * (now // 12 + 1), "interval": interval(floor, now),
                  "axisLabel": {"formatter": "fn:year", "showMaxLabel": False},
                  "splitLine": {"lineStyle": {"color": "@rule"}}},
        "yAxis": {"type": "category", "inverse": True, "data": [lane for lane, _ in lanes], "axisTick": {"show": False},
                  "axisLine": {"show": False}, "axisLabel": {"color": "@quiet"}},
        "series": series,
    }  # fmt: skip


def _layer(lanes: list[tuple[str, list[Span]]], place: int) -> list[dict[str, Any]]:
    """The gap before the span at one place of every lane, and the span.

    Bars stack from month 0 wherever the axis begins, so what begins before 2000 has a first gap below 0.
    """
    gaps, bars = [], []
    for _, row in lanes:
        if place >= len(row):
            gaps.append(0.0)
            bars.append({"value": 0.0, "name": ""})
            continue
        before = row[place - 1].end if place else 0.0
        gaps.append(row[place].begin - before)
        bars.append({"value": row[place].end - row[place].begin, "name": row[place].label,
                     "itemStyle": {"color": row[place].colour}})  # fmt: skip
    common = {"type": "bar", "stack": "time", "stackStrategy": "all", "barWidth": 12}
    return [
        {**common, "data": gaps, "silent": True, "itemStyle": {"color": "transparent"}, "tooltip": {"show": False}},
        {**common, "data": bars, "itemStyle": {"borderRadius": 2}},
    ]


def height(spans: Sequence[Span]) -> str:
    """Height of the chart of these spans."""
    return f"{60 + 22 * len(apart(spans))}px"
