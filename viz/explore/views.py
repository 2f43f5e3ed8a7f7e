"""What the page of a firm, an asset or a deal consists of; each part is computed from the tables of a run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from experiments.story import Line

PHASE = re.compile(r"phase(\d)")


@dataclass(frozen=True)
class Ref:
    """Something with a page of its own, as it is called in a sentence."""

    kind: str
    number: int
    text: str


@dataclass(frozen=True)
class Fact:
    """A figure or name at the head of a page, perhaps leading to another page."""

    label: str
    value: str
    to: Ref | None = None


@dataclass(frozen=True)
class Figure:
    """A chart: an ECharts option, what it shows in which unit, and how high it is."""

    title: str
    words: str
    option: dict[str, Any]
    height: str = "280px"


@dataclass(frozen=True)
class Listing:
    """Rows of a table; cells are texts, or references to other pages."""

    title: str
    words: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str | Ref, ...]]
    numeric: frozenset[str] = frozenset()
    """Columns that are set to the right."""
    more: Mapping[str, str] = field(default_factory=dict)
    """Words of the address at which all rows are, where these are only some."""


@dataclass(frozen=True)
class View:
    """A page: its head, and its parts in the order of reading."""

    kind: str
    number: int
    title: str
    subtitle: str
    facts: tuple[Fact, ...]
    figures: tuple[Figure, ...]
    listings: tuple[Listing, ...]
    log: tuple[Line, ...] = field(default=())


def label(month: Any) -> str:
    """``YYYY-MM``, or a dash where there is no date."""
    return "–" if pd.isna(month) else f"{pd.Timestamp(month):%Y-%m}"


def words(text: Any) -> str:
    """A label of the data as words."""
    return "–" if text is None or pd.isna(text) else PHASE.sub(r"phase \1", str(text)).replace("_", " ")
