"""Effects of one variant against another from paired runs, with their intervals.

The two worlds of a seed share their luck, so the effect is estimated from the differences within pairs; Student's t
gives the interval. The interval for unpaired runs (Welch) stands beside it, and the variance that pairing saves: how
many times as many unpaired runs would be needed for the same precision.
"""

from __future__ import annotations

import numpy as np
from scipy.special import stdtr, stdtrit

LEVEL = 0.95
FIGURES = ("pairs", "mean_a", "mean_b", "effect", "low", "high", "sd_effect", "unpaired_low", "unpaired_high",
           "variance_saved", "relative", "p_value")  # fmt: skip


def paired(a: np.ndarray, b: np.ndarray, level: float = LEVEL) -> dict[str, np.ndarray]:
    """Effects of B against A from arrays (seeds, ...); results by name, each of the trailing shape.

    Seeds in which either value is not finite are left out, value by value. With fewer than two pairs there is no
    interval (NaN). ``variance_saved`` is (var A + var B) / var (B - A): infinite when no pair differs, and NaN when
    nothing varies. ``relative`` is the effect as a part of the mean of A, ``p_value`` that of the two-sided paired t
    test.
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    known = np.isfinite(a) & np.isfinite(b)
    a, b = np.where(known, a, np.nan), np.where(known, b, np.nan)
    pairs = known.sum(axis=0)
    mean_a, var_a = _moments(a, pairs)
    mean_b, var_b = _moments(b, pairs)
    effect, var_effect = _moments(b - a, pairs)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = _quantile(pairs - 1, level) * np.sqrt(var_effect / pairs)
        half_unpaired = _quantile(_welch(var_a, var_b, pairs), level) * np.sqrt((var_a + var_b) / pairs)
        saved, relative = (var_a + var_b) / var_effect, effect / mean_a
    half_unpaired = np.where(var_a + var_b > 0, half_unpaired, half)
    found = (pairs, mean_a, mean_b, effect, effect - half, effect + half, np.sqrt(var_effect),
             effect - half_unpaired, effect + half_unpaired, saved, relative,
             _p_value(effect, var_effect, pairs))  # fmt: skip
    return dict(zip(FIGURES, found, strict=True))


def adjusted(p_values: np.ndarray) -> np.ndarray:
    """p values adjusted for how many are looked at, so that a bound on them bounds the false discovery rate.

    Benjamini and Hochberg (1995); values that are not known stay so and do not count.
    """
    result = np.full(len(p_values), np.nan)
    known = np.flatnonzero(np.isfinite(p_values))
    order = known[np.argsort(p_values[known], kind="stable")][::-1]
    ranks = np.arange(len(order), 0, -1)
    result[order] = np.minimum.accumulate(np.minimum(p_values[order] * len(order) / ranks, 1.0))
    return result


def _p_value(effect: np.ndarray, variance: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Two-sided p value of the paired t test; 1 where no pair differs, NaN with fewer than two pairs.

    Where all pairs differ by the same (small counts do), their spread says nothing, and the sign test counts.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(effect == 0, 0.0, effect / np.sqrt(variance / pairs))
        found = 2 * stdtr(np.where(pairs > 1, pairs - 1, 1), -np.abs(statistic))
    found = np.where((variance == 0) & (effect != 0), 2 * 0.5**pairs, found)
    return np.where(pairs > 1, found, np.nan)


def _moments(values: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and unbiased variance over the first axis without NaN; NaN where there are too few."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.nansum(values, axis=0) / np.where(count > 0, count, np.nan)
        squares = np.nansum((values - mean) ** 2, axis=0)
        return mean, squares / np.where(count > 1, count - 1, np.nan)


def _welch(var_a: np.ndarray, var_b: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Degrees of freedom of the difference of two means (Welch-Satterthwaite; equally many runs of both)."""
    return (var_a + var_b) ** 2 * (pairs - 1) / (var_a**2 + var_b**2)


def _quantile(freedom: np.ndarray, level: float) -> np.ndarray:
    """Two-sided quantile of Student's t, NaN without degrees of freedom."""
    return stdtrit(np.where(freedom > 0, freedom, np.nan), 0.5 + level / 2)
