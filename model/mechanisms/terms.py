"""Terms of contracts: from a price that both sides accept to upfront, milestones, royalty and shares."""

from __future__ import annotations

import numpy as np

from agents.decisions.partnering import CODEVELOPMENT, COPROMOTION
from model.arrays import unpack_regions, within
from model.clock import year_of
from model.kernels.offers import Offers
from model.labels import MARKETED
from model.mechanisms.contracts import MILESTONE_WEIGHT, NEWCO_DEAL, OPTION_DEAL, SALE_DEAL, Terms
from model.mechanisms.valuation import chances, odds_ahead, worth, years_ahead
from model.world import World


def write_terms(world: World, offers: Offers, territory: np.ndarray, view: np.ndarray, price: np.ndarray,
                kind: np.ndarray, power: np.ndarray) -> Terms:  # fmt: skip
    """Terms that are worth ``price`` (rows,) to the seller in present value, million US$.

    Royalty of the stage, leaning to the stronger side; a shared profit instead of it where partners share; the rest
    as upfront and milestones, the earlier the asset the more of it only later. A sale is paid at once. ``view``
    (rows, 10) is what the buyer sees of the worth, and so of the royalties to come.
    """
    now = world.now
    stage = np.minimum(world.assets.phase[offers.asset] + 1, 5)
    value = np.where(territory, offers.value * view, 0.0).sum(axis=1)
    lean = within((now["deal.bargaining_weight_buyer"] - power) / 0.25, -1, 1)
    royalty = now["deal.royalty"][stage] * (1 + now["deal.royalty_lean"] * lean)
    sold = kind == SALE_DEAL
    royalty = np.where((kind == CODEVELOPMENT) | sold, 0.0, royalty)
    shared = np.where((kind == CODEVELOPMENT) | (kind == COPROMOTION), now["deal.codevelopment_cost_share"], 0.0)
    running = royalty * value / now["valuation.margin"]
    running += np.where(kind == CODEVELOPMENT, shared * (value - offers.cost), 0.0)
    rest = np.maximum(price - running, 0.1 * price)
    front = np.where(sold, 1.0, world.once(upfront_share)[stage])
    part = now["deal.development_share"][stage]
    certain = front + (1 - front) * expected_milestones(world, offers, part)
    headline = rest / np.maximum(certain, 0.02)
    milestones = headline * (1 - front)
    development = milestones * part
    terms = Terms(territory, headline * front, development, milestones - development, royalty, kind)
    terms.profit_share = shared
    return in_two_steps(world, with_equity(world, terms))


def expected_milestones(world: World, offers: Offers, part: np.ndarray) -> np.ndarray:
    """Present value of a dollar of milestones, ``part`` of it due on development and the rest on sales, (rows,)."""
    due, sold = world.once(value_of_milestones)
    here = world.assets.phase[offers.asset], offers.passed, world.assets.area[offers.asset]
    return part * due[here] + (1 - part) * world.now["licensing.sales_milestone_odds"] * sold[here]


def value_of_milestones(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Present value of a dollar due on development, and of one due after approval, by phase, whether that has been
    passed, and area, (6, 2, 16) each."""
    ahead, wait = odds_ahead(world), years_ahead(world)
    phase = np.arange(MARKETED + 1)
    here = np.minimum(phase[:, None] + np.arange(2), MARKETED)
    reach = (
        ahead[here]
        / ahead[:, None, None]
        * (1 + world.now["valuation.discount_rate"]) ** (wait[:, None, None] - wait[here])
    )
    weight = MILESTONE_WEIGHT[:, None] * (phase[:, None] > phase)
    due = (weight[..., None, None] * reach).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-9)[:, None, None]
    return due, reach[MARKETED]


def upfront_share(world: World) -> np.ndarray:
    """Part of the headline paid at signing, by stage: from the habits of 2000 to those of the 2020s, (6,)."""
    now = world.now
    way = np.clip((year_of(world.month) - 2000) / 20, 0, 1)
    return (1 - way) * now["deal.upfront_share_2000"] + way * now["deal.upfront_share"]


def in_two_steps(world: World, terms: Terms) -> Terms:
    """Options: a fee now, the rest of the upfront when the partner takes the rights."""
    optional = terms.kind == OPTION_DEAL
    fee = terms.upfront * world.now["deal.option_fee_share"]
    terms.exercise = np.where(optional, terms.upfront - fee, 0.0)
    terms.upfront = np.where(optional, fee, terms.upfront)
    return terms


def with_equity(world: World, terms: Terms) -> Terms:
    """Licensors of a new company take a part of their price as its equity."""
    equity = world.now["deal.newco_equity"]
    terms.equity = np.where(terms.kind == NEWCO_DEAL, equity, 0.0)
    terms.upfront = terms.upfront * (1 - terms.equity)
    return terms


def owed(world: World, rows: np.ndarray) -> np.ndarray:
    """Present value of what options (rows) cost their payers once they are taken up, million US$, (rows,)."""
    deals, now = world.deals, world.now
    asset = deals.asset[rows]
    passed = world.assets.waiting[asset].astype(np.int64)
    odds = chances(world, asset, passed)
    value = np.where(unpack_regions(deals.territory[rows]), worth(world, asset, passed), 0.0).sum(axis=1)
    later = deals.development[rows] + deals.commercial[rows]
    return deals.exercise[rows] + 0.8 * odds * later + deals.royalty[rows] * value / now["valuation.margin"]
