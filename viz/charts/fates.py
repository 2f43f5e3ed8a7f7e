"""What became of medicines in both worlds of a pair."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from viz.charts.panels import WIDTH, plain
from viz.theme import colour, styled


@styled
def fates(counts: pd.DataFrame) -> Figure:
    """A panel per question with a bar per fate: assets a pair, mean over pairs.

    ``counts`` has the columns ``question``, ``fate`` and ``assets``.
    """
    questions = list(dict.fromkeys(counts.question))
    figure = Figure(figsize=(WIDTH, 2.0), layout="constrained")
    panels = figure.subplots(1, len(questions), squeeze=False)
    for panel, question in zip(panels.flat, questions):
        rows = counts[counts.question == question].iloc[::-1]
        place = np.arange(len(rows))
        shades = [_shade(str(fate)) for fate in rows.fate]
        panel.barh(place, rows.assets, height=0.6, color=shades)
        for at, value in zip(place, rows.assets):
            panel.annotate(plain(round(value, 1)), (value, at), xytext=(3, 0), textcoords="offset points", va="center")
        panel.set_yticks(place, list(rows.fate))
        panel.tick_params(axis="y", labelcolor=colour("ink"))
        panel.set_title(question)
        panel.set_xlim(0, 1.18 * max(float(rows.assets.max()), 1e-9))
        panel.xaxis.set_visible(False)
        panel.grid(visible=False)
        panel.spines[:].set_visible(False)
    return figure


def _shade(fate: str) -> str:
    """Grey for what is the same, the colour of the variant for what happens there alone or sooner."""
    if "same" in fate:
        return colour("still")
    return colour("a") if fate.endswith(("only in A", "later in B")) else colour("b")
