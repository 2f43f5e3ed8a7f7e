"""Loops over firms and over what they hold: spending, asking for money, leaving, heirs.

Arrays of firms have shape (firms,); ``rows`` are those of living firms where nothing else is said.
"""

from __future__ import annotations

import numpy as np

from agents.compiling import compiled
from model.labels import BIOTECH, GLOBAL, PHARMA


@compiled
def spend(
    rows: np.ndarray, outsourced: float, home: np.ndarray, research: np.ndarray, trial_burn: np.ndarray,
    cash: np.ndarray, spend_year: np.ndarray, spend_12: np.ndarray, by_region: np.ndarray,
) -> tuple[float, float]:  # fmt: skip
    """Pay research and running trials of firms; returns what goes to providers and to own staff, million US$.

    Yearly spending of all firms that ever were is smoothed: a twelfth of it is this month's. ``by_region`` (10,) adds
    up spending by home.
    """
    for who in range(len(cash)):
        spend_12[who] += ((research[who] + trial_burn[who]) * 12.0 - spend_12[who]) / 12.0
    providers = staff = 0.0
    for who in rows:
        bill = research[who] + trial_burn[who]
        out, own = bill * outsourced, bill * (1.0 - outsourced)
        cash[who] = cash[who] - out - own
        spend_year[who] += bill
        by_region[home[who]] += bill
        providers += out
        staff += own
    return providers, staff


@compiled
def searching(
    rows: np.ndarray, share: float, home: np.ndarray, kind: np.ndarray, research: np.ndarray, regions: int
) -> np.ndarray:
    """Research that goes to new candidates by region, million US$ a month, (regions,).

    All of it in research firms, a ``share`` in others.
    """
    found = np.zeros(regions)
    for who in rows:
        found[home[who]] += research[who] if kind[who] == BIOTECH else research[who] * share
    return found


