"""Grids of small panels of equal size."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

WIDTH = 10.0
"""Inches of a figure that fills the page."""


def grid(count: int, columns: int, height: float = 1.75) -> tuple[Figure, list[Axes]]:
    """A figure with ``count`` panels of ``height`` inches; what is left of the last row stays empty."""
    rows = -(-count // columns)
    figure = Figure(figsize=(WIDTH, rows * height), layout="constrained")
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for spare in panels[count:]:
        spare.set_axis_off()
    return figure, panels[:count]


def thin_axes(panel: Axes, ticks: int = 4, years: int = 5) -> None:
    """Few round ticks, numbers for people."""
    panel.yaxis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    panel.yaxis.set_major_formatter(FuncFormatter(plain))
    panel.xaxis.set_major_locator(MaxNLocator(years, integer=True, steps=[1, 5, 10]))
    panel.margins(x=0.01)


def plain(value: float, _: Any = None) -> str:
    """A number on an axis: thousands apart, no needless digits, a real minus sign."""
    text = f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:.3g}"
    return text.replace("-", "−")


def per_cent(value: float, _: Any = None) -> str:
    """A part in per cent on an axis, with its sign."""
    return "0" if value == 0 else f"{'+' if value > 0 else '−'}{abs(value):.3g} %"
