"""Figures over the years: both variants with the spread of their luck, and the difference between them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz.charts.panels import grid, thin_axes
from viz.theme import colour, styled


@styled
def fans(by_year: pd.DataFrame, indicators: Sequence[str], branch: float, labels: tuple[str, str]) -> Figure:
    """A panel per indicator: median of A and B over seeds with the band that holds 80 % of them.

    ``by_year`` is the table ``effects_by_year`` of one region, ``branch`` the calendar time at which rules part.
    """
    figure, panels = grid(len(indicators), 3)
    for panel, name in zip(panels, indicators):
        rows = by_year[by_year.indicator == name].sort_values("year")
        for side, label in zip("ab", labels):
            _fan(panel, rows, side, label)
        _mark_branch(panel, branch)
        _head(panel, rows)
        thin_axes(panel)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper right", ncols=2)
    return figure


@styled
def differences(by_year: pd.DataFrame, indicators: Sequence[str], branch: float) -> Figure:
    """A panel per indicator: B - A year by year with its 95 % interval."""
    figure, panels = grid(len(indicators), 3)
    for panel, name in zip(panels, indicators):
        rows = by_year[by_year.indicator == name].sort_values("year")
        _difference(panel, rows, colour("b"))
        _mark_branch(panel, branch)
        _head(panel, rows)
        thin_axes(panel)
    return figure


@styled
def regional_differences(by_year: pd.DataFrame, indicator: str, regions: Sequence[str], branch: float) -> Figure:
    """A panel per region: B - A of one figure year by year with its 95 % interval, in the colour of the region."""
    figure, panels = grid(len(regions), 5, height=1.45)
    for panel, region in zip(panels, regions):
        rows = by_year[(by_year.indicator == indicator) & (by_year.region == region)].sort_values("year")
        _difference(panel, rows, colour(region))
        _mark_branch(panel, branch)
        panel.set_title(region, color=colour(region))
        thin_axes(panel, ticks=3, years=3)
    return figure


def _fan(panel: Axes, rows: pd.DataFrame, side: str, label: str) -> None:
    shade = colour(side)
    panel.fill_between(rows.year, rows[f"{side}_low"], rows[f"{side}_high"], color=shade, alpha=0.18, linewidth=0)
    style = (0, (4, 1.5)) if side == "a" else "solid"
    panel.plot(rows.year, rows[f"{side}_median"], color=shade, linestyle=style, label=label)


def _difference(panel: Axes, rows: pd.DataFrame, shade: str) -> None:
    panel.axhline(0, color=colour("quiet"), linewidth=0.8)
    panel.fill_between(rows.year, rows.low, rows.high, color=shade, alpha=0.22, linewidth=0)
    panel.plot(rows.year, rows.effect, color=shade)


def _mark_branch(panel: Axes, branch: float) -> None:
    panel.axvline(branch, color=colour("quiet"), linewidth=0.8, linestyle=(0, (1, 2)))


def _head(panel: Axes, rows: pd.DataFrame) -> None:
    first = rows.iloc[0]
    panel.set_title(first.label)
    panel.set_ylabel(first.unit)
