"""A table of texts and links, drawn by the browser as one piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import solara


@dataclass(frozen=True)
class Column:
    """Head of a column; one with a ``name`` can be sorted by; ``sorted`` is 1 up, -1 down."""

    label: str
    unit: str = ""
    numeric: bool = False
    name: str = ""
    sorted: int = 0


@dataclass(frozen=True)
class Cell:
    """A text, and the address within the app that it leads to."""

    text: str
    to: str = ""


@solara.component_vue("table.vue")
def _Table(
    label: str,
    columns: list[dict[str, Any]],
    rows: list[list[list[str]]],
    event_sort: Callable[[str], None],
    event_go: Callable[[str], None],
) -> None:
    """The browser's part."""


@solara.component
def Table(
    label: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    on_sort: Callable[[str], None] | None = None,
) -> None:
    """The rows under their heads, in a region called ``label``; links lead to pages of the app."""
    router = solara.use_router()
    _Table(
        label=label, columns=[asdict(column) for column in columns],
        rows=[[[cell.text, cell.to] for cell in row] for row in rows],
        event_sort=on_sort or (lambda _: None), event_go=router.push,
    )  # fmt: skip
