"""The report of a sensitivity analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from viz import theme
from viz.charts.importance import importance
from viz.page import Part, number, page

METHODS = {
    "morris": "Morris screening: from many points of the space one value after the other is moved by two thirds of "
    "its range. mu_star is the mean absolute effect of such moves on the outcome, in its unit, scaled to the whole "
    "range; mu the mean effect with its sign; sigma the spread of effects, large where the value interacts with others "
    "or acts along a curve.",
    "sobol": "Sobol indices (Saltelli's estimators): shares of the variance of the outcome over the space. First: what "
    "a value explains alone; total: with all its interactions. Estimates may lie slightly outside 0 to 1.",
    "pawn": "PAWN: the largest gap between the distribution of the outcome and its distribution where a value is known "
    "to lie in one slide of its range, median over slides. Shaded: where a value that does nothing would come out, "
    "since few points leave gaps of their own.",
}


def render(tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> str:
    """The report as HTML, from the tables and the manifest of ``pharmarket sensitivity``."""
    design = manifest["design"]
    months = f"{design['branch'] or design['start']} to {design['until']}"
    lead = (
        f"{len(manifest['names'])} values varied in {manifest['runs']} runs, {months}, scale {design['scale']:g}, "
        f"replicates averaged: {manifest['replicates']}."
    )
    method = [METHODS[manifest["method"]], "Intervals: bootstrap over points, 95 %. Indices are computed by SALib."]
    sections = list(_sections(tables["sensitivity"], manifest["main_index"]))
    return page("What matters", "sensitivity of a sweep", lead, sections, method, list(_warnings(tables)))


def _sections(rows: pd.DataFrame, main_index: str) -> Iterator[Part]:
    heads = ("Outcome", "Index", "Value varied", "Estimate", "95 % interval", "Points", "Left out")
    for label, group in rows.groupby("group", sort=False):
        chart = Markup(theme.svg(importance(group, main_index), f"What matters: {label}"))
        lines = [
            (row["label"], row["index"], row["name"], number(row["value"]), _interval(row["low"], row["high"]),
             row["points"], row["left_out"])
            for row in group.to_dict("records")
        ]  # fmt: skip
        yield Part(str(label), [chart], heads=heads, rows=lines)


def _interval(low: float, high: float) -> str:
    return "" if low != low else f"{number(low)} to {number(high)}"


def _warnings(tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    for row in tables["not_analysed"].itertuples():
        yield f"Not analysed: {row.reason}"
    left_out = tables["sensitivity"].left_out
    if left_out.any():
        yield f"Up to {left_out.max()} points were left out with those that failed: estimates may be biased."
