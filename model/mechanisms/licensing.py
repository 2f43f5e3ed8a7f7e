"""The deal market: owners choose routes, suitors bid, the best pairs sign; options are taken up or lapse."""

from __future__ import annotations

import numpy as np

from agents import Firm
from agents.choices import LICENCE, NEWCO, NEWCO_DEAL, OPTION, OPTION_DEAL, SALE, SALE_DEAL
from agents.decisions.partnering import ExerciseKnown, SharingKnown
from model.arrays import within
from model.clock import NEVER
from model.kernels.contracts import ranked
from model.kernels.offers import Offers
from model.labels import MARKETED
from model.mechanisms.alliances.memory import expected_trust
from model.mechanisms.clearing import match
from model.mechanisms.contracts import EXPIRED, Signing, close, sign_all, take_rights
from model.mechanisms.geopolitics import permitted
from model.mechanisms.newcos import found_newcos
from model.mechanisms.offers import choose_routes, fresh_readouts, held_value, look_at, on_offer, runway
from model.mechanisms.standing import update_standing
from model.mechanisms.suitors import asked_territory, collect_bids, find_suitors, seen_by, takes_development
from model.mechanisms.terms import owed, write_terms
from model.world import World

KIND_OF_ROUTE = {OPTION: OPTION_DEAL, NEWCO: NEWCO_DEAL, SALE: SALE_DEAL}


def trade(world: World) -> None:
    """A month of the deal market."""
    if world.month % 3 == 0 or "standing" not in world.state:
        update_standing(world)
    fresh = fresh_readouts(world)
    take_up_options(world, fresh)
    rows = on_offer(world, fresh)
    if not len(rows):
        return
    everything = look_at(world, rows)
    route, territory, kept = choose_routes(world, everything)
    listed, new = territory.any(axis=1), route == NEWCO
    world.assets.offered[rows[listed]] = world.month
    new, old = np.flatnonzero(listed & new), np.flatnonzero(listed & ~new)
    founded = found_newcos(world, everything.take(new), territory[new]) if len(new) else []
    won = auction(world, everything.take(old), route[old], territory[old], kept[old]) if len(old) else []
    sign_all(world, [*founded, *won])


def auction(world: World, offers: Offers, route: np.ndarray, territory: np.ndarray,
            kept: np.ndarray) -> list[Signing]:  # fmt: skip
    """Suitors bid for what they want of what is on offer. ``kept`` (rows, 10) is what owners forgo."""
    home = world.firms.home
    suitors = find_suitors(world, offers, territory)
    asked, forgone = asked_territory(world, territory, kept, suitors)
    bids = collect_bids(world, offers, asked, suitors)
    cost = world.once(contract_costs)[home[offers.seller][:, None], home[suitors]]
    won, best = match(bids, suitors, forgone + cost, world.now["licensing.least_deal"] * world.prices(2020))
    free = permitted(world, offers.seller[won], suitors[won, best], world.assets.asset[offers.asset[won]])
    won, best = won[free], best[free]
    remember(world, offers, route, forgone, bids, suitors, won, best)
    if not len(won):
        return []
    pair = won, best
    return [conclude(world, offers.take(won), route[won], asked[pair], forgone[pair], suitors[won], bids[won], best)]


def contract_costs(world: World) -> np.ndarray:
    """Cost of coming to a contract by home of seller and buyer, million US$, (10, 10).

    Lawyers and audits, translation and travel with the distance.
    """
    now = world.now
    return (now["licensing.friction"] + now["licensing.border_cost"] * now["culture.distance"]) * world.prices(2020)


def conclude(world: World, offers: Offers, route: np.ndarray, territory: np.ndarray, kept: np.ndarray,
             suitors: np.ndarray, bids: np.ndarray, best: np.ndarray) -> Signing:  # fmt: skip
    """Write the contracts of the winning bids, each row one; the price lies between both sides' limits."""
    rows = np.arange(len(best))
    buyer, bid = suitors[rows, best], bids[rows, best]
    power = buyers_power(world, offers.seller, (bids > kept[:, None]).sum(axis=1))
    price = kept + (1 - power) * (bid - kept)
    kind = kind_of_contract(world, offers, buyer, route, territory)
    terms = write_terms(world, offers, territory, seen_by(world, offers.seller, buyer), price, kind, power)
    wide = takes_development(territory)
    takes_over = wide & (world.assets.phase[offers.asset] < MARKETED)
    return Signing(offers.asset, offers.seller, buyer, terms, takes_over)


