"""Monthly series of many runs as years, and as one figure over a horizon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experiments.catalogue import Series
from model.clock import year_of


def by_year(values: np.ndarray, first: int, series: Sequence[Series]) -> tuple[np.ndarray, np.ndarray]:
    """Years (calendar numbers) and values (runs, years, ..., series) of monthly values (runs, months, ..., series).

    ``first`` is the number of the first month, which must be a January; a last year that is not complete counts as
    far as it goes.
    """
    count = -(-values.shape[1] // 12)
    parts = [_condense(values[:, 12 * year : 12 * year + 12], series) for year in range(count)]
    return year_of(first) + np.arange(count), np.stack(parts, axis=1)


def over(values: np.ndarray, series: Sequence[Series]) -> np.ndarray:
    """(runs, ..., series): flows summed over all months, everything else averaged."""
    flows = np.array([one.flows for one in series])
    return np.where(flows, values.sum(axis=1), mean(values)) * _factors(series)


def _condense(values: np.ndarray, series: Sequence[Series]) -> np.ndarray:
    hows = np.array([one.how for one in series])
    read = np.where(hows == "last", values[:, -1], mean(values))
    return np.where(hows == "sum", values.sum(axis=1), read) * _factors(series)


def mean(values: np.ndarray) -> np.ndarray:
    """Mean over the months in which a figure is known; NaN where it never is."""
    known = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        return np.where(known, values, 0.0).sum(axis=1) / np.where(known.any(axis=1), known.sum(axis=1), np.nan)


def _factors(series: Sequence[Series]) -> np.ndarray:
    return np.array([one.factor for one in series])
