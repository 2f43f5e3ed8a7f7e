"""Who meets whom on the deal market and what each sees in the other's asset: loops over offers and their suitors.

Arrays of offers have shape (offers,), of what suitors see or ask for (offers, breadth) or (offers, breadth, 10), of
pairs of an offer and a suitor (pairs,). Firms and assets are rows of their tables.
"""

from __future__ import annotations

import numpy as np

from agents.choices import sum_of
from agents.compiling import compiled, inner
from model.kernels.luck import unit
from model.kernels.offers import Offers
from model.kernels.pools import Pools, draw
from model.kernels.value import Selling, best_of, sell_by
from model.labels import BIOTECH, GLOBAL, PHARMA


@compiled
def weigh(
    rows: np.ndarray, kind: np.ndarray, scope: np.ndarray, sales: np.ndarray, cash: np.ndarray, research: np.ndarray,
    trial_burn: np.ndarray, reserve: float,
) -> np.ndarray:  # fmt: skip
    """Weight of living firms (rows) in three pools, (3, rows): research, regional and global pharma firms.

    Research firms by the money that they can spare, beyond a ``reserve`` of months; pharma firms by their sales.
    """
    weight = np.zeros((3, len(rows)))
    for i, who in enumerate(rows):
        if kind[who] == BIOTECH:
            spare = cash[who] - reserve * (research[who] + trial_burn[who])
            weight[0, i] = np.sqrt(max(spare, 0.0))
        else:
            weight[2 if scope[who] == GLOBAL else 1, i] = np.sqrt(sales[who] + 20.0)
    return weight


@inner
def better_fit(
    pools: Pools, pool: int, first: float, second: float, area: int, focus: np.ndarray, second_focus: np.ndarray
) -> int:
    """Of two firms drawn from a pool the one with the asset among its areas, -1 from an empty pool."""
    if pools.begin[pool] == pools.begin[pool + 1]:
        return -1
    one = pools.firm[draw(pools.cumulative, pools.place, pools.branch, pools.before, pool, first)]
    if focus[one] == area or second_focus[one] == area:
        return one
    other = pools.firm[draw(pools.cumulative, pools.place, pools.branch, pools.before, pool, second)]
    return other if focus[other] == area or second_focus[other] == area else one


@compiled
def look_for(
    pools: Pools, slot: np.ndarray, month: int, first: np.uint64, second: np.uint64, area: np.ndarray,
    focus: np.ndarray, second_focus: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """The better fitting of two firms from the only pool for each slot (rows, breadth); ``area`` (rows,)."""
    found = np.empty(slot.shape, np.int64)
    for i in range(slot.shape[0]):
        for k in range(slot.shape[1]):
            one, two = unit(first, slot[i, k], month), unit(second, slot[i, k], month)
            found[i, k] = better_fit(pools, 0, one, two, area[i], focus, second_focus)
    return found


@inner
def regional(who: int, kind: np.ndarray, scope: np.ndarray) -> bool:
    """Whether a firm asks for its home only."""
    return kind[who] == PHARMA and scope[who] < GLOBAL


@compiled
def meet(
    pools: Pools, identity: np.ndarray, month: int, first: np.uint64, second: np.uint64, kinds: np.uint64,
    research: float, regionals: float, met: np.ndarray, area: np.ndarray, seller: np.ndarray, familiar: np.ndarray,
    territory: np.ndarray, focus: np.ndarray, second_focus: np.ndarray, kind: np.ndarray, scope: np.ndarray,
    home: np.ndarray, found: np.ndarray,
) -> None:  # fmt: skip
    """Fill ``found`` (offers, breadth) with the firms that each seller meets, as many as ``met`` says.

    ``research`` and ``regionals`` are the parts of research firms and of regional pharma firms among them. A
    ``familiar`` firm comes first; nobody meets itself, nor who does not want the ``territory`` (offers, 10).
    """
    for i in range(len(identity)):
        for k in range(min(found.shape[1], met[i])):
            slot = identity[i] * 64 + k
            if k == 0 and familiar[i] >= 0:
                who = familiar[i]
            else:
                luck = unit(kinds, slot, month)
                pool = 0 if luck < research else (1 if luck < research + regionals else 2)
                one, two = unit(first, slot, month), unit(second, slot, month)
                who = better_fit(pools, pool, one, two, area[i], focus, second_focus)
            if who >= 0 and who != seller[i] and (territory[i, home[who]] or not regional(who, kind, scope)):
                found[i, k] = who


@compiled
def ask(
    territory: np.ndarray, kept: np.ndarray, suitors: np.ndarray, kind: np.ndarray, scope: np.ndarray, home: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(what each suitor asks for of the territory on offer, what its owner forgoes of what is ``kept`` otherwise).

    Shapes (offers, breadth, 10), bool, and (offers, breadth); regional firms ask for their home.
    """
    asked, forgone = np.zeros((*suitors.shape, territory.shape[1]), np.bool_), np.zeros(suitors.shape)
    given = np.empty(territory.shape[1])
    for i in range(suitors.shape[0]):
        for k in range(suitors.shape[1]):
            who = suitors[i, k]
            local = regional(who, kind, scope)
            for region in range(territory.shape[1]):
                asked[i, k, region] = territory[i, region] and (region == home[who] or not local)
                given[region] = kept[i, region] if asked[i, k, region] else 0.0
            forgone[i, k] = sum_of(given)
    return asked, forgone


@compiled
def worth_to(
    offer: np.ndarray, place: np.ndarray, buyer: np.ndarray, belief: np.ndarray, asked: np.ndarray, offers: Offers,
    segment: np.ndarray, kind: np.ndarray, view: np.ndarray, border: np.ndarray, local: float, cost_share: float,
    later: np.ndarray, selling: Selling,
) -> np.ndarray:  # fmt: skip
    """Worth of what suitors ask for as they see it, million US$, (pairs,): pairs of ``offer``, ``place`` and ``buyer``.

    They see all of the worth at home and through ``view`` and ``border`` (10, 10) from abroad, times their ``belief``;
    followers are worth at least ``local`` of an asset of their own where the buyer is at home. Who takes less than
    half of the world bears ``cost_share`` of the development.
    """
    worth, regions = np.empty(len(offer)), asked.shape[2]
    own, net, best, resold = np.empty(regions), np.empty(regions), np.empty(regions), np.ones(regions)
    for pair in range(len(offer)):
        i, who, wants = offer[pair], buyer[pair], asked[offer[pair], place[pair]]
        here, there = selling.home[offers.seller[i]], selling.home[who]
        patience, thrift = (offers.research_value[i], selling.lean) if kind[who] == BIOTECH else (1.0, 1.0)
        width = 0
        for region in range(regions):
            own[region] = 0.0
            if wants[region]:
                width += 1
                seen = (view[here, region] if here != there else 1.0) * border[here, there]
                if here != there and region == there:
                    seen *= max(local / offers.abroad[i], 1.0)
                own[region] = offers.value[i, region] * (seen * belief[pair]) * patience
        share = 1.0 if width >= regions // 2 else cost_share
        rest = (offers.cost[i] - offers.next_cost[i]) * share
        share *= thrift
        sell_by(who, segment[i], own, offers.odds[i], selling, net)
        best_of(own, net, offers.cost[i] * share, offers.next_cost[i] * share, rest, resold, later[i], best)
        for region in range(regions):
            if not wants[region]:
                best[region] = 0.0
        worth[pair] = sum_of(best)
    return worth
