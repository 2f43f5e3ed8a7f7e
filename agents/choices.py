"""Compiled inner loops of decisions, row by row: budgets of many firms, rankings of regions."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def budget(
    cash: np.ndarray, funds: np.ndarray, income: np.ndarray, trial_burn: np.ndarray, pharma: np.ndarray,
    research: float, reinvested: float, discovery: float, runway: float, floor: float,
) -> np.ndarray:  # fmt: skip
    """Research budgets, million US$ a month, (firms,): shares of income, for research firms also of their funds.

    Running trials come first, a ``floor`` stays; research firms spend a sixth of their cash at most.
    """
    found = np.zeros(len(cash))
    for i in range(len(cash)):
        if cash[i] > 0.0:
            total = (research if pharma[i] else reinvested) * max(income[i], 0.0) / 12
            if not pharma[i]:
                total += discovery * funds[i] / runway
            found[i] = max(total - trial_burn[i], floor * total)
            if not pharma[i]:
                found[i] = min(found[i], cash[i] / 6)
    return found


@njit
def _order(net: np.ndarray) -> np.ndarray:
    """Places of the numbers in falling order, equals as they stand."""
    order = np.arange(len(net))
    for place in range(1, len(net)):
        here = order[place]
        before = place - 1
        while before >= 0 and net[order[before]] < net[here]:
            order[before + 1] = order[before]
            before -= 1
        order[before + 1] = here
    return order


@njit(cache=True)
def join(
    home: np.ndarray, speed: np.ndarray, option_value: np.ndarray, cost: np.ndarray, month_value: np.ndarray,
    months: np.ndarray, stance: np.ndarray, limit: np.ndarray, returns: float,
) -> np.ndarray:  # fmt: skip
    """Regions that join a trial, bool (rows, regions): home, then at most ``limit`` of the best worth their cost."""
    joined = np.zeros(speed.shape, np.bool_)
    net = np.empty(speed.shape[1])
    for i in range(len(home)):
        own = speed[i, home[i]]
        for region in range(len(net)):
            saved = 1.0 - (own / (own + speed[i, region])) ** returns
            gain = month_value[i] * (months[i] / own**returns * saved) + option_value[i, region] * stance[i]
            net[region] = gain - cost[i, min(region, cost.shape[1] - 1)]
        net[home[i]] = np.inf
        for rank, region in enumerate(_order(net)):
            joined[i, region] = rank < limit[i] and net[region] > 0.0
    return joined


@njit(cache=True)
def affordable(value: np.ndarray, cost: np.ndarray, odds: np.ndarray, budget: np.ndarray) -> np.ndarray:
    """Filings worth their cost, bool (rows, regions): by net value as far as the budget reaches, the best always."""
    chosen = np.zeros(value.shape, np.bool_)
    net = np.empty(value.shape[1])
    for i in range(len(value)):
        for region in range(len(net)):
            net[region] = odds[i, region] * value[i, region] - cost[i, region]
        spent = 0.0
        for rank, region in enumerate(_order(net)):
            if net[region] > 0.0:
                spent += cost[i, region]
                chosen[i, region] = rank == 0 or spent <= budget[i]
    return chosen
