"""Tables on standard output: for people with Rich, for machines as JSON."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from experiments.summary import Section

WIDTH_WITHOUT_TERMINAL = 110


def console() -> Console:
    """Standard output; of a fixed width where it is no terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
    return Console(width=width, highlight=False)


def print_sections(sections: Mapping[str, Section]) -> None:
    """Each section as a table with its title and note."""
    out = console()
    for section in sections.values():
        out.print(_table(section))
        if section.note:
            out.print(section.note, style="dim", markup=False)
        out.print()


def print_json(document: Any) -> None:
    """The document as JSON; values that are not finite become null."""
    json.dump(_plain(document), sys.stdout, indent=2, default=str, allow_nan=False)
    sys.stdout.write("\n")


def as_document(sections: Mapping[str, Section]) -> dict[str, Any]:
    """Sections by name as plain dictionaries."""
    return {name: dataclasses.asdict(section) for name, section in sections.items()}


def number(value: Any) -> str:
    """A value for people: three digits or all before the point, thousands apart, a dash for what is unknown."""
    if value is None or value != value:
        return "-"
    if isinstance(value, str):
        return value
    whole = isinstance(value, int) or float(value).is_integer()
    digits = 0 if whole or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def _table(section: Section) -> Any:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=section.title, title_justify="left", title_style="bold", box=box.SIMPLE)
    for position, head in enumerate(section.columns):
        table.add_column(escape(head), justify="left" if _is_text(section.rows, position) else "right")
    for row in section.rows:
        table.add_row(*(escape(number(value)) for value in row))
    return table


def _is_text(rows: list[list[Any]], position: int) -> bool:
    return bool(rows) and isinstance(rows[0][position], str)


def _plain(value: Any) -> Any:
    """Numbers without NaN or infinity, mappings and lists all the way down."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return None
    return value
