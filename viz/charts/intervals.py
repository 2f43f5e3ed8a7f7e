"""Effects as points with intervals on one axis of per cent."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from viz.charts.panels import WIDTH, per_cent
from viz.strips import WIDEST, verdict
from viz.theme import colour, styled


@styled
def forest(effects: pd.DataFrame) -> Figure:
    """Effects of B against A in per cent of A with their intervals, in the order of the rows.

    ``effects`` has the columns ``label``, ``unit``, ``mean_a``, ``effect``, ``low`` and ``high``; rows without a
    mean to refer to are left out.
    """
    rows = effects[np.isfinite(effects.effect) & (effects.mean_a != 0)].iloc[::-1]
    figure = Figure(figsize=(WIDTH, 0.5 + 0.27 * len(rows)), layout="constrained")
    panel = figure.subplots()
    _intervals(panel, rows)
    panel.set_yticks(np.arange(len(rows)), [str(label) for label in rows.label])
    panel.tick_params(axis="y", labelsize=8.5, labelcolor=colour("ink"))
    panel.set_xlabel("B − A in per cent of A, with the 95 % interval")
    for place, row in enumerate(rows.itertuples()):
        panel.annotate(
            _amount(row), (1.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=8,
            color=colour("quiet"),
        )  # fmt: skip
    return figure


@styled
def gains(winners: pd.DataFrame) -> Figure:
    """The groups that gain and lose, one panel per dimension in the order of the rows."""
    dimensions = list(dict.fromkeys(winners.dimension))
    sizes = [int((winners.dimension == dimension).sum()) for dimension in dimensions]
    figure = Figure(figsize=(WIDTH, 0.55 * len(sizes) + 0.25 * sum(sizes)), layout="constrained")
    panels = figure.subplots(len(sizes), 1, squeeze=False, height_ratios=[size + 1 for size in sizes])
    for panel, dimension in zip(panels.flat, dimensions):
        rows = winners[winners.dimension == dimension].iloc[::-1]
        _intervals(panel, rows)
        panel.set_yticks(np.arange(len(rows)), [f"{row.group}: {_inside(row.label)}" for row in rows.itertuples()])
        panel.tick_params(axis="y", labelcolor=colour("ink"))
        panel.set_title(dimension)
        for place, row in enumerate(rows.itertuples()):
            panel.annotate(
                _amount(row), (1.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=7.5,
                color=colour("quiet"),
            )  # fmt: skip
    return figure


def _intervals(panel: Axes, rows: pd.DataFrame) -> None:
    """Points with lines, coloured by whether the interval leaves out zero; one that is cut ends in an arrow."""
    base = rows.mean_a.abs()
    middle, low, high = (100 * rows[name] / base for name in ("effect", "low", "high"))
    shade = [colour(verdict(one, other)) for one, other in zip(low, high)]
    edge = WIDEST * max(float(middle.abs().max()) if len(rows) else 0.0, 0.1)
    place = np.arange(len(rows))
    panel.axvline(0, color=colour("quiet"), linewidth=0.8)
    panel.hlines(place, low.clip(-edge, edge), high.clip(-edge, edge), colors=shade, linewidth=2.2)
    panel.scatter(middle, place, c=shade, s=26, zorder=3)
    for sign, ends, marker in ((-1, low, "<"), (1, high, ">")):
        cut = sign * ends > edge
        panel.scatter(np.full(int(cut.sum()), sign * edge), place[cut], c=np.array(shade)[cut], s=18, marker=marker)
    panel.grid(axis="y", visible=False)
    panel.grid(axis="x", visible=True)
    panel.set_ylim(-0.6, len(rows) - 0.4)
    panel.xaxis.set_major_locator(MaxNLocator(7))
    panel.xaxis.set_major_formatter(FuncFormatter(per_cent))
    panel.spines["left"].set_visible(False)


def _amount(row: object) -> str:
    value = float(row.effect)  # type: ignore[attr-defined]
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:+,.{digits}f}".replace("-", "−")
    return f"{text} {row.unit}"  # type: ignore[attr-defined]


def _inside(label: str) -> str:
    """A label within a line: its first letter small, unless an abbreviation begins there."""
    return label if label[1:2].isupper() or label[1:2] == "&" else label[0].lower() + label[1:]
