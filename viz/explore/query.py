"""A question to a table: filters, groups, order and page. Pure: a table in, a table out."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from experiments.errors import RequestError
from viz.explore.words import Kind, kind_of

ROWS = 25
"""Rows of a page."""
HOW = ("sum", "mean", "median", "max")
OPERATORS: dict[Kind, tuple[str, ...]] = {
    "number": ("at least", "at most", "is"), "month": ("from", "until", "none", "any"), "choice": ("is", "is not"),
    "text": ("contains", "is"), "flag": ("is",), "list": ("includes",), "firm": ("name contains", "is"),
    "asset": ("is",), "deal": ("is",),
}  # fmt: skip
"""What a filter can ask of a column of each kind."""
COUNT = "rows"
SMALL = 60
"""A whole number with at most so many values can be grouped by."""
LONGEST_VALUE = 200
MOST_FILTERS = 8


@dataclass(frozen=True)
class Filter:
    """One condition on one column; ``value`` as a reader writes it, several choices apart by commas."""

    column: str
    operator: str
    value: str = ""


@dataclass(frozen=True)
class Query:
    """What is asked of a table. ``sort`` is a column of the answer, ``page`` counts from 0."""

    filters: tuple[Filter, ...] = ()
    group: tuple[str, ...] = ()
    measure: str = ""
    how: str = "sum"
    sort: str = ""
    descending: bool = True
    page: int = 0

    def but(self, **changes: Any) -> Query:
        """The same question with some parts changed, from its first page unless another is named."""
        return dataclasses.replace(self, **{"page": 0, **changes})


@dataclass(frozen=True)
class Answer:
    """All rows that answer a query, in order, and those of its page."""

    rows: pd.DataFrame
    page: int
    names: pd.Series = field(default_factory=lambda: pd.Series(dtype=str))

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(-(-len(self.rows) // ROWS), 1)

    @property
    def shown(self) -> pd.DataFrame:
        """The rows of the page."""
        return self.rows.iloc[self.page * ROWS : (self.page + 1) * ROWS]


def ask(frame: pd.DataFrame, query: Query, names: pd.Series) -> Answer:
    """Answer a query; ``names`` are those of firms by identity.

    Raises RequestError for an unknown column, an operator that its kind does not have, or a value that cannot be read.
    """
    rows = filtered(frame, query, names)
    if query.group:
        rows = grouped(rows, query)
    rows = ordered(rows, query)
    answer = Answer(rows, 0, names)
    return dataclasses.replace(answer, page=min(max(query.page, 0), answer.pages - 1))


def filtered(frame: pd.DataFrame, query: Query, names: pd.Series) -> pd.DataFrame:
    """The rows that meet every condition. Raises RequestError for too many conditions, or one that cannot be meant."""
    if len(query.filters) > MOST_FILTERS:
        raise RequestError(f"filter: at most {MOST_FILTERS} conditions, not {len(query.filters)}")
    chosen = np.ones(len(frame), bool)
    for one in query.filters:
        chosen &= _meets(frame, one, names)
    return frame[chosen]


def _meets(frame: pd.DataFrame, one: Filter, names: pd.Series) -> np.ndarray:
    check_column(frame, one.column)
    kind = kind_of(frame, one.column)
    if one.operator not in OPERATORS[kind]:
        raise RequestError(f"filter: {one.column} knows {', '.join(OPERATORS[kind])}, not {one.operator!r}")
    if len(one.value) > LONGEST_VALUE:
        raise RequestError(f"filter: the value for {one.column} is longer than {LONGEST_VALUE} signs")
    return np.asarray(TESTS[kind](frame[one.column], one, names), bool)


def check_column(frame: pd.DataFrame, name: str) -> None:
    """Raise RequestError for a column that the table does not have."""
    if name not in frame.columns:
        raise RequestError(f"there is no column {name!r}; choose one of {', '.join(map(str, frame.columns))}")


def _number(column: pd.Series, one: Filter, _: pd.Series) -> Any:
    limit = number(one.value, one.column)
    if one.operator == "at least":
        return column >= limit
    return column <= limit if one.operator == "at most" else column == limit


def number(text: str, column: str) -> float:
    """The number that a reader wrote, ``2.5 bn`` being 2500 (million). Raises RequestError."""
    match = re.fullmatch(r"\s*([-−]?[\d.,]+)\s*(tn|bn|m|k|%)?\s*", text)
    factor = {"tn": 1e6, "bn": 1e3, "m": 1.0, "k": 1e-3, "%": 0.01, None: 1.0}
    try:
        return float(match[1].replace(",", "").replace("−", "-")) * factor[match[2]]  # type: ignore[index]
    except (TypeError, ValueError):
        raise RequestError(f"filter: {column} needs a number such as 250, 2.5 bn or 40 %, not {text!r}") from None


def _month(column: pd.Series, one: Filter, _: pd.Series) -> Any:
    if one.operator in ("none", "any"):
        return column.isna() == (one.operator == "none")
    match = re.fullmatch(r"\s*(\d{4})(?:-(0[1-9]|1[0-2]))?\s*", one.value)
    if not match or not 1700 <= int(match[1]) <= 2200:
        raise RequestError(f"filter: {one.column} needs a year or month such as 2024 or 2024-06, not {one.value!r}")
    if one.operator == "from":
        return column >= pd.Timestamp(int(match[1]), int(match[2] or 1), 1)
    return column <= pd.Timestamp(int(match[1]), int(match[2] or 12), 1)


def _choice(column: pd.Series, one: Filter, _: pd.Series) -> Any:
    found = column.astype(str).str.lower().isin(_choices(one.value))
    return ~found if one.operator == "is not" else found


def _choices(value: str) -> list[str]:
    return [part.strip().lower() for part in value.split(",") if part.strip()]


def _text(column: pd.Series, one: Filter, _: pd.Series) -> Any:
    lower = column.fillna("").str.lower()
    value = one.value.strip().lower()
    return lower == value if one.operator == "is" else lower.str.contains(value, regex=False)


def _flag(column: pd.Series, one: Filter, _: pd.Series) -> Any:
    wanted = {"yes": True, "no": False}.get(one.value.strip().lower())
    if wanted is None:
        raise RequestError(f"filter: {one.column} is yes or no, not {one.value!r}")
    return column == wanted


def _list(column: pd.Series, one: Filter, _: pd.Series) -> Any:
    wanted = set(_choices(one.value))
    return [wanted <= {str(item).lower() for item in items} for items in column]


def _firm(column: pd.Series, one: Filter, names: pd.Series) -> Any:
    if one.operator == "is":
        return _identity(column, one, names)
    called = names[names.str.lower().str.contains(one.value.strip().lower(), regex=False)]
    return column.isin(called.index)


def _identity(column: pd.Series, one: Filter, _: pd.Series) -> Any:
    parts = _choices(one.value)
    if not parts or not all(re.fullmatch(r"-?\d{1,19}", part) for part in parts):
        raise RequestError(f"filter: {one.column} is a number of up to 19 digits, not {one.value!r}")
    return column.isin([int(part) for part in parts])


TESTS: dict[Kind, Callable[[pd.Series, Filter, pd.Series], Any]] = {
    "number": _number, "month": _month, "choice": _choice, "text": _text, "flag": _flag, "list": _list,
    "firm": _firm, "asset": _identity, "deal": _identity,
}  # fmt: skip


def groupable(frame: pd.DataFrame) -> list[str]:
    """Columns that make useful groups; a month groups by its year, a list by each of its members."""
    return [str(name) for name in frame.columns if _groups(frame, str(name))]


def _groups(frame: pd.DataFrame, name: str) -> bool:
    kind = kind_of(frame, name)
    if kind == "number":
        return pd.api.types.is_integer_dtype(frame[name]) and frame[name].nunique() <= SMALL
    return kind in ("choice", "flag", "firm", "list", "month")


def measurable(frame: pd.DataFrame) -> list[str]:
    """Columns that can be added up or averaged."""
    return [str(name) for name in frame.columns if kind_of(frame, str(name)) in ("number", "flag") and name != "year"]


def grouped(rows: pd.DataFrame, query: Query) -> pd.DataFrame:
    """One row per group: how many rows, and the measure of them. Raises RequestError for what cannot be grouped."""
    for name in query.group:
        check_column(rows, name)
        if not _groups(rows, name):
            raise RequestError(f"group: {name} has too many values; choose one of {', '.join(groupable(rows))}")
    keys = pd.DataFrame({name: _key(rows, name) for name in query.group}, index=rows.index)
    for name in (name for name in query.group if kind_of(rows, name) == "list"):
        keys = keys.explode(name)
    pieces: dict[str, Any] = {COUNT: keys.groupby(list(query.group), observed=True, dropna=False).size()}
    if query.measure:
        check_column(rows, query.measure)
        if query.measure not in measurable(rows) or query.how not in HOW:
            raise RequestError(f"group: cannot take the {query.how} of {query.measure}; choose a column of numbers")
        joined = keys.assign(measured=rows[query.measure].astype(float).loc[keys.index])
        pieces[query.measure] = joined.groupby(list(query.group), observed=True, dropna=False)["measured"].agg(
            query.how
        )
    return pd.DataFrame(pieces).reset_index()


def _key(rows: pd.DataFrame, name: str) -> pd.Series:
    return rows[name].dt.year.astype("Int64") if kind_of(rows, name) == "month" else rows[name]


def ordered(rows: pd.DataFrame, query: Query) -> pd.DataFrame:
    """The rows in order; groups from the largest, unless asked otherwise."""
    name = query.sort if query.sort in rows.columns else query.measure or COUNT if query.group else ""
    if not name:
        return rows
    key = rows[name]
    if kind_of(rows, name) in ("list", "choice"):
        key = key.map(str)
    place = key.reset_index(drop=True).sort_values(ascending=not query.descending, kind="stable", na_position="last")
    return rows.iloc[place.index]


def csv(rows: pd.DataFrame) -> bytes:
    """Rows as CSV text in UTF-8; lists as words apart by blanks."""
    plain = rows.copy()
    for name in (str(name) for name in rows.columns if kind_of(rows, str(name)) == "list"):
        plain[name] = [" ".join(map(str, items)) for items in rows[name]]
    return plain.to_csv(index=False, date_format="%Y-%m-%d").encode()


def parquet(rows: pd.DataFrame) -> bytes:
    """Rows as a Parquet file."""
    buffer = io.BytesIO()
    rows.to_parquet(buffer, index=False)
    return buffer.getvalue()


def from_search(search: Mapping[str, str]) -> Query:
    """The query of an address; parts that cannot be read are left out."""
    filters = tuple(
        Filter(*parts)
        for text in search.get("where", "").split("~")
        if len(parts := text.split(":", 2)) == 3 and parts[0]
    )
    sort = search.get("sort", "")
    page = search.get("page", "")
    return Query(
        filters, tuple(name for name in search.get("group", "").split(",") if name)[:2], search.get("measure", ""),
        search.get("how", "sum"), sort.removeprefix("-"), sort.startswith("-") or not sort,
        int(page) - 1 if page.isdigit() and len(page) < 8 else 0,
    )  # fmt: skip


def to_search(query: Query) -> dict[str, str]:
    """A query as the parts of an address; empty ones left out."""
    filters = "~".join(f"{one.column}:{one.operator}:{one.value.replace('~', ' ')}" for one in query.filters)
    sort = f"{'-' if query.descending else ''}{query.sort}" if query.sort else ""
    parts = {"where": filters, "group": ",".join(query.group), "measure": query.measure, "sort": sort,
             "how": query.how if query.measure and query.how != "sum" else "",
             "page": str(query.page + 1) if query.page else ""}  # fmt: skip
    return {name: text for name, text in parts.items() if text}
