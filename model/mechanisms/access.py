"""Access: marketers open negotiations, payers decide, products are launched."""

from __future__ import annotations

import numpy as np

from agents import Firm, Payer
from agents.choices import COPROMOTION
from agents.decisions.coverage import LISTED, REFUSED, NegotiationKnown, ScheduleKnown, in_a_round
from agents.decisions.selling import LaunchKnown, PriceKnown
from model.arrays import REGION_BITS, total, within
from model.clock import NEVER
from model.kernels.evidence import elsewhere
from model.kernels.grouping import mark, step
from model.labels import GLOBAL, LAUNCHED
from model.ledger import OPERATIONS
from model.mechanisms.alliances import effects
from model.mechanisms.credit import mission
from model.mechanisms.protection import protected_until, secure
from model.mechanisms.sites import made_there
from model.world import REGION_COUNT, World


def open_negotiations(world: World, asset: np.ndarray, region: np.ndarray, firm: np.ndarray) -> None:
    """Start negotiations with every payer of the region, if the marketer wants to launch there."""
    wanted = wants_launch(world, asset, region, firm)
    asset, region, firm = asset[wanted], region[wanted], firm[wanted]
    mark(asset, REGION_BITS[region], world.assets.negotiated)
    build_organisation(world, asset, region, firm)
    payer_region = world.payers.region
    row, payer = np.nonzero(payer_region == region[:, None])
    negotiate_with(world, asset[row], payer, firm[row])


def wants_launch(world: World, asset: np.ndarray, region: np.ndarray, firm: np.ndarray) -> np.ndarray:
    """Marketers decide on launching, bool (rows,)."""
    firms, now = world.firms, world.now
    indication = world.assets.indication[asset]
    revenue = world.state["outlook"][indication, region] * now["valuation.margin"]
    revenue = revenue * (1 - world.state["hesitation"][firms.home[firm], region]) * secure(world)[region]
    duty = world.governments.tariff[region, firms.home[firm]] * now["geopolitics.tariff_passed"]
    revenue = revenue - np.where(made_there(world, firm, region), 0.0, duty * revenue)
    segment = np.where(world.indications.specialty[indication], 0, 1)
    newcomer = firms.commercial[firm, region] < now["capability.able"]
    run = now["launch.run_cost"][segment, region]
    build = now["launch.build_cost"][segment, region] / now["capability.build_years"] + run
    safety = now["launch.safety_cost"][segment, region] * now["safety.vigilance"][region]
    cost = (safety + np.where(newcomer, build, now["capability.product_cost"] * run)) * world.prices(2022)
    cheap = (world.state["region_price"][region] < now["access.reference_floor"]) & (firms.scope[firm] == GLOBAL)
    cheap &= now["access.tiering"][region] == 0  # tiered prices are agreed and not referenced
    outlay = np.where(newcomer, now["launch.build_cost"][segment, region] * world.prices(2022), 0.0)
    known = LaunchKnown(revenue=revenue * now["valuation.launch_weight"], cost=cost, outlay=outlay,
    money=now["capability.build_money"] * firms.cash[firm],
                        reference_loss=np.where(cheap, now["access.reference_loss"] * cost, 0.0)
                        + linked_loss(world, indication, region))  # fmt: skip
    return world.decide(Firm, "launch", firm, known, "firms")


