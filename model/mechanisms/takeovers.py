"""Takeovers: research firms that are for sale, suitors that look at them, premium, integration."""

from __future__ import annotations

import numpy as np

from agents import Firm
from agents.choices import ACQUIRED_FIRM, NEWCO_DEAL
from agents.decisions.partnering import FirmOfferKnown, TakeoverKnown
from agents.decisions.review import PENDING
from model.arrays import REGION_BITS
from model.clock import NEVER
from model.kernels import contracts
from model.kernels import firms as kernel
from model.kernels.grouping import add, where_marked
from model.labels import BOUGHT, PRECLINICAL
from model.ledger import FORMER, Ledger
from model.mechanisms.alliances.memory import inherit
from model.mechanisms.clearing import match
from model.mechanisms.contracts import ACQUISITION, EQUITY, MERGED, close, payments
from model.mechanisms.geopolitics import borders, permitted
from model.mechanisms.offers import runway
from model.mechanisms.suitors import fitting, pharma_pool
from model.mechanisms.trials import STRATEGY, TERMINATED, close_trials, end
from model.mechanisms.turnover import ACQUIRED, exits
from model.world import World


def take_over(world: World) -> None:
    """Once a quarter pharma firms buy research firms whose price is below what they are worth to them."""
    if world.month % 3 != 1:
        return
    targets = for_sale(world)
    if not len(targets):
        return
    suitors, bids, price = bids_for_firms(world, targets)
    won, place = match(bids, suitors, price[:, None], 0.0)
    buyer = suitors[won, place]
    free = permitted(world, targets[won], buyer, world.firms.firm[targets[won]])
    merge(world, targets[won[free]], buyer[free], price[won[free]])


def for_sale(world: World) -> np.ndarray:
    """Research firms that let themselves be bought and are looked at this quarter (rows)."""
    firms, now, state = world.firms, world.now, world.state
    rows = world.alive[(firms.kind[world.alive] == 0) & (firms.candidates[world.alive] > 0)]
    known = FirmOfferKnown(
        runway=runway(world, rows), pipeline_value=state["pipeline_worth"][rows],
        clinical_assets=state["clinical_assets"][rows], runway_limit=now["takeover.runway"],
    )  # fmt: skip
    offered = world.decide(Firm, "offer_firm", rows, known, "firms")
    luck = world.draws.uniform("takeover.offer", firms.firm[rows], world.month)
    return rows[offered & (luck < now["takeover.rate"] / 4)]


