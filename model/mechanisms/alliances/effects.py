"""What an alliance does to the work on its asset: pace, odds, cost, skills. Assets without one are left exactly as is.

Sharing can be worse than going alone: a partner whose skills the sponsor already has brings nothing, while committees,
disputes, double work and too much or too little structure still cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.arrays import eased, within
from model.kernels import alliances as kernel
from model.labels import PHASE2, PHASE3
from model.mechanisms.alliances.log import DEADLOCK, tell
from model.world import World

STRANGERS, FRIENDS = 0.3, 0.7
"""Trust at which a committee takes its full time, and at which it saves time instead."""
FRIENDS_SAVE = 0.3
"""Months per gate that a committee of partners who trust each other saves."""
FULL_SKILL = 0.3
"""Lead of the partner in trial know-how from which help has its full effect."""
MONTHS_OF_COMPLETENESS = 7.0
"""Months that a complete contract takes longer to write than an empty one."""


@dataclass
class Joint:
    """Assets that are developed in an alliance: places in the rows asked for, alliances, sponsors, partners."""

    place: np.ndarray
    alliance: np.ndarray
    sponsor: np.ndarray
    partner: np.ndarray
    effort: np.ndarray
    """Part of the partner's skills that comes to the work, 0-1."""


def joint(world: World, rows: np.ndarray) -> Joint | None:
    """The assets (rows) under a living alliance, None if there is none."""
    assets, deals = world.assets, world.deals
    place, *parties = kernel.joint(
        rows, assets.alliance, world.alliances.deal, deals.ended, deals.payer, deals.payee, deals.kind, assets.sponsor,
        world.now["alliance.partner_effort"],
    )  # fmt: skip
    return Joint(place, *parties) if len(place) else None


def help_of(world: World, both: Joint) -> np.ndarray:
    """Complementary skill that the partner brings, 0-1: nothing to a sponsor who knows it all, (joint,)."""
    firms = world.firms
    lead = firms.know_how[both.partner] - firms.know_how[both.sponsor]
    return within(lead / FULL_SKILL, 0.0, 1.0) * both.effort


