"""Alliances live: reports, trust, beliefs that drift apart, and once a year the partners take stock.

Each alliance acts in its own month of the quarter. One uniform number an alliance and quarter decides which of the
rare events (ending, dispute, dispute about ownership, missed report) can happen: each owns a stretch of the unit
interval, so at most one of them does, and only the few alliances inside a stretch are looked at more closely.
"""

from __future__ import annotations

import numpy as np

from model.clock import NEVER
from model.ledger import STAFF
from model.mechanisms.alliances import memory
from model.mechanisms.alliances.ending import depart, leave
from model.mechanisms.alliances.learning import learn
from model.mechanisms.alliances.log import FAILURE, MILESTONE, MISSED, SETBACK, YEAR_END, tell
from model.mechanisms.alliances.trouble import LAST_STRETCH, quarrel, renegotiate
from model.mechanisms.contracts import FAILED
from model.world import World

NEWS = 1e-3
"""Change of the public signal, standard deviations, from which there was a readout."""


def live(world: World) -> None:
    """A month of all alliances."""
    rows = leave_ended(world)
    alliances = world.alliances
    turn = alliances.turn[rows]
    report(world, rows[turn % 3 == world.month % 3])
    depart(world, rows[alliances.leaves[rows] <= world.month])
    take_stock(world, rows[turn == world.month % 12])
    if world.month % 12 == 0:
        memory.forgive(world)
    if world.month % 12 == 11:
        tell(world, world.state["allied"], YEAR_END)


def leave_ended(world: World) -> np.ndarray:
    """Alliances whose contracts have ended leave the list; the pairs remember. Returns those that live."""
    alliances, deals = world.alliances, world.deals
    rows = world.state["allied"]
    open_ = deals.ended[alliances.deal[rows]] == NEVER
    if not open_.all():
        over = rows[~open_]
        reason = deals.end_reason[alliances.deal[over]]
        failed = over[reason == FAILED]
        loss = world.now["alliance.trust_loss_trial_failure"] * (1 - 0.5 * alliances.transparency[failed])
        alliances.trust[failed] = np.maximum(alliances.trust[failed] - loss, 0.0)
        tell(world, over, FAILURE + reason - FAILED)
        leave(world, over)
    return world.state["allied"]


def report(world: World, rows: np.ndarray) -> None:
    """Quarterly reports: kept ones build trust and close gaps, missed ones do the reverse; then what goes wrong."""
    if not len(rows):
        return
    alliances, now = world.alliances, world.now
    luck = world.draws.uniform("alliance.quarter", alliances.identity[rows], world.month)
    trust, gap, openness = alliances.trust[rows], alliances.gap[rows], alliances.transparency[rows]
    missed = luck > openness
    effort = 1 + now["alliance.investment_gain"] * alliances.investment[rows]
    gain = now["alliance.trust_gain_per_report"] * effort * (1 - trust)
    trust += np.where(missed, -now["alliance.trust_loss_missed_report"], gain)
    gap *= 1 - now["alliance.gap_closing"] * openness * ~missed
    gap += now["alliance.gap_drift"] * (1 - openness)
    alliances.trust[rows], alliances.gap[rows] = np.clip(trust, 0, 1), gap
    tell(world, rows[missed], MISSED)
    look(world, rows)
    surprised = hear(world, rows)
    inside = luck < LAST_STRETCH
    quarrel(world, rows[inside], luck[inside])
    renegotiate(world, rows[surprised != 0], surprised[surprised != 0])


def look(world: World, rows: np.ndarray) -> None:
    """Milestones that were met and paid since the last report build trust."""
    alliances = world.alliances
    paid = world.deals.development_paid[alliances.deal[rows]]
    met = rows[paid > alliances.milestones[rows]]
    if len(met):
        gain = world.now["alliance.trust_gain_milestone"]
        alliances.milestones[met] = world.deals.development_paid[alliances.deal[met]]
        alliances.trust[met] = np.minimum(alliances.trust[met] + gain, 1.0)
        tell(world, met, MILESTONE)


def hear(world: World, rows: np.ndarray) -> np.ndarray:
    """Readouts since the last report: partners see surprises differently. Returns the change of the signal (rows,).

    Bad news cost trust, less where partners are open about them.
    """
    alliances, now = world.alliances, world.now
    change = world.assets.belief[alliances.asset[rows]] - alliances.seen[rows]
    change[np.abs(change) < NEWS] = 0.0
    fresh = np.flatnonzero(change)
    if not len(fresh):
        return change
    moved, size = rows[fresh], change[fresh]
    openness = alliances.transparency[moved]
    alliances.seen[moved] += size
    alliances.gap[moved] += now["alliance.surprise_weight"] * np.abs(size) * (1 - 0.5 * openness)
    bad = size < -now["alliance.setback"]
    loss = now["alliance.trust_loss_trial_failure"] * (1 - 0.5 * openness) * bad
    alliances.trust[moved] = np.maximum(alliances.trust[moved] - loss, 0.0)
    tell(world, moved[bad], SETBACK)
    return change


def take_stock(world: World, rows: np.ndarray) -> None:
    """Once a year partners pay for their governance, learn from each other, and their record grows."""
    rows = rows[world.deals.ended[world.alliances.deal[rows]] == NEVER]
    if not len(rows):
        return
    alliances, deals, firms = world.alliances, world.deals, world.firms
    deal = alliances.deal[rows]
    partners = np.concatenate([deals.payee[deal], deals.payer[deal]])
    half = 0.5 * yearly_cost(world, rows)
    world.ledger.pay(firms.cash, partners, np.concatenate([half, half]), STAFF)
    firms.conduct[partners] += world.now["alliance.kept_gain"] * (1 - firms.conduct[partners])
    memory.keep(world, alliances.tie[rows], alliances.trust[rows])
    learn(world, rows)


def yearly_cost(world: World, rows: np.ndarray) -> np.ndarray:
    """Cost of the governance of alliances, both partners, million US$ a year, (rows,)."""
    alliances, now = world.alliances, world.now
    reporting = now["alliance.reporting_cost"]
    cost = now["alliance.jsc_cost"] * alliances.committee[rows] + 0.25 * reporting * alliances.review[rows]
    cost += now["alliance.platform_cost"] * alliances.platform[rows] + reporting * alliances.transparency[rows] ** 2
    cost += now["alliance.investment_cost"] * alliances.investment[rows].astype(np.float64) ** 2
    cost += now["alliance.mitigation_cost"] * alliances.mitigation[rows].astype(np.float64) ** 2
    return cost * world.prices(2020)
