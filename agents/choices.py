"""Compiled inner loops of decisions, row by row: budgets of many firms, routes of assets, rankings of regions."""

from __future__ import annotations

import numpy as np

from agents.compiling import compiled, inner

ALONE, REGIONAL, EX_HOME, GLOBAL, OPTION, NEWCO, SALE = range(7)
"""Routes of an asset."""
(LICENCE, CODEVELOPMENT, COPROMOTION, OPTION_DEAL, NEWCO_DEAL, SALE_DEAL, ACQUIRED_FIRM) = KINDS = range(7)
"""Kinds of contracts; sales of assets and firms leave nobody to be allied with."""


@compiled
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


@inner
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


@compiled
def join(
    home: np.ndarray, speed: np.ndarray, option_value: np.ndarray, cost: np.ndarray, month_value: np.ndarray,
    months: np.ndarray, stance: np.ndarray, limit: np.ndarray, home_saving: np.ndarray, returns: float,
) -> np.ndarray:  # fmt: skip
    """Regions that join a trial, bool (rows, regions): home, then at most ``limit`` of the best worth their cost.

    Together they have to be worth more than the ``home_saving`` of a trial for home alone.
    """
    joined = np.zeros(speed.shape, np.bool_)
    net = np.empty(speed.shape[1])
    for i in range(len(home)):
        own = speed[i, home[i]]
        alone = months[i] / own**returns
        worthwhile = 0
        for region in range(len(net)):
            left = own / (own + speed[i, region])
            saved = 1.0 - (left if returns == 1.0 else left**returns)
            gain = month_value[i] * (alone * saved) + option_value[i, region] * stance[i]
            net[region] = gain - cost[i, min(region, cost.shape[1] - 1)]
            joined[i, region] = region == home[i] or net[region] > 0.0
            worthwhile += joined[i, region]
        if worthwhile > limit[i]:
            net[home[i]] = np.inf
            for rank, region in enumerate(_order(net)):
                joined[i, region] &= rank < limit[i]
        net[home[i]] = 0.0
        if (net * joined[i]).sum() <= home_saving[i]:
            joined[i] = False
            joined[i, home[i]] = True
    return joined


@compiled
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


@inner
def sum_of(row: np.ndarray) -> float:
    """Sum over the ten regions, in NumPy's order of additions."""
    first = ((row[0] + row[1]) + (row[2] + row[3])) + ((row[4] + row[5]) + (row[6] + row[7]))
    return first + row[8] + row[9]


@inner
def best_of(gain: np.ndarray) -> int:
    """Place of the highest gain, the first of equals."""
    best = 0
    for place in range(1, len(gain)):
        if gain[place] > gain[best]:
            best = place
    return best


@compiled
def route(
    kept: np.ndarray, left: np.ndarray, partnered: np.ndarray, paid: np.ndarray, home: np.ndarray, premium: np.ndarray,
    may_wait: np.ndarray, next_cost: np.ndarray, newco: np.ndarray, foreign: np.ndarray, sold: float, friction: float,
) -> np.ndarray:  # fmt: skip
    """Route per asset, (rows,): the one worth most.

    Owners compare what keeping rights is worth, ``kept`` (rows, 10) of which pressure leaves the part ``left``, with
    what is ``partnered`` (rows, 10) of which they live to see the part ``paid``. An option (``may_wait``) sells after
    the next readout, for a price that knows more: who is confident waits for a ``premium`` and pays the ``next_cost``.
    A ``newco`` takes the rights abroad. A sale brings all money now but less of it (``sold``); owners part so from what
    is ``foreign`` to them. Whatever is signed costs ``friction``.
    """
    found, gain = np.empty(len(home), np.int64), np.empty(SALE + 1)
    mine, more = np.empty(kept.shape[1]), np.empty(kept.shape[1])
    for i in range(len(home)):
        most = -np.inf
        for region in range(len(mine)):
            mine[region] = kept[i, region] * left[i]
            more[region] = partnered[i, region] * paid[i] - mine[region]
            if region != home[i]:
                most = max(most, more[region])
        whole, total, expected = sum_of(mine), sum_of(more), sum_of(partnered[i])
        gain[:] = -np.inf
        gain[ALONE], gain[REGIONAL], gain[GLOBAL] = 0.0, most - friction, total - friction
        gain[EX_HOME] = total - more[home[i]] - friction
        if may_wait[i]:
            gain[OPTION] = total + premium[i] * expected - next_cost[i] - friction
        if newco[i] > 0.0:
            gain[NEWCO] = newco[i] - (whole - mine[home[i]]) - friction
        if foreign[i]:
            gain[SALE] = sold * expected - whole - friction
        found[i] = best_of(gain)
    return found
