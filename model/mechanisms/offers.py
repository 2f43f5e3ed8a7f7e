"""What is offered to partners, and why: triggers, what the rights are worth to their owners, routes."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from agents import Firm
from agents.decisions.partnering import ALONE, EX_HOME, NEWCO, REGIONAL, RouteKnown, keeping, partnering
from model.arrays import total, unpack_regions
from model.clock import NEVER
from model.kernels import value as kernel
from model.kernels.contracts import approachable
from model.kernels.grouping import where_equal
from model.labels import MARKETED, PHASE2
from model.mechanisms.costs import base_cost, remaining_cost
from model.mechanisms.standing import view_from_abroad
from model.mechanisms.technology import DILIGENCE, saved
from model.mechanisms.valuation import chances, segment, selling, worth, worth_factors
from model.world import REGION_COUNT, World

US = 0
APPROACH_EVERY = 6
"""Months after which an asset that is neither fresh nor stuck may be asked for again."""


@dataclass
class Offers:
    """Assets whose owners think of partners, one row each; money in million US$."""

    asset: np.ndarray
    seller: np.ndarray
    passed: np.ndarray
    """1 where the running phase has been passed, 0 where it still runs."""
    free: np.ndarray
    """Regions whose rights the owner can give away, bool (rows, 10)."""
    value: np.ndarray
    """Worth by region to an able pharma firm, development costs not counted (rows, 10)."""
    research_value: np.ndarray
    """The same at the cost of capital of research firms, as a part of ``value`` (rows,)."""
    cost: np.ndarray
    """Development still to be paid, weighted by the odds of getting there (rows,)."""
    next_cost: np.ndarray
    """Cost of the next step (rows,); 0 while a phase runs."""
    odds: np.ndarray
    """Probability of approval (rows,)."""
    abroad: np.ndarray
    """Expected revenue abroad of assets like this one against that at home (rows,); 1 for what is first in class."""

    def take(self, rows: np.ndarray) -> Offers:
        """Some of the offers."""
        return Offers(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def on_offer(world: World) -> np.ndarray:
    """Assets whose owner thinks of partners this month: fresh readouts, stuck ones, approvals, approaches."""
    assets, firms = world.assets, world.firms
    soon = world.month + 1
    fresh, sold = (where_equal(rows, assets.due, soon) for rows in (world.pipeline, world.state["marketed"]))
    rows = np.concatenate([fresh[assets.waiting[fresh]], sold, approached(world)])
    sponsor = assets.sponsor[rows]
    fits = (firms.focus[sponsor] == assets.area[rows]) | (firms.second_focus[sponsor] == assets.area[rows])
    ready = (firms.scope[sponsor] < 2) | (~fits & assets.waiting[rows])
    ready &= world.draws.uniform("deal.open", assets.asset[rows], world.month) < world.now["licensing.open"]
    return rows[ready & (assets.ended[rows] == NEVER) & (assets.option[rows] < 0)]


def approached(world: World) -> np.ndarray:
    """Running assets of smaller firms that somebody asks for, more often the more is known of them.

    And where money is short and diligence quick.
    """
    assets, firms, now = world.assets, world.firms, world.now
    rows = approachable(
        world.pipeline, world.month, APPROACH_EVERY, assets.asset, assets.waiting, assets.sponsor, firms.scope
    )
    seller = assets.sponsor[rows]
    rested = world.month - assets.offered[rows] >= deal_months(world, rows)
    rate = now["licensing.approach_rate"] * APPROACH_EVERY / 12 * now["deal.months"][1] / deal_months(world, rows)
    rate = rate * (1 + assets.phase[rows]) * (1 + np.exp(-runway(world, seller) / 12))
    luck = world.draws.uniform("deal.approach", assets.asset[rows], world.month)
    return rows[rested & (luck < rate)]


def deal_months(world: World, rows: np.ndarray) -> np.ndarray:
    """Months from first contact to signature: by stage, shorter with AI for the documents (rows,)."""
    assets, now = world.assets, world.now
    usual = now["deal.months"][np.minimum(assets.phase[rows] + 1, 5)]
    return usual * (1 - saved(world, assets.sponsor[rows], (DILIGENCE,)))


def runway(world: World, firm: np.ndarray) -> np.ndarray:
    """Months that the cash of firms lasts for what runs and for the programmes ahead (rows,)."""
    firms, ahead = world.firms, world.state["programmes_ahead"]
    burn = np.maximum(firms.research[firm] + firms.trial_burn[firm] + ahead[firm], 0.1)
    return np.maximum(firms.cash[firm], 0.0) / burn


def look_at(world: World, rows: np.ndarray) -> Offers:
    """What everybody can know about assets that may be offered."""
    assets = world.assets
    seller, waiting = assets.sponsor[rows], assets.waiting[rows]
    passed = (waiting & (assets.phase[rows] < MARKETED)).astype(np.int64)
    free = (assets.holder[rows] == seller[:, None]) & ~unpack_regions(assets.negotiated[rows])
    value = np.where(free, worth(world, rows, passed), 0.0)
    following = np.minimum(assets.phase[rows] + 1, MARKETED - 1).astype(np.int64)
    cost = remaining_cost(world, rows, passed)
    return Offers(
        rows, seller, passed, free, value, cost_of_waiting(world, rows, passed), cost,
        np.where(waiting, base_cost(world, rows, following), 0.0), chances(world, rows, passed),
        np.maximum(worth_factors(world, rows, passed)[1], 1e-3),
    )  # fmt: skip


def cost_of_waiting(world: World, rows: np.ndarray, passed: np.ndarray) -> np.ndarray:
    """What the higher cost of capital of research firms leaves of the value of assets (rows,)."""
    assets, state = world.assets, world.state
    step = np.minimum(assets.phase[rows] + passed, MARKETED)
    able = state["prospect"][step, assets.area[rows]]
    return state["research_prospect"][step, assets.area[rows]] / np.maximum(able, 1e-12)


def held_value(world: World, offers: Offers, firm: np.ndarray, seen: np.ndarray, share: np.ndarray,
               resold: np.ndarray | float = 1.0) -> np.ndarray:  # fmt: skip
    """Risk-adjusted net present value of rights to firms by region, million US$, (rows, 10).

    The one valuation of both sides. A firm with rights sells itself, with its own capabilities and cost of capital, or
    takes the asset one step further and finds a partner; it can always do nothing. ``seen`` (rows, 10) is what it
    sees of the worth, ``share`` (rows,) the part of the development cost that it bears, ``resold`` (rows, 10) what a
    partner to be would see of it.
    """
    now, research = world.now, world.firms.kind[firm] == 0
    own = offers.value * seen * np.where(research, offers.research_value, 1.0)[:, None]
    return kernel.held(
        firm.astype(np.int64), segment(world, world.assets.indication[offers.asset]), own, offers.odds,
        offers.cost * share, offers.next_cost * share, np.ones_like(own) * resold, now["licensing.later_share"],
        selling(world),
    )  # fmt: skip


def choose_routes(world: World, offers: Offers) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Owners compare routes: (route (rows,), territory bool (rows, 10), value of keeping it (rows, 10))."""
    known = route_known(world, offers)
    route = world.decide(Firm, "choose_route", offers.seller, known, "firms")
    return route, territories(route, known, offers.free), keeping(known)


