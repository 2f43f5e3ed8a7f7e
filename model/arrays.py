"""Small array helpers that several mechanisms share."""

from __future__ import annotations

import numpy as np

from model.kernels import grouping

REGION_BITS = np.left_shift(1, np.arange(10)).astype(np.int16)
_TABLE = ((np.arange(1024)[:, None] & REGION_BITS) > 0).astype(bool)
_WIDTH = _TABLE.sum(axis=1)


def pack_regions(flags: np.ndarray) -> np.ndarray:
    """Bits of region flags: bool (rows, 10) -> int16 (rows,)."""
    return (flags * REGION_BITS).sum(axis=1).astype(np.int16)


def unpack_regions(bits: np.ndarray) -> np.ndarray:
    """Region flags of bits: int16 (rows,) -> bool (rows, 10)."""
    return _TABLE[bits]


def width(bits: np.ndarray) -> np.ndarray:
    """Number of regions of their bits: int16 (rows,) -> int64 (rows,)."""
    return _WIDTH[bits]


def within(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Values held between two bounds; on the few rows of a month much quicker than :func:`numpy.clip`."""
    return np.minimum(np.maximum(values, low), high)


def cells(flags: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(row, column) of each flag that is set, int64, row by row; flags are bool (rows, columns)."""
    row, column = np.divmod(np.flatnonzero(flags), flags.shape[1])
    return row, column


def count(groups: np.ndarray, size: int) -> np.ndarray:
    """How often each group 0..size-1 occurs, float64 (size,)."""
    found = np.zeros(size)
    grouping.count(groups, found)
    return found


def total(groups: np.ndarray, amounts: np.ndarray, size: int) -> np.ndarray:
    """Sum of amounts by group 0..size-1, float64 (size,)."""
    found = np.zeros(size)
    grouping.add(groups, amounts, found)
    return found


def logit(share: np.ndarray | float) -> np.ndarray:
    """Log-odds of a share."""
    return np.log(share) - np.log1p(-np.asarray(share))


def logistic(odds: np.ndarray) -> np.ndarray:
    """Share of log-odds."""
    return 1.0 / (1.0 + np.exp(-odds))


def eased(weight: float, skill: np.ndarray) -> np.ndarray:
    """Time against the usual of middling skill, by skill (0-1): all of it saves ``weight`` against none."""
    return 1 + weight / 2 - weight * skill
