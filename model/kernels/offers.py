"""What is offered on the deal market: loops over assets whose owners think of partners.

Arrays of assets are columns of their table, of offers they have shape (offers,) or (offers, 10); money in million US$.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.choices import sum_of
from agents.compiling import compiled, inner
from model.kernels.luck import unit
from model.kernels.trials import Costs, cost_of
from model.kernels.value import Selling, Worth, best_of, factors_of, sell_by
from model.labels import BIOTECH, FILED, GLOBAL, MARKETED

EVERY = 6
"""Months after which an asset that is neither fresh nor stuck may be asked for again."""


class Offers(NamedTuple):
    """Assets whose owners think of partners, one row each; money in million US$."""

    asset: np.ndarray
    seller: np.ndarray
    passed: np.ndarray
    """1 where the running phase has been passed, 0 where it still runs."""
    free: np.ndarray
    """Regions whose rights the owner can give away, bool (rows, 10)."""
    value: np.ndarray
    """Worth by region to an able pharma firm, development costs not counted (rows, 10)."""
    research_value: np.ndarray
    """The same at the cost of capital of research firms, as a part of ``value`` (rows,)."""
    cost: np.ndarray
    """Development still to be paid, weighted by the odds of getting there (rows,)."""
    next_cost: np.ndarray
    """Cost of the next step (rows,); 0 while a phase runs."""
    odds: np.ndarray
    """Probability of approval (rows,)."""
    abroad: np.ndarray
    """Expected revenue abroad of assets like this one against that at home (rows,); 1 for what is first in class."""
    whole: np.ndarray
    """Sum of ``value`` over the regions (rows,)."""

    def take(self, rows: np.ndarray) -> Offers:
        """Some of the offers."""
        return Offers(*(column[rows] for column in self))


@compiled
def fresh(rows: np.ndarray, month: int, due: np.ndarray, waiting: np.ndarray) -> np.ndarray:
    """Candidates (rows) that have passed their readout of the ``month`` and wait for what is next."""
    found, number = np.empty(len(rows), np.int64), 0
    for row in rows:
        if due[row] == month and waiting[row]:
            found[number] = row
            number += 1
    return found[:number].copy()


@compiled
def approached(
    rows: np.ndarray, month: int, base: np.uint64, usual: np.ndarray, identity: np.ndarray, waiting: np.ndarray,
    phase: np.ndarray, offered: np.ndarray, sponsor: np.ndarray, scope: np.ndarray, ai: np.ndarray, home: np.ndarray,
    served: np.ndarray, spillover: float, cut: float, months: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """(candidates of firms that are not global whom somebody might ask for them, their luck, their rate).

    Each has its turn once in ``EVERY`` months and rests after an offer for as long as a deal takes: ``months`` by
    stage, less what AI (``cut``, as far as a firm is served or others are) saves. ``usual`` is the rate at one month by
    phase, up to twice as high as short money makes it: whose luck is above that is not among them.
    """
    found, number = np.empty(len(rows), np.int64), 0
    lucks, rates = np.empty(len(rows)), np.empty(len(rows))
    for row in rows:
        who = sponsor[row]
        turn = np.uint64(identity[row] >> 1) % np.uint64(EVERY) == np.uint64(month % EVERY)
        if not turn or waiting[row] or scope[who] >= GLOBAL or phase[row] > FILED:
            continue
        saved = max(served[home[who]] if ai[who] else 0.0, spillover) * cut
        length = months[min(phase[row] + 1, 5)] * (1 - saved)
        rate = usual[phase[row]] / length
        luck = unit(base, identity[row], month)
        if month - offered[row] >= length and luck < rate * 2.0:
            found[number], lucks[number], rates[number] = row, luck, rate
            number += 1
    return found[:number].copy(), lucks[:number].copy(), rates[:number].copy()


@compiled
def opened(
    rows: np.ndarray, month: int, base: np.uint64, share: float, identity: np.ndarray, waiting: np.ndarray,
    ended: np.ndarray, option: np.ndarray, area: np.ndarray, sponsor: np.ndarray, scope: np.ndarray,
    focus: np.ndarray, second_focus: np.ndarray, never: int,
) -> np.ndarray:  # fmt: skip
    """Those of the assets (rows) whose owners are open for partners: smaller firms, and global ones with a readout
    outside of their areas; a ``share`` of them, by luck."""
    found, number = np.empty(len(rows), np.int64), 0
    for row in rows:
        who = sponsor[row]
        fits = focus[who] == area[row] or second_focus[who] == area[row]
        ready = scope[who] < GLOBAL or (waiting[row] and not fits)
        if ready and ended[row] == never and option[row] < 0 and unit(base, identity[row], month) < share:
            found[number] = row
            number += 1
    return found[:number].copy()


@compiled
def look_at(
    rows: np.ndarray, waiting: np.ndarray, sponsor: np.ndarray, holder: np.ndarray, negotiated: np.ndarray,
    indication: np.ndarray, worth: Worth, costs: Costs, outlook: np.ndarray, research_prospect: np.ndarray,
    success: np.ndarray, chances: np.ndarray,
) -> Offers:  # fmt: skip
    """What everybody can know about assets (rows) that may be offered.

    ``outlook`` (indications, 10) is the yearly revenue to expect, ``success`` (phases, 16) the odds of a phase and
    ``chances`` (6, 16) those of approval from a phase on.
    """
    size, regions = len(rows), outlook.shape[1]
    seller, passed = np.empty(size, np.int64), np.zeros(size, np.int64)
    free, value = np.zeros((size, regions), np.bool_), np.zeros((size, regions))
    cost, next_cost, odds = np.zeros(size), np.zeros(size), np.empty(size)
    patience, abroad, whole = np.empty(size), np.empty(size), np.empty(size)
    for i, row in enumerate(rows):
        seller[i], phase, area = sponsor[row], worth.phase[row], worth.area[row]
        passed[i] = waiting[row] and phase < MARKETED
        step = min(phase + passed[i], MARKETED)
        at_home, away = factors_of(row, step, worth)
        for region in range(regions):
            free[i, region] = holder[row, region] == seller[i] and not negotiated[row] >> region & 1
            if free[i, region]:
                part = at_home if region == worth.origin[row] else at_home * away
                value[i, region] = outlook[indication[row], region] * part
        whole[i] = sum_of(value[i])
        patience[i] = research_prospect[step, area] / max(worth.prospect[step, area], 1e-12)
        reach = 1.0 if passed[i] else success[min(phase, FILED), area]
        for later in range(phase + 1, FILED):
            cost[i] += reach * cost_of(row, later, costs)
            reach *= success[later, area]
        if waiting[row]:
            next_cost[i] = cost_of(row, min(phase + 1, FILED), costs)
        odds[i], abroad[i] = chances[step, area], max(away, 1e-3)
    return Offers(rows, seller, passed, free, value, patience, cost, next_cost, odds, abroad, whole)


@compiled
def held(
    offers: Offers, firm: np.ndarray, kind: np.ndarray, segment: np.ndarray, seen: np.ndarray, share: np.ndarray,
    resold: np.ndarray, later: np.ndarray, selling: Selling,
) -> np.ndarray:  # fmt: skip
    """Net present value of rights by region to firms (rows), (rows, 10); see :func:`model.kernels.value.best_of`.

    ``seen`` (rows, 10) is what they see of the value, ``share`` (rows,) the part of the cost that they bear,
    ``later`` (rows,) what is left of it with a partner one step on.
    """
    own, net, best = np.empty(seen.shape[1]), np.empty(seen.shape[1]), np.empty(seen.shape)
    for i, who in enumerate(firm):
        patience, thrift = (offers.research_value[i], selling.lean) if kind[who] == BIOTECH else (1.0, 1.0)
        part, rest = share[i] * thrift, (offers.cost[i] - offers.next_cost[i]) * share[i]
        for region in range(len(own)):
            own[region] = offers.value[i, region] * seen[i, region] * patience
        sell_by(who, segment[i], own, offers.odds[i], selling, net)
        best_of(own, net, offers.cost[i] * part, offers.next_cost[i] * part, rest, resold[i], later[i], best[i])
    return best


@inner
def months_left(who: int, cash: np.ndarray, research: np.ndarray, trial_burn: np.ndarray, ahead: np.ndarray) -> float:
    """Months that the cash of a firm lasts for what runs and for the programmes ahead."""
    return max(cash[who], 0.0) / max(research[who] + trial_burn[who] + ahead[who], 0.1)


@compiled
def runway(
    rows: np.ndarray, cash: np.ndarray, research: np.ndarray, trial_burn: np.ndarray, ahead: np.ndarray
) -> np.ndarray:
    """Months that the cash of firms (rows) lasts for what runs and for the programmes ahead."""
    found = np.empty(len(rows))
    for i, who in enumerate(rows):
        found[i] = months_left(who, cash, research, trial_burn, ahead)
    return found