@compiled
def afford(
    rows: np.ndarray, most: int, cost: np.ndarray, lean: float, share: float, cut: float, usual: float,
    served: np.ndarray, spillover: float, home: np.ndarray, kind: np.ndarray, ai: np.ndarray, research: np.ndarray,
    credit: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(firms, number of candidates that each has paid for by now), at most ``most``.

    A candidate has its ``cost`` (10,) at the firm's home, in research firms ``lean`` times that; others give only a
    ``share`` of their research to new ones. AI saves beyond the ``usual``: ``cut`` for users as far as they are
    ``served`` (10,), for others by ``spillover``.
    """
    paid, number, found = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64), 0
    for who in rows:
        level = max(served[home[who]] if ai[who] else 0.0, spillover)
        effort = lean if kind[who] == BIOTECH else 1.0 / share
        credit[who] += research[who] / (cost[home[who]] * effort * (1.0 - cut * (level - usual)))
        if credit[who] >= 1.0:
            paid[found], number[found] = who, min(int(credit[who]), most)
            credit[who] -= number[found]
            found += 1
    return paid[:found].copy(), number[:found].copy()


@compiled
def tariffs(
    active: np.ndarray, sales: np.ndarray, discount: np.ndarray, region: np.ndarray, firm: np.ndarray, home: np.ndarray,
    wall: np.ndarray, bill: np.ndarray,
) -> None:  # fmt: skip
    """Add the tariffs of a year on the sales of active positions to the ``bill`` (firms, 10), million US$.

    ``wall`` is the part of the net sales that goes to tariffs, by region and home.
    """
    for row in range(len(sales)):
        here, who = region[row], firm[row]
        if active[row] and sales[row] > 0.0 and wall[here, home[who]] > 0.0:
            bill[who, here] += 12.0 * sales[row] * (np.float32(1.0) - discount[row]) * wall[here, home[who]]


@compiled
def asking(
    rows: np.ndarray, month: int, public: bool, kind: np.ndarray, listed: np.ndarray, scope: np.ndarray,
    sales: np.ndarray, income: np.ndarray, research: np.ndarray, trial_burn: np.ndarray, cash: np.ndarray,
    raised: np.ndarray, ahead: np.ndarray, home: np.ndarray, small: float, runway: np.ndarray, gap: float,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(firms that ask for money, what they need a month, million US$).

    Research firms and those that sell less than ``small`` ask when the trials ``ahead`` and what they spend beyond
    their income eat their cash within the ``runway`` (10,) at home, months, ``gap`` months after the last round at the
    earliest.
    """
    asked, need, found = np.empty(len(rows), np.int64), np.empty(len(rows)), 0
    for who in rows:
        if listed[who] != public or month - raised[who] < gap or not cash[who] > 0.0:
            continue
        if scope[who] >= GLOBAL or (kind[who] == PHARMA and sales[who] >= small):
            continue
        monthly = max(research[who] + trial_burn[who] - max(income[who], 0.0) / 12.0, 0.05) + ahead[who]
        if cash[who] / monthly < runway[home[who]]:
            asked[found], need[found] = who, monthly
            found += 1
    return asked[:found].copy(), need[:found].copy()


@compiled
def present(rows: np.ndarray, skill: np.ndarray, able: np.float32) -> np.ndarray:
    """Number of regions in which firms (rows) have more than a level of a capability (firms, 10), (rows,)."""
    found = np.zeros(len(rows))
    for i, who in enumerate(rows):
        for region in range(skill.shape[1]):
            found[i] += skill[who, region] > able
    return found


@compiled
def leaving(
    rows: np.ndarray, month: int, sponsors: np.ndarray, kind: np.ndarray, founded: np.ndarray, cash: np.ndarray,
    income: np.ndarray, candidates: np.ndarray, products: np.ndarray, credit: float, little: float,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(firms that leave, whether for want of money): debts beyond ``credit`` years of income, or idle research firms.

    ``sponsors`` are those of approved assets: who has one, a candidate or a product is not idle, nor is who has more
    than ``little`` cash or is not two years old.
    """
    busy = np.zeros(len(kind), np.bool_)
    for who in sponsors:
        busy[who] = True
    left, broke, found = np.empty(len(rows), np.int64), np.empty(len(rows), np.bool_), 0
    for who in rows:
        owing = cash[who] < -credit * (max(income[who], 0.0) + 1.0)
        idle = kind[who] == BIOTECH and not (busy[who] or candidates[who] > 0 or products[who] > 0)
        if owing or (idle and cash[who] < little and month - founded[who] > 24):
            left[found], broke[found] = who, owing
            found += 1
    return left[:found].copy(), broke[:found].copy()


@compiled
def pass_assets(
    rows: np.ndarray, heir: np.ndarray, signed: np.ndarray, home_bit: np.ndarray, sponsor: np.ndarray,
    holder: np.ndarray, involved: np.ndarray,
) -> None:  # fmt: skip
    """Let heirs take the place of sponsors and holders of assets (rows).

    ``heir`` (firms,) is oneself where nothing moves. Only assets with ``signed`` contracts have rights
    of others. ``home_bit`` marks the home of each firm.
    """
    for row in rows:
        owner = heir[sponsor[row]]
        if owner == sponsor[row] and signed[row] == 0:
            continue
        sponsor[row] = owner
        for region in range(holder.shape[1]):
            holder[row, region] = heir[holder[row, region]]
        involved[row] |= home_bit[owner]


@compiled
def pass_open(status: np.ndarray, open_status: int, heir: np.ndarray, owner: np.ndarray) -> None:
    """Let heirs take the place of the owners of everything whose ``status`` is open."""
    for row in range(len(status)):
        if status[row] == open_status:
            owner[row] = heir[owner[row]]


@compiled
def left_behind(status: np.ndarray, open_status: int, owner: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """Rows whose ``status`` is open and whose owner is ``gone``."""
    found, number = np.empty(len(status), np.int64), 0
    for row in range(len(status)):
        if gone[owner[row]] and status[row] == open_status:
            found[number] = row
            number += 1
    return found[:number].copy()


@compiled
def most_advanced(rows: np.ndarray, sponsor: np.ndarray, phase: np.ndarray, firms: np.ndarray, size: int) -> np.ndarray:
    """The most advanced candidate (among ``rows``, the last of equals) of each of ``firms``, -1 where there is none."""
    place = np.full(size, -1)
    for i, who in enumerate(firms):
        place[who] = i
    best = np.full(len(firms), -1)
    for row in rows:
        i = place[sponsor[row]]
        if i >= 0 and (best[i] < 0 or phase[row] >= phase[best[i]]):
            best[i] = row
    return best


@compiled
def concerned(
    rows: np.ndarray, gone: np.ndarray, signed: np.ndarray, ended: np.ndarray, never: int, sponsor: np.ndarray,
    holder: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Those of the living assets (rows) with ``signed`` contracts that a firm which is ``gone`` sponsors or holds."""
    found, number, shared = np.empty(len(rows), np.int64), 0, 0
    for row in rows:  # a list first: a branch here would be guessed wrong every fourth time
        found[shared] = row
        shared += signed[row] > 0
    for i in range(shared):
        row = found[i]
        lost = gone[sponsor[row]]
        for region in range(10):
            lost |= gone[holder[row, region]]
        if lost and ended[row] == never:
            found[number] = row
            number += 1
    return found[:number].copy()


@compiled
def parties(gone: np.ndarray, payee: np.ndarray, payer: np.ndarray, ended: np.ndarray, never: int) -> np.ndarray:
    """Running contracts to which a firm is party that is ``gone``."""
    found, number = np.empty(len(ended), np.int64), 0
    for row in range(len(ended)):
        if (gone[payee[row]] | gone[payer[row]]) and ended[row] == never:
            found[number] = row
            number += 1
    return found[:number].copy()


@compiled
def sold_by(
    rows: np.ndarray, firms: int, month: int, active: np.ndarray, launched: np.ndarray, firm: np.ndarray,
    region: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Number of products on the market of each of the firms (rows) by region, (rows, 10), out of all positions.

    ``rows`` are among so many ``firms``; what others sell does not count.
    """
    place = np.full(firms, -1, np.int32)
    for i, who in enumerate(rows):
        place[who] = i
    products = np.zeros((len(rows), 10), np.int64)
    for position in range(len(active)):
        who = place[firm[position]]
        if who >= 0 and active[position] and launched[position] <= month:
            products[who, region[position]] += 1
    return products


@compiled
def idle_organisations(
    rows: np.ndarray, skill: np.ndarray, able: np.float32, active: np.ndarray, firm: np.ndarray, region: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(firms among ``rows`` that are able to sell anywhere, regions where they are and have no product, (found, 10)).

    ``skill`` (firms, 10) is their commercial capability, the last three columns are those of all positions.
    """
    found, number, place = np.empty(len(rows), np.int64), 0, np.full(len(skill), -1, np.int32)
    for who in rows:
        if (skill[who] >= able).any():
            found[number], place[who] = who, number
            number += 1
    idle = np.empty((number, 10), np.bool_)
    for i in range(number):
        idle[i] = skill[found[i]] >= able
    for position in range(len(active)):
        if active[position] and place[firm[position]] >= 0:
            idle[place[firm[position]], region[position]] = False
    return found[:number].copy(), idle
