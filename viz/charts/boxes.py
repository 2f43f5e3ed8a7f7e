"""Where in the space of a sweep an outcome happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from viz.charts.panels import WIDTH, plain
from viz.theme import colour, styled


@styled
def box(points: pd.DataFrame, limits: pd.DataFrame) -> Figure:
    """The limits of one box within the range of each value, and beside them the points over its first two values.

    ``points`` has one row per point with a column per value varied and ``case``; ``limits`` are the rows of one box.
    """
    numeric = limits[limits["values"] == ""]
    figure = Figure(figsize=(WIDTH, max(2.2, 0.7 + 0.3 * len(limits))), layout="constrained")
    ranges, scatter = figure.subplots(1, 2, width_ratios=[3, 2])
    _ranges(ranges, points, numeric.iloc[::-1])
    shown = [*numeric["name"], *(name for name in _numbers(points) if name not in set(numeric["name"]))][:2]
    _scatter(scatter, points, numeric, shown)
    return figure


@styled
def trade_off(trajectory: pd.DataFrame) -> Figure:
    """Coverage against density while PRIM peels its first box, coloured by how many values are restricted."""
    figure = Figure(figsize=(WIDTH, 2.8), layout="constrained")
    panel = figure.subplots()
    panel.plot(trajectory.coverage, trajectory.density, color=colour("still"), linewidth=1)
    for count, rows in trajectory.groupby("restricted"):
        panel.scatter(rows.coverage, rows.density, color=colour("b"), alpha=0.35 + 0.65 / (1 + float(str(count))), s=16)
        panel.annotate(str(count), (rows.coverage.iloc[0], rows.density.iloc[0]), xytext=(3, 3), fontsize=7,
                       textcoords="offset points", color=colour("quiet"))  # fmt: skip
    panel.set_xlabel("coverage: share of cases in the box")
    panel.set_ylabel("density: share of its points")
    return figure


def _numbers(points: pd.DataFrame) -> list[str]:
    numeric = points.drop(columns=["outcome", "case"]).select_dtypes("number")
    return [str(name) for name in numeric.columns]


def _ends(points: pd.DataFrame, limit: Mapping[Any, Any], name: str) -> tuple[float, float, float, float]:
    """Least and largest value, and both ends of a limit; an open side ends where the values do."""
    least, most = float(points[name].min()), float(points[name].max())
    low, high = (limit.get(side, np.nan) for side in ("low", "high"))
    return least, most, least if np.isnan(low) else low, most if np.isnan(high) else high


def _ranges(panel: Axes, points: pd.DataFrame, limits: pd.DataFrame) -> None:
    for place, limit in enumerate(limits.to_dict("records")):
        least, most, low, high = _ends(points, limit, limit["name"])
        start, end = ((value - least) / (most - least) for value in (low, high))
        panel.barh(place, 1.0, height=0.12, color=colour("rule"))
        panel.barh(place, end - start, left=start, height=0.34, color=colour("b"))
        for at, value, side in ((start, low, "right"), (end, high, "left")):
            panel.annotate(plain(float(f"{value:.3g}")), (at, place), xytext=(-4 if side == "right" else 4, 7),
                           textcoords="offset points", ha="center", fontsize=7)  # fmt: skip
    panel.set_yticks(range(len(limits)), [str(name) for name in limits["name"]])
    panel.tick_params(axis="y", labelcolor=colour("ink"))
    panel.set_ylim(-0.6, max(len(limits), 4) - 0.3)
    panel.set_xlim(-0.05, 1.05)
    panel.xaxis.set_visible(False)
    panel.grid(visible=False)
    panel.spines[:].set_visible(False)
    panel.set_title("Limits of the box within the range that was sampled")


def _scatter(panel: Axes, points: pd.DataFrame, limits: pd.DataFrame, names: list[str]) -> None:
    if len(names) < 2:
        panel.set_axis_off()
        return
    across, up = names
    for case, shade, label in ((False, "still", "other points"), (True, "b", "cases")):
        rows = points[points["case"] == case]
        panel.scatter(rows[across], rows[up], s=9, color=colour(shade), label=label)
    known = {row["name"]: row for row in limits.to_dict("records")}
    _, _, left, right = _ends(points, known.get(across, {}), across)
    _, _, bottom, top = _ends(points, known.get(up, {}), up)
    panel.add_patch(Rectangle((left, bottom), right - left, top - bottom, fill=False, edgecolor=colour("ink")))
    panel.set_xlabel(across)
    panel.set_ylabel(up)
    panel.legend(loc="upper right", frameon=True, framealpha=0.8, edgecolor="none")