def linked_loss(world: World, indication: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Income a year lost in regions whose law looks at prices abroad, by launching in a cheaper one, million US$.

    A launch is one of nine prices in the mean that counts (most-favoured-nation and reference pricing by law).
    """
    now, price = world.now, world.state["region_price"]
    lower = (
        np.maximum(1 - price[region][:, None] / np.maximum(price, 1e-9), 0) * (now["access.tiering"] == 0)[region, None]
    )
    income = world.state["outlook"][indication] * now["valuation.margin"]
    return (now["access.reference_weight"] * lower * income).sum(axis=1) / (REGION_COUNT - 1)


def build_organisation(world: World, asset: np.ndarray, region: np.ndarray, firm: np.ndarray) -> None:
    """Newcomers pay for a sales organisation, ready in years; what goes wrong is begun anew."""
    firms, now = world.firms, world.now
    new = (firms.commercial[firm, region] < now["capability.able"]) & (firms.ready[firm, region] == NEVER)
    if not new.any():
        return
    segment = np.where(world.indications.specialty[world.assets.indication[asset[new]]], 0, 1)
    cell, first = np.unique(firm[new].astype(np.int64) * REGION_COUNT + region[new], return_index=True)
    firm, region = cell // REGION_COUNT, cell % REGION_COUNT
    cost = now["launch.build_cost"][segment[first], region] * world.prices(2022)
    failed = world.draws.uniform("build", firms.firm[firm], region) < now["capability.build_failure"]
    world.ledger.pay(firms.cash, firm, np.where(failed, 2, 1) * cost, OPERATIONS)
    wait = np.where(failed, 2, 1) * now["capability.build_months"]
    home = firms.home[firm] == region
    firms.ready[firm, region] = world.month + np.where(home, 0.5, 1.0) * wait


def negotiate_with(world: World, asset: np.ndarray, payer: np.ndarray, firm: np.ndarray) -> None:
    """Put negotiations on the payers' calendars."""
    if not len(asset):
        return
    payers, now = world.payers, world.now
    region = payers.region[payer].astype(np.int64)
    identity = world.assets.asset[asset] * 64 + payer
    days = now["payer.access_days"][payer] * payers.patience[payer] * now["access.days_ratio"]
    known = ScheduleKnown(
        month=world.month, days=np.maximum(days + 30.4 * now["access.delay_months"][region], 0),
        capability=effects.skill(world, asset, firm, region, "access"), rule=payers.rule[payer],
        luck=world.draws.normal("payer.days", identity),
        capability_weight=now["access.capability_speed"], usual_capability=now["access.usual_capability"],
        spread=now["access.days_spread"] * now["access.fragmentation"][region],
        round_month=int(now["access.round_month"]), rounds=now["access.rounds"],
    )  # fmt: skip
    due = world.decide(Payer, "schedule", payer, known, "payers")
    world.listings.append(len(asset), asset=asset, payer=payer, region=region, filer=firm,
                          started=world.month, due=np.maximum(due, world.month + 1))  # fmt: skip


def negotiate(world: World) -> None:
    """A month of payers: decisions, and launches of what is listed and has people to sell it."""
    decide_listings(world)
    count_launches(world)


def decide_listings(world: World) -> None:
    """Payers decide the negotiations that are due; a first listing launches the product."""
    listings, payers, now = world.listings, world.payers, world.now
    due = np.flatnonzero(listings.due == world.month)
    due = due[world.assets.ended[listings.asset[due]] == NEVER]
    if not len(due):
        return
    asset, payer = listings.asset[due], listings.payer[due].astype(np.int64)
    region, firm = listings.region[due].astype(np.int64), listings.filer[due]
    indication = world.assets.indication[asset]
    asked = prices_asked(world, asset, region, firm)
    own = now["payer.willingness"][payer] * payers.willingness[payer] / now["access.willingness_unit"]
    own_value = world.indications.price[indication] * own * world.state["willing"][region] * world.prices(2024)
    benefit = added_benefit(world, asset, region)
    reference, abroad = prices_elsewhere(world, asset, payer, region)
    known = NegotiationKnown(
        asked=asked, value_price=own_value * np.exp(now["access.benefit_price"] * within(benefit, -1.5, 1.5)),
        reference=reference, abroad=abroad,
        abroad_weight=now["access.reference_weight"][region], rule=payers.rule[payer],
        pressure=world.state["pressure"][region], discount=now["payer.discount"][payer],
        availability=within(now["payer.availability"][payer] + now["access.coverage_shift"][region], 0.02, 0.98),
        capability=effects.skill(world, asset, firm, region, "access"), benefit=benefit,
        price_law=world.governments.price_law[region],
        luck=world.draws.uniform("payer.luck", world.assets.asset[asset] * 64 + payer, listings.rounds[due]),
        pressure_weight=now["access.pressure_weight"], benefit_weight=now["access.benefit_weight"],
        capability_weight=now["access.capability_weight"], usual_capability=now["access.usual_capability"],
    )  # fmt: skip
    listed, net = world.decide(Payer, "negotiate", payer, known, "payers")
    write_listings(world, due, listed, net, asked)


def prices_asked(world: World, asset: np.ndarray, region: np.ndarray, firm: np.ndarray) -> np.ndarray:
    """Invoice price that marketers ask, US$ a patient-year, (rows,)."""
    now = world.now
    indication = world.assets.indication[asset]
    value = world.indications.price[indication] * world.state["region_price"][region] * world.prices(2024)
    known = PriceKnown(
        value_price=value / (1 - now["access.gross_to_net"][region]),
        rivals=world.state["rivals"][indication, region], benefit=added_benefit(world, asset, region),
        mission=mission(world, firm), premium=now["access.benefit_price"], rival_discount=now["access.rival_discount"],
        restraint=now["mission.restraint"],
    )  # fmt: skip
    return world.decide(Firm, "set_price", firm, known, "firms")


def added_benefit(world: World, asset: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Benefit that the data show over the standard of care of the indication and region, standard deviations."""
    assets = world.assets
    standard = world.state["standard"][assets.indication[asset], region]
    return assets.belief[asset] - world.now["access.standard_weight"] * standard


def prices_elsewhere(
    world: World, asset: np.ndarray, payer: np.ndarray, region: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(lowest net price in the payer's reference basket, mean net price in other regions), infinite where none."""
    page, home = world.assets.book[asset], world.payers.region
    lowest, mean = elsewhere(page, payer, region, world.price_book.net, world.state["basket"], home)
    return lowest * world.now["access.reference_tolerance"], mean


def write_listings(world: World, due: np.ndarray, listed: np.ndarray, net: np.ndarray, asked: np.ndarray) -> None:
    """Record decisions; refused marketers begin another negotiation, listed ones launch."""
    listings, now = world.listings, world.now
    yes, no = due[listed], due[~listed]
    listings.outcome[due], listings.decided[due] = np.where(listed, LISTED, REFUSED), world.month
    listings.due[due] = NEVER
    listings.price[yes] = net[listed]
    listings.discount[yes] = within(1 - net[listed] / asked[listed], 0, 0.95)
    world.price_book.net[world.assets.book[listings.asset[yes]], listings.payer[yes]] = net[listed]
    launch_listed(world, yes, asked[listed])
    again = no[listings.rounds[no] < now["access.most_rounds"]]
    later = np.full(len(again), world.month + int(now["access.retry_months"]))
    due_again = in_a_round(later, world.payers.rule[listings.payer[again]], int(now["access.round_month"]),
                           now["access.rounds"])  # fmt: skip
    listings.append(
        len(again), asset=listings.asset[again], payer=listings.payer[again], region=listings.region[again],
        filer=listings.filer[again], started=listings.started[again], due=due_again, rounds=listings.rounds[again] + 1,
    )  # fmt: skip


def launch_listed(world: World, rows: np.ndarray, asked: np.ndarray) -> None:
    """Open positions for first listings and widen coverage for all."""
    listings = world.listings
    asset, region, firm = listings.asset[rows], listings.region[rows].astype(np.int64), listings.filer[rows]
    cell = asset.astype(np.int64) * REGION_COUNT + region
    _, where = np.unique(cell, return_index=True)
    fresh = where[world.assets.position[asset[where], region[where]] < 0]
    ready = world.firms.ready[firm[fresh], region[fresh]]
    month = np.where(ready < NEVER, np.maximum(world.month, ready), world.month)
    open_positions(world, asset[fresh], region[fresh], firm[fresh], asked[fresh], month)
    widen(world, world.assets.position[asset, region], rows)


def widen(world: World, position: np.ndarray, rows: np.ndarray) -> None:
    """Coverage of positions grows by the payers of listings (rows); the rebate is the mean over all that cover."""
    positions, listings = world.positions, world.listings
    share = world.now["payer.spend_share"][listings.payer[rows]]
    which, place = np.unique(position, return_inverse=True)
    old = positions.covered[which].astype(float)
    covered = old + total(place, share, len(which))
    given = old * positions.discount[which] + total(place, share * listings.discount[rows], len(which))
    positions.discount[which] = within(given / np.maximum(covered, 1e-9), 0, 0.95)
    positions.covered[which] = np.minimum(covered, 1.0)


def launch_mode(world: World, asset: np.ndarray, region: np.ndarray, firm: np.ndarray) -> np.ndarray:
    """Who sells: 0 originator, 1 licensee, 2 licensee together with the seller at its home, 3 acquirer, (rows,)."""
    assets, deals = world.assets, world.deals
    contract = assets.deal[asset, region]
    own = np.where(firm == assets.originator[asset], 0, 3)
    if not len(deals):
        return own
    together = (deals.kind[contract] == COPROMOTION) & (deals.seller_home[contract] == region)
    return np.where(contract >= 0, np.where(together, 2, 1), own)


def open_positions(world: World, asset: np.ndarray, region: np.ndarray, firm: np.ndarray,
                   price: np.ndarray, month: np.ndarray) -> None:  # fmt: skip
    """Launch products: one position per asset and region."""
    if not len(asset):
        return
    assets, firms, state = world.assets, world.firms, world.state
    contract = assets.deal[asset, region]
    mode = launch_mode(world, asset, region, firm)
    order = 1 + state["rivals"][assets.indication[asset], region]
    rows = world.positions.append(
        len(asset), asset=asset, region=region, firm=firm, contract=contract, mode=mode,
        launched=month, protected=protected_until(world, asset, region),
        indication=assets.indication[asset], price=price, reference_price=price,
        order=np.minimum(order, 99), benefit=assets.quality[asset],
    )  # fmt: skip
    assets.position[asset, region] = rows
    state["dirty"][assets.indication[asset]] = True
    step(firm, 1, firms.products)
    firms.kind[firm] = 1
    firms.scope[firm] = np.maximum(firms.scope[firm], 1)


def count_launches(world: World) -> None:
    """Write what comes on the market this month; the first sale may be years after the first listing."""
    positions, assets = world.positions, world.assets
    rows = np.flatnonzero(positions.active & (positions.launched == world.month))
    region, firm, asset = positions.region[rows], positions.firm[rows], positions.asset[rows]
    world.flow("launches", region)
    abroad = world.firms.home[assets.originator[asset]] != region
    world.flow("foreign_launches", region[abroad])
    world.flow("solo_launches", region[abroad & (positions.mode[rows] == 0)])
    world.event(LAUNCHED, region, firm, asset)
