"""A player that plays nothing and gives numbers of the size of a market's: what remains is what a sweep costs."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from experiments.settings import month_number
from experiments.sweeps.market import Outcome, Run, figures, series

__all__ = ["figures", "play", "series"]


def play(run: Run) -> Outcome:
    """Numbers that are the same for all runs but for their level."""
    names, count = _sizes()
    months = month_number(run.until, "until") - month_number(run.branch or "2000-01", "from") + 1
    values = _noise(months, names) + np.float32(run.run)
    return Outcome(np.resize(values[0], count), 0, values if run.keep else None)


@lru_cache(maxsize=1)
def _sizes() -> tuple[int, int]:
    return len(series()), len(figures())


@lru_cache(maxsize=1)
def _noise(months: int, names: int) -> np.ndarray:
    return np.random.default_rng(1).random((months, names), np.float32)
