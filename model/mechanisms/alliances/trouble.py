"""What goes wrong in alliances: disputes, deadlocks over money, partners who think of leaving."""

from __future__ import annotations

import numpy as np

from agents import Firm
from agents.decisions.governance import RENEGOTIATE, TERMINATE, ReviewKnown
from model.clock import NEVER
from model.ledger import STAFF
from model.mechanisms.alliances.ending import can_end, end_alliances
from model.mechanisms.alliances.forming import is_living
from model.mechanisms.alliances.log import DISPUTE, NOTICE, OWNERSHIP, RENEGOTIATED, tell
from model.mechanisms.contracts import TERMINATED
from model.mechanisms.valuation import chances, total_worth
from model.world import World

REVIEW, QUARREL, CONTEST = (0.0, 0.08), (0.08, 0.2), (0.2, 0.26)
"""Stretches of the unit interval: thoughts of leaving, disputes, disputes about ownership."""
LAST_STRETCH = CONTEST[1]
OWNERSHIP_COST = 3.0
"""Cost of a dispute about ownership against another (courts)."""
AMENDMENT = 0.1
"""Part by which a renegotiation moves the royalty."""


def quarrel(world: World, rows: np.ndarray, luck: np.ndarray) -> None:
    """Decide the rare events of alliances (rows) whose number of the quarter is ``luck``."""
    if not len(rows):
        return
    open_ = world.alliances.leaves[rows] == NEVER
    rows, luck = rows[open_], luck[open_]
    reviewed = luck < REVIEW[1]
    think_again(world, rows[reviewed], luck[reviewed])
    for (low, high), event, rate in ((QUARREL, DISPUTE, dispute_rate), (CONTEST, OWNERSHIP, ownership_rate)):
        near = np.flatnonzero((luck >= low) & (luck < high))
        happens = luck[near] - low < rate(world, rows[near]) / 4
        dispute(world, rows[near[happens]], event)


def strain(world: World, rows: np.ndarray) -> np.ndarray:
    """Common factor of all hazards: distrust, (rows,)."""
    now = world.now
    return np.exp(now["alliance.trust_hazard_elasticity"] * (world.alliances.trust[rows] - now["alliance.usual_trust"]))


def dispute_rate(world: World, rows: np.ndarray) -> np.ndarray:
    """Disputes a year: culture, power, vague goals and contracts, gaps between beliefs, (rows,)."""
    alliances, now = world.alliances, world.now
    committee = alliances.committee[rows]
    power = np.where(committee, 0.4, 1.0) * now["alliance.power_asymmetry_dispute"] * alliances.asymmetry[rows]
    log = now["culture.dispute_elasticity"] * alliances.distance[rows] + power
    log += now["alliance.clarity_dispute"] * alliances.clarity[rows]
    log += now["alliance.contract_completeness_dispute"] * alliances.completeness[rows]
    log += now["alliance.gap_dispute"] * alliances.gap[rows]
    ratio = np.where(committee, now["alliance.jsc_dispute_hazard_ratio"], 1.0)
    return now["alliance.dispute_hazard_base"] * ratio * np.exp(log) * strain(world, rows)


def ownership_rate(world: World, rows: np.ndarray) -> np.ndarray:
    """Disputes about intellectual property a year: weak law and vague contracts, (rows,)."""
    alliances, now, deals = world.alliances, world.now, world.deals
    deal = alliances.deal[rows]
    law = now["protection.ip_strength"]
    weaker = np.minimum(law[deals.seller_home[deal]], law[deals.buyer_home[deal]])
    vague = np.exp(now["alliance.contract_completeness_dispute"] * (alliances.completeness[rows] - 0.5))
    return now["alliance.ip_dispute_hazard"] * (1.5 - weaker) * vague


def ending_rate(world: World, rows: np.ndarray) -> np.ndarray:
    """Hazard that the licensee leaves for other reasons than the science, per year at usual worth, (rows,)."""
    alliances, now, deals = world.alliances, world.now, world.deals
    deal = alliances.deal[rows]
    ratio = np.where(alliances.review[rows], now["alliance.periodic_review_hazard_ratio"], 1.0)
    ratio *= np.where(deals.kind[deal] == 1, now["alliance.mixed_rd_marketing_hazard_ratio"], 1.0)
    home = deals.seller_home[deal] == deals.buyer_home[deal]
    ratio *= np.where(home, now["alliance.domestic_partner_hazard_ratio"], 1.0)
    ratio *= np.where(world.ties.deals[alliances.tie[rows]] > 1, now["alliance.prior_tie_hazard_ratio"], 1.0)
    ratio *= now["alliance.experience_gap_hazard_ratio"] ** alliances.inexperience[rows]
    log = now["alliance.gap_hazard"] * alliances.gap[rows] + now["alliance.skew_hazard"] * np.maximum(
        alliances.skew[rows] - 1, 0
    )
    base = now["alliance.termination_hazard_annual"] * now["alliance.hazard_level"]
    return base * ratio * np.exp(log) * strain(world, rows)


