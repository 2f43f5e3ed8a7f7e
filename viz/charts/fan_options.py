"""Both variants over the years, and their difference, as ECharts options in the names of colours of the theme."""

from __future__ import annotations

from typing import Any

import pandas as pd

from viz.amounts import whole

Option = dict[str, Any]


def fan(rows: pd.DataFrame, branch: float, labels: tuple[str, str], source: str) -> Option:
    """Medians of A (dashed) and B over seeds, each with the band that holds 80 % of them.

    ``rows`` are those of one indicator and region of the table ``effects_by_year``, ``branch`` the calendar time at
    which rules part, ``source`` a line for readers of a saved picture.
    """
    rows = rows.sort_values("year")
    factor, unit = whole(str(rows.unit.iloc[0]))
    series = []
    for side, label in zip("ab", labels):
        middle, low, high = (rows[f"{side}_{name}"] * factor for name in ("median", "low", "high"))
        series += band(low, high, side)
        series.append(line(middle, label, side, dashed=side == "a"))
    series[-1]["markLine"] = parting(branch)
    title = f"{rows.label.iloc[0]}, {unit}" if unit else str(rows.label.iloc[0])
    return frame(title, source, rows.year, series) | {
        "legend": {"data": list(labels), "top": 44, "left": 0, "icon": "rect", "itemWidth": 18, "itemHeight": 4}
    }


def difference(rows: pd.DataFrame, branch: float, source: str) -> Option:
    """B - A within pairs year by year with its 95 % interval, ``rows`` as in :func:`fan`."""
    rows = rows.sort_values("year")
    factor, unit = whole(str(rows.unit.iloc[0]))
    middle, low, high = (rows[name] * factor for name in ("effect", "low", "high"))
    name = f"B − A: {rows.label.iloc[0]}"
    series = [*band(low, high, "b"), line(middle, "B − A", "b")]
    series[-1]["markLine"] = parting(branch)
    series[-1]["markLine"]["data"].append({"yAxis": 0, "lineStyle": {"color": "@quiet", "type": "solid", "width": 1}})
    return frame(f"{name}, {unit}" if unit else name, source, rows.year, series)


def frame(title: str, source: str, years: pd.Series, series: list[dict[str, Any]]) -> Option:
    """Axes of years and of numbers for people under a title."""
    return {
        "title": heading(title, source),
        "grid": {"left": 4, "right": 20, "top": 72, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "category", "data": [str(int(year)) for year in years], "boundaryGap": False},
        "yAxis": {"type": "value", "scale": True, "splitNumber": 4, "axisLabel": {"formatter": "fn:short"}},
        "tooltip": {"trigger": "axis", "valueFormatter": "fn:short", "axisPointer": {"type": "line"}},
        "series": series,
    }  # fmt: skip


def heading(title: str, source: str) -> dict[str, Any]:
    """What a chart shows, and below it where that comes from, so that a saved picture says both."""
    text, below = {"fontSize": 13, "fontWeight": 650}, {"color": "@quiet", "fontSize": 11}
    return {"text": title, "subtext": source, "left": 0, "itemGap": 6, "textStyle": text, "subtextStyle": below}


def band(low: pd.Series, high: pd.Series, side: str) -> list[dict[str, Any]]:
    """An area from low to high: a line that is not seen, and the width stacked on it."""
    hidden = {"type": "line", "stack": f"band {side}", "stackStrategy": "all", "symbol": "none", "silent": True,
              "lineStyle": {"opacity": 0}, "tooltip": {"show": False}, "emphasis": {"disabled": True}}  # fmt: skip
    shade = {"color": f"@{side}", "opacity": 0.18}
    return [
        hidden | {"data": points(low)},
        hidden | {"data": points(high - low), "areaStyle": shade},
    ]


def line(values: pd.Series, name: str, side: str, dashed: bool = False) -> dict[str, Any]:
    """A line in the colour of a side."""
    style = {"color": f"@{side}", "width": 2.2, "type": "dashed" if dashed else "solid"}
    return {"type": "line", "name": name, "data": points(values), "symbol": "none", "lineStyle": style,
            "itemStyle": {"color": f"@{side}"}, "emphasis": {"disabled": True}, "z": 3}  # fmt: skip


def parting(branch: float) -> dict[str, Any]:
    """The dotted line at the year in which the rules part."""
    style = {"color": "@quiet", "type": "dotted", "width": 1.2}
    data = [{"xAxis": str(int(branch)), "lineStyle": style}]
    return {"silent": True, "symbol": "none", "label": {"show": False}, "data": data}


def points(values: pd.Series) -> list[float | None]:
    """Values year by year; what is not known is a gap."""
    return [float(f"{value:.6g}") if value == value else None for value in values]