def paced(world: World, rows: np.ndarray, phase: np.ndarray, parts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Months of a clinical programme by part, with a partner: skills shorten, decisions and disputes delay."""
    both = joint(world, rows)
    if both is None:
        return parts
    parts = {name: months.copy() for name, months in parts.items()}
    pace, alliances = multiplier(world, both), world.alliances
    for months in parts.values():
        months[both.place] *= pace
    own, partner = (world.firms.know_how[firm] for firm in (both.sponsor, both.partner))
    best = np.maximum(own, own + both.effort * (partner - own))
    skilled = world.now["trials.skill_startup"]
    parts["startup"][both.place] *= eased(skilled, best) / eased(skilled, own)
    parts["startup"][both.place] += gate_months(world, both, phase[both.place])
    fresh = world.month - alliances.started[both.alliance] <= 2
    parts["startup"][both.place] += fresh * MONTHS_OF_COMPLETENESS * (alliances.completeness[both.alliance] - 0.2)
    return parts


def multiplier(world: World, both: Joint) -> np.ndarray:
    """Phase time with the partner against without, (joint,)."""
    now = world.now
    quick = 1 - (1 - now["alliance.duration_multiplier"]) * help_of(world, both)
    platform = np.where(world.alliances.platform[both.alliance], now["alliance.platform_time"], 1.0)
    return quick * platform


def gate_months(world: World, both: Joint, phase: np.ndarray) -> np.ndarray:
    """Months that partners need to agree at the gate of a phase, (joint,).

    Committees cost time among strangers and save some among friends; unclear roles slow every decision; partners of
    equal weight can block each other; a dispute of the last year still smoulders.
    """
    alliances, now, row = world.alliances, world.now, both.alliance
    ease = within((alliances.trust[row] - STRANGERS) / (FRIENDS - STRANGERS), 0, 1)
    slow = now["alliance.jsc_decision_delay"] * (1 - ease) * (1.5 - alliances.clarity[row]) - FRIENDS_SAVE * ease
    months = np.where(alliances.committee[row], slow, now["alliance.jsc_decision_delay"] * (1 - alliances.clarity[row]))
    months = months + now["alliance.dispute_months"] * (world.month - alliances.troubled[row] < 12)
    luck = world.draws.uniform("alliance.deadlock", alliances.identity[row], phase)
    equal = (both.effort == 1.0) * np.exp(-alliances.asymmetry[row])
    stuck = luck < now["alliance.deadlock_probability"] * equal * (1 - alliances.mitigation[row] * 0.5)
    tell(world, row[stuck], DEADLOCK)
    return months + now["alliance.deadlock_months"] * stuck


def odds(world: World, rows: np.ndarray, phase: np.ndarray) -> np.ndarray | float:
    """Change of the log-odds of trial success with a partner, 0 without, (rows,)."""
    both = joint(world, rows)
    if both is None:
        return 0.0
    late = phase[both.place] == PHASE3
    change = np.zeros(len(rows))
    gain = np.where(late, 1.0, 0.5) * np.log(world.now["alliance.late_stage_alliance_success"])
    change[both.place] = gain * help_of(world, both) + balance(world, rows, both)
    return change


def balance(world: World, rows: np.ndarray, both: Joint) -> np.ndarray:
    """Log-odds lost by too little or too much structure, 0 at the optimum between, (joint,).

    Structure avoids errors and dampens novelty: with losses a (1 - s)^2 and b s^2 the least is lost at s = a / (a + b)
    (Burns and Stalker 1961; the inverted U of ambidexterity).
    """
    now, row = world.now, both.alliance
    novel = world.assets.novel[rows[both.place]]
    error = now["alliance.structure_error"]
    dull = now["alliance.structure_novelty"] * np.where(novel, 1.0, 0.5)
    level = structure(world, both)
    least = error * dull / (error + dull)
    return np.where(row >= 0, least - error * (1 - level) ** 2 - dull * level**2, 0.0)


def structure(world: World, both: Joint) -> np.ndarray:
    """How structured the work is, 0-1: bureaucracy of both, committee, completeness of the contract, (joint,)."""
    firms, alliances = world.firms, world.alliances
    habits = 0.5 * (firms.bureaucracy[both.sponsor] + firms.bureaucracy[both.partner])
    written = 0.2 * alliances.committee[both.alliance] + 0.3 * alliances.completeness[both.alliance]
    return within(0.15 + 0.5 * habits + written, 0.0, 1.0)


def persistence(world: World, rows: np.ndarray) -> np.ndarray | float:
    """Worth that sponsors see in going on with an asset against without an alliance, (rows,).

    Allied projects go on after phase II where firms alone would stop (Guedj 2005).
    """
    both = joint(world, rows)
    if both is None:
        return 1.0
    kept = np.ones(len(rows))
    late = world.assets.phase[rows[both.place]] >= PHASE2
    kept[both.place] = np.where(late, world.now["alliance.contract_rigidity_continue"], 1.0)
    return kept


def cost(world: World, rows: np.ndarray) -> np.ndarray | float:
    """Cost of a programme with a partner against without: joint development does some work twice, (rows,)."""
    both = joint(world, rows)
    if both is None:
        return 1.0
    now = world.now
    saved = np.where(world.alliances.platform[both.alliance], now["alliance.platform_duplication"], 0.0)
    factor = np.ones(len(rows))
    factor[both.place] += np.where(both.effort == 1.0, now["alliance.duplication"] * (1 - saved), 0.0)
    return factor


def skill(world: World, asset: np.ndarray, firm: np.ndarray, region: np.ndarray, name: str) -> np.ndarray:
    """Capability ``name`` of firms in regions for their assets, the partner's help included, (rows,)."""
    deals = world.deals
    return kernel.skill(
        asset.astype(np.int64), firm, region, getattr(world.firms, name), world.assets.alliance, world.alliances.deal,
        deals.ended, deals.payer, deals.payee, deals.kind, world.now["alliance.partner_effort"],
    )  # fmt: skip
