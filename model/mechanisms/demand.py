"""Demand: shares by discrete choice, uptake, sales, erosion, supply, safety, and who earns it."""

from __future__ import annotations

import numpy as np

from model.clock import NEVER
from model.kernels import sales
from model.kernels.grouping import step
from model.labels import RECALLED
from model.ledger import GOVERNMENTS, OPERATIONS, PAYERS
from model.mechanisms.contracts import EXPIRED, close, contracts_of
from model.mechanisms.dossiers import withdraw_files
from model.mechanisms.protection import erode_sales
from model.mechanisms.sites import ration
from model.mechanisms.technology import VIGILANCE, saved
from model.mechanisms.trials import OFF_MARKET, TERMINATED, close_trials
from model.world import REGION_COUNT, World

SAFETY_REASON, COMMERCIAL_REASON, UNCONFIRMED_REASON = range(3)
SLOPES = ("demand.benefit", "demand.price", "demand.order", "demand.trust", "demand.promotion")
"""Named values in the order in which the choice of medicines weighs them."""


def sell(world: World) -> None:
    """A month of sales: choices now and then, uptake and money every month."""
    choose_medicines(world)
    live = np.flatnonzero(world.positions.active)
    take_up(world, live)
    earn(world, live)
    watch_safety(world, live)
    retire(world, live)


def choose_medicines(world: World) -> None:
    """Shares that demand settles at, for a third of the indications a month and for news.

    Multinomial logit (McFadden 1974) over benefit, price, order of entry, promotion and brand
    trust; the outside option is what patients do without a protected medicine, and old cheap
    medicines strengthen it.
    """
    positions, firms, now = world.positions, world.firms, world.now
    due = (np.arange(len(world.state["dirty"])) % 3 == world.month % 3) | world.state["dirty"]
    world.state["dirty"][:] = False
    rows = sales.choosing(positions.active, positions.mature, positions.indication, due)
    if not len(rows):
        return
    indication, region = positions.indication, positions.region
    slopes = np.array([now[name] for name in SLOPES])
    weight = sales.appeal(
        rows, indication, region, positions.firm, positions.price, positions.benefit, positions.order,
        positions.covered, world.indications.price, invoice_level(world), firms.trust, firms.commercial, slopes,
        firms.home, world.state["tension_loss"],
    )  # fmt: skip
    outside = np.exp(now["demand.outside"]) * world.indications.cell
    sales.settle(
        rows, weight, indication, region, positions.protected, world.month, outside, now["demand.copies"],
        positions.share,
    )  # fmt: skip


def invoice_level(world: World) -> np.ndarray:
    """Invoice prices of regions against the value price in the US of the 2020s, (10,)."""
    return world.state["region_price"] * world.prices(2024) / (1 - world.now["access.gross_to_net"])


def value_price(world: World, rows: np.ndarray) -> np.ndarray:
    """Invoice price that the region finds usual for the indication, US$ a patient-year."""
    positions = world.positions
    return world.indications.price[positions.indication[rows]] * invoice_level(world)[positions.region[rows]]


def take_up(world: World, live: np.ndarray) -> None:
    """Patients on treatment move towards the share of the eligible: diffusion (Bass 1969)."""
    positions, firms, now = world.positions, world.firms, world.now
    eligible = world.state["eligible"] * ration(world)
    drift = (1 + now["access.price_drift"] - now["access.price_revision"]) ** (1 / 12)
    old = sales.take_up(
        live, world.month, positions.indication, positions.region, positions.firm, positions.mature,
        positions.launched, positions.protected, positions.share, positions.reach, eligible,
        firms.commercial, now["capability.usual"], world.state["supply"], now["demand.innovation"],
        now["demand.imitation"], drift, now["access.late_price_cut"], now["access.late_price_age"],
        now["access.late_price_sales"] * world.prices(2024), positions.patients, positions.price, positions.sales,
        positions.copies,
    )  # fmt: skip
    erode_sales(world, old)


def grow_mature(world: World) -> None:
    """Old originals of 2000 follow health spending and fade slowly."""
    positions, now = world.positions, world.now
    rows = np.flatnonzero(positions.mature & positions.active)
    growth = health_growth(world) ** now["demand.mature_elasticity"]
    fade = np.exp(-now["demand.mature_fade"] * world.month / 12)
    level = growth * fade * (1 - now["protection.copy_price_cut"]) * world.state["rationed"]
    positions.sales[rows] = positions.base[rows] * level[positions.region[rows]]


def health_growth(world: World) -> np.ndarray:
    """Health spending by region against 2000, (10,)."""
    now = world.now
    spending = now["macro.gdp"] * now["macro.health_share"] * 1e3 * world.scale
    return spending / world.state["health_2000"]


def legacy_copies(world: World) -> np.ndarray:
    """Monthly sales of copies of medicines that were old before 2000, million US$, (10,)."""
    now = world.now
    growth = health_growth(world) ** now["demand.legacy_elasticity"]
    return world.state["legacy_2000"] / 12 * growth * (1 - now["protection.copy_price_cut"])