def buyers_power(world: World, seller: np.ndarray, bidders: np.ndarray) -> np.ndarray:
    """Part of the surplus that goes to the buyer: less with rivals, more when the seller runs out of money, (rows,)."""
    now = world.now
    power = now["deal.bargaining_weight_buyer"] + now["deal.bidder_effect"] * (bidders - 1)
    return within(power + now["deal.runway_effect"] * (runway(world, seller) < 12), 0.1, 0.95)


def kind_of_contract(world: World, offers: Offers, buyer: np.ndarray, route: np.ndarray,
                     territory: np.ndarray) -> np.ndarray:  # fmt: skip
    """Kind of each contract: what the route says, else a licence, codevelopment or copromotion as buyers offer."""
    firms, now, seller = world.firms, world.now, offers.seller
    home = firms.home[seller]
    rows = np.arange(len(seller))
    known = SharingKnown(
        know_how=firms.know_how[seller], at_home=firms.commercial[seller, home], cash=firms.cash[seller],
        cost=now["deal.codevelopment_cost_share"] * offers.cost,
        passed=world.assets.phase[offers.asset] + offers.passed, wide=takes_development(territory),
        home_sold=territory[rows, home], trust=expected_trust(world, seller, buyer),
        know_how_needed=now["licensing.alliance_skill"],
        presence_needed=now["licensing.copromotion_presence"],
        trust_needed=now["licensing.joint_trust"],
    )  # fmt: skip
    form = world.decide(Firm, "share_development", buyer, known, "firms")
    kind = np.where(world.assets.phase[offers.asset] < MARKETED, form, LICENCE)
    for chosen, fixed in KIND_OF_ROUTE.items():
        kind = np.where(route == chosen, fixed, kind)
    return kind


def remember(world: World, offers: Offers, route: np.ndarray, kept: np.ndarray, bids: np.ndarray,
             suitors: np.ndarray, won: np.ndarray, best: np.ndarray) -> None:  # fmt: skip
    """Write the book of the month into the log of offers: why deals were struck or not."""
    buyer = np.full(len(route), -1)
    buyer[won] = suitors[won, best]
    forgone, bidders, highest, second = ranked(bids, kept)
    world.logs["offers"].add(
        len(route), month=world.month, asset=offers.asset, seller=offers.seller, route=route,
        phase_at=world.assets.phase[offers.asset] + 0.5 * offers.passed,
        runway=np.minimum(runway(world, offers.seller), 999), kept=forgone, bidders=bidders, best=highest,
        second=second, buyer=buyer,
    )  # fmt: skip


def take_up_options(world: World, fresh: np.ndarray) -> None:
    """Partners with an option decide once its readout is there: pay and take the rights, or let it lapse."""
    assets, firms, deals = world.assets, world.firms, world.deals
    rows = fresh[assets.option[fresh] >= 0]
    if not len(rows):
        return
    contract = assets.option[rows]
    assets.option[rows] = -1
    alive = deals.ended[contract] == NEVER
    rows, contract = rows[alive], contract[alive]
    if not len(rows):
        return
    buyer = deals.payer[contract]
    book = look_at(world, rows)
    seen = np.where(book.free, 1.0, 0.0)
    value = held_value(world, book, buyer, seen, np.ones(len(rows))).sum(axis=1)
    known = ExerciseKnown(
        value=value, price=owed(world, contract), cash=firms.cash[buyer], upfront=deals.exercise[contract],
        cash_share=world.now["licensing.exercise_share"],
    )  # fmt: skip
    taken = world.decide(Firm, "exercise_option", buyer, known, "firms")
    close(world, contract[~taken], EXPIRED)
    take_rights(world, contract[taken], book.free[taken])
