"""Terms of contracts: from a price that both sides accept to upfront, milestones, royalty and shares."""

from __future__ import annotations

import numpy as np

from agents.choices import CODEVELOPMENT, COPROMOTION, KINDS, NEWCO_DEAL, OPTION_DEAL, SALE_DEAL
from model.arrays import unpack_regions
from model.clock import year_of
from model.kernels import terms as kernel
from model.kernels.offers import Offers
from model.labels import MARKETED
from model.mechanisms.contracts import MILESTONE_WEIGHT, Terms
from model.mechanisms.valuation import chances, odds_ahead, worth, years_ahead
from model.world import World


def write_terms(world: World, offers: Offers, territory: np.ndarray, view: np.ndarray, price: np.ndarray,
                kind: np.ndarray, power: np.ndarray) -> Terms:  # fmt: skip
    """Terms that are worth ``price`` (rows,) to the seller in present value, million US$.

    The earlier the asset, the more of it only later; a sale is paid at once. ``view`` (rows, 10) is what the buyer sees
    of the worth, and so of the royalties to come.
    """
    assets, asset = world.assets, offers.asset
    upfront, development, commercial, exercise, royalty, shared, equity = kernel.write(
        assets.phase[asset], offers.passed, assets.area[asset], kind, power, price, offers.value, offers.cost, view,
        territory, world.firms.home[offers.seller], world.once(customs),
    )  # fmt: skip
    return Terms(territory, upfront, development, commercial, royalty, kind, exercise, shared, equity)


def customs(world: World) -> kernel.Custom:
    """What is customary in contracts this month.

    Codevelopers share profit and cost instead of a royalty, copromoters the profit at the seller's home; options cost a
    fee now and the rest of the upfront when the partner takes the rights; licensors of a new company take equity in it.
    """
    now = world.now
    kinds = np.arange(len(KINDS))
    at_once, both = kinds == SALE_DEAL, kinds == CODEVELOPMENT
    due, sold = value_of_milestones(world)
    share = now["deal.codevelopment_cost_share"]
    return kernel.Custom(
        royalty=np.where((both | at_once)[:, None], 0.0, now["deal.royalty"]),
        front=np.where(at_once[:, None], 1.0, upfront_share(world)), development=now["deal.development_share"],
        shared=share * (both | (kinds == COPROMOTION)), everywhere=both,
        equity=now["deal.newco_equity"] * (kinds == NEWCO_DEAL),
        fee=np.where(kinds == OPTION_DEAL, now["deal.option_fee_share"], 1.0), due=due, sold=sold,
        sales_odds=now["licensing.sales_milestone_odds"], usual_power=now["deal.bargaining_weight_buyer"],
        lean=now["deal.royalty_lean"], margin=now["valuation.margin"],
    )  # fmt: skip


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


def owed(world: World, rows: np.ndarray) -> np.ndarray:
    """Present value of what options (rows) cost their payers once they are taken up, million US$, (rows,)."""
    deals, now = world.deals, world.now
    asset = deals.asset[rows]
    passed = world.assets.waiting[asset].astype(np.int64)
    odds = chances(world, asset, passed)
    value = np.where(unpack_regions(deals.territory[rows]), worth(world, asset, passed), 0.0).sum(axis=1)
    later = deals.development[rows] + deals.commercial[rows]
    return deals.exercise[rows] + 0.8 * odds * later + deals.royalty[rows] * value / now["valuation.margin"]
