"""Charts of the Explore page as ECharts options; colours and formats by their names in the theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from model.labels import REGIONS

MOST_SERIES = 8
MOST_BARS = 20


def shade(name: str, place: int) -> str:
    """Colour of a series: that of the region, or the next of the theme."""
    return f"@{name}" if name in REGIONS else f"@s{place % MOST_SERIES}"


def columns(
    table: pd.DataFrame, *, unit: str, number: str = "fn:short", stacked: bool = True, line: Sequence[str] = ()
) -> dict[str, Any]:
    """Columns of a table over its index, stacked, or side by side; those in ``line`` as lines."""
    names = [str(name) for name in table.columns]
    series = []
    for place, name in enumerate(names):
        drawn = {"type": "line", "symbol": "none", "z": 3} if name in line else {"type": "bar", "barMaxWidth": 28}
        if stacked and name not in line:
            drawn["stack"] = "all"
        values = [None if pd.isna(value) else float(value) for value in table[table.columns[place]]]
        colour = shade(name, place)
        series.append({**drawn, "name": name, "data": values, "color": colour, "itemStyle": {"color": colour}})
    return {
        **frame(unit, number, legend=len(names) > 1),
        "xAxis": {"type": "category", "data": [str(one) for one in table.index], "axisTick": {"show": False}},
        "series": series,
    }


def frame(unit: str, number: str, legend: bool) -> dict[str, Any]:
    """What charts with a vertical axis of numbers have in common."""
    return {
        "animation": False,
        "grid": {"left": 8, "right": 12, "top": 46 if legend else 28, "bottom": 8, "containLabel": True},
        "legend": {"show": legend, "top": 0, "type": "scroll", "icon": "roundRect"},
        "tooltip": {"trigger": "axis", "confine": True, "valueFormatter": number},
        "yAxis": {
            "type": "value",
            "name": unit,
            "nameTextStyle": {"align": "left"},
            "axisLabel": {"formatter": number},
        },
    }


def bars(values: Mapping[str, float], *, unit: str, number: str = "fn:short") -> dict[str, Any]:
    """Horizontal bars, the first on top."""
    items = list(values.items())[:MOST_BARS]
    data = [{"value": float(value), "itemStyle": {"color": shade(name, 0)}} for name, value in items]
    return {
        "animation": False,
        "grid": {"left": 16, "right": 24, "top": 8, "bottom": 28, "containLabel": True},
        "tooltip": {"trigger": "item", "confine": True, "valueFormatter": number},
        "xAxis": {"type": "value", "name": unit, "nameLocation": "middle", "nameGap": 26,
                  "axisLabel": {"formatter": number, "hideOverlap": True}},
        "yAxis": {"type": "category", "inverse": True, "data": [name.replace("_", " ") for name, _ in items],
                  "axisTick": {"show": False}, "axisLabel": {"width": 150, "overflow": "truncate"}},
        "series": [{"type": "bar", "data": data, "barMaxWidth": 18}],
    }  # fmt: skip


def lines(curves: Mapping[str, Sequence[tuple[float, float]]], *, unit: str, low: float | None = None,
          high: float | None = None) -> dict[str, Any]:  # fmt: skip
    """Curves of (month since January 2000, value) points."""
    known = frame(unit, "fn:short", legend=len(curves) > 1)
    known["yAxis"] |= {"min": low, "max": high, "scale": low is None}
    months = [month for points in curves.values() for month, _ in points]
    first, last = 12.0 * (min(months) // 12), 12.0 * (max(months) // 12 + 1)
    return {
        **known,
        "tooltip": {**known["tooltip"], "axisPointer": {"label": {"formatter": ""}}},
        "xAxis": {"type": "value", "min": first, "max": last, "interval": interval(first, last),
                  "axisLabel": {"formatter": "fn:year", "showMaxLabel": False}, "splitLine": {"show": False}},
        "series": [
            {"type": "line", "name": name, "data": [list(point) for point in points], "symbol": "none",
             "color": f"@s{place}"}
            for place, (name, points) in enumerate(curves.items())
        ],
    }  # fmt: skip


def interval(first: float, last: float) -> float:
    """Months between the ticks of an axis: whole years, eight of them at most."""
    years = (last - first) / 12
    return 12.0 * next(step for step in (1, 2, 5, 10, 20, 50, 1000) if years / step <= 8)


def answer_chart(rows: pd.DataFrame, group: Sequence[str], measure: str, unit: str, number: str) -> dict[str, Any]:
    """The answer to a grouped query: over the years if it is grouped by time, else the largest groups as bars."""
    timed = next((name for name in group if _is_time(rows[name])), None)
    others = [name for name in group if name != timed]
    if timed:
        table = rows.assign(**{timed: rows[timed].astype("Int64")}).dropna(subset=[timed])
        if not others:
            return columns(table.set_index(timed)[[measure]].sort_index(), unit=unit, number=number)
        wide = table.pivot_table(index=timed, columns=others[0], values=measure, aggfunc="sum", observed=True)
        return columns(largest(wide.sort_index()), unit=unit, number=number)
    if len(others) > 1:
        wide = rows.pivot_table(index=others[0], columns=others[1], values=measure, aggfunc="sum", observed=True)
        wide = wide.loc[wide.sum(axis=1).sort_values(ascending=False).index[:MOST_BARS]]
        return columns(largest(wide), unit=unit, number=number)
    ranked = rows.sort_values(measure, ascending=False, na_position="last").dropna(subset=[measure])
    return bars(dict(zip(ranked[others[0]].astype(str), ranked[measure])), unit=unit, number=number)


def _is_time(column: pd.Series) -> bool:
    return column.name == "year" or column.dtype == "Int64"


def largest(wide: pd.DataFrame) -> pd.DataFrame:
    """The columns with the largest totals; the others added up as one where there are too many."""
    order = wide.sum().sort_values(ascending=False).index
    if len(order) <= MOST_SERIES:
        return wide[order]
    kept = wide[order[: MOST_SERIES - 1]].copy()
    kept["others"] = wide[order[MOST_SERIES - 1 :]].sum(axis=1)
    return kept
