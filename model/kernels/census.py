"""Counts of who is there at the end of a month."""

from __future__ import annotations

import numpy as np

from agents.compiling import compiled


@compiled
def pipeline(
    rows: np.ndarray, ended: np.ndarray, never: int, phase: np.ndarray, marketed: int, origin: np.ndarray,
    involved: np.ndarray, trial: np.ndarray, regions: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Living candidates among rows; how many by phase, (6,), and by region, (3, 10): originated, involved, on trial."""
    by_origin, parts, trials = np.zeros((6, 16), np.int32), np.zeros(1024, np.int32), np.zeros(1024, np.int32)
    living, number = np.empty(len(rows), np.int64), 0
    for row in rows:
        if ended[row] != never or phase[row] >= marketed:
            continue
        living[number] = row
        number += 1
        by_origin[phase[row], origin[row]] += 1
        parts[involved[row]] += 1
        if trial[row] >= 0:
            trials[regions[trial[row]]] += 1
    there = np.zeros((3, 10))
    there[0] = by_origin.sum(axis=0)[:10]
    for bits in range(1024):
        if parts[bits] or trials[bits]:
            for region in range(10):
                if bits >> region & 1:
                    there[1, region] += parts[bits]
                    there[2, region] += trials[bits]
    return living[:number].copy(), by_origin.sum(axis=1).astype(np.float64), there


@compiled
def companies(rows: np.ndarray, home: np.ndarray, kind: np.ndarray, ai: np.ndarray) -> tuple[np.ndarray, int, int]:
    """Firms (rows) by home, (10,), how many of them are pharma firms, and how many use AI platforms."""
    homes, pharmas, users = np.zeros(10), 0, 0
    for row in rows:
        homes[home[row]] += 1
        pharmas += kind[row]
        users += ai[row]
    return homes, pharmas, users


@compiled
def between(column: np.ndarray, after: int, before: int) -> np.ndarray:
    """Rows whose entry lies after one month and before another."""
    found, number = np.empty(len(column), np.int64), 0
    for row in range(len(column)):
        if after < column[row] < before:
            found[number] = row
            number += 1
    return found[:number].copy()


@compiled
def medians(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Median of values by region, (10,), NaN where there are none."""
    last = np.zeros(11, np.int64)  # place after the last value of a region, of all regions before it in the beginning
    for group in groups:
        last[group + 1] += 1
    last = np.cumsum(last)
    ranked, found = np.empty(len(values)), np.full(10, np.nan)
    for i in range(len(values)):
        ranked[last[groups[i]]] = values[i]
        last[groups[i]] += 1
    first = 0
    for region in range(10):
        if last[region] > first:
            found[region] = np.median(ranked[first : last[region]])
        first = last[region]
    return found


@compiled
def net_prices(
    month: int, active: np.ndarray, mature: np.ndarray, protected: np.ndarray, region: np.ndarray,
    indication: np.ndarray, price: np.ndarray, discount: np.ndarray, value: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Mean net price of protected medicines against the ``value`` of their indications, by region, (10,)."""
    sums, numbers = np.zeros(10), np.zeros(10)
    for row in range(len(active)):
        if active[row] and protected[row] > month and not mature[row]:
            sums[region[row]] += price[row] * (np.float32(1.0) - discount[row]) / value[indication[row]]
            numbers[region[row]] += 1
    return np.where(numbers > 0, sums / np.maximum(numbers, 1), np.nan)


@compiled
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
