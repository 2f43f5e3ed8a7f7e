"""Contracts: signing, milestones, royalties. Every payment is made when its event happens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.arrays import REGION_BITS, pack_regions
from model.clock import NEVER
from model.kernels.grouping import add, step
from model.ledger import Ledger
from model.mechanisms.alliances.forming import form
from model.world import World

UPFRONT, DEVELOPMENT, COMMERCIAL, ROYALTY, COST_SHARE, ACQUISITION = range(6)
LICENCE, CODEVELOPMENT, ACQUIRED_FIRM = 0, 1, 6
FAILED, PARTNER_GONE, MERGED, EXPIRED, TERMINATED, RETURNED = range(1, 7)
MILESTONE_WEIGHT = np.array([0.0, 0.05, 0.10, 0.20, 0.15, 0.50])
"""Part of the development milestones due on entering a phase (filed 4, approved 5)."""
SALES_STEPS = np.array([200.0, 500.0, 1000.0])
"""Yearly sales, million US$ of 2024, that release a sales milestone each."""
STEP_SHARE = np.array([0.2, 0.3, 0.5])


@dataclass
class Terms:
    """Terms of contracts about to be signed, arrays over deals; money in million US$."""

    territory: np.ndarray
    upfront: np.ndarray
    development: np.ndarray
    commercial: np.ndarray
    royalty: np.ndarray
    kind: np.ndarray


def sign(world: World, asset: np.ndarray, seller: np.ndarray, buyer: np.ndarray, terms: Terms,
         takes_over: np.ndarray) -> np.ndarray:  # fmt: skip
    """Sign contracts: rights move, the upfront is paid, the buyer may take over development."""
    assets, firms = world.assets, world.firms
    rows = world.deals.append(
        len(asset), asset=asset, ordinal=assets.deals[asset], month=world.month, kind=terms.kind,
        seller=seller, buyer=buyer, payee=seller, payer=buyer, seller_home=firms.home[seller],
        buyer_home=firms.home[buyer],
        phase=assets.phase[asset], territory=pack_regions(terms.territory), upfront=terms.upfront,
        development=terms.development, commercial=terms.commercial, royalty=terms.royalty,
    )  # fmt: skip
    assets.deals[asset] += 1
    assets.holder[asset] = np.where(terms.territory, buyer[:, None], assets.holder[asset])
    assets.deal[asset] = np.where(terms.territory, rows[:, None], assets.deal[asset])
    assets.involved[asset] |= REGION_BITS[firms.home[buyer]]
    hand_over(world, asset[takes_over], buyer[takes_over])
    pay(world, rows, terms.upfront, UPFRONT)
    step(seller, 1, firms.licensed)
    firms.reputation[seller] += 0.05 * (1 - firms.reputation[seller])
    record(world, rows)
    form(world, rows)
    return rows


def hand_over(world: World, asset: np.ndarray, sponsor: np.ndarray) -> None:
    """Make firms the sponsors of assets, running costs included."""
    assets, firms = world.assets, world.firms
    for change, who in ((-1, assets.sponsor[asset]), (1, sponsor)):
        add(who, change * assets.burn[asset], firms.trial_burn)
        live = assets.phase[asset] < 5
        step(who[live], change, firms.candidates)
    np.maximum(firms.trial_burn, 0.0, out=firms.trial_burn)
    assets.sponsor[asset] = sponsor


def record(world: World, rows: np.ndarray) -> None:
    """Count new deals in the flows of the month and write their events."""
    deals = world.deals
    seller, buyer = deals.seller_home[rows], deals.buyer_home[rows]
    headline = deals.upfront[rows] + deals.development[rows] + deals.commercial[rows]
    abroad = seller != buyer
    world.flow("deals", seller)
    world.flow("deal_headline", seller, headline)
    world.flow("deal_upfront", seller, deals.upfront[rows])
    world.flow("cross_border", seller[abroad])
    world.flow("out_licences", seller[abroad])
    world.flow("out_licence_headline", seller[abroad], headline[abroad])
    world.flow("out_licence_upfront", seller[abroad], deals.upfront[rows][abroad])
    world.flow("in_licences", buyer[abroad])
    world.event(4, seller, deals.seller[rows], deals.asset[rows], deals.buyer[rows], rows)


def pay(world: World, rows: np.ndarray, amounts: np.ndarray, trigger: int) -> None:
    """Pay sellers under contracts (rows), if both partners are still there."""
    deals, firms = world.deals, world.firms
    good = (amounts > 0) & (deals.ended[rows] == NEVER)
    rows, amounts = rows[good], amounts[good]
    if not len(rows):
        return
    payer, payee = deals.payer[rows], deals.payee[rows]
    Ledger.transfer(firms.cash, payer, payee, amounts)
    add(rows, amounts, deals.paid)
    add(payee, amounts, firms.income_12)
    add(payer, -amounts, firms.income_12)
    add(payee, amounts, firms.income_year)
    add(payer, -amounts, firms.income_year)
    world.flow("deal_paid", deals.seller_home[rows], amounts)
    world.logs["payments"].add(len(rows), deal=rows, month=world.month, trigger=trigger,
                               payer=payer, payee=payee, amount=amounts)  # fmt: skip


def contracts_of(world: World, asset: np.ndarray) -> np.ndarray:
    """Living contracts on assets, each once."""
    signed = asset[world.assets.deals[asset] > 0]
    if not len(signed):
        return np.zeros(0, np.int64)
    rows = np.unique(world.assets.deal[signed])
    rows = rows[rows >= 0]
    return rows[world.deals.ended[rows] == NEVER]


def pay_milestones(world: World, asset: np.ndarray) -> None:
    """Pay the development milestones of assets that have just entered their phase."""
    rows = contracts_of(world, asset)
    if not len(rows):
        return
    deals = world.deals
    phase = world.assets.phase[deals.asset[rows]]
    ahead = np.cumsum(MILESTONE_WEIGHT[::-1])[::-1]
    left = np.append(ahead, 0.0)[np.minimum(deals.phase[rows] + 1, 6)]
    part = np.where(deals.phase[rows] < phase, MILESTONE_WEIGHT[phase] / np.maximum(left, 1e-9), 0.0)
    amount = np.minimum(part * deals.development[rows], deals.development[rows] - deals.development_paid[rows])
    deals.development_paid[rows] += amount
    pay(world, rows, amount, DEVELOPMENT)


def settle(world: World) -> None:
    """At the end of a quarter: royalties on the income of the quarter and sales milestones."""
    if world.month % 3 != 2:
        return
    positions, deals = world.positions, world.deals
    term = world.now["deal.royalty_term"] * 12
    rows = np.flatnonzero((positions.contract >= 0) & (world.month - positions.launched < term))
    base = np.bincount(positions.contract[rows], weights=positions.quarter[rows], minlength=len(deals))
    positions.quarter[:] = 0.0
    if not base.any():
        return
    earning = np.flatnonzero(base)
    deals.sales[earning] += base[earning]
    pay(world, earning, base[earning] * deals.royalty[earning], ROYALTY)
    reached = (base[earning, None] * 4 > SALES_STEPS * world.prices(2024)) @ STEP_SHARE
    owed = np.maximum(reached * deals.commercial[earning] - deals.commercial_paid[earning], 0.0)
    deals.commercial_paid[earning] += owed
    pay(world, earning, owed, COMMERCIAL)


def close(world: World, rows: np.ndarray, reason: int) -> None:
    """End contracts."""
    world.deals.ended[rows] = world.month
    world.deals.end_reason[rows] = reason