def bids_for_firms(world: World, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(suitors, bids, asked price): (targets, suitors) twice and (targets,), million US$; no bid is 0."""
    firms, now, state = world.firms, world.now, world.state
    number = int(now["takeover.suitors"])
    slot = firms.firm[targets][:, None] * number + np.arange(number)
    suitors = fitting(world, pharma_pool(world), slot, "takeover", firms.focus[targets])
    row, buyer = np.repeat(targets, number), np.maximum(suitors.ravel(), 0)
    cash, own = np.maximum(firms.cash[targets], 0), state["pipeline_worth"][targets]
    alone = np.maximum(now["takeover.stand_alone"] * own, now["takeover.least_price"])
    price = alone * (1 + now["deal.acquisition_premium"]) + cash
    left = world.once(borders)[firms.home[row], firms.home[buyer]]
    noise = left * np.exp(now["takeover.buyer_noise"] * world.draws.normal("takeover.value", slot.ravel(), world.month))
    wait = (1 + now["valuation.discount_rate"]) ** (-now["deal.acquisition_delay"] / 12)
    value = np.repeat(own, number) * noise * now["takeover.synergy"] * wait + np.repeat(cash, number)
    known = TakeoverKnown(
        value=value, price=np.repeat(price, number), gap=state["gap"][buyer], gap_weight=now["licensing.gap_weight"],
        cash=firms.cash[buyer] - now["takeover.bidder_reserve"] * np.maximum(firms.income_12[buyer], 0),
        cash_share=now["takeover.cash_share"],
    )  # fmt: skip
    willing = world.decide(Firm, "bid_for_firm", buyer, known, "firms") & (suitors.ravel() >= 0)
    bids = np.where(willing, np.maximum(value, known.price * (1 + 1e-9)), 0.0)
    return suitors, bids.reshape(suitors.shape), price


def merge(world: World, targets: np.ndarray, buyer: np.ndarray, price: np.ndarray) -> None:
    """Pay the owners; money, assets, products and contracts move to the buyer."""
    if not len(targets):
        return
    firms, deals, assets = world.firms, world.deals, world.assets
    bought = np.zeros(len(firms), bool)
    bought[targets] = True
    mine = where_marked(world.pipeline, assets.sponsor, bought)
    record_takeovers(world, targets, buyer, price)
    shared = share_with_licensors(world, targets, buyer, price)
    world.ledger.pay(firms.cash, buyer, price - shared, FORMER)
    Ledger.transfer(firms.cash, targets, buyer, firms.cash[targets].copy())
    heir = np.arange(len(firms), dtype=np.int32)
    heir[targets] = buyer
    home_bit, positions = REGION_BITS[firms.home], world.positions
    for held in (world.pipeline, world.state["marketed"]):
        kernel.pass_assets(held, heir, assets.deals, home_bit, assets.sponsor, assets.holder, assets.involved)
    kernel.pass_open(positions.active, True, heir, positions.firm)
    kernel.pass_open(world.filings.outcome, PENDING, heir, world.filings.filer)
    kernel.pass_open(world.listings.outcome, PENDING, heir, world.listings.filer)
    close(world, contracts.inherit(deals.payee, deals.payer, deals.ended, NEVER, heir), MERGED)
    inherit(world, heir)
    for name in ("trial_burn", "candidates", "products"):
        column = getattr(firms, name)
        add(buyer, column[targets], column)
        column[targets] = 0
    integrate(world, mine)
    exits(world, targets, ACQUIRED)
    world.flow("acquisitions", firms.home[targets])
    world.event(BOUGHT, firms.home[targets], targets, -1, buyer)


def record_takeovers(world: World, targets: np.ndarray, buyer: np.ndarray, price: np.ndarray) -> None:
    """Write takeovers as deals on the target's most advanced asset, paid at once."""
    assets, firms = world.assets, world.firms
    asset = kernel.most_advanced(world.pipeline, assets.sponsor, assets.phase, targets, len(firms))
    known = asset >= 0
    if not known.any():
        return
    targets, buyer, price, asset = targets[known], buyer[known], price[known], asset[known]
    rows = world.deals.append(
        len(asset), asset=asset, ordinal=assets.deals[asset], month=world.month, kind=ACQUIRED_FIRM, seller=targets,
        buyer=buyer, payee=targets, payer=buyer, seller_home=firms.home[targets], buyer_home=firms.home[buyer],
        phase=assets.phase[asset], territory=1023, upfront=price, paid=price, ended=world.month, end_reason=MERGED,
    )  # fmt: skip
    assets.deals[asset] += 1
    world.logs["payments"].add(len(rows), deal=rows, month=world.month, trigger=ACQUISITION,
                               payer=buyer, payee=targets, amount=price)  # fmt: skip


def share_with_licensors(world: World, targets: np.ndarray, buyer: np.ndarray, price: np.ndarray) -> np.ndarray:
    """Licensors with equity in a new company get their part of its price, million US$, (targets,)."""
    deals = world.deals
    place = np.full(len(world.firms), -1)
    place[targets] = np.arange(len(targets))
    rows = np.flatnonzero((deals.kind == NEWCO_DEAL) & (deals.ended == NEVER))
    rows = rows[place[deals.payer[rows]] >= 0]
    shared = np.zeros(len(targets))
    if len(rows):
        which = place[deals.payer[rows]]
        amount = deals.equity[rows] * price[which]
        payments(world, rows, buyer[which], deals.payee[rows], amount, EQUITY)
        add(which, amount * (deals.payee[rows] != buyer[which]), shared)
    return shared


def integrate(world: World, rows: np.ndarray) -> None:
    """Bought projects lose time, and the youngest of them sometimes the people who believed in them."""
    assets, now = world.assets, world.now
    running = rows[(assets.due[rows] < NEVER) & ~assets.waiting[rows]]
    late = np.rint(now["takeover.integration_months"]).astype(np.int16)
    assets.due[running] += np.where(assets.due[running] > world.month, late, 0)
    young = rows[(assets.phase[rows] == PRECLINICAL) & (assets.ended[rows] == NEVER)]
    luck = world.draws.uniform("takeover.leave", assets.asset[young], 0)
    dropped = young[luck < now["takeover.lost_share"]]
    close_trials(world, dropped, TERMINATED)
    end(world, dropped, STRATEGY)
