"""The network of alliances over time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from model.clock import month_index, month_label
from viz.explore import network
from viz.explore.network import Moment, Network
from viz.explore.source import Source
from viz.explore.views import Ref
from viz.link import Link
from viz.numbers import money, per_cent
from viz.pages.explore.address import address, cell
from viz.parts.chart import Chart
from viz.parts.guard import guarded
from viz.parts.page import Panel, Words
from viz.parts.table import Cell, Column, Table

LISTED = 15
LEGEND = (
    "Lines are contracts in force (licences, codevelopment, copromotion, options, new companies) between the firms "
    "with the most of them, thicker where there are several. Firms stand in the places of their home regions; "
    "click one to open it. From the table deals, trust from alliances, sales from firm_years."
)
COLUMNS = (Column("Firm"), Column("Home"), Column("Alliances", numeric=True), Column("Partners", numeric=True),
           Column("With other regions", numeric=True), Column("Net sales", "last full year", numeric=True))  # fmt: skip


@solara.component_vue("clock.vue")
def Clock(first: int, last: int, value: int, event_move: Callable[[int], None]) -> None:
    """A slider over the months since January 2000 with a button that lets them pass."""


@guarded("The network")
def NetworkView(source: Source, link: Link) -> None:
    """The network in the month of the slider."""
    router = solara.use_router()
    known = solara.use_memo(lambda: Network(source), [source])
    month, set_month = solara.use_state(start(known, link.month))
    moment = known.at(month)
    option = network.option(moment)

    def open_firm(news: dict[str, Any]) -> None:
        if str(news.get("id", "")).isdigit():
            router.push(address(link, firm=str(news["id"])))

    with solara.Div(classes=["pm-stack"]):
        with Panel(f"Alliances in force in {month_label(month)}", said(moment)):
            Clock(first=known.first, last=known.last, value=month, event_move=set_month)
            Chart(option, "Network of alliances", "560px", on_click=open_firm)
            Words(LEGEND, "p", "pm-small")
        with Panel("Firms with the most alliances", f"The first {LISTED} of those drawn"):
            Table(
                "Firms with the most alliances",
                COLUMNS,
                [row(link, one) for one in moment.firms.head(LISTED).itertuples()],
            )


def row(link: Link, firm: Any) -> list[Cell]:
    """A firm in the list."""
    return [
        cell(link, Ref("firm", int(firm.Index), str(firm.name))), Cell(str(firm.home)), Cell(str(firm.alliances)),
        Cell(str(firm.partners)), Cell(per_cent(firm.abroad)), Cell(money(firm.net_sales) if firm.net_sales else "–"),
    ]  # fmt: skip


def start(known: Network, label: str) -> int:
    """The month of the link if it was played, else the last."""
    if not label:
        return known.last
    return min(max(month_index(label), known.first), known.last)


def said(moment: Moment) -> str:
    """The network in a sentence."""
    if not moment.alliances:
        return "No alliance is in force."
    trust = f", mean trust {moment.trust:.2f}" if moment.trust == moment.trust else ""
    return (f"{moment.alliances:,} alliances, {per_cent(moment.abroad)} of them between regions{trust}; drawn are the "
            f"{len(moment.firms)} firms with the most. Orange: trust below {network.STRAINED}.")  # fmt: skip
