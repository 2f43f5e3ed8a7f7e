"""Alliances live: reports, trust, beliefs that drift apart, and once a year the partners take stock."""

from __future__ import annotations

import numpy as np

from model.clock import NEVER
from model.kernels import alliances as kernel
from model.ledger import STAFF
from model.mechanisms.alliances import log, memory, norms
from model.mechanisms.alliances.ending import finish
from model.mechanisms.alliances.forming import is_living
from model.mechanisms.alliances.learning import learn
from model.mechanisms.alliances.trouble import dispute, reconsider, renegotiate
from model.world import World

CONDUCT = {
    "gain": "alliance.trust_gain_per_report", "loss": "alliance.trust_loss_missed_report",
    "effort": "alliance.investment_gain", "closing": "alliance.gap_closing", "drift": "alliance.gap_drift",
    "milestone": "alliance.trust_gain_milestone", "surprise": "alliance.surprise_weight",
    "setback": "alliance.setback", "bad_news": "alliance.trust_loss_trial_failure",
    "distrust": "alliance.trust_hazard_elasticity", "usual_trust": "alliance.usual_trust",
    "disputes": "alliance.dispute_hazard_base", "culture": "culture.dispute_elasticity",
    "power": "alliance.power_asymmetry_dispute", "clarity": "alliance.clarity_dispute",
    "completeness": "alliance.contract_completeness_dispute", "gap": "alliance.gap_dispute",
    "skew": "alliance.skew_dispute", "committees": "alliance.jsc_dispute_hazard_ratio",
    "contests": "alliance.ip_dispute_hazard",
}  # fmt: skip
"""Named value of each field of the conduct of alliances."""
LUCK = ("alliance.report", "alliance.thought", "alliance.quarrel", "alliance.contest")
"""What luck decides each quarter: missed reports, thoughts of leaving, disputes, contested ownership."""
TOLD = ((kernel.MISSED, log.MISSED), (kernel.MILESTONE, log.MILESTONE), (kernel.SETBACK, log.SETBACK))


def live(world: World) -> None:
    """At the end of each quarter all alliances report, with what follows from it."""
    if world.month % 3 != 2:
        return
    rows, leaves = world.state["allied"], world.alliances.leaves
    luck, change, met = report(world, rows)
    tell_reports(world, rows, met)
    fresh = np.flatnonzero((met & kernel.NEWS > 0) & (met < kernel.QUARRELS) & (leaves[rows] == NEVER))
    refused = renegotiate(world, rows[fresh], change[fresh])
    at_odds = met >= kernel.QUARRELS
    upset = np.concatenate([rows[at_odds], refused])
    contested = np.concatenate([met[at_odds] >= kernel.CONTESTS, np.zeros(len(refused), bool)])
    dispute(world, upset, contested)
    thinks = met & kernel.THINKS > 0
    reconsider(world, rows[thinks], luck[thinks], upset)
    over = met & kernel.OVER > 0
    finish(world, rows[over], rows[~over & (leaves[rows] <= world.month)])
    yearly = rows[met & kernel.YEARLY > 0]
    take_stock(world, yearly[is_living(world, yearly)])
    if world.month % 12 == 11:
        memory.forgive(world)
        norms.spread(world)
        log.tell(world, world.state["allied"], log.YEAR_END)


def tell_reports(world: World, rows: np.ndarray, met: np.ndarray) -> None:
    """Record missed reports, milestones and bad news."""
    found = [(rows[met & bit > 0], event) for bit, event in TOLD]
    events = np.concatenate([np.full(len(mine), event) for mine, event in found])
    log.tell(world, np.concatenate([mine for mine, _ in found]), events)


def report(world: World, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Let the alliances report: their number of the quarter, change of the public signal, and what they met (bits of
    :mod:`model.kernels.alliances`), (rows,) each."""
    alliances, deals, now = world.alliances, world.deals, world.now
    luck, change, met = np.ones(len(rows)), np.zeros(len(rows)), np.zeros(len(rows), np.int64)
    kernel.report(
        rows, world.month, world.draws.bases(LUCK), conduct(world), now["protection.ip_strength"],
        alliances.deal, alliances.identity, alliances.turn, alliances.asset, alliances.transparency,
        alliances.investment, alliances.clarity, alliances.completeness, alliances.committee, alliances.asymmetry,
        alliances.distance, alliances.skew, alliances.leaves, deals.ended, deals.development_paid, deals.seller_home,
        deals.buyer_home, world.assets.belief, alliances.trust, alliances.gap, alliances.seen, alliances.milestones,
        luck, change, met,
    )  # fmt: skip
    return luck, change, met


def conduct(world: World) -> kernel.Conduct:
    """How alliances fare from quarter to quarter by the rules of the month."""
    return kernel.Conduct(**{field: float(world.now[name]) for field, name in CONDUCT.items()})


def take_stock(world: World, rows: np.ndarray) -> None:
    """Once a year partners pay for their governance, learn from each other, and their record grows."""
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
