"""Licensing: owners choose a route, buyers bid, terms follow from both sides' values.

This is the first, bilateral deal market: one asset, one territory, an auction among a few buyers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents import Firm
from agents.decisions.partnering import ALONE, EX_HOME, REGIONAL, AllianceKnown, BidKnown, RouteKnown
from model.arrays import unpack_regions
from model.clock import NEVER
from model.labels import FILED, MARKETED
from model.ledger import PROVIDERS, Ledger
from model.mechanisms.contracts import CODEVELOPMENT, COST_SHARE, LICENCE, Terms, sign
from model.mechanisms.costs import base_cost
from model.mechanisms.geopolitics import border
from model.mechanisms.valuation import chances, going_alone, worth
from model.world import REGION_COUNT, World


@dataclass
class Offers:
    """Assets on offer, one row each: owner, territory (rows, 10), values in million US$."""

    asset: np.ndarray
    seller: np.ndarray
    territory: np.ndarray
    alone: np.ndarray
    """What the owner expects of the territory without a partner."""
    value: np.ndarray
    """Worth by region to an able marketer (rows, 10)."""
    cost: np.ndarray
    """Development still to be paid."""
    route: np.ndarray


def trade(world: World) -> None:
    """A month of the deal market."""
    rows = on_offer(world)
    if not len(rows):
        return
    offers = choose_routes(world, rows)
    if not len(offers.asset):
        return
    buyers, bids = collect_bids(world, offers)
    clear(world, offers, buyers, bids)


def on_offer(world: World) -> np.ndarray:
    """Assets whose owner thinks of partners this month: fresh readouts, stuck ones, approvals."""
    assets, firms = world.assets, world.firms
    due = world.pipeline[assets.waiting[world.pipeline] & (assets.due[world.pipeline] == world.month + 1)]
    sold = world.state["marketed"]
    sold = sold[assets.due[sold] == world.month + 1]
    rows = np.concatenate([due, sold])
    small = firms.scope[assets.sponsor[rows]] < 2
    return rows[small & (assets.ended[rows] == NEVER)]


def choose_routes(world: World, rows: np.ndarray) -> Offers:
    """Owners compare going alone with partners, region by region."""
    assets, firms, now = world.assets, world.firms, world.now
    seller = assets.sponsor[rows]
    passed = (assets.phase[rows] < MARKETED).astype(np.int64)
    value = worth(world, rows, passed)
    free = (assets.holder[rows] == seller[:, None]) & ~unpack_regions(assets.negotiated[rows])
    value = np.where(free, value, 0.0)
    cost = remaining_cost(world, rows)
    odds = chances(world, rows)
    alone = going_alone(world, seller, value, assets.indication[rows], odds)
    alone = np.maximum(alone, 0.0)
    part = value / np.maximum(value.sum(axis=1, keepdims=True), 1e-9)
    net = alone - part * cost[:, None]
    burn = np.maximum(firms.research[seller] + firms.trial_burn[seller], 0.1)
    known = RouteKnown(
        alone=np.where(free, net, 0.0), partnered=value * now["licensing.seller_share"],
        home=firms.home[seller].astype(np.int64), runway=np.maximum(firms.cash[seller], 0) / burn,
        listed=firms.listed[seller].astype(np.float64), friction=now["licensing.friction"],
        urgency=now["licensing.urgency"], listed_urgency=now["licensing.listed_urgency"],
    )  # fmt: skip
    route = world.decide(Firm, "choose_route", seller, known, "firms")
    territory = territories(route, known, free)
    wanted = (route != ALONE) & territory.any(axis=1)
    keep = np.flatnonzero(wanted)
    mine = np.where(territory, np.maximum(net, 0.0), 0.0).sum(axis=1)
    return Offers(rows[keep], seller[keep], territory[keep], mine[keep], value[keep], cost[keep], route[keep])


def territories(route: np.ndarray, known: RouteKnown, free: np.ndarray) -> np.ndarray:
    """Regions on offer under each route, bool (rows, 10)."""
    rows = np.arange(len(route))
    home = np.arange(REGION_COUNT) == known.home[:, None]
    gain = np.where(home | ~free, -np.inf, known.partnered - known.alone)
    best = np.zeros_like(free)
    best[rows, gain.argmax(axis=1)] = True
    wide = np.where((route == EX_HOME)[:, None], ~home, True)
    return free & np.where((route == REGIONAL)[:, None], best, wide) & (route != ALONE)[:, None]


def remaining_cost(world: World, rows: np.ndarray) -> np.ndarray:
    """Expected clinical cost ahead of assets, weighted by the odds of getting there, million US$."""
    assets, now = world.assets, world.now
    success, area = now["area.success"], assets.area[rows]
    reach, cost = np.ones(len(rows)), np.zeros(len(rows))
    for phase in range(1, FILED):
        ahead = assets.phase[rows] < phase
        cost += np.where(ahead, reach * base_cost(world, rows, np.full(len(rows), phase)), 0.0)
        reach = np.where(ahead, reach * success[phase, area], reach)
    return cost


def collect_bids(world: World, offers: Offers) -> tuple[np.ndarray, np.ndarray]:
    """(buyers, bids) of a few firms per offer, shapes (offers, breadth); no buyer is -1."""
    breadth = int(world.now["licensing.search_breadth"])
    buyers = find_buyers(world, offers, breadth)
    number = len(offers.asset)
    row = np.repeat(np.arange(number), breadth)
    buyer = buyers.ravel()
    firms, assets, now = world.firms, world.assets, world.now
    able = np.maximum(buyer, 0)
    value = np.where(offers.territory[row], offers.value[row], 0.0)
    asset = offers.asset[row]
    odds = chances(world, asset)
    reached = going_alone(world, able, value, assets.indication[asset], odds)
    seen = np.exp(now["licensing.buyer_noise"] * world.draws.normal(
        "bid.noise", assets.asset[asset], firms.firm[able])) * border(world, offers.seller[row], able)  # fmt: skip
    takes = offers.territory[row].sum(axis=1) >= REGION_COUNT // 2
    own = np.maximum(np.where(offers.territory[row], reached, 0.0), 0.0).sum(axis=1) * seen
    own -= offers.cost[row] * np.where(takes, 1.0, now["deal.regional_licensee_cost_share"])
    signal = np.exp(now["valuation.benefit_weight"] * np.clip(assets.belief[asset], -2, 3))
    fits = (firms.focus[able] == assets.area[asset]) | (firms.second_focus[able] == assets.area[asset])
    known = BidKnown(
        value=own, replacement=own_research_cost(world)[assets.phase[asset]] * signal,
        cash=firms.cash[able] - 0.1 * firms.income_12[able], gap=world.state["gap"][able], fit=fits.astype(float),
        fit_weight=now["licensing.fit_weight"], gap_weight=now["licensing.gap_weight"],
        cash_share=now["licensing.cash_share"],
    )  # fmt: skip
    bids = world.decide(Firm, "bid_for_licence", able, known, "firms")
    bids = np.where((buyer >= 0) & (able != offers.seller[row]), bids, 0.0)
    cost = now["deal.diligence_cost"][np.minimum(assets.phase[asset] + 1, 5)] * 0.5 * (bids > 0)
    world.ledger.pay(firms.cash, able, cost, PROVIDERS)
    return buyers, bids.reshape(number, breadth)


def own_research_cost(world: World) -> np.ndarray:
    """Cost of an asset that has passed a phase, by own research in the US, million US$, (6,).

    What went into it and into those that failed on the way, at mean odds.
    """
    now = world.now
    odds = now["area.success"] @ now["area.start_share"]
    spent, costs = world.state["candidate_cost"][0], []
    for phase in range(FILED + 1):
        spent = (spent + (now["trials.entry_cost"][phase] * world.prices(2013) if phase else 0.0)) / odds[phase]
        costs.append(spent)
    return np.array([*costs, spent])


def find_buyers(world: World, offers: Offers, breadth: int) -> np.ndarray:
    """Firms that each seller meets, (offers, breadth): drawn by presence in the territory."""
    firms = world.firms
    pharma = world.alive[firms.kind[world.alive] == 1]
    found = np.full((len(offers.asset), breadth), -1, dtype=np.int64)
    if not len(pharma):
        return found
    size = np.sqrt(firms.sales_12[pharma] + 20.0)
    presence = firms.commercial[pharma] * size[:, None]
    first = offers.territory.argmax(axis=1)
    group = np.where(offers.route == REGIONAL, first, REGION_COUNT)
    luck = world.draws.uniform("deal.search", world.assets.asset[offers.asset][:, None] * 64
                               + np.arange(breadth), world.assets.phase[offers.asset][:, None])  # fmt: skip
    for region in np.unique(group):
        mine = group == region
        weight = (
            presence[:, region]
            if region < REGION_COUNT
            else presence.mean(axis=1) * (1 + 3 * (firms.scope[pharma] == 2))
        )
        cumulative = np.cumsum(weight)
        pick = np.searchsorted(cumulative, luck[mine] * cumulative[-1])
        found[mine] = pharma[np.minimum(pick, len(pharma) - 1)]
    return found


def clear(world: World, offers: Offers, buyers: np.ndarray, bids: np.ndarray) -> None:
    """Highest bid wins if it beats what the owner can do alone; the surplus is split.

    A buyer signs at most one contract a month: the offer with the highest price comes first.
    """
    rows = np.arange(len(bids))
    best = bids.argmax(axis=1)
    bid, buyer = bids[rows, best], buyers[rows, best]
    surplus = bid - offers.alone - world.now["licensing.friction"]
    keep = np.flatnonzero((surplus > 0) & (buyer >= 0) & (bid > world.now["licensing.least_deal"]))
    order = keep[np.argsort(-bid[keep], kind="stable")]
    _, first = np.unique(buyer[order], return_index=True)
    chosen = np.sort(order[first])
    if len(chosen):
        conclude(world, offers, chosen, buyer[chosen], bid[chosen], (bids[chosen] > 0).sum(axis=1))


def conclude(world: World, offers: Offers, rows: np.ndarray, buyer: np.ndarray, bid: np.ndarray,
             bidders: np.ndarray) -> None:  # fmt: skip
    """Write the contracts of the winning bids."""
    firms, now = world.firms, world.now
    seller, asset = offers.seller[rows], offers.asset[rows]
    burn = np.maximum(firms.research[seller] + firms.trial_burn[seller], 0.1)
    short = firms.cash[seller] / burn < 12
    power = (
        now["deal.bargaining_weight_buyer"]
        + now["deal.bidder_effect"] * (bidders - 1)
        + now["deal.runway_effect"] * short
    )
    price = offers.alone[rows] + (1 - np.clip(power, 0.1, 0.95)) * (bid - offers.alone[rows])
    terms = write_terms(world, offers, rows, price)
    share = world.decide(Firm, "share_development", buyer, AllianceKnown(
        seller_strength=firms.commercial[seller].max(axis=1), seller_cash=firms.cash[seller],
        cost=now["deal.codevelopment_cost_share"] * offers.cost[rows],
        phase=world.assets.phase[asset] + 1, threshold=now["licensing.alliance_skill"]), "firms")  # fmt: skip
    takes = terms.territory.sum(axis=1) >= REGION_COUNT // 2
    takes &= world.assets.phase[asset] < MARKETED
    share &= takes
    terms.kind = np.where(share, CODEVELOPMENT, LICENCE)
    terms.royalty = np.where(share, np.maximum(terms.royalty, now["deal.codevelopment_cost_share"]), terms.royalty)
    deals = sign(world, asset, seller, buyer, terms, takes)
    cost = offers.cost[rows]
    contribute(world, deals[share], seller[share], buyer[share], now["deal.codevelopment_cost_share"] * cost[share])
    part = now["deal.regional_licensee_cost_share"] * cost[~takes]
    contribute(world, deals[~takes], buyer[~takes], seller[~takes], part)


def contribute(world: World, deals: np.ndarray, payer: np.ndarray, payee: np.ndarray, amount: np.ndarray) -> None:
    """Partners who do not develop pay their part of the coming cost to the one who does, at signing."""
    Ledger.transfer(world.firms.cash, payer, payee, amount)
    world.logs["payments"].add(len(deals), deal=deals, month=world.month, trigger=COST_SHARE,
                               payer=payer, payee=payee, amount=amount)  # fmt: skip


def write_terms(world: World, offers: Offers, rows: np.ndarray, price: np.ndarray) -> Terms:
    """Upfront, milestones and royalty that are worth ``price`` to the seller, by stage."""
    now, asset = world.now, offers.asset[rows]
    stage = np.minimum(world.assets.phase[asset] + 1, 5)
    value = np.where(offers.territory[rows], offers.value[rows], 0.0).sum(axis=1)
    earned = value / now["valuation.margin"]
    royalty = np.minimum(now["deal.royalty"][stage], 0.6 * price / np.maximum(earned, 1e-9))
    rest = np.maximum(price - royalty * earned, 0.1 * price)
    upfront_share = now["deal.upfront_share"][stage]
    odds = np.maximum(chances(world, asset) * 0.8, 0.02)
    headline = rest / (upfront_share + (1 - upfront_share) * odds)
    milestones = headline * (1 - upfront_share)
    development = milestones * now["deal.development_share"][stage]
    return Terms(offers.territory[rows], headline * upfront_share, development,
                 milestones - development, royalty, np.zeros(len(rows), np.int64))  # fmt: skip
