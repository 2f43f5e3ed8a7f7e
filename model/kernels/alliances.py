"""A quarter of the alliances, one by one: who reports, what is missed, quarrels, and what partners learn.

Arrays of alliances have shape (alliances,), of contracts (contracts,), of firms (firms,) or (firms, 10); ``rows`` are
the living alliances. What a function changes stands last among its arguments.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.choices import CODEVELOPMENT, COPROMOTION
from agents.compiling import compiled, inner
from model.clock import NEVER
from model.kernels.luck import unit

OVER, YEARLY, MISSED, MILESTONE, SETBACK, NEWS, THINKS, QUARRELS, CONTESTS = (1 << bit for bit in range(9))
"""What an alliance met in a quarter, one bit each."""
THINKING = 0.25
"""Luck of the quarter below which a licensee thinks of leaving: a chance above it counts as one of so much."""
LEAST_NEWS = 1e-3
"""Change of the public signal, standard deviations, from which there was a readout."""


@inner
def _effort(kind: int, partly: float) -> float:
    """Part of a partner's skills that comes to the work, 0-1: all of it where both work side by side."""
    return 1.0 if kind in (CODEVELOPMENT, COPROMOTION) else partly


@compiled
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


@compiled
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


class Conduct(NamedTuple):
    """Named values by which alliances fare from quarter to quarter."""

    gain: float
    """Trust that a report in time adds."""
    loss: float
    effort: float
    closing: float
    drift: float
    milestone: float
    surprise: float
    setback: float
    bad_news: float
    distrust: float
    usual_trust: float
    disputes: float
    """Quarrels a year of a usual alliance."""
    culture: float
    power: float
    clarity: float
    completeness: float
    gap: float
    skew: float
    committees: float
    """Quarrels with a steering committee over those without."""
    contests: float
    """Contested inventions a year of a usual alliance."""


@compiled
def report(
    rows: np.ndarray, month: int, bases: np.ndarray, conduct: Conduct, law: np.ndarray, deal: np.ndarray,
    identity: np.ndarray, turn: np.ndarray, asset: np.ndarray, openness: np.ndarray, effort: np.ndarray,
    clarity: np.ndarray, completeness: np.ndarray, committee: np.ndarray, asymmetry: np.ndarray, distance: np.ndarray,
    skew: np.ndarray, leaves: np.ndarray, ended: np.ndarray, paid: np.ndarray, seller_home: np.ndarray,
    buyer_home: np.ndarray, belief: np.ndarray, trust: np.ndarray, gap: np.ndarray, seen: np.ndarray,
    milestones: np.ndarray, luck: np.ndarray, change: np.ndarray, met: np.ndarray,
) -> None:  # fmt: skip
    """Quarterly reports of all alliances; ``met`` (rows,) says what happened to each.

    Paid milestones add to trust; readouts since the last report (``change``) open the gap between beliefs, bad ones
    cost trust. ``bases`` are those of the luck of reports, thoughts of leaving, quarrels and contests.
    """
    for i, row in enumerate(rows):
        contract = deal[row]
        if ended[contract] < NEVER:
            met[i] = OVER
            continue
        if turn[row] == month % 12 // 3:
            met[i] |= YEARLY
        missed = unit(bases[0], identity[row], month) > openness[row]
        if missed:
            met[i] |= MISSED
        confidence, distant = _reported(missed, trust[row], gap[row], openness[row], effort[row], conduct)
        if paid[contract] > milestones[row]:
            met[i] |= MILESTONE
            milestones[row] = paid[contract]
            confidence += conduct.milestone
        news = belief[asset[row]] - seen[row]
        if abs(news) > LEAST_NEWS:
            met[i] |= NEWS
            change[i], seen[row] = news, belief[asset[row]]
            distant += conduct.surprise * abs(news) * (1 - 0.5 * openness[row])
            if news < -conduct.setback:
                met[i] |= SETBACK
                confidence -= conduct.bad_news * (1 - 0.5 * openness[row])
        trust[row], gap[row] = min(max(confidence, 0.0), 1.0), distant
        if leaves[row] < NEVER:
            continue
        luck[i] = unit(bases[1], identity[row], month)
        if luck[i] < THINKING:
            met[i] |= THINKS
        quarrels = _quarrels(
            row, trust[row], distant, clarity, completeness, committee, asymmetry, distance, skew, conduct
        )
        if unit(bases[2], identity[row], month) < quarrels / 4:
            met[i] |= QUARRELS
        law_there = min(law[seller_home[contract]], law[buyer_home[contract]])
        contests = conduct.contests * (1.5 - law_there) * np.exp(conduct.completeness * (completeness[row] - 0.5))
        if unit(bases[3], identity[row], month) < contests / 4:
            met[i] |= CONTESTS


@inner
def _reported(
    missed: bool, trust: float, gap: float, openness: float, effort: float, conduct: Conduct
) -> tuple[float, float]:
    """(trust, gap) after a report: one in time adds to trust and closes part of the gap, a missed one costs trust."""
    if missed:
        trust = trust - conduct.loss
    else:
        trust = trust + conduct.gain * (1 + conduct.effort * effort) * (1 - trust)
        gap = gap * (1 - conduct.closing * openness)
    return trust, gap + conduct.drift * (1 - openness)


@inner
def _quarrels(
    row: int, trust: float, gap: float, clarity: np.ndarray, completeness: np.ndarray, committee: np.ndarray,
    asymmetry: np.ndarray, distance: np.ndarray, skew: np.ndarray, conduct: Conduct,
) -> float:  # fmt: skip
    """Quarrels of an alliance a year, at the rate of this quarter."""
    strain = conduct.culture * distance[row] + conduct.clarity * clarity[row]
    strain += conduct.completeness * completeness[row]
    strain += conduct.gap * gap + conduct.skew * skew[row]
    strain += (0.4 if committee[row] else 1.0) * conduct.power * asymmetry[row]
    rate = conduct.disputes * (conduct.committees if committee[row] else 1.0)
    return rate * np.exp(strain + conduct.distrust * (trust - conduct.usual_trust))


@compiled
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


@compiled
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
