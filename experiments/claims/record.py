"""The tables of a run for experiments, and the register of views on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from model import PharmaMarket

FIRST_BIOTECHS = 1975
"""Firms of 2000 that were founded before were pharma firms then; all later ones began as research firms."""


class Record:
    """Tables and views of a market as it stands, each made when first asked for."""

    def __init__(self, market: PharmaMarket) -> None:
        self.market = market
        self._made: dict[str, pd.DataFrame] = {}

    def table(self, name: str) -> pd.DataFrame:
        """A result table with plain text instead of categories."""
        key = f"table {name}"
        if key not in self._made:
            own = {"indicators": "indicators", "regional": "regional"}
            frame = getattr(self.market, name) if name in own else self.market.table(name)
            texts = frame.select_dtypes("category").columns
            self._made[key] = frame.astype(dict.fromkeys(texts, object))
        return self._made[key]

    def view(self, name: str) -> pd.DataFrame:
        """A view by name."""
        if name not in self._made:
            self._made[name] = VIEWS[name](self)
        return self._made[name]


View = Callable[[Record], pd.DataFrame]
VIEWS: dict[str, View] = {}


def view(function: View) -> View:
    """Register a view under the name of its function."""
    VIEWS[function.__name__] = function
    return function


def years(dates: pd.Series) -> pd.Series:
    """Calendar years; unknown dates stay unknown."""
    return dates.dt.year.astype(float)


def months_between(first: pd.Series, second: pd.Series) -> pd.Series:
    """Months from one date to the other, NaN where one is open."""
    return (years(second) - years(first)) * 12 + second.dt.month - first.dt.month


def sizes(frames: pd.DataFrame, by: str, to: pd.Series) -> pd.Series:
    """Number of rows of each key, in the order of ``to``, 0 where there is none."""
    return to.map(frames.groupby(by).size()).fillna(0)


def distinct(frame: pd.DataFrame, by: str, what: str, to: pd.Series) -> pd.Series:
    """Number of distinct values of each key, in the order of ``to``."""
    return to.map(frame.groupby(by)[what].nunique()).fillna(0)


def born(firms: pd.DataFrame) -> pd.Series:
    """What a firm was when it entered the world: biotech or pharma."""
    old = firms.founded.dt.year < FIRST_BIOTECHS
    return old.map({True: "pharma", False: "biotech"})
