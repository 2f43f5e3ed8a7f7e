"""A player of sweeps that costs nothing: series of one small market, each run with noise of its own.

What it gives has the names, the lengths and nearly the entropy of what the market gives, so that stores of many runs
can be made to measure them.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from experiments.sweeps.market import Outcome, Run, figures, series

__all__ = ["figures", "play", "series"]
SCALE, NOISE = 0.1, 0.02


def play(run: Run) -> Outcome:
    """Series of the market times a random walk of this run's own; whole numbers stay whole."""
    from model.clock import month_index

    first, last = month_index(run.branch or "2000-01"), month_index(run.until)
    base, whole = market_series(last + 1)
    steps = np.random.default_rng(run.run).normal(0.0, NOISE, base[first:].shape)
    found = base[first:] * np.exp(np.cumsum(steps, axis=0))
    found = np.where(whole, np.round(found), found).astype(np.float32)
    means = found.mean(axis=0)
    summary = np.concatenate([means, found[-12:, : len(figures()) - len(series())].mean(axis=0)])
    return Outcome(summary, first, found if run.keep else None)


@lru_cache(maxsize=1)
def market_series(months: int) -> tuple[np.ndarray, np.ndarray]:
    """All series of one market of :data:`SCALE`, (months, series), and which of them are whole numbers."""
    from model import PharmaMarket

    recorder = PharmaMarket("baseline", rng=1, scale=SCALE).run_until(months).world.recorder
    assert recorder is not None
    regional = recorder.regional[:months].reshape(months, -1)
    found = np.nan_to_num(np.hstack([recorder.indicators[:months], regional]))
    return found, (found == np.round(found)).all(axis=0)
