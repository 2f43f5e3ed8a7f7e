"""Draws from a pool of firms in proportion to weight that hardly notice when the pool changes.

One uniform number on the running sum of the weights would do for one world. In two worlds with the same luck a single
firm more in one of them would move that sum, and with it the choice of everybody else. So the pool is a binary tree by
the bits of a hash of each identity: a draw goes down from the root, at each fork with a number of its own to the side
that it takes in proportion to the weights below. A firm that comes, goes or changes moves the odds of few forks, and
few choices with them.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from model.kernels.luck import _mix, unit

_BITS, _ONE = 64, np.uint64(1)
_SPREAD = 2.0**52


@njit(cache=True)
def places(identity: np.ndarray) -> np.ndarray:
    """Place of each identity in the tree, uint64."""
    found = np.empty(len(identity), np.uint64)
    for i in range(len(identity)):
        found[i] = _mix(np.uint64(identity[i]))
    return found


@njit
def draw(place: np.ndarray, cumulative: np.ndarray, luck: float) -> int:
    """Index drawn in proportion to weight from a pool in the order of ``place``.

    ``cumulative`` is the running sum of the weights in that order, ``luck`` a uniform number.
    """
    base = np.uint64(luck * _SPREAD)
    low, high = 0, len(place)
    for depth in range(_BITS):
        if high - low <= 1:
            break
        middle = _fork(place, low, high, np.uint64(_BITS - 1 - depth))
        if middle in (low, high):
            continue
        before = cumulative[low - 1] if low else 0.0
        if unit(base, depth, 0) * (cumulative[high - 1] - before) < cumulative[middle - 1] - before:
            high = middle
        else:
            low = middle
    return low


@njit
def _fork(place: np.ndarray, low: int, high: int, bit: np.uint64) -> int:
    """First index of the branch that has the bit set; all of ``low`` to ``high`` agree in the bits above it."""
    while low < high:
        middle = (low + high) // 2
        if (place[middle] >> bit) & _ONE:
            high = middle
        else:
            low = middle + 1
    return low
