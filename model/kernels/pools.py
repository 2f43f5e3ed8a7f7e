"""Draws from a pool of firms in proportion to weight that hardly notice when the pool changes.

One uniform number on the running sum of the weights would do for one world. In two worlds with the same luck a single
firm more in one of them would move that sum, and with it the choice of everybody else. So the pool is a binary tree by
the bits of a hash of each identity: a draw goes down from the root, at each fork with a number of its own to the side
that it takes in proportion to the weights below. A firm that comes, goes or changes moves the odds of few forks, and
few choices with them. The upper forks are looked up, the few below them searched for.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.compiling import compiled, inner
from model.kernels.luck import _mix, unit

_BITS, _ONE = 64, np.uint64(1)
_SPREAD = 2.0**52
_LOOKED_UP = 10
_BELOW = np.uint64(_BITS - _LOOKED_UP)


class Pools(NamedTuple):
    """Pools of firms one after the other, each in the order of places."""

    firm: np.ndarray
    """Rows of firms, (members,)."""
    cumulative: np.ndarray
    """Running sum of the weights in a pool, (members,)."""
    place: np.ndarray
    """Place in the tree, (members,)."""
    begin: np.ndarray
    """First member of each pool, and the end of the last, (pools + 1,)."""
    branch: np.ndarray
    """First member of each of the upper branches of each pool, and the end of the last, (pools, branches + 1)."""
    before: np.ndarray
    """Running sum of the weights before each of these branches, (pools, branches + 1)."""


@compiled
def places(identity: np.ndarray) -> np.ndarray:
    """Place of each identity in the tree, uint64."""
    found = np.empty(len(identity), np.uint64)
    for i in range(len(identity)):
        found[i] = _mix(np.uint64(identity[i]))
    return found


@inner
def by_place(place: np.ndarray) -> np.ndarray:
    """Order of the places: each into its upper branch, and there one after the other."""
    first, order = np.zeros((1 << _LOOKED_UP) + 1, np.int64), np.empty(len(place), np.int64)
    for i in range(len(place)):
        first[np.int64(place[i] >> _BELOW) + 1] += 1
    for edge in range(1 << _LOOKED_UP):
        first[edge + 1] += first[edge]
    end = first[:-1].copy()
    for i in range(len(place)):
        upper = np.int64(place[i] >> _BELOW)
        spot = end[upper]
        while spot > first[upper] and place[order[spot - 1]] > place[i]:
            order[spot] = order[spot - 1]
            spot -= 1
        order[spot] = i
        end[upper] += 1
    return order


@compiled
def gather(rows: np.ndarray, place: np.ndarray, weight: np.ndarray) -> Pools:
    """Pools of the firms (rows) in their ``place`` that have a ``weight`` (pools, rows) there."""
    number, size = weight.shape
    firm, cumulative = np.empty(number * size, np.int64), np.empty(number * size)
    spot, begin, order = np.empty(number * size, np.uint64), np.zeros(number + 1, np.int64), by_place(place)
    branch = np.zeros((number, (1 << _LOOKED_UP) + 1), np.int64)
    before = np.zeros(branch.shape)
    member = 0
    for pool in range(number):
        total = 0.0
        for i in order:
            if weight[pool, i] > 0.0:
                total += weight[pool, i]
                firm[member], cumulative[member], spot[member] = rows[i], total, place[i]
                upper = np.int64(place[i] >> _BELOW) + 1
                branch[pool, upper], before[pool, upper] = branch[pool, upper] + 1, total
                member += 1
        branch[pool, 0] = begin[pool]
        begin[pool + 1] = member
        for edge in range(branch.shape[1] - 1):
            if branch[pool, edge + 1] == 0:
                before[pool, edge + 1] = before[pool, edge]
            branch[pool, edge + 1] += branch[pool, edge]
    return Pools(firm[:member], cumulative[:member], spot[:member], begin, branch, before)


@inner
def draw(
    cumulative: np.ndarray, place: np.ndarray, branch: np.ndarray, sums: np.ndarray, pool: int, luck: float
) -> int:
    """Member drawn in proportion to weight from a pool that has members, by a uniform number.

    ``sums`` is the running sum ``before`` each branch. The way through the upper branches is counted without jumps:
    which side a draw takes cannot be foreseen.
    """
    base, left = np.uint64(luck * _SPREAD), 0
    for depth in range(_LOOKED_UP):
        half = 1 << (_LOOKED_UP - 1 - depth)
        fork, right, before = left + half, left + 2 * half, sums[pool, left]
        share = unit(base, depth, 0) * (sums[pool, right] - before)
        last, some = branch[pool, fork] == branch[pool, right], branch[pool, fork] != branch[pool, left]
        to_left = some & (last | (share < sums[pool, fork] - before))
        left += half * (1 - to_left)
    low, high, before, whole = branch[pool, left], branch[pool, left + 1], sums[pool, left], sums[pool, left + 1]
    for depth in range(_LOOKED_UP, _BITS):
        if high - low <= 1:
            break
        middle = _fork(place, low, high, np.uint64(_BITS - 1 - depth))
        if middle == low:
            continue
        here = cumulative[middle - 1]
        if middle == high or unit(base, depth, 0) * (whole - before) < here - before:
            high, whole = middle, here
        else:
            low, before = middle, here
    return low


@inner
def _fork(place: np.ndarray, low: int, high: int, bit: np.uint64) -> int:
    """First index of the branch that has the bit set; all of ``low`` to ``high`` agree in the bits above it."""
    while low < high:
        middle = (low + high) // 2
        if (place[middle] >> bit) & _ONE:
            high = middle
        else:
            low = middle + 1
    return low
