"""What is offered to partners, and why: triggers, what the rights are worth to their owners, routes."""

from __future__ import annotations

import numpy as np

from agents import Firm
from agents.choices import ALONE, EX_HOME, NEWCO, REGIONAL
from agents.decisions.partnering import RouteKnown, keeping, paid_in_time
from model.arrays import total
from model.clock import NEVER
from model.kernels import offers as kernel
from model.kernels import routes
from model.kernels.grouping import where_equal
from model.kernels.offers import Offers
from model.labels import PHARMA, PRECLINICAL, US
from model.mechanisms.capital import least_round, raisable
from model.mechanisms.costs import costs
from model.mechanisms.geopolitics import ABROAD
from model.mechanisms.standing import views
from model.mechanisms.technology import DILIGENCE
from model.mechanisms.valuation import odds_ahead, partners_share, segment, selling, traits
from model.world import REGION_COUNT, World


def on_offer(world: World, fresh: np.ndarray) -> np.ndarray:
    """Assets whose owner thinks of partners this month: clinical readouts, approvals, approaches, money running short.

    What has passed the laboratory has no readout to show: only owners that run short of money offer it unasked.
    """
    assets, firms = world.assets, world.firms
    short = runway(world, assets.sponsor[fresh]) < world.now["capital.asking_runway"]
    fresh = fresh[short | (assets.phase[fresh] > PRECLINICAL)]
    sold = where_equal(world.state["marketed"], assets.due, world.month + 1)
    return kernel.opened(
        np.concatenate([fresh, sold, approached(world)]), world.month, world.draws.base("deal.open"),
        world.now["licensing.open"], assets.asset, assets.waiting, assets.ended, assets.option, assets.area,
        assets.sponsor, firms.scope, firms.focus, firms.second_focus, NEVER,
    )  # fmt: skip


def fresh_readouts(world: World) -> np.ndarray:
    """Candidates that have passed the readout of the month (rows)."""
    return kernel.fresh(world.pipeline, world.month + 1, world.assets.due, world.assets.waiting)


def approached(world: World) -> np.ndarray:
    """Running assets of smaller firms that somebody asks for, more often the more is known of them.

    And where money is short and diligence quick.
    """
    assets, firms, now, state = world.assets, world.firms, world.now, world.state
    usual = now["licensing.approach_rate"] * kernel.EVERY / 12 * now["deal.months"][1]
    rows, luck, rate = kernel.approached(
        world.pipeline, world.month, world.draws.base("deal.approach"), usual, assets.asset, assets.waiting,
        assets.phase, assets.offered, assets.sponsor, firms.scope, firms.ai, firms.home, state["ai_service"],
        float(state["spillover"]), state["task_cut"][DILIGENCE], now["deal.months"],
    )  # fmt: skip
    return rows[luck < rate * (1 + np.exp(-runway(world, assets.sponsor[rows]) / 12))]


def runway(world: World, firm: np.ndarray) -> np.ndarray:
    """Months that the cash of firms lasts for what runs and for the programmes ahead (rows,)."""
    firms = world.firms
    return kernel.runway(
        firm.astype(np.int64), firms.cash, firms.research, firms.trial_burn, world.state["programmes_ahead"]
    )


def look_at(world: World, rows: np.ndarray) -> Offers:
    """What everybody can know about assets that may be offered."""
    assets, state = world.assets, world.state
    return kernel.look_at(
        rows, assets.waiting, assets.sponsor, assets.holder, assets.negotiated, assets.indication, traits(world),
        costs(world), state["outlook"], state["research_prospect"], world.now["area.success"], world.once(odds_ahead),
    )  # fmt: skip


def held_value(world: World, offers: Offers, firm: np.ndarray, seen: np.ndarray, share: np.ndarray,
               resold: np.ndarray | float = 1.0) -> np.ndarray:  # fmt: skip
    """Risk-adjusted net present value of rights to firms by region, million US$, (rows, 10).

    The one valuation of both sides. A firm with rights sells itself, with its own capabilities and cost of capital, or
    takes the asset one step further and finds a partner; it can always do nothing. ``seen`` (rows, 10) is what it
    sees of the worth, ``share`` (rows,) the part of the development cost that it bears, ``resold`` (rows, 10) what a
    partner to be would see of it.
    """
    return kernel.held(
        offers, firm.astype(np.int64), world.firms.kind, segment(world, world.assets.indication[offers.asset]), seen,
        share, np.ones_like(seen) * resold, partners_share(world, offers, later=1), selling(world),
    )  # fmt: skip


