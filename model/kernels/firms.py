"""Loops over firms and over what they hold: spending, asking for money, leaving, heirs.

Arrays of firms have shape (firms,); ``rows`` are those of living firms where nothing else is said.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def spend(
    outsourced: float, home: np.ndarray, research: np.ndarray, trial_burn: np.ndarray, cash: np.ndarray,
    spend_year: np.ndarray, spend_12: np.ndarray, by_region: np.ndarray,
) -> tuple[float, float]:  # fmt: skip
    """Pay research and running trials of all firms; returns what goes to providers and to own staff, million US$.

    Yearly spending is smoothed: a twelfth of it is this month's. ``by_region`` (10,) adds up spending by home.
    """
    providers = staff = 0.0
    for who in range(len(cash)):
        bill = research[who] + trial_burn[who]
        out, own = bill * outsourced, bill * (1.0 - outsourced)
        cash[who] = cash[who] - out - own
        spend_year[who] += bill
        spend_12[who] += (bill * 12.0 - spend_12[who]) / 12.0
        by_region[home[who]] += bill
        providers += out
        staff += own
    return providers, staff


@njit(cache=True)
def afford(
    rows: np.ndarray, most: int, cost: np.ndarray, effort: np.ndarray, cut: float, usual: float, served: np.ndarray,
    spillover: float, home: np.ndarray, ai: np.ndarray, research: np.ndarray, credit: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(firms, number of candidates that each has paid for by now), at most ``most``.

    A candidate has its ``cost`` (10,) at the firm's home, times ``effort`` (firms,), less what AI saves beyond
    ``usual``: ``cut`` for users as far as they are ``served`` (10,), for others by ``spillover``.
    """
    paid, number, found = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64), 0
    for who in rows:
        level = max(served[home[who]] if ai[who] else 0.0, spillover)
        credit[who] += research[who] / (cost[home[who]] * effort[who] * (1.0 - cut * (level - usual)))
        if credit[who] >= 1.0:
            paid[found], number[found] = who, min(int(credit[who]), most)
            credit[who] -= number[found]
            found += 1
    return paid[:found].copy(), number[:found].copy()


@njit(cache=True)
def asking(
    rows: np.ndarray, month: int, public: bool, kind: np.ndarray, listed: np.ndarray, scope: np.ndarray,
    sales: np.ndarray, income: np.ndarray, research: np.ndarray, trial_burn: np.ndarray, cash: np.ndarray,
    raised: np.ndarray, ahead: np.ndarray, small: float, runway: float, gap: float,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(firms that ask for money, what they need a month, million US$).

    Research firms and those that sell less than ``small`` ask when the trials ``ahead`` and what they spend beyond
    their income eat their cash within ``runway`` months, ``gap`` months after the last round at the earliest.
    """
    asked, need, found = np.empty(len(rows), np.int64), np.empty(len(rows)), 0
    for who in rows:
        if listed[who] != public or scope[who] >= 2 or (kind[who] != 0 and sales[who] >= small):
            continue
        monthly = max(research[who] + trial_burn[who] - max(income[who], 0.0) / 12.0, 0.05) + ahead[who]
        if cash[who] > 0.0 and cash[who] / monthly < runway and month - raised[who] >= gap:
            asked[found], need[found] = who, monthly
            found += 1
    return asked[:found].copy(), need[:found].copy()


@njit(cache=True)
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
        owing = cash[who] < -credit * (income[who] + 1.0)
        idle = kind[who] == 0 and not (busy[who] or candidates[who] > 0 or products[who] > 0)
        if owing or (idle and cash[who] < little and month - founded[who] > 24):
            left[found], broke[found] = who, owing
            found += 1
    return left[:found].copy(), broke[:found].copy()


@njit(cache=True)
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


@njit(cache=True)
def pass_open(status: np.ndarray, open_status: int, heir: np.ndarray, owner: np.ndarray) -> None:
    """Let heirs take the place of the owners of everything whose ``status`` is open."""
    for row in range(len(status)):
        if status[row] == open_status:
            owner[row] = heir[owner[row]]


@njit(cache=True)
def give_up(
    status: np.ndarray, open_status: int, gone: np.ndarray, best: np.ndarray, region: np.ndarray, owner: np.ndarray
) -> None:
    """Let the ``best`` firm of the region (10,) take over what is open and belongs to a firm that is ``gone``."""
    for row in range(len(status)):
        if status[row] == open_status and gone[owner[row]]:
            owner[row] = best[region[row]]


@njit(cache=True)
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


@njit(cache=True)
def concerned(
    rows: np.ndarray, gone: np.ndarray, signed: np.ndarray, ended: np.ndarray, never: int, sponsor: np.ndarray,
    holder: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Those of the living assets (rows) with ``signed`` contracts that a firm which is ``gone`` sponsors or holds."""
    found, number = np.empty(len(rows), np.int64), 0
    for row in rows:
        if signed[row] == 0 or ended[row] != never:
            continue
        lost = gone[sponsor[row]]
        for region in range(holder.shape[1]):
            if lost:
                break
            lost = gone[holder[row, region]]
        if lost:
            found[number] = row
            number += 1
    return found[:number].copy()


@njit(cache=True)
def parties(gone: np.ndarray, payee: np.ndarray, payer: np.ndarray, ended: np.ndarray, never: int) -> np.ndarray:
    """Running contracts to which a firm is party that is ``gone``."""
    found, number = np.empty(len(ended), np.int64), 0
    for row in range(len(ended)):
        if ended[row] == never and (gone[payee[row]] or gone[payer[row]]):
            found[number] = row
            number += 1
    return found[:number].copy()