def earn(world: World, live: np.ndarray) -> None:
    """Payers pay; makers pay for goods, selling and vigilance; records of the year add up."""
    grow_mature(world)
    positions, firms, now, ledger = world.positions, world.firms, world.now, world.ledger
    making = now["modality.manufacturing_share"][:, None] * world.state["making_cost"]
    income = np.empty(len(live))
    place, sums = sales.book(
        live, positions.region, positions.firm, positions.sales, positions.discount, positions.mature,
        positions.asset, world.assets.modality, making, now["demand.selling_share"],
        now["launch.safety_cost"][0] * world.prices(2022) / 12 * vigilance_price(world), firms.home,
        world.governments.tariff * now["geopolitics.tariff_passed"], firms.plant, world.month, income,
    )  # fmt: skip
    earned, tariffs, spent = sales.pay_firms(
        place, sums, firms.cash, firms.sales_year, firms.income_year, firms.sales_12, firms.income_12
    )
    for account, amount in ((PAYERS, -earned), (GOVERNMENTS, tariffs), (OPERATIONS, spent)):
        ledger.balances[account] += amount
    count_market(world, live, income)


def vigilance_price(world: World) -> np.ndarray:
    """Cost of the safety watch by region against the usual: what is spent, less what AI platforms save on average."""
    firms, alive = world.firms, world.alive
    sellers = alive[firms.products[alive] > 0]
    cut = float(saved(world, sellers, (VIGILANCE,)).mean()) if len(sellers) else 0.0
    return world.now["safety.vigilance"] * (1 - cut)


def count_market(world: World, live: np.ndarray, income: np.ndarray) -> None:
    """Totals by region: money, patient-years, health gained in proportion to need and benefit, pressure on budgets."""
    positions, state, now = world.positions, world.state, world.now
    by_region = np.zeros((6, REGION_COUNT))
    sales.count(
        live, world.month, positions.region, positions.indication, positions.asset, positions.protected,
        positions.mature, positions.benefit, positions.patients, positions.sales, positions.copies, income,
        now["demand.health_gain"] * world.indications.need, positions.sales_year, positions.patients_year,
        positions.health_year, positions.quarter, positions.total, world.assets.exposure, by_region,
    )  # fmt: skip
    for name, amount in zip(("net_sales", "income", "generic_sales", "patients", "health"), by_region):
        world.flows[name] += amount
    world.flows["generic_sales"] += legacy_copies(world)
    world.ledger.balances[PAYERS] -= world.flows["generic_sales"].sum()
    world.ledger.balances[OPERATIONS] += world.flows["generic_sales"].sum()
    state["spent"] += (by_region[5] * 12 - state["spent"]) / 12
    state["pressure"] = np.maximum(state["spent"] / np.maximum(state["budget"], 1e-9), 0.05)


def watch_safety(world: World, live: np.ndarray) -> None:
    """Safety signals in the yearly month of each asset end in its withdrawal everywhere."""
    assets, now = world.assets, world.now
    gone = sales.unsafe(
        live, world.month, world.positions.asset, world.positions.mature, assets.asset, assets.risk,
        now["safety.hazard"] * world.once(harm), now["safety.risk_weight"], world.draws.base("safety"),
    )  # fmt: skip
    withdraw(world, gone, SAFETY_REASON)


def harm(world: World) -> float:
    """Harm that ends in withdrawals against the usual: what is not watched is found late (mean by health spending)."""
    now = world.now
    watched = np.average(now["safety.vigilance"], weights=now["macro.gdp"] * now["macro.health_share"])
    return float(watched ** -now["safety.vigilance_effect"])


def withdraw(world: World, rows: np.ndarray, reason: int) -> None:
    """Take positions off the market; trust in their marketers falls after safety withdrawals."""
    if not len(rows):
        return
    positions, firms = world.positions, world.firms
    positions.launched[rows[positions.launched[rows] > world.month]] = NEVER  # what waited for its organisation
    asset, region, firm = positions.asset[rows], positions.region[rows], positions.firm[rows]
    positions.active[rows] = False
    positions.sales[rows] = positions.copies[rows] = positions.patients[rows] = 0.0
    step(firm, -1, firms.products)
    world.assets.position[asset, region] = -1
    if reason == SAFETY_REASON:
        firms.trust[firm, region] *= 1 - world.now["safety.trust_loss"]
        world.event(RECALLED, region, firm, asset)
    sold = positions.launched[rows] < NEVER
    world.logs["withdrawals"].add(int(sold.sum()), asset=asset[sold], region=region[sold], month=world.month,
                                  reason=reason, patients_exposed=world.assets.exposure[asset[sold]])  # fmt: skip
    close_assets(world, np.unique(asset).astype(np.int64), reason)


def close_assets(world: World, rows: np.ndarray, reason: int) -> None:
    """Assets without any position left are over: what is unsafe at once, the rest years after approval."""
    assets = world.assets
    old = (assets.phase_started[rows] < world.month - 60) | (reason == SAFETY_REASON)
    gone = rows[old & (assets.ended[rows] == NEVER) & (assets.position[rows] < 0).all(axis=1)]
    close_trials(world, gone[assets.trial[gone] >= 0], TERMINATED)
    assets.ended[gone], assets.end_reason[gone] = world.month, OFF_MARKET
    assets.due[gone] = assets.confirming[gone] = NEVER
    close(world, contracts_of(world, gone), EXPIRED)
    withdraw_files(world, gone)


def retire(world: World, live: np.ndarray) -> None:
    """In January old products with little left are given up."""
    if world.month % 12:
        return
    positions, now = world.positions, world.now
    live = live[~positions.mature[live]]  # old originals fade on their own
    age = world.month - positions.protected[live]
    small = positions.sales[live] * 12 < now["demand.retire_sales"]
    withdraw(world, live[(age > 12 * now["demand.retire_years"]) | ((age > 24) & small)], COMMERCIAL_REASON)
