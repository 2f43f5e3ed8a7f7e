"""What a change does to its value, as an ECharts option."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from viz.explore.figures import lines


def effect(before: Sequence[float], after: Sequence[float], unit: str) -> dict[str, Any]:
    """The value month by month without the change and with it."""
    option = lines(
        {"without this change": list(enumerate(map(float, before))), "with it": list(enumerate(map(float, after)))},
        unit=unit,
    )
    for series, look in zip(option["series"], ({"color": "@a", "type": "dashed"}, {"color": "@b", "type": "solid"})):
        series |= {"color": look["color"], "lineStyle": {"width": 2, **look}}
    return option
