"""The page of a firm, an asset or a deal, and the field that finds one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import solara

from experiments.story import Line
from viz.explore import lookup
from viz.explore.source import Source
from viz.explore.views import Fact, Figure, Listing, View
from viz.link import Link
from viz.pages.explore.address import address, cell
from viz.parts.chart import Chart
from viz.parts.choice import Choice
from viz.parts.guard import Failure, guarded, message
from viz.parts.page import Panel, Words
from viz.parts.table import Cell, Column, Table
from viz.parts.tabs import Tabs

LINES = 60
"""Lines of a log that are shown at once."""


@solara.component_vue("find.vue")
def _Find(
    hits: list[list[str]], event_look: Callable[[str], None], event_go: Callable[[str], None],
    event_find: Callable[[str], None],
) -> None:  # fmt: skip
    """The browser's part."""


@solara.component
def Find(source: Source, link: Link) -> None:
    """A field for names and numbers: firms are offered while one types."""
    router = solara.use_router()
    hits, set_hits = solara.use_state([])
    wrong, set_wrong = solara.use_state("")

    def look(word: str) -> None:
        set_hits([[str(firm), address(link, firm=str(firm)), name] for firm, name in lookup.suggestions(source, word)])

    def find(word: str) -> None:
        try:
            kind, number = lookup.find_short(source, word)
        except ValueError as error:
            set_wrong(message(error))
            return
        set_wrong("")
        router.push(address(link, **{kind: str(number)}))

    _Find(hits=hits, event_look=look, event_go=router.push, event_find=find)
    if wrong:
        Failure("This", wrong)


@guarded("This page")
def Entity(source: Source, link: Link, kind: str, number: str) -> None:
    """Everything about it, computed again only for another one."""
    view = solara.use_memo(lambda: lookup.view(source, f"{kind}:{number}"), [source, kind, number])
    Body(view, link)


@solara.component
def Body(view: View, link: Link) -> None:
    """The parts of the page in the order of reading."""
    with solara.Div(classes=["pm-entity"]):
        Words(view.title, "h2", "pm-entity-title")
        Words(view.subtitle, "p", "pm-entity-subtitle")
        Facts(view.facts, link)
        with solara.Div(classes=["pm-stack"]):
            for figure in view.figures:
                Drawn(figure)
            for listing in view.listings:
                Listed(listing, link)
            Log(view.log)


@solara.component
def Facts(facts: Sequence[Fact], link: Link) -> None:
    """Names and figures side by side."""
    rows = [[fact.label, fact.value, cell(link, fact.to).to if fact.to else ""] for fact in facts]
    _Facts(facts=rows, event_go=solara.use_router().push)


@solara.component_vue("facts.vue")
def _Facts(facts: list[list[str]], event_go: Callable[[str], None]) -> None:
    """The browser's part."""


@solara.component
def Drawn(figure: Figure) -> None:
    """A chart in its panel."""
    with Panel(figure.title, figure.words):
        Chart(figure.option, figure.title, figure.height)


@solara.component
def Listed(listing: Listing, link: Link) -> None:
    """A table in its panel."""
    columns = [Column(name, numeric=name in listing.numeric) for name in listing.columns]
    with Panel(listing.title, listing.words):
        if listing.rows:
            Table(listing.title, columns, [[cell(link, one) for one in row] for row in listing.rows])
        else:
            Words("None.", "p", "pm-small")
        if listing.more:
            Tabs("All rows", [("Show all in the tables", address(link, **listing.more))], "")


@solara.component
def Log(lines: Sequence[Line]) -> None:
    """What happened and why, the latest page first to be asked for; one kind of event or all."""
    kind, set_kind = solara.use_state("everything")
    page, set_page = solara.use_state(0)
    kinds = ["everything", *sorted({line.kind for line in lines})]
    chosen = [line for line in lines if kind in ("everything", line.kind)]
    first = min(page * LINES, max(len(chosen) - 1, 0) // LINES * LINES)

    def choose(name: str) -> None:
        set_kind(name)
        set_page(0)

    with Panel(
        "What happened, and why", f"{len(chosen):,} of {len(lines):,} entries of the causal log, in order of time"
    ):
        Choice("Show", kinds, kind, choose)
        rows = [[Cell(line.month), Cell(line.kind), Cell(line.text)] for line in chosen[first : first + LINES]]
        with solara.Div(classes=["pm-log"]):
            Table("Causal log", [Column("Month"), Column("Kind"), Column("What")], rows)
        if len(chosen) > LINES:
            with solara.Div(classes=["pm-row", "pm-foot"]):
                solara.Button(
                    "Earlier",
                    on_click=lambda: set_page(page - 1),
                    disabled=first == 0,
                    classes=["pm-button"],
                    text=True,
                )
                Words(f"{first + 1:,}–{min(first + LINES, len(chosen)):,} of {len(chosen):,}", "span")
                solara.Button("Later", on_click=lambda: set_page(page + 1), disabled=first + LINES >= len(chosen),
                              classes=["pm-button"], text=True)  # fmt: skip
