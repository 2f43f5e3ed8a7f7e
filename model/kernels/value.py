"""What assets look worth, row by row: the inner loops of :mod:`model.mechanisms.valuation`.

Rows are assets (with their sponsors' homes) or pairs of firm and asset; regions are columns 0-9.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def factors(
    rows: np.ndarray, given: np.ndarray, phase: np.ndarray, area: np.ndarray, belief: np.ndarray, novel: np.ndarray,
    started: np.ndarray, origin: np.ndarray, prospect: np.ndarray, edge: np.ndarray, least: float, weight: float,
    premium: float,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(value per expected yearly revenue at home, share of that abroad), (rows,) each, of assets (rows).

    ``prospect`` (6, 16) is the present value of a dollar of yearly revenue by phase passed and area; ``given`` (rows,)
    phases are taken as passed. Beliefs count for more the later the phase; followers whose benefit does not beat the
    ``edge`` of their month of start and origin keep ``least`` of their value abroad.
    """
    at_home, abroad = np.empty(len(rows)), np.empty(len(rows))
    for i, row in enumerate(rows):
        passed = min(phase[row] + given[i], prospect.shape[0] - 1)
        signal = min(max(belief[row], -2.0), 3.0) * min(0.35 + 0.15 * passed, 1.0)
        own = premium if novel[row] else -premium
        at_home[i] = prospect[passed, area[row]] * np.exp(weight * signal + own)
        lead = signal - edge[max(started[row], 0), origin[row]]
        abroad[i] = 1.0 if novel[row] else least + (1.0 - least) / (1.0 + np.exp(-2.5 * lead))
    return at_home, abroad


@njit(cache=True)
def summed(
    rows: np.ndarray, at_home: np.ndarray, abroad: np.ndarray, indication: np.ndarray, origin: np.ndarray,
    outlook: np.ndarray, outlook_sum: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Value of assets (rows) over all regions, (rows,): expected revenue times the factors at home and abroad."""
    value = np.empty(len(rows))
    for i, row in enumerate(rows):
        kind = indication[row]
        own = outlook[kind, origin[row]]
        value[i] = at_home[i] * (abroad[i] * outlook_sum[kind] + (1.0 - abroad[i]) * own)
    return value


@njit(cache=True)
def by_sponsor(
    rows: np.ndarray, value: np.ndarray, sponsor: np.ndarray, phase: np.ndarray, clinical: int, late: int, firms: int
) -> np.ndarray:
    """Value of candidates (rows), number from phase ``clinical`` and from phase ``late`` on by sponsor, (3, firms)."""
    found = np.zeros((3, firms))
    for i, row in enumerate(rows):
        who = sponsor[row]
        found[0, who] += value[i]
        found[1, who] += phase[row] >= clinical
        found[2, who] += phase[row] >= late
    return found


@njit(cache=True)
def trials_ahead(
    rows: np.ndarray, phase: np.ndarray, area: np.ndarray, waiting: np.ndarray, origin: np.ndarray,
    sponsor: np.ndarray, success: np.ndarray, cost: np.ndarray, local: np.ndarray, last: int, firms: int,
) -> np.ndarray:  # fmt: skip
    """Cost of the next phase of candidates before phase ``last`` by sponsor, (firms,).

    What runs counts by its odds of getting there (``success`` by phase and area), what waits in full. ``cost`` is by
    phase, ``local`` what it is at the origin against the US.
    """
    found = np.zeros(firms)
    for row in rows:
        now = phase[row]
        if now < last:
            odds = 1.0 if waiting[row] else success[now, area[row]]
            found[sponsor[row]] += cost[now + 1] * odds * local[origin[row]]
    return found


@njit(cache=True)
def by_region(
    at_home: np.ndarray, abroad: np.ndarray, outlook: np.ndarray, indication: np.ndarray, home: np.ndarray
) -> np.ndarray:
    """Value of assets by region, (rows, 10): expected revenue times the factor at home or abroad."""
    value = np.empty((len(at_home), outlook.shape[1]))
    for i in range(len(at_home)):
        away = at_home[i] * abroad[i]
        for region in range(outlook.shape[1]):
            value[i, region] = outlook[indication[i], region] * away
        value[i, home[i]] = outlook[indication[i], home[i]] * at_home[i]
    return value


@njit(cache=True)
def alone(
    value: np.ndarray, odds: np.ndarray, firm: np.ndarray, segment: np.ndarray, skill: np.ndarray, trust: np.ndarray,
    home: np.ndarray, left: np.ndarray, able: float, usual: float, peak: np.ndarray, build: np.ndarray,
    run: np.ndarray, share: float,
) -> np.ndarray:  # fmt: skip
    """Value of selling alone by region, (rows, 10): what trust reaches, less selling and, for newcomers, building.

    A firm whose ``skill`` is not ``able`` is a newcomer: it reaches ``peak`` of the value and pays ``build``; others
    carry ``share`` of the running cost. ``left`` (home, region) is what presence abroad leaves of a value, ``odds`` how
    likely the cost is ever paid; ``peak``, ``build`` and ``run`` hang on segment and region.
    """
    net = np.empty(value.shape)
    for i in range(len(firm)):
        who, kind = firm[i], segment[i]
        for region in range(value.shape[1]):
            reached = value[i, region] * (0.5 + 0.5 * min(trust[who, region] / usual, 1.0)) * left[home[who], region]
            cost = run[kind, region] * share
            if skill[who, region] < able:
                reached *= peak[kind, region]
                cost = run[kind, region] + build[kind, region]
            net[i, region] = reached - cost * odds[i]
    return net


@njit(cache=True)
def held(
    own: np.ndarray, selling: np.ndarray, cost: np.ndarray, next_cost: np.ndarray, resold: np.ndarray, later: float
) -> np.ndarray:
    """Net present value of rights by region, (rows, 10): the best of selling, partnering one step on, and nothing.

    Regions bear the development ``cost`` (rows,) or ``next_cost`` by their part in the value that is one's ``own``;
    partners to come see ``resold`` of that, of which ``later`` is left.
    """
    best = np.empty(own.shape)
    for i in range(own.shape[0]):
        whole = 0.0
        for region in range(own.shape[1]):
            whole += own[i, region]
        whole = max(whole, 1e-9)
        for region in range(own.shape[1]):
            part = own[i, region] / whole
            alone = selling[i, region] - part * cost[i]
            partnered = later * own[i, region] * resold[i, region] - part * next_cost[i]
            best[i, region] = max(alone, partnered, 0.0)
    return best
