"""A quarter of the alliances, one by one: who reports, what is missed, quarrels, and what partners learn.

Arrays of alliances have shape (alliances,), of contracts (contracts,), of firms (firms,) or (firms, 10); ``rows`` are
the living alliances. What a function changes stands last among its arguments.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from model.kernels.luck import unit

NEVER = 32_000
OVER, YEARLY, MISSED, MILESTONE, SETBACK, NEWS, THINKS, QUARRELS, CONTESTS = (1 << bit for bit in range(9))
"""What an alliance met in a quarter, one bit each."""
THINKING, QUARREL, CONTEST = 0.06, 0.18, 0.24
"""Ends of the stretches of the unit interval in which a partner thinks of leaving, partners quarrel, or contest
ownership: one number an alliance and quarter decides, so at most one of them happens."""
LEAST_NEWS = 1e-3
"""Change of the public signal, standard deviations, from which there was a readout."""


@njit
def _effort(kind: int, partly: float) -> float:
    """Part of a partner's skills that comes to the work, 0-1: all of it side by side (``kind`` 1 and 2)."""
    return 1.0 if kind == 1 or kind == 2 else partly


@njit(cache=True)
def joint(
    rows: np.ndarray, alliance: np.ndarray, contract: np.ndarray, ended: np.ndarray, payer: np.ndarray,
    payee: np.ndarray, kind: np.ndarray, sponsor: np.ndarray, partly: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """(places in ``rows``, alliances, sponsors, partners, efforts of the partners) of assets under a living alliance.

    ``alliance`` is that of each asset, -1 for none; ``contract`` that of each alliance.
    """
    place, row = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    who, other, effort = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64), np.empty(len(rows))
    number = 0
    for i, asset in enumerate(rows):
        if alliance[asset] < 0:
            continue
        deal = contract[alliance[asset]]
        if ended[deal] != NEVER:
            continue
        place[number], row[number], who[number] = i, alliance[asset], sponsor[asset]
        other[number] = payee[deal] if payer[deal] == sponsor[asset] else payer[deal]
        effort[number] = _effort(kind[deal], partly)
        number += 1
    return (place[:number].copy(), row[:number].copy(), who[:number].copy(), other[:number].copy(),
            effort[:number].copy())  # fmt: skip


@njit(cache=True)
def skill(
    asset: np.ndarray, firm: np.ndarray, region: np.ndarray, level: np.ndarray, alliance: np.ndarray,
    contract: np.ndarray, ended: np.ndarray, payer: np.ndarray, payee: np.ndarray, kind: np.ndarray, partly: float,
) -> np.ndarray:  # fmt: skip
    """Capability (``level`` by firm and region) of firms for their assets, with what partners bring, (rows,)."""
    found = np.empty(len(asset), level.dtype)
    for i, row in enumerate(asset):
        own = level[firm[i], region[i]]
        found[i] = own
        if alliance[row] < 0:
            continue
        deal = contract[alliance[row]]
        if ended[deal] == NEVER and (payer[deal] == firm[i] or payee[deal] == firm[i]):
            other = payee[deal] if payer[deal] == firm[i] else payer[deal]
            found[i] = own + _effort(kind[deal], partly) * max(level[other, region[i]] - own, 0.0)
    return found


