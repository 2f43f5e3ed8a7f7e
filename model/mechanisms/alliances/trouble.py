"""What goes wrong in alliances: partners who think of leaving, disputes, money after surprising data."""

from __future__ import annotations

import numpy as np

from agents import Firm
from agents.choices import CODEVELOPMENT
from agents.decisions.governance import RENEGOTIATE, TERMINATE, ReviewKnown
from model.arrays import within
from model.ledger import STAFF
from model.mechanisms.alliances.ending import LICENSEE, LICENSOR, can_end
from model.mechanisms.alliances.log import DISPUTE, NOTICE, OWNERSHIP, RENEGOTIATED, tell
from model.mechanisms.valuation import chances, total_worth
from model.world import World


def distrust(world: World, rows: np.ndarray) -> np.ndarray:
    """Factor of hazards for trust below or above the usual, (rows,)."""
    now = world.now
    return np.exp(now["alliance.trust_hazard_elasticity"] * (world.alliances.trust[rows] - now["alliance.usual_trust"]))


def ending_rate(world: World, rows: np.ndarray) -> np.ndarray:
    """Hazard that the licensee leaves for other reasons than the science, per year at usual worth, (rows,)."""
    alliances, now, deals = world.alliances, world.now, world.deals
    deal = alliances.deal[rows]
    ratio = np.where(alliances.review[rows], now["alliance.periodic_review_hazard_ratio"], 1.0)
    ratio *= np.where(deals.kind[deal] == CODEVELOPMENT, now["alliance.mixed_rd_marketing_hazard_ratio"], 1.0)
    home = deals.seller_home[deal] == deals.buyer_home[deal]
    ratio *= np.where(home, now["alliance.domestic_partner_hazard_ratio"], 1.0)
    ratio *= np.where(world.ties.deals[alliances.tie[rows]] > 1, now["alliance.prior_tie_hazard_ratio"], 1.0)
    ratio *= now["alliance.experience_gap_hazard_ratio"] ** alliances.inexperience[rows]
    log = now["alliance.gap_hazard"] * alliances.gap[rows] + now["alliance.skew_hazard"] * alliances.skew[rows]
    base = now["alliance.termination_hazard_annual"] * now["alliance.hazard_level"]
    return base * ratio * np.exp(log) * distrust(world, rows)


def reconsider(world: World, thinkers: np.ndarray, luck: np.ndarray, upset: np.ndarray) -> None:
    """Partners compare going on with ending: licensees who think of leaving (``luck`` is their number of the quarter),
    licensors after a dispute. Leaving takes notice, a licensor may end at once."""
    able, near = can_end(world, thinkers), can_end(world, upset)
    thinkers, luck, upset = thinkers[able], luck[able], upset[near]
    rows = np.concatenate([thinkers, upset])
    if not len(rows):
        return
    alliances, deals = world.alliances, world.deals
    number = len(thinkers)
    decider = np.concatenate([deals.payer[alliances.deal[thinkers]], deals.payee[alliances.deal[upset]]])
    hazard = np.concatenate([ending_rate(world, thinkers) / 4, breaking_chance(world, upset)])
    draw = world.draws.uniform("alliance.break", alliances.identity[upset], world.month)
    known = review_known(world, rows, hazard, np.concatenate([luck, draw]))
    answer = world.decide(Firm, "review_alliance", decider, known, "firms")
    gone = thinkers[answer[:number] == TERMINATE]
    alliances.leaves[gone], alliances.leaver[gone] = world.month + int(world.now["deal.termination_notice"]), LICENSEE
    tell(world, gone, NOTICE)
    broken = upset[answer[number:] == TERMINATE]
    alliances.leaves[broken], alliances.leaver[broken] = world.month, LICENSOR
    talks = np.flatnonzero(answer == RENEGOTIATE)
    amend(world, rows[talks], np.where(talks < number, -1.0, 1.0))


def breaking_chance(world: World, rows: np.ndarray) -> np.ndarray:
    """Chance that a dispute ends the contract at usual worth: less with trust and with mediation, (rows,)."""
    alliances, now = world.alliances, world.now
    soft = 1 - now["alliance.mitigation_effect"] * alliances.mitigation[rows]
    power = now["alliance.trust_hazard_elasticity"] * (alliances.trust[rows] - 0.5)
    return np.minimum(now["alliance.dispute_ends_deal"] * np.exp(power) * soft, 1.0)


def review_known(world: World, rows: np.ndarray, hazard: np.ndarray, luck: np.ndarray) -> ReviewKnown:
    """What a partner knows when it thinks over an alliance."""
    alliances, deals, now, assets = world.alliances, world.deals, world.now, world.assets
    deal, asset = alliances.deal[rows], alliances.asset[rows]
    owed = chances(world, asset) * (deals.development[deal] - deals.development_paid[deal])
    return ReviewKnown(
        value=total_worth(world, asset) * (1 - deals.royalty[deal]), cost=12 * assets.burn[asset] + owed,
        hazard=hazard, trust=alliances.trust[rows], luck=luck,
        usual_margin=now["alliance.usual_margin"], margin_weight=now["alliance.margin_weight"],
    )  # fmt: skip


def dispute(world: World, rows: np.ndarray, contested: np.ndarray) -> None:
    """Partners quarrel, about ownership where ``contested``: money and trust are lost, less with mediation."""
    if not len(rows):
        return
    alliances, now, deals = world.alliances, world.now, world.deals
    deal = alliances.deal[rows]
    world.flow("disputes", deals.seller_home[deal])
    soft = now["alliance.mitigation_effect"] * alliances.mitigation[rows]
    loss = now["alliance.trust_loss_dispute"] * (1 - soft)
    alliances.trust[rows] = np.maximum(alliances.trust[rows] - loss, 0.0)
    alliances.disputes[rows] += 1
    alliances.troubled[rows] = world.month
    dear = np.where(contested, now["alliance.ownership_cost"], 1.0)
    half = 0.5 * now["alliance.dispute_cost"] * world.prices(2020) * dear
    partners = np.concatenate([deals.payee[deal], deals.payer[deal]])
    world.ledger.pay(world.firms.cash, partners, np.concatenate([half, half]), STAFF)
    tell(world, rows, np.where(contested, OWNERSHIP, DISPUTE))


def renegotiate(world: World, rows: np.ndarray, change: np.ndarray) -> np.ndarray:
    """After surprising data the partner whom they favour asks for more, the noisier the oftener.

    Those who trust each other find new terms; returns the alliances (rows) that quarrel about it.
    """
    if not len(rows):
        return rows
    alliances = world.alliances
    chance = world.now["alliance.renegotiation_hazard"] * np.abs(change) * (1 + alliances.gap[rows])
    talks = world.draws.uniform("alliance.money", alliances.identity[rows], world.month) < chance
    rows, change = rows[talks], change[talks]
    patient = world.draws.uniform("alliance.talks", alliances.identity[rows], world.month) < alliances.trust[rows] + 0.3
    amend(world, rows[patient], change[patient])
    return rows[~patient]


def amend(world: World, rows: np.ndarray, favours: np.ndarray) -> None:
    """New terms: the royalty moves towards the seller (positive) or the buyer; the gap between beliefs halves."""
    if not len(rows):
        return
    alliances, deals = world.alliances, world.deals
    deal = alliances.deal[rows]
    moved = 1 + world.now["alliance.amendment"] * np.sign(favours)
    deals.royalty[deal] = within(deals.royalty[deal] * moved, 0.0, 1.0)
    alliances.gap[rows] *= 0.5
    tell(world, rows, RENEGOTIATED)
