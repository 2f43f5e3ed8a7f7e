"""New companies around an asset: investors fund a firm that takes the rights abroad."""

from __future__ import annotations

import numpy as np

from agents.choices import NEWCO_DEAL
from model.kernels.offers import Offers
from model.labels import US
from model.mechanisms.capital import least_round
from model.mechanisms.contracts import Signing
from model.mechanisms.offers import newco_offer
from model.mechanisms.standing import views
from model.mechanisms.suitors import takes_development
from model.mechanisms.terms import write_terms
from model.mechanisms.turnover import start_firms
from model.world import World


def found_newcos(world: World, offers: Offers, territory: np.ndarray) -> list[Signing]:
    """Found a company per offer in the US, give it money for the next step, and let it license the rights."""
    now, assets = world.now, world.assets
    view = world.once(views)[world.firms.home[offers.seller]]
    price = newco_offer(world, offers)
    kind = np.full(len(price), NEWCO_DEAL)
    terms = write_terms(
        world, offers, territory, view, price, kind, np.full(len(price), now["deal.bargaining_weight_buyer"])
    )
    next_cost = now["research.lean_cost"] * offers.next_cost
    money = next_cost / now["trials.affordable_share"] + terms.upfront + least_round(world)
    pool = np.flatnonzero((world.investors.region == US) & ~world.investors.public)
    paid = np.cumsum(money) <= world.investors.capital[pool].sum()
    offers, money = offers.take(paid), money[paid]
    if not len(money):
        return []
    world.investors.capital[pool] -= money.sum() / len(pool)
    firm = start_firms(world, np.full(len(money), US), money)
    world.firms.focus[firm] = world.firms.second_focus[firm] = assets.area[offers.asset]
    world.firms.credit[firm] = 0.0  # it lives for one asset and discovers nothing at first
    return [Signing(offers.asset, offers.seller, firm, terms.take(paid), takes_development(territory[paid]))]
