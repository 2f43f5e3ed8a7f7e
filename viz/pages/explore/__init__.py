"""The page Explore: any table, the page of a firm, an asset or a deal, and the network of alliances."""

from __future__ import annotations

from collections.abc import Callable

import solara

from viz.explore.lookup import VIEWS
from viz.explore.source import Source
from viz.link import Link, use_link
from viz.pages.explore.address import address
from viz.pages.explore.data import Data
from viz.pages.explore.entity import Entity, Find
from viz.pages.explore.network import NetworkView
from viz.pages.explore.tables import TablesView
from viz.parts.guard import Failure
from viz.parts.page import Heading
from viz.parts.tabs import Tabs

NETWORK, TABLES = "Alliances", "Tables"


@solara.component
def Page() -> None:
    """The page Explore."""
    link, wrong, _ = use_link()
    with solara.Div():
        Heading("Explore", "Every table of a run, every firm, asset and deal, and who is allied with whom.")
        if wrong:
            Failure("This link", wrong)
        Data(link, Content)


@solara.component
def Content(source: Source, link: Link, choose: Callable[[], None]) -> None:
    """The part of the page that is open, above it the choice of the run and the ways to the other parts."""
    kind = next((kind for kind in VIEWS if link.more.get(kind)), "")
    current = "" if kind else NETWORK if link.more.get("view") == "network" else TABLES
    parts = [(TABLES, address(link)), (NETWORK, address(link, view="network"))]
    with solara.Div():
        with solara.Div(classes=["pm-row", "pm-tools"]):
            choose()
            Tabs("Parts of this page", parts, current)
            Find(source, link)
        if kind:
            Entity(source, link, kind, link.more[kind])
        elif current == NETWORK:
            NetworkView(source, link)
        else:
            TablesView(source, link)
