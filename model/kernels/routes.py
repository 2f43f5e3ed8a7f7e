"""What owners compare when they think of partners: loops over offers, row by row.

Arrays of offers have shape (offers,) or (offers, 10); firms and assets are rows of their tables, money in million US$.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.choices import sum_of
from agents.compiling import compiled, inner
from model.kernels.offers import Offers, months_left
from model.kernels.value import Selling, best_of, sell_by
from model.labels import BIOTECH, MARKETED, PHASE2


class Owners(NamedTuple):
    """Columns of the firms that decide what owners know."""

    kind: np.ndarray
    listed: np.ndarray
    focus: np.ndarray
    second_focus: np.ndarray
    cash: np.ndarray
    research: np.ndarray
    trial_burn: np.ndarray
    ahead: np.ndarray
    """Monthly cost of the programmes ahead, (firms,)."""


class Compared(NamedTuple):
    """What owners know of their routes, one row per offer."""

    kept: np.ndarray
    """Net present value of keeping rights by region, (rows, 10)."""
    partnered: np.ndarray
    """What a partner would leave them by region, (rows, 10)."""
    home: np.ndarray
    runway: np.ndarray
    listed: np.ndarray
    stuck: np.ndarray
    doubt: np.ndarray
    next_cost: np.ndarray
    foreign: np.ndarray


@inner
def left_to_partner(value: np.ndarray, whole: float, cost: float, seen: np.ndarray, share: float,
                    into: np.ndarray) -> None:  # fmt: skip
    """The ``share`` of what a partner sees of the value by region, less its part of the cost still to be paid."""
    whole = max(whole, 1e-9)
    for region in range(len(value)):
        part = value[region] / whole
        into[region] = max(value[region] * seen[region] - part * cost, 0.0) * share


@compiled
def compare(
    offers: Offers, raisable: np.ndarray, affordable: float, view: np.ndarray, noise: float,
    sight: np.ndarray, share: np.ndarray, phase: np.ndarray, area: np.ndarray, indication: np.ndarray,
    specialty: np.ndarray, owners: Owners, selling: Selling,
) -> Compared:  # fmt: skip
    """What owners know of keeping the rights and of partners.

    ``raisable`` (rows,) is what investors would add to the ``affordable`` part of the cash, ``view`` (rows,) what
    owners see of the worth, ``sight`` (10, 10) what partners see of it by home of the owner, and ``share`` (stages,)
    what they leave. Opinions differ by ``noise`` in the laboratory.
    """
    size, regions = offers.value.shape
    kept, partnered = np.empty((size, regions)), np.empty((size, regions))
    home, months, listed = np.empty(size, np.int64), np.empty(size), np.empty(size)
    stuck, foreign = np.empty(size, np.bool_), np.empty(size, np.bool_)
    doubt, next_cost = np.empty(size), np.empty(size)
    own, net = np.empty(regions), np.empty(regions)
    for i in range(size):
        row, who, stage = offers.asset[i], offers.seller[i], phase[offers.asset[i]] + offers.passed[i] + 1
        home[i], listed[i] = selling.home[who], owners.listed[who]
        small = owners.kind[who] == BIOTECH
        patience, thrift = (offers.research_value[i], selling.lean) if small else (1.0, 1.0)
        for region in range(regions):
            own[region] = offers.value[i, region] * view[i] * patience
        sell_by(who, 0 if specialty[indication[row]] else 1, own, offers.odds[i], selling, net)
        best_of(own, net, offers.cost[i] * thrift, offers.next_cost[i] * thrift, offers.cost[i] - offers.next_cost[i],
                sight[home[i]], share[min(stage + 1, len(share) - 1)], kept[i])  # fmt: skip
        left_to_partner(offers.value[i], offers.whole[i], offers.cost[i], sight[home[i]],
                        share[min(stage, len(share) - 1)], partnered[i])  # fmt: skip
        months[i] = months_left(who, owners.cash, owners.research, owners.trial_burn, owners.ahead)
        next_cost[i] = offers.next_cost[i] * thrift
        spare = max(owners.cash[who] - 6 * owners.trial_burn[who], 0.0)
        stuck[i] = next_cost[i] > affordable * spare + raisable[i]
        early = stage - 1 <= PHASE2 and phase[row] < MARKETED
        doubt[i] = noise / (1.0 + phase[row]) if early else 0.0
        foreign[i] = owners.focus[who] != area[row] and owners.second_focus[who] != area[row]
    return Compared(kept, partnered, home, months, listed, stuck, doubt, next_cost, foreign)


@compiled
def newco_value(
    offers: Offers, home: np.ndarray, phase: np.ndarray, sight: np.ndarray, share: np.ndarray, lean: float,
    least: float, most: float, base: int,
) -> np.ndarray:  # fmt: skip
    """Worth of the rights abroad to a new company at ``base``, (rows,); 0 where no fund would found one.

    ``sight`` (10, 10) is what it sees of the worth by home of the owner, 0 at home. A next step costs it ``lean`` of
    the usual; it must be within ``most`` with the ``least`` round, and below what the asset, one step on, would bring
    by the ``share`` (stages,) that partners leave.
    """
    found, part = np.zeros(len(home)), np.empty(sight.shape[1])
    for i in range(len(home)):
        bill, here = offers.next_cost[i] * lean, home[i]
        if here == base or not bill > 0.0 or not bill + least < most:
            continue
        for region in range(len(part)):
            part[region] = offers.value[i, region] * sight[here, region]
        value = sum_of(part) * offers.research_value[i]
        stage = phase[offers.asset[i]] + offers.passed[i] + 2
        if share[min(stage, len(share) - 1)] * value > bill:
            found[i] = value
    return found


@compiled
def territories(
    open_: np.ndarray, one: np.ndarray, abroad: np.ndarray, home: np.ndarray, partnered: np.ndarray, paid: np.ndarray,
    kept: np.ndarray, free: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Regions on offer, bool (rows, 10): of the ``free`` ones all where a route is ``open_``, those ``abroad``, or
    ``one``: that abroad where the part ``paid`` (rows,) of what is ``partnered`` beats most what is ``kept``."""
    offered = np.zeros(free.shape, np.bool_)
    for i in range(len(open_)):
        if not open_[i]:
            continue
        best, most = 0, -np.inf
        for region in range(free.shape[1]):
            away = free[i, region] and region != home[i]
            offered[i, region] = away or (free[i, region] and not abroad[i])
            gain = partnered[i, region] * paid[i] - kept[i, region] if away else -np.inf
            if gain > most:
                best, most = region, gain
        if one[i]:
            for region in range(free.shape[1]):
                offered[i, region] = region == best and free[i, region]
    return offered
