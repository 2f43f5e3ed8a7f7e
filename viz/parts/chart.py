"""One static chart: an ECharts option in a region with a name, in the colours of the page, with PNG export."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("chart.vue")
def _Chart(
    option: dict[str, Any], label: str, height: str, map_name: str, event_chosen: Callable[[dict], None]
) -> None:
    """The browser's part."""


def Chart(
    option: dict[str, Any],
    label: str,
    height: str = "320px",
    *,
    world: bool = False,
    on_click: Callable[[dict[str, Any]], None] | None = None,
) -> solara.Element:
    """Draw ``option`` (https://echarts.apache.org, version 5.4) in a region that is called ``label``.

    Texts in the option that begin with ``@`` are colours of the theme (``@US``, ``@ink``, see :mod:`viz.theme`), in
    light and dark; those that begin with ``fn:`` are formats of numbers for people (``fn:short`` 1.7 tn, ``fn:money``
    of million US$, ``fn:percent`` of shares, ``fn:month`` of a month number since 2000-01). ``world`` makes the map
    ``world`` known, whose shapes are called by region. ``on_click`` gets the ``name``, ``value``, ``seriesName`` and
    ``dataIndex`` of what is clicked.
    """
    return _Chart(
        option=option, label=label, height=height, map_name="world" if world else "",
        event_chosen=on_click or (lambda _: None),
    )  # fmt: skip