def choose_routes(world: World, offers: Offers) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Owners compare routes: (route (rows,), territory bool (rows, 10), value of keeping it (rows, 10))."""
    known = route_known(world, offers)
    route = world.decide(Firm, "choose_route", offers.seller, known, "firms")
    kept = keeping(known)
    return route, territories(route, known, kept, offers.free), kept


def route_known(world: World, offers: Offers) -> RouteKnown:
    """What owners know when they choose a route."""
    now, assets = world.now, world.assets
    asset, phase = assets.asset[offers.asset], assets.phase[offers.asset]
    found = compared(world, offers, world.draws.normal("deal.owners_view", asset, phase))
    return RouteKnown(
        **found._asdict(), confidence=world.draws.normal("deal.confidence", asset, phase),
        newco=newco_offer(world, offers),
        friction=now["licensing.friction"] * world.prices(2020), urgency=now["licensing.urgency"],
        listed_urgency=now["licensing.listed_urgency"], late_part=now["licensing.late_part"],
        stuck_discount=now["licensing.stuck_discount"],
        option_premium=now["licensing.option_premium"],
        option_threshold=now["licensing.option_threshold"], sale_share=now["licensing.sale_share"],
    )  # fmt: skip


def compared(world: World, offers: Offers, view: np.ndarray) -> routes.Compared:
    """What owners whose ``view`` of the worth is so many standard deviations above that of others know of routes."""
    now, assets = world.now, world.assets
    sight = np.where(ABROAD, world.once(views) * usual_border(world)[:, None], 1.0)
    return routes.compare(
        offers, raisable(world, offers.seller, offers.whole), now["trials.affordable_share"],
        np.exp(now["licensing.buyer_noise"] * view), now["research.noise"], sight, now["licensing.seller_share"],
        assets.phase, assets.area, assets.indication, world.indications.specialty, owners(world), selling(world),
    )  # fmt: skip


def owners(world: World) -> routes.Owners:
    """What owners are and have, for compiled loops."""
    firms = world.firms
    return routes.Owners(
        firms.kind, firms.listed, firms.focus, firms.second_focus, firms.cash, firms.research, firms.trial_burn,
        world.state["programmes_ahead"],
    )  # fmt: skip


def usual_border(world: World) -> np.ndarray:
    """What borders leave of a deal's value on average, by home of the seller, weighted by the buyers' sales, (10,)."""
    firms, state = world.firms, world.state
    buyers = world.alive[firms.kind[world.alive] == PHARMA]
    weight = np.sqrt(total(firms.home[buyers], firms.sales_12[buyers], REGION_COUNT))
    left = np.exp(-state["deal_friction"]) * (1 - state["deal_blocked"])  # what is refused is worth nothing
    return left @ weight / np.maximum(weight.sum(), 1e-9)


def newco_offer(world: World, offers: Offers) -> np.ndarray:
    """What the rights abroad bring their owner in a new company of US venture funds, million US$, (rows,).

    It is at home among the buyers, so the border between firms costs less; the funds must have the money for the next
    step, and the asset must be worth it.
    """
    assets, now, investors = world.assets, world.now, world.investors
    home = world.firms.home[offers.seller]
    pool = investors.capital[(investors.region == US) & ~investors.public].sum() / world.scale
    value = routes.newco_value(
        offers, home, assets.phase, world.once(views) * ABROAD, now["licensing.seller_share"],
        now["research.lean_cost"], least_round(world), now["licensing.newco_pool"] * pool, US,
    )  # fmt: skip
    some = np.flatnonzero(value)
    asset = offers.asset[some]
    taste = world.draws.normal("newco.taste", assets.asset[asset], assets.phase[asset])
    seen = np.exp(now["licensing.buyer_noise"] * taste - world.state["newco_friction"][home[some], US])
    value[some] = now["licensing.newco_share"] * value[some] * seen
    return value


def territories(route: np.ndarray, known: RouteKnown, kept: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Regions on offer under each route, bool (rows, 10): the one abroad that gains most on what is ``kept``, all
    abroad, or all."""
    return routes.territories(
        route != ALONE, route == REGIONAL, (route == EX_HOME) | (route == NEWCO), known.home, known.partnered,
        paid_in_time(known), kept, free,
    )  # fmt: skip
