"""Any table of the run: filtered, grouped, sorted, by pages; a chart of groups; export."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pandas as pd
import solara

from experiments.errors import RequestError
from viz.explore import figures, query
from viz.explore.query import Answer, Filter, Query, ask
from viz.explore.source import Source
from viz.explore.words import IDENTITIES, TABLES, Words, words
from viz.explore.words import cell as text_of
from viz.link import Link
from viz.pages.explore.address import address
from viz.parts.chart import Chart
from viz.parts.guard import Failure, guarded
from viz.parts.page import Panel
from viz.parts.page import Words as Text
from viz.parts.table import Cell, Column, Table

DEFAULT = "deals"
HINTS = {"number": "250, 2.5 bn, 40 %", "month": "2024 or 2024-06", "text": "a word", "list": "US, CN",
         "firm": "part of a name", "asset": "a number", "deal": "a number"}  # fmt: skip


@solara.component_vue("ask.vue")
def Ask(
    tables: list[list[str]], table: str, columns: list[dict[str, Any]], groups: list[list[str]],
    measures: list[list[str]], hows: list[str], filters: list[dict[str, str]], asked: dict[str, Any],
    event_choose: Callable[[str], None], event_ask: Callable[[dict[str, Any]], None],
) -> None:  # fmt: skip
    """The form; ``event_choose`` gets a table, ``event_ask`` the filters, groups and measure."""


@guarded("This table")
def TablesView(source: Source, link: Link) -> None:
    """The form, the rows that answer it, and what can be done with them."""
    router = solara.use_router()
    table = link.more.get("table", DEFAULT)
    asked = query.from_search(link.more)
    frame = source.frame(table)

    def go(new: Query) -> None:
        router.push(address(link, table=table, **query.to_search(new)))

    with Panel(
        TABLES.get(table, table), f"{len(frame):,} rows, {len(frame.columns)} columns; money in US$ of the month"
    ):
        Ask(**form(source, table, frame, asked), event_choose=lambda name: router.push(address(link, table=name)),
            event_ask=lambda news: go(asked.but(**read(news))))  # fmt: skip
        try:
            answer = ask(frame, asked, source.firm_names())
        except RequestError as error:
            Failure("The answer", str(error))
        else:
            Rows(source, table, link, asked, answer, go)


def form(source: Source, table: str, frame: pd.DataFrame, asked: Query) -> dict[str, Any]:
    """What the form offers for a table."""
    known = [words(frame, str(name)) for name in frame.columns]
    labels = {one.name: one.label for one in known}
    return {
        "tables": [[name, TABLES.get(name, name)] for name in source.names], "table": table,
        "columns": [_column(frame, one) for one in known],
        "groups": [[name, labels[name] + (", by year" if words(frame, name).kind == "month" else "")]
                   for name in query.groupable(frame)],
        "measures": [[name, labels[name]] for name in query.measurable(frame)], "hows": list(query.HOW),
        "filters": [dataclasses.asdict(one) for one in asked.filters],
        "asked": {"group": list(asked.group), "measure": asked.measure, "how": asked.how},
    }  # fmt: skip


def _column(frame: pd.DataFrame, one: Words) -> dict[str, Any]:
    choices = [str(name) for name in frame[one.name].cat.categories] if one.kind == "choice" else []
    if one.kind == "flag":
        choices = ["yes", "no"]
    return {"name": one.name, "label": one.label, "operators": list(query.OPERATORS[one.kind]), "choices": choices,
            "hint": HINTS.get(one.kind, "")}  # fmt: skip


def read(news: dict[str, Any]) -> dict[str, Any]:
    """What the form sent, as parts of a query; it is checked when it is asked."""
    filters = tuple(Filter(str(one["column"]), str(one["operator"]), str(one["value"])) for one in news["filters"])
    return {"filters": filters, "group": tuple(map(str, news["group"][:2])), "measure": str(news["measure"]),
            "how": str(news["how"]), "sort": ""}  # fmt: skip


@solara.component
def Rows(source: Source, table: str, link: Link, asked: Query, answer: Answer, go: Callable[[Query], None]) -> None:
    """The rows of one page, and a chart of them if they are groups."""
    if asked.group and len(answer.rows):
        Grouped(source, table, asked, answer)
    shown = answer.shown
    columns = [words(answer.rows, str(name)) for name in shown.columns]
    cells = [[as_cell(source, link, *pair) for pair in zip(columns, row)] for row in shown.itertuples(index=False)]
    heads = [heading(one, asked) for one in columns]
    Table(f"Rows of {table}", heads, cells, on_sort=lambda name: go(resorted(asked, name)))
    with solara.Div(classes=["pm-row", "pm-foot"]):
        Pager(asked, answer, go)
        Export(table, answer.rows)


def heading(one: Words, asked: Query) -> Column:
    """Head of a column, with the direction in which the rows are sorted by it."""
    mark = (-1 if asked.descending else 1) if asked.sort == one.name else 0
    return Column(one.label, one.unit, one.kind == "number", one.name, mark)


def resorted(asked: Query, name: str) -> Query:
    """Sorted by a column: largest first, and the other way round when it is asked again."""
    return asked.but(sort=name, descending=not asked.descending if asked.sort == name else True)


def as_cell(source: Source, link: Link, column: Words, value: Any) -> Cell:
    """A value as text, with a link where it has a page."""
    if column.kind not in ("firm", "asset", "deal"):
        return Cell(text_of(value, column))
    if pd.isna(value) or int(value) < 0:
        return Cell("–")
    name = source.firm(int(value)) if column.kind == "firm" else str(int(value))
    return Cell(name, address(link, **{IDENTITIES[column.name]: str(int(value))}))


@guarded("The chart")
def Grouped(source: Source, table: str, asked: Query, answer: Answer) -> None:
    """A chart of the groups."""
    measure = asked.measure or query.COUNT
    one = words(answer.rows, measure)
    number = {"US$": "fn:money", "%": "fn:percent"}.get(one.unit, "fn:short")
    rows = answer.rows
    for name in asked.group:
        if words(rows, name).kind == "firm":
            rows = rows.assign(**{name: rows[name].map(source.firm)})
    title = f"{asked.how if asked.measure else 'number'} of {one.label} of {table} by {' and '.join(asked.group)}"
    Text(title[0].upper() + title[1:], "h3", "pm-chart-title")
    Chart(figures.answer_chart(rows, asked.group, measure, one.unit or one.label, number), title, "300px")


@solara.component
def Pager(asked: Query, answer: Answer, go: Callable[[Query], None]) -> None:
    """Where in the rows the page is, and the way to its neighbours."""
    first = answer.page * query.ROWS
    total = len(answer.rows)
    last = min(first + query.ROWS, total)
    with solara.Div(classes=["pm-row"]):
        solara.Button("Previous", on_click=lambda: go(asked.but(page=answer.page - 1)), disabled=answer.page == 0,
                      classes=["pm-button"], text=True)  # fmt: skip
        Text(f"{first + 1:,}–{last:,} of {total:,} rows" if total else "No rows match", "span")
        solara.Button("Next", on_click=lambda: go(asked.but(page=answer.page + 1)), disabled=last >= total,
                      classes=["pm-button"], text=True)  # fmt: skip


@solara.component
def Export(table: str, rows: pd.DataFrame) -> None:
    """All rows of the answer as files."""
    with solara.Div(classes=["pm-row"]):
        for label, make, kind in (
            ("CSV", query.csv, "text/csv"),
            ("Parquet", query.parquet, "application/octet-stream"),
        ):
            with solara.FileDownload(lambda make=make: make(rows), f"{table}.{label.lower()}", mime_type=kind):
                solara.Button(f"Save as {label}", classes=["pm-button"], text=True)