def think_again(world: World, rows: np.ndarray, luck: np.ndarray) -> None:
    """Licensees compare going on with leaving; who leaves gives notice."""
    able = can_end(world, rows)
    rows, luck = rows[able], luck[able]
    if not len(rows):
        return
    alliances = world.alliances
    licensee = world.deals.payer[alliances.deal[rows]]
    known = review_known(world, rows, ending_rate(world, rows) / 4, luck)
    answer = world.decide(Firm, "review_alliance", licensee, known, "firms")
    gone = rows[answer == TERMINATE]
    alliances.leaves[gone] = world.month + int(world.now["deal.termination_notice"])
    tell(world, gone, NOTICE)
    amend(world, rows[answer == RENEGOTIATE], np.full(np.count_nonzero(answer == RENEGOTIATE), -1.0))


def review_known(world: World, rows: np.ndarray, hazard: np.ndarray, luck: np.ndarray) -> ReviewKnown:
    """What a partner knows when it thinks over an alliance."""
    alliances, deals, now, assets = world.alliances, world.deals, world.now, world.assets
    deal, asset = alliances.deal[rows], alliances.asset[rows]
    owed = chances(world, asset) * (deals.development[deal] - deals.development_paid[deal])
    return ReviewKnown(
        value=total_worth(world, asset) * (1 - deals.royalty[deal]), cost=12 * assets.burn[asset] + owed,
        hazard=hazard, trust=alliances.trust[rows], gap=alliances.gap[rows], luck=luck,
        usual_margin=now["alliance.usual_margin"], margin_weight=now["alliance.margin_weight"],
    )  # fmt: skip


def dispute(world: World, rows: np.ndarray, event: int) -> None:
    """Partners quarrel: money and trust are lost, and some contracts."""
    if not len(rows):
        return
    alliances, now, deals = world.alliances, world.now, world.deals
    world.flow("disputes", deals.seller_home[alliances.deal[rows]])
    soft = now["alliance.mitigation_effect"] * alliances.mitigation[rows]
    loss = now["alliance.trust_loss_dispute"] * (1 - soft)
    alliances.trust[rows] = np.maximum(alliances.trust[rows] - loss, 0.0)
    alliances.disputes[rows] += 1
    alliances.troubled[rows] = world.month
    cost = now["alliance.dispute_cost"] * world.prices(2020) * (OWNERSHIP_COST if event == OWNERSHIP else 1.0)
    for firm in (deals.payee[alliances.deal[rows]], deals.payer[alliances.deal[rows]]):
        world.ledger.pay(world.firms.cash, firm, np.full(len(rows), 0.5 * cost), STAFF)
    tell(world, rows, event)
    break_up(world, rows[can_end(world, rows)])


def break_up(world: World, rows: np.ndarray) -> None:
    """After a dispute licensors decide whether to end the contract at once."""
    if not len(rows):
        return
    alliances, now = world.alliances, world.now
    soft = 1 - now["alliance.mitigation_effect"] * alliances.mitigation[rows]
    power = now["alliance.trust_hazard_elasticity"] * (alliances.trust[rows] - 0.5)
    hazard = np.minimum(now["alliance.dispute_ends_deal"] * np.exp(power) * soft, 1.0)
    luck = world.draws.uniform("alliance.break", alliances.identity[rows], world.month)
    known = review_known(world, rows, hazard, luck)
    answer = world.decide(Firm, "review_alliance", world.deals.payee[alliances.deal[rows]], known, "firms")
    end_alliances(world, rows[answer == TERMINATE], TERMINATED)
    amend(world, rows[answer == RENEGOTIATE], np.ones(np.count_nonzero(answer == RENEGOTIATE)))


def renegotiate(world: World, rows: np.ndarray, change: np.ndarray) -> None:
    """After surprising data the partner whom they favour asks for more, the noisier the oftener."""
    running = is_living(world, rows)
    rows, change = rows[running], change[running]
    if not len(rows):
        return
    alliances = world.alliances
    chance = world.now["alliance.renegotiation_hazard"] * np.abs(change) * (1 + alliances.gap[rows])
    luck = world.draws.uniform("alliance.money", alliances.identity[rows], world.month)
    talks = luck < chance
    rows, change = rows[talks], change[talks]
    patient = world.draws.uniform("alliance.talks", alliances.identity[rows], world.month) < alliances.trust[rows] + 0.3
    amend(world, rows[patient], change[patient])
    dispute(world, rows[~patient & (alliances.leaves[rows] == NEVER)], DISPUTE)


def amend(world: World, rows: np.ndarray, favours: np.ndarray) -> None:
    """New terms: the royalty moves towards the seller (positive) or the buyer; the gap between beliefs halves."""
    if not len(rows):
        return
    alliances, deals = world.alliances, world.deals
    deal = alliances.deal[rows]
    deals.royalty[deal] = np.clip(deals.royalty[deal] * (1 + AMENDMENT * np.sign(favours)), 0.0, 1.0)
    alliances.gap[rows] *= 0.5
    tell(world, rows, RENEGOTIATED)