@njit(cache=True)
def report(
    rows: np.ndarray, month: int, base: np.uint64, slopes: np.ndarray, law: np.ndarray, deal: np.ndarray,
    identity: np.ndarray, turn: np.ndarray, asset: np.ndarray, openness: np.ndarray, effort: np.ndarray,
    clarity: np.ndarray, completeness: np.ndarray, committee: np.ndarray, asymmetry: np.ndarray, distance: np.ndarray,
    leaves: np.ndarray, ended: np.ndarray, paid: np.ndarray, seller_home: np.ndarray, buyer_home: np.ndarray,
    belief: np.ndarray, trust: np.ndarray, gap: np.ndarray, seen: np.ndarray, milestones: np.ndarray,
    luck: np.ndarray, change: np.ndarray, met: np.ndarray,
) -> None:  # fmt: skip
    """Quarterly reports of all alliances; ``met`` (rows,) says what happened to each.

    A report in time adds to trust and closes part of the gap between beliefs, a missed one costs trust; paid
    milestones add to trust; readouts since the last report (``change``) open the gap, bad ones cost trust.
    ``slopes``, in order: gain, loss, effort, closing, drift, milestone, surprise, setback, bad news; distrust, usual
    trust; disputes a year, culture, power, clarity, completeness, gap, ratio of committees; contests a year.
    """
    (gain, loss, help_, closing, drift, reward, surprise, setback, bad, distrust, usual, disputes, culture, power,
     clear, complete, apart, ratio, contests) = slopes  # fmt: skip
    for i, row in enumerate(rows):
        contract = deal[row]
        if ended[contract] < NEVER:
            met[i] = OVER
            continue
        if turn[row] == month % 12 // 3:
            met[i] |= YEARLY
        luck[i] = unit(base, identity[row], month)
        open_ = openness[row]
        confidence, distant = trust[row], gap[row]
        if luck[i] > open_:
            met[i] |= MISSED
            confidence -= loss
        else:
            confidence += gain * (1 + help_ * effort[row]) * (1 - confidence)
            distant *= 1 - closing * open_
        distant += drift * (1 - open_)
        if paid[contract] > milestones[row]:
            met[i] |= MILESTONE
            milestones[row] = paid[contract]
            confidence += reward
        news = belief[asset[row]] - seen[row]
        if abs(news) > LEAST_NEWS:
            met[i] |= NEWS
            change[i], seen[row] = news, belief[asset[row]]
            distant += surprise * abs(news) * (1 - 0.5 * open_)
            if news < -setback:
                met[i] |= SETBACK
                confidence -= bad * (1 - 0.5 * open_)
        confidence = min(max(confidence, 0.0), 1.0)
        trust[row], gap[row] = confidence, distant
        if leaves[row] < NEVER or luck[i] >= CONTEST:
            continue
        if luck[i] < THINKING:
            met[i] |= THINKS
        elif luck[i] < QUARREL:
            strain = culture * distance[row] + clear * clarity[row] + complete * completeness[row] + apart * distant
            strain += (0.4 if committee[row] else 1.0) * power * asymmetry[row]
            rate = disputes * (ratio if committee[row] else 1.0) * np.exp(strain + distrust * (confidence - usual))
            if luck[i] - THINKING < rate / 4:
                met[i] |= QUARRELS
        else:
            weak = min(law[seller_home[contract]], law[buyer_home[contract]])
            rate = contests * (1.5 - weak) * np.exp(complete * (completeness[row] - 0.5))
            if luck[i] - QUARREL < rate / 4:
                met[i] |= CONTESTS


@njit(cache=True)
def can_end(rows: np.ndarray, asset: np.ndarray, deal: np.ndarray, contract: np.ndarray,
            position: np.ndarray) -> np.ndarray:  # fmt: skip
    """Whether rights are held and nothing is sold under the contracts of alliances, bool (rows,).

    ``contract`` and ``position`` (assets, 10) are the contract and the position of each asset by region, -1 for none.
    """
    able = np.zeros(len(rows), np.bool_)
    for i, row in enumerate(rows):
        sold = False
        for region in range(contract.shape[1]):
            if contract[asset[row], region] == deal[row]:
                able[i] = True
                sold |= position[asset[row], region] >= 0
        able[i] &= not sold
    return able


@njit(cache=True)
def learn(
    payee: np.ndarray, payer: np.ndarray, pace: np.ndarray, rates: np.ndarray, most: float, able: float,
    know_how: np.ndarray, regulatory: np.ndarray, access: np.ndarray, commercial: np.ndarray,
) -> None:  # fmt: skip
    """In each pair of partners the one with less trial know-how closes part of its gaps to the other.

    ``pace`` (pairs,) multiplies the ``rates`` of trial, regulatory, access and commercial capability; nobody passes
    ``most`` of the partner's level, nor commercially ``able`` without a sales organisation of its own.
    """
    for i in range(len(payee)):
        pupil, master = payee[i], payer[i]
        if know_how[pupil] > know_how[master]:
            pupil, master = master, pupil
        know_how[pupil] += min(pace[i] * rates[0], 1.0) * max(most * know_how[master] - know_how[pupil], 0.0)
        for region in range(regulatory.shape[1]):
            lead = most * regulatory[master, region] - regulatory[pupil, region]
            regulatory[pupil, region] += min(pace[i] * rates[1], 1.0) * max(lead, 0.0)
            lead = most * access[master, region] - access[pupil, region]
            access[pupil, region] += min(pace[i] * rates[2], 1.0) * max(lead, 0.0)
            lead = min(most * commercial[master, region], able) - commercial[pupil, region]
            commercial[pupil, region] += min(pace[i] * rates[3], 1.0) * max(lead, 0.0)
