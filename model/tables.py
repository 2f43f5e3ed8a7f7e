"""Entity tables: a struct of arrays described by a schema file.

The schema (``model/schema/<table>.csv``) has one row per attribute: type, shape, unit, default,
range, description and source. It builds the arrays, the checks and the documentation.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

BLOCK = 4096
"""Rows whose defaults are written in one go."""
SHAPES = {"": (), "region": (10,), "phase": (6,), "payer": (48,)}


@dataclass(frozen=True)
class Column:
    """One attribute of an entity: type, trailing shape, unit, default and allowed range."""

    name: str
    dtype: str
    dims: str
    unit: str
    default: float
    low: float
    high: float
    description: str
    source: str

    @property
    def shape(self) -> tuple[int, ...]:
        """Trailing shape of the array, () for a plain attribute."""
        return SHAPES[self.dims]


@cache
def schema(table: str) -> tuple[Column, ...]:
    """Columns of a table, read from its schema file."""
    text = resources.files("model").joinpath(f"schema/{table}.csv").read_text("utf-8")
    return tuple(_column(row) for row in csv.DictReader(text.splitlines()))


def _column(row: dict[str, str]) -> Column:
    low, high = (float(row[key]) if row[key] else bound for key, bound in
                 (("low", -np.inf), ("high", np.inf)))  # fmt: skip
    return Column(row["attribute"], row["type"], row["dims"], row["unit"],
                  float(row["default"]), low, high, row["description"], row["source"])  # fmt: skip


class Table:
    """Growing struct of arrays; ``table.cash`` is a view on the rows in use."""

    columns: dict[str, np.ndarray]
    size: int
    _room: int
    _ready: int

    def __init__(self, name: str, capacity: int = 1024, extra: tuple[Column, ...] = ()) -> None:
        self.name = name
        self.size = 0
        self.schema = schema(name) + extra
        self._room = max(capacity, 16)
        self._ready = 0  # rows that hold the defaults
        self.columns = {c.name: _fresh(c, self._room) for c in self.schema}
        self._expose()

    def __len__(self) -> int:
        return self.size

    def _expose(self) -> None:
        """Make the rows in use of each column an attribute (a plain look-up, no call)."""
        attributes, size = self.__dict__, self.size
        for name, array in self.columns.items():
            attributes[name] = array[:size]

    def __getattr__(self, name: str) -> np.ndarray:
        raise AttributeError(f"table has no column {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        columns = self.__dict__.get("columns", {})
        if name not in columns:
            object.__setattr__(self, name, value)
        elif value is not self.__dict__[name]:  # += has already worked in place
            columns[name][: self.size] = value

    def append(self, count: int, **values: Any) -> np.ndarray:
        """Add rows (defaults where no value is given) and return their row numbers.

        Views taken before may point at the old arrays: take them anew after an append.
        """
        start, self.size = self.size, self.size + count
        self._reserve(self.size)
        for name, value in values.items():
            self.columns[name][start : self.size] = value
        self._expose()
        return np.arange(start, self.size)

    def _reserve(self, size: int) -> None:
        """Make room for ``size`` rows that hold the defaults."""
        if size > self._room:
            self._grow(max(size, self._room * 2))
        if size > self._ready:
            first, self._ready = self._ready, min(max(size, self._ready + BLOCK), self._room)
            for column in self.schema:
                if column.default:
                    self.columns[column.name][first : self._ready] = column.default

    def _grow(self, room: int) -> None:
        """Move to larger arrays."""
        self._room = room
        for column in self.schema:
            old, new = self.columns[column.name], _fresh(column, room)
            new[: self._ready] = old[: self._ready]
            self.columns[column.name] = new

    def declare(self, column: Column) -> None:
        """Add an attribute that the schema does not know (what an own agent remembers)."""
        if column.name not in self.columns:
            self.schema = (*self.schema, column)
            self.columns[column.name] = _fresh(column, self._room)
            self.columns[column.name][: self._ready] = column.default
            self._expose()

    def copy(self) -> Table:
        """Independent copy with the same rows."""
        twin = Table.__new__(Table)
        twin.__dict__.update(self.__dict__)
        twin.columns = dict(self.columns)
        twin._grow(self._room)
        twin._expose()
        return twin

    def problems(self) -> list[str]:
        """Attributes that left the range of their schema, one line each."""
        lines = []
        for column in self.schema:
            values = getattr(self, column.name)
            if values.size and not ((values >= column.low).all() and (values <= column.high).all()):
                lines.append(f"{self.name}.{column.name} left {column.low}..{column.high}")
        return lines


def _fresh(column: Column, rows: int) -> np.ndarray:
    """Array for a column whose memory is not touched before it is used; zero where that is the default."""
    return (np.empty if column.default else np.zeros)((rows, *column.shape), dtype=column.dtype)
