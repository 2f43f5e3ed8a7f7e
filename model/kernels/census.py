"""Counts of who is there at the end of a month."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def pipeline(
    rows: np.ndarray, ended: np.ndarray, never: int, phase: np.ndarray, marketed: int, origin: np.ndarray,
    involved: np.ndarray, trial: np.ndarray, regions: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Living candidates among rows; how many by phase, (6,), and by region, (3, 10): originated, involved, on trial."""
    phases, there = np.zeros(6), np.zeros((3, 10))
    living, number = np.empty(len(rows), np.int64), 0
    with_bits = np.zeros((2, 1024))
    for row in rows:
        if ended[row] != never or phase[row] >= marketed:
            continue
        living[number] = row
        number += 1
        phases[phase[row]] += 1
        there[0, origin[row]] += 1
        with_bits[0, involved[row]] += 1
        if trial[row] >= 0:
            with_bits[1, regions[trial[row]]] += 1
    for bits in range(1024):
        for region in range(10):
            if bits >> region & 1:
                there[1, region] += with_bits[0, bits]
                there[2, region] += with_bits[1, bits]
    return living[:number].copy(), phases, there


@njit(cache=True)
def companies(rows: np.ndarray, home: np.ndarray, kind: np.ndarray, ai: np.ndarray) -> tuple[np.ndarray, int, int]:
    """Firms (rows) by home, (10,), how many of them are pharma firms, and how many use AI platforms."""
    homes, pharmas, users = np.zeros(10), 0, 0
    for row in rows:
        homes[home[row]] += 1
        pharmas += kind[row]
        users += ai[row]
    return homes, pharmas, users


@njit(cache=True)
def between(column: np.ndarray, after: int, before: int) -> np.ndarray:
    """Rows whose entry lies after one month and before another."""
    found, number = np.empty(len(column), np.int64), 0
    for row in range(len(column)):
        if after < column[row] < before:
            found[number] = row
            number += 1
    return found[:number].copy()


@njit(cache=True)
def second_lag(
    first: np.ndarray, since: int, until: int, asset: np.ndarray, agency: np.ndarray, decided: np.ndarray,
    outcome: np.ndarray, approved: int, agencies: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Months from the first to the second approval by ``agencies`` of assets first approved in a window of months.

    ``first`` is the month of the first approval of each asset, the other columns are those of the files. Assets that
    none of the agencies has approved are left out; a second approval that has not come is infinitely late.
    """
    counts = np.zeros(10, np.bool_)
    for one in agencies:
        counts[one] = True
    place = np.zeros(len(first), np.int32)  # of an asset among those found, from 1 on
    earliest, second, found = np.empty(len(asset)), np.empty(len(asset)), 0
    for file in range(len(asset)):
        row = asset[file]
        if outcome[file] != approved or not counts[agency[file]] or not since <= first[row] <= until:
            continue
        if not place[row]:
            earliest[found], second[found] = np.inf, np.inf
            found += 1
            place[row] = found
        i, month = place[row] - 1, np.float64(decided[file])
        if month < earliest[i]:
            earliest[i], month = month, earliest[i]
        second[i] = min(second[i], month)
    return second[:found] - earliest[:found]
