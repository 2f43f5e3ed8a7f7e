"""Contracts on assets, and who signs which of the month's offers."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def running_contracts(
    rows: np.ndarray, signed: np.ndarray, deal: np.ndarray, option: np.ndarray, ended: np.ndarray, never: int
) -> np.ndarray:
    """Running contracts and options on assets (rows), one for each region that they hold: contracts may repeat."""
    found, number = np.empty(len(rows) * (deal.shape[1] + 1), np.int64), 0
    for row in rows:
        if signed[row] == 0:
            continue
        last = -1
        for region in range(deal.shape[1] + 1):
            contract = deal[row, region] if region < deal.shape[1] else option[row]
            if contract >= 0 and contract != last and ended[contract] == never:
                found[number] = last = contract
                number += 1
    return found[:number].copy()


@njit(cache=True)
def better_fit(
    firms: np.ndarray, cumulative: np.ndarray, first: np.ndarray, second: np.ndarray, area: np.ndarray,
    focus: np.ndarray, second_focus: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Of two firms drawn in proportion to weight the one with the asset among its areas, (rows, breadth).

    ``cumulative`` (firms,) is the running sum of the weights, ``first`` and ``second`` are uniform numbers.
    """
    found = np.empty(first.shape, np.int64)
    last = len(firms) - 1
    for i in range(first.shape[0]):
        for k in range(first.shape[1]):
            one = firms[min(np.searchsorted(cumulative, first[i, k] * cumulative[last]), last)]
            other = firms[min(np.searchsorted(cumulative, second[i, k] * cumulative[last]), last)]
            fits = focus[one] == area[i] or second_focus[one] == area[i]
            better = focus[other] == area[i] or second_focus[other] == area[i]
            found[i, k] = other if better and not fits else one
    return found
