"""A player that plays nothing and gives numbers of the size of a market's: what remains is what a sweep costs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from experiments.sweeps.market import Outcome, Run, events, figures, series
from model.clock import month_index

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["figures", "play", "series"]
SCALE = 0.1
"""Of the market whose events every run gives."""


def play(run: Run) -> Outcome:
    """Numbers that are the same for all runs but for their level, and the events of one market."""
    names, count = _sizes()
    first, last = month_index(run.branch or "2000-01"), month_index(run.until)
    values = _noise(last - first + 1, names) + np.float32(run.run)
    summary = np.resize(values[0], count)
    return Outcome(summary, first, values, market_events(first, last)) if run.keep else Outcome(summary, first)


@lru_cache(maxsize=1)
def _sizes() -> tuple[int, int]:
    return len(series()), len(figures())


@lru_cache(maxsize=1)
def _noise(months: int, names: int) -> np.ndarray:
    return np.random.default_rng(1).random((months, names), np.float32)


@lru_cache(maxsize=1)
def market_events(first: int, last: int) -> pa.Table:
    """What happened in a market of :data:`SCALE` from the month ``first`` to the month ``last``."""
    from model import PharmaMarket

    return events(PharmaMarket("baseline", rng=1, scale=SCALE).run_until(last + 1).world, first)
