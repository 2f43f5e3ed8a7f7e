"""What pairs of firms remember: an index of pairs sorted by key, and the trust that follows from it.

The key of an unordered pair of firms (rows) is ``lower << 32 | higher``.
"""

from __future__ import annotations

import numpy as np

from agents.compiling import compiled, inner


@inner
def find_pair(one: int, other: int, keys: np.ndarray, rows: np.ndarray) -> int:
    """Row of a pair in the index, -1 where it is not there."""
    key = (np.int64(min(one, other)) << 32) | max(one, other)
    first, size = 0, len(keys)
    while size > 1:
        half = size >> 1
        first += half if keys[first + half - 1] < key else 0
        size -= half
    return rows[first] if size and keys[first] == key else -1


@compiled
def find_pairs(one: np.ndarray, other: np.ndarray, keys: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Row of each pair in the index, -1 where it is not there."""
    found = np.empty(len(one), np.int64)
    for i in range(len(one)):
        found[i] = find_pair(one[i], other[i], keys, rows)
    return found


@compiled
def expected_trust(
    one: np.ndarray, other: np.ndarray, keys: np.ndarray, rows: np.ndarray, conduct: np.ndarray, left: np.ndarray,
    met: np.ndarray, month: int, stranger: np.float32, visibility: np.float32, prior: np.float32, fair: np.float32,
    fade: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Trust with which pairs of firms would begin an alliance, 0-1, float32 (pairs,).

    Strangers go by the ``conduct`` that is told of both against a ``fair`` one; those who met by what their last
    alliance ``left`` and that there was one, the less the more months ago (``fade`` by months).
    """
    half, trust = np.float32(0.5), np.empty(len(one), np.float32)
    for i in range(len(one)):
        heard = half * (conduct[one[i]] + conduct[other[i]]) - fair
        level = stranger + visibility * heard
        row = find_pair(one[i], other[i], keys, rows)
        if row >= 0:
            familiar = half * (prior + left[row])
            level = np.float32(level + fade[min(month - met[row], len(fade) - 1)] * (familiar - level))
        trust[i] = min(max(level, np.float32(0.0)), np.float32(1.0))
    return trust


@compiled
def entered(
    keys: np.ndarray, rows: np.ndarray, new_keys: np.ndarray, new_rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Index (keys, rows) with pairs added that it does not hold; both are sorted by key."""
    size = len(keys) + len(new_keys)
    all_keys, all_rows = np.empty(size, np.int64), np.empty(size, np.int64)
    old = 0
    for new in range(len(new_keys)):
        place = old + np.searchsorted(keys[old:], new_keys[new])
        all_keys[old + new : place + new], all_rows[old + new : place + new] = keys[old:place], rows[old:place]
        all_keys[place + new], all_rows[place + new] = new_keys[new], new_rows[new]
        old = place
    all_keys[old + len(new_keys) :], all_rows[old + len(new_keys) :] = keys[old:], rows[old:]
    return all_keys, all_rows


@compiled
def touched(rows: np.ndarray, low: np.ndarray, high: np.ndarray, heir: np.ndarray) -> np.ndarray:
    """Whether a firm of the pair has an heir, bool (rows,); ``heir`` (firms,) is oneself where nothing moves."""
    found = np.empty(len(rows), np.bool_)
    for i, row in enumerate(rows):
        found[i] = heir[low[row]] != low[row] or heir[high[row]] != high[row]
    return found
