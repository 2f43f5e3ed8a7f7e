"""How much each value that was varied matters."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from viz.charts.panels import grid, plain
from viz.theme import colour, styled

MOST = 12
"""Values in a panel: those that matter most."""
INDEX = {
    "mu_star": "mean absolute effect", "total": "share of variance, with interactions", "median": "PAWN index",
}  # fmt: skip


@styled
def importance(rows: pd.DataFrame, main_index: str) -> Figure:
    """A panel per outcome with the values that matter most, as points with their intervals.

    ``rows`` is the table ``sensitivity`` of one group. Where it tells what a value that does nothing would show, that
    is shaded: what lies within is not known to matter.
    """
    outcomes = list(dict.fromkeys(rows.outcome))
    shown = min(MOST, rows["name"].nunique())
    figure, panels = grid(len(outcomes), min(2, len(outcomes)), height=0.75 + 0.2 * shown)
    for panel, outcome in zip(panels, outcomes):
        one = rows[rows.outcome == outcome]
        best = one[one["index"] == main_index].nlargest(shown, "value").iloc[::-1]
        _shade_idle(panel, one[one["index"] == "idle"])
        _points(panel, best)
        unit = f", {best.unit.iloc[0]}" if main_index == "mu_star" else ""
        panel.set_title(str(best.label.iloc[0]))
        panel.set_xlabel(INDEX[main_index] + unit)
    return figure


def _points(panel: Axes, rows: pd.DataFrame) -> None:
    place = range(len(rows))
    panel.hlines(place, rows.low, rows.high, colors=colour("b"), linewidth=2.2)
    panel.scatter(rows.value, place, color=colour("b"), s=22, zorder=3)
    panel.set_yticks(place, [str(name) for name in rows["name"]])
    panel.tick_params(axis="y", labelcolor=colour("ink"))
    panel.set_ylim(-0.6, len(rows) - 0.4)
    panel.set_xlim(left=min(0.0, float(rows.low.min())))
    panel.xaxis.set_major_locator(MaxNLocator(5))
    panel.xaxis.set_major_formatter(plain)
    panel.grid(axis="y", visible=False)
    panel.grid(axis="x", visible=True)


def _shade_idle(panel: Axes, idle: pd.DataFrame) -> None:
    if len(idle):
        panel.axvspan(float(idle.low.min()), float(idle.high.max()), color=colour("still"), alpha=0.25, linewidth=0)
