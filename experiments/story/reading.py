"""What a story reads, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True, order=True)
class Line:
    """One thing that happened."""

    month: str
    order: int
    text: str = field(compare=False)
    kind: str = field(compare=False)


class Run:
    """The tables of a results folder, read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def place(self) -> str:
        """Where the tables are, for messages."""
        return str(self.folder)

    def rows(self, name: str, **equal: Any) -> pd.DataFrame:
        """Rows of a table in which each named column has the value, or one of the values of a list."""
        import pyarrow.parquet as pq

        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            return pd.DataFrame(columns=list(equal))
        filters = [(column, "in", value) if isinstance(value, list) else (column, "==", value)
                   for column, value in equal.items()]  # fmt: skip
        return pq.read_table(path, filters=filters or None).to_pandas()

    def column(self, name: str, column: str) -> np.ndarray:
        """One column of a table."""
        import pyarrow.parquet as pq

        return pq.read_table(self.folder / f"{name}.parquet", columns=[column])[column].to_numpy()

    def each(self, name: str, **equal: Any) -> Iterator[Any]:
        """The same rows one by one, columns as attributes."""
        yield from self.rows(name, **equal).itertuples()

    @cached_property
    def firms(self) -> pd.DataFrame:
        """All firms by identity."""
        return self.rows("firms").set_index("firm")

    def firm(self, identity: int) -> str:
        """Name and home of a firm."""
        if identity not in self.firms.index:
            return "nobody"
        row = self.firms.loc[identity]
        return f"{row['name']} ({row['home']})"
