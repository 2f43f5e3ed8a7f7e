"""Where the tables of a run come from: a results folder, or a market that is being played."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd

from experiments.errors import RequestError
from experiments.results import MANIFEST
from experiments.story import Run
from model.observation import frames
from model.world import World

KEPT = 6
"""Whole tables that a source keeps in memory; the least recently used goes first."""


class Source(Run):
    """Tables by name, whole or by rows; safe to be asked by several threads."""

    def __init__(self, folder: Path, names: tuple[str, ...], title: str) -> None:
        super().__init__(folder)
        self.names, self.title = names, title
        self._kept: OrderedDict[str, pd.DataFrame] = OrderedDict()
        self._lock = Lock()

    def frame(self, name: str) -> pd.DataFrame:
        """A whole table; not to be changed. Raises RequestError for a table that is not there."""
        if name not in self.names:
            raise RequestError(f"there is no table {name!r} in {self.place}; choose one of {', '.join(self.names)}")
        with self._lock:
            if name not in self._kept:
                self._kept[name] = self._read(name)
            self._kept.move_to_end(name)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[name]

    def _read(self, name: str) -> pd.DataFrame:
        return super().rows(name)

    def months(self) -> tuple[str, str]:
        """First and last month played, ``YYYY-MM``."""
        month = self.frame("indicators")["month"]
        if not len(month):
            raise RequestError(f"{self.place} holds no month yet; play one first")
        return f"{month.iloc[0]:%Y-%m}", f"{month.iloc[-1]:%Y-%m}"

    def firm_names(self) -> pd.Series:
        """Names of the firms by identity."""
        return self.firms["name"]


class FolderSource(Source):
    """Results that ``pharmarket run`` wrote. Raises RequestError where there are none."""

    def __init__(self, folder: Path, title: str = "") -> None:
        if not (folder / MANIFEST).is_file():
            raise RequestError(f"{folder} holds no results; `pharmarket run --out {folder}` writes some")
        names = tuple(sorted(path.stem for path in folder.glob("*.parquet")))
        if not {"indicators", "firms", "assets", "deals"} <= set(names):
            raise RequestError(f"{folder} holds no results of a single run; choose a folder of `pharmarket run`")
        super().__init__(folder, names, title or folder.name)


class MarketSource(Source):
    """Tables of a market as it stands, by name; each is made when it is asked for."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], title: str) -> None:
        super().__init__(Path(), tuple(sorted(tables)), title)
        self._tables = tables

    @property
    def place(self) -> str:
        """Where the tables are, for messages."""
        return "the market that is being played"

    def _read(self, name: str) -> pd.DataFrame:
        return self._tables[name]

    def rows(self, name: str, **equal: Any) -> pd.DataFrame:
        """Rows of a table in which each named column has the value, or one of the values of a list."""
        frame = self.frame(name)
        chosen = np.ones(len(frame), bool)
        for column, value in equal.items():
            chosen &= frame[column].isin(value if isinstance(value, list) else [value]).to_numpy()
        return frame[chosen].reset_index(drop=True)

    def column(self, name: str, column: str) -> np.ndarray:
        """One column of a table."""
        return self.frame(name)[column].to_numpy()


class WorldTables(Mapping[str, pd.DataFrame]):
    """Every table of a world that is not played on (else of a copy) by name, made when it is asked for."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getitem__(self, name: str) -> pd.DataFrame:
        return frames.table(self._world, name)

    def __iter__(self) -> Iterator[str]:
        return iter(frames.TABLES)

    def __len__(self) -> int:
        return len(frames.TABLES)


def run_folders(root: Path) -> list[str]:
    """Names of the folders under ``root`` that hold the results of a single run, newest first."""
    found = [path.parent for path in root.glob(f"*/{MANIFEST}") if (path.parent / "assets.parquet").is_file()]
    return [folder.name for folder in sorted(found, key=lambda one: -one.stat().st_mtime)]


def folder_of(root: Path, name: str) -> Path:
    """The results of that name under ``root``. Raises RequestError for a name that leads elsewhere."""
    known = run_folders(root)
    if name not in known:
        raise RequestError(f"there is no run {name!r} in {root}; " + (f"choose {', '.join(known[:8])}" if known else
                           "`pharmarket run` writes one"))  # fmt: skip
    return root / name
