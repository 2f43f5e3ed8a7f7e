"""What assets look worth, row by row: the inner loops of :mod:`model.mechanisms.valuation`.

Rows are assets (with their sponsors' homes) or pairs of firm and asset; regions are columns 0-9.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def factors(
    passed: np.ndarray, area: np.ndarray, belief: np.ndarray, novel: np.ndarray, prospect: np.ndarray,
    edge: np.ndarray, least: float, weight: float, premium: float,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(value per expected yearly revenue at home, share of that abroad), (rows,) each.

    ``prospect`` (6, 16) is the present value of a dollar of yearly revenue by phase passed and area. Beliefs count for
    more the later the phase; followers whose benefit does not beat their ``edge`` keep ``least`` of their value abroad.
    """
    at_home, abroad = np.empty(len(passed)), np.empty(len(passed))
    for i in range(len(passed)):
        signal = min(max(belief[i], -2.0), 3.0) * min(0.35 + 0.15 * passed[i], 1.0)
        own = premium if novel[i] else -premium
        at_home[i] = prospect[passed[i], area[i]] * np.exp(weight * signal + own)
        abroad[i] = 1.0 if novel[i] else least + (1.0 - least) / (1.0 + np.exp(-2.5 * (signal - edge[i])))
    return at_home, abroad


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