def route_known(world: World, offers: Offers) -> RouteKnown:
    """What owners know when they choose a route."""
    firms, now, assets = world.firms, world.now, world.assets
    seller, asset = offers.seller, offers.asset
    home = firms.home[seller].astype(np.int64)
    view = view_from_abroad(world, home)
    seen = np.where(np.arange(REGION_COUNT) == home[:, None], 1.0, view * usual_border(world)[home][:, None])
    area = assets.area[asset]
    affordable = np.maximum(firms.cash[seller] - 6 * firms.trial_burn[seller], 0.0)
    early = (assets.phase[asset] + offers.passed <= PHASE2) & (assets.phase[asset] < MARKETED)
    return RouteKnown(
        kept=held_value(world, offers, seller, np.ones_like(view), np.ones(len(seller)), seen),
        partnered=offers.value * seen * now["licensing.seller_share"],
        home=home, runway=runway(world, seller), listed=firms.listed[seller].astype(np.float64),
        stuck=offers.next_cost > now["trials.affordable_share"] * affordable,
        confidence=world.draws.normal("deal.confidence", assets.asset[asset], assets.phase[asset]),
        doubt=early * now["research.noise"] / (1.0 + assets.phase[asset]), next_cost=offers.next_cost,
        foreign=(firms.focus[seller] != area) & (firms.second_focus[seller] != area),
        newco=newco_offer(world, offers, view),
        friction=now["licensing.friction"] * world.prices(2020), urgency=now["licensing.urgency"],
        listed_urgency=now["licensing.listed_urgency"], late_part=now["licensing.late_part"],
        stuck_discount=now["licensing.stuck_discount"],
        option_premium=now["licensing.option_premium"],
        option_threshold=now["licensing.option_threshold"], sale_share=now["licensing.sale_share"],
    )  # fmt: skip


def usual_border(world: World) -> np.ndarray:
    """What borders leave of a deal's value on average, by home of the seller, weighted by the buyers' sales, (10,)."""
    firms, state = world.firms, world.state
    buyers = world.alive[firms.kind[world.alive] == 1]
    weight = np.sqrt(total(firms.home[buyers], firms.sales_12[buyers], REGION_COUNT))
    left = np.exp(-state["deal_friction"]) * (1 - state["deal_blocked"])
    return left @ weight / np.maximum(weight.sum(), 1e-9)


def newco_offer(world: World, offers: Offers, view: np.ndarray) -> np.ndarray:
    """What the rights abroad bring their owner in a new company of US venture funds, million US$, (rows,).

    It is at home among the buyers, so the border between firms costs less; the funds must have the money for the next
    step, and the asset must be worth it.
    """
    firms, now, investors = world.firms, world.now, world.investors
    home = firms.home[offers.seller]
    abroad = np.arange(REGION_COUNT) != home[:, None]
    value = (offers.value * view * abroad).sum(axis=1) * offers.research_value
    pool = investors.capital[(investors.region == US) & ~investors.public].sum()
    funded = (offers.next_cost > 0) & (offers.next_cost + now["capital.least_round"] < 0.2 * pool)
    paying = now["licensing.later_share"] * value > offers.next_cost
    taste = world.draws.normal("newco.taste", world.assets.asset[offers.asset], world.assets.phase[offers.asset])
    seen = np.exp(now["licensing.buyer_noise"] * taste - world.state["newco_friction"][home, US])
    return np.where(funded & paying & (home != US), now["licensing.newco_share"] * value * seen, 0.0)


def territories(route: np.ndarray, known: RouteKnown, free: np.ndarray) -> np.ndarray:
    """Regions on offer under each route, bool (rows, 10)."""
    rows = np.arange(len(route))
    home = np.arange(REGION_COUNT) == known.home[:, None]
    gain = np.where(home | ~free, -np.inf, partnering(known) - keeping(known))
    best = np.zeros_like(free)
    best[rows, gain.argmax(axis=1)] = True
    wide = np.where(((route == EX_HOME) | (route == NEWCO))[:, None], ~home, True)
    return free & np.where((route == REGIONAL)[:, None], best, wide) & (route != ALONE)[:, None]
