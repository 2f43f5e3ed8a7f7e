"""One figure of many runs over the months: the spread of luck and of what a sweep varied."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from viz.charts.panels import WIDTH, plain
from viz.theme import colour, styled

SHADES = ("b", "loss", "a", "AU", "KR", "CA", "US", "JP")
"""Colours of the groups, in their order."""


@styled
def fan(rows: pd.DataFrame, group: str, label: str, unit: str = "") -> Figure:
    """Bands between outer and inner quantiles with the median of each group.

    ``rows`` has the columns ``group`` (its name), ``month`` and quantiles from low to high, the middle one being the
    median, as :func:`experiments.analysis.query.fan` gives them.
    """
    quantiles = sorted(name for name in rows.columns if str(name).startswith("q") and str(name)[1:2].isdigit())
    figure = Figure(figsize=(WIDTH, 3.4), layout="constrained")
    panel = figure.subplots()
    for shade, (name, one) in zip(SHADES * len(rows), rows.groupby(group, sort=False, observed=True)):
        for low, high in zip(quantiles[: len(quantiles) // 2], quantiles[::-1]):
            panel.fill_between(one.month, one[low], one[high], color=colour(shade), alpha=0.16, linewidth=0)
        panel.plot(one.month, one[quantiles[len(quantiles) // 2]], color=colour(shade), label=str(name))
    panel.set_title(label)
    panel.set_ylabel(unit)
    panel.yaxis.set_major_formatter(plain)
    panel.margins(x=0.01)
    figure.legend(loc="outside upper right", ncols=4)
    return figure
