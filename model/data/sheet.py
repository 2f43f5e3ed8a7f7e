"""The small tables of this folder as columns of texts: what the initial world is built from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np

from model.data import FOLDER


class Sheet:
    """Rows of texts with named columns, in the order of the file."""

    def __init__(self, columns: Mapping[str, np.ndarray]) -> None:
        self._columns = columns

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    def texts(self, column: str) -> np.ndarray:
        """A column as it stands in the file, (rows,) of str; empty cells are empty texts."""
        return self._columns[column]

    def numbers(self, column: str) -> np.ndarray:
        """A column of numbers, float64 (rows,); empty cells are NaN."""
        return np.array([float(text) if text else np.nan for text in self._columns[column]])

    def where(self, **wanted: str) -> Sheet:
        """The rows that have these texts."""
        chosen = np.ones(len(self), bool)
        for column, text in wanted.items():
            chosen &= self._columns[column] == text
        return self.rows(chosen)

    def rows(self, chosen: np.ndarray) -> Sheet:
        """Rows by number or by mask, in this order."""
        return Sheet({name: column[chosen] for name, column in self._columns.items()})

    def pick(self, key: str, value: str = "value") -> dict[str, float]:
        """Numbers by the text in another column."""
        return dict(zip(self._columns[key].tolist(), self.numbers(value).tolist()))

    def along(self, key: str, labels: Iterable[str], value: str = "value") -> np.ndarray:
        """Numbers in the order of the labels in another column, 0 where a label has no row."""
        found = self.pick(key, value)
        return np.array([found.get(label, 0.0) for label in labels])


@cache
def sheet(name: str) -> Sheet:
    """One of the tables of this folder, e.g. ``initial_firms``; read once per process.

    Raises
    ------
    FileNotFoundError
        There is no table of that name.
    """
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    return Sheet({column: np.array(texts) for column, texts in zip(head, zip(*rows))})
