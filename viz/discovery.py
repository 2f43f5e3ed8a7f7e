"""The report of scenario discovery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from experiments.analysis.discovery_command import TITLES
from viz import theme
from viz.charts.boxes import box, trade_off
from viz.page import Part, number, page

METHOD = (
    "PRIM peels thin slices off the space, each time the one whose loss leaves the largest share of cases, and so "
    "finds boxes in which the outcome is common; of the boxes on the way, the one with the best harmonic mean of "
    "coverage and density is shown. The p-value of a limit says how likely it would be as clear without cause.",
    "CART splits the space by a tree; shown are the leaves that hold more cases than their share.",
    "Boxes describe the sweep: they hold within the ranges that were sampled and say nothing about causes outside it. "
    "Both methods are those of the EMA Workbench.",
)


def render(tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> str:
    """The report as HTML, from the tables and the manifest of ``pharmarket discover``."""
    lead = (
        f"{manifest['cases']} of {manifest['points']} points are cases; "
        f"replicates averaged: {manifest['replicates']}, scale {manifest['design']['scale']:g}."
    )
    warnings = []
    if manifest["left_out"]:
        warnings.append(f"{manifest['left_out']} points that failed or gave no number are left out.")
    return page(manifest["case"], "scenario discovery in a sweep", lead, list(_sections(tables)), METHOD, warnings)


def _sections(tables: Mapping[str, pd.DataFrame]) -> Iterator[Part]:
    limits = tables["limits"]
    for one in tables["boxes"].to_dict("records"):
        rows = limits[(limits.method == one["method"]) & (limits.box == one["box"])]
        title = (
            f"{TITLES[one['method']]} {one['box']}: {one['coverage']:.0%} of the cases, "
            f"which are {one['density']:.0%} of the points there"
        )
        lines = [
            (row["name"], number(row["low"]), number(row["high"]), row["values"], number(row["p_value"]))
            for row in rows.to_dict("records")
        ]
        chart = [Markup(theme.svg(box(tables["points"], rows), title))] if len(rows) else []
        yield Part(title, chart, "Limits", ("Value varied", "From", "To", "Among", "p"), lines, open=True)
    chart = [Markup(theme.svg(trade_off(tables["trade_off"]), "Coverage and density"))]
    yield Part("How PRIM traded coverage for density", chart)
