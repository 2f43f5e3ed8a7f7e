"""Regions on the map of the world as ECharts options: a measure in both variants on one scale, or their difference."""

from __future__ import annotations

from typing import Any

import pandas as pd

from viz.amounts import whole
from viz.charts.fan_options import heading
from viz.numbers import short

Option = dict[str, Any]


def extent(rows: pd.DataFrame) -> tuple[float, float]:
    """The scale that holds all years and regions of both variants: from zero where nothing is below."""
    factor, _ = whole(str(rows.unit.iloc[0]))
    values = rows[["mean_a", "mean_b"]].to_numpy(float) * factor
    known = values[values == values]
    return (min(float(known.min()), 0.0), float(known.max())) if len(known) else (0.0, 1.0)


def level(rows: pd.DataFrame, side: str, scale: tuple[float, float], title: str, source: str) -> Option:
    """The regions coloured by the mean of one side (``a`` or ``b``) in one year, on a scale shared by both maps."""
    factor, _ = whole(str(rows.unit.iloc[0]))
    ends = [short(scale[1]), short(scale[0])]
    shades = {"min": scale[0], "max": scale[1] or 1.0, "inRange": {"color": ["@land", f"@{side}"]}, "text": ends}
    return _world(rows, rows[f"mean_{side}"] * factor, shades, title, source)


def change(rows: pd.DataFrame, end: float, title: str, source: str) -> Option:
    """The regions coloured by B - A in per cent of A in one year: blue where B is higher, orange where it is lower.

    A region whose interval holds zero, or whose interval is not known, is left grey.
    """
    clear = (rows.low > 0) | (rows.high < 0)
    share = (100 * rows.effect / rows.mean_a.abs().where(rows.mean_a != 0)).where(clear)
    ends = [f"+{end:g} %", f"−{end:g} %"]
    shades = {"min": -end, "max": end, "inRange": {"color": ["@loss", "@land", "@gain"]}, "text": ends}
    return _world(rows, share, shades, title, source)


def _world(rows: pd.DataFrame, values: pd.Series, shades: dict[str, Any], title: str, source: str) -> Option:
    data = [
        {"name": region, "value": float(f"{value:.5g}") if value == value else None}
        for region, value in zip(rows.region, values)
    ]
    return {
        "title": heading(title, source),
        "tooltip": {"trigger": "item", "valueFormatter": "fn:short"},
        "visualMap": {"type": "continuous", "orient": "horizontal", "left": 0, "bottom": 0, "itemHeight": 90,
                      "itemWidth": 8, "formatter": "fn:short", "textStyle": {"color": "@quiet", "fontSize": 11},
                      "calculable": False, "seriesIndex": 0, **shades},
        "series": [{"type": "map", "map": "world", "data": data, "roam": False, "left": 0, "right": 0, "top": 44,
                    "bottom": 26, "label": {"show": False}, "selectedMode": False,
                    "itemStyle": {"borderColor": "@card", "borderWidth": 0.6, "areaColor": "@land"},
                    "emphasis": {"label": {"show": False}, "itemStyle": {"borderColor": "@ink", "borderWidth": 1.2}}}],
    }  # fmt: skip
