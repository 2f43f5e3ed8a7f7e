"""Demand: shares by discrete choice, uptake, sales, erosion, supply, safety, and who earns it."""

from __future__ import annotations

import numpy as np

from model.arrays import total
from model.clock import NEVER
from model.ledger import GOVERNMENTS, OPERATIONS, PAYERS
from model.mechanisms.approvals import withdraw_files
from model.mechanisms.contracts import EXPIRED, close, contracts_of
from model.mechanisms.protection import eroded
from model.mechanisms.trials import OFF_MARKET
from model.world import REGION_COUNT, World

SAFETY_REASON, COMMERCIAL_REASON = 0, 1


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
    rows = np.flatnonzero(positions.active & ~positions.mature & due[positions.indication])
    if not len(rows):
        return
    region, firm = positions.region[rows].astype(np.int64), positions.firm[rows]
    dear = np.log(np.maximum(positions.price[rows], 1.0) / np.maximum(value_price(world, rows), 1.0))
    utility = now["demand.benefit"] * np.clip(positions.benefit[rows], -2.5, 3)
    utility -= now["demand.price"] * np.clip(dear, -2, 3)
    utility -= now["demand.order"] * np.log(positions.order[rows])
    utility += now["demand.trust"] * firms.trust[firm, region]
    utility += now["demand.promotion"] * firms.commercial[firm, region]
    old = positions.protected[rows] <= world.month
    weight = np.exp(utility) * positions.covered[rows]
    cell = positions.indication[rows].astype(np.int64) * REGION_COUNT + region
    cells = len(world.indications.area) * REGION_COUNT
    protected = total(cell, np.where(old, 0.0, weight), cells)
    cheap = total(cell, np.where(old, weight, 0.0), cells)
    size = np.repeat(world.indications.cell, REGION_COUNT)
    outside = np.exp(now["demand.outside"]) * size + now["demand.copies"] * cheap
    share = weight / (outside + protected)[cell]
    positions.share[rows] = np.where(old, positions.share[rows], share)


def value_price(world: World, rows: np.ndarray) -> np.ndarray:
    """Invoice price that the region finds usual for the indication, US$ a patient-year."""
    positions = world.positions
    region = positions.region[rows].astype(np.int64)
    base = world.indications.price[positions.indication[rows]] * world.state["region_price"][region]
    return base * world.prices(2024) / (1 - world.now["access.gross_to_net"][region])


def take_up(world: World, live: np.ndarray) -> None:
    """Patients on treatment move towards the share of the eligible: diffusion (Bass 1969)."""
    positions, firms, now = world.positions, world.firms, world.now
    rows = live[~positions.mature[live] & (positions.launched[live] <= world.month)]
    region, firm = positions.region[rows].astype(np.int64), positions.firm[rows]
    eligible = world.state["eligible"][positions.indication[rows], region]
    target = np.maximum(eligible * positions.share[rows] * positions.reach[rows], 1e-9)
    supply = world.state["supply"][region]
    pace = (0.5 + 0.5 * firms.commercial[firm, region] / now["capability.usual"]) * supply
    reached = np.minimum(positions.patients[rows] / target, 1.5)
    step = (now["demand.innovation"] + now["demand.imitation"] * reached) * (1 - reached) / 12 * pace
    protected = positions.protected[rows] > world.month
    positions.patients[rows] = np.where(protected, np.maximum(reached + step, 0) * target, positions.patients[rows])
    yearly = 1 + now["access.price_drift"] - now["access.price_revision"]
    drift = (yearly ** (1 / 12))[region]
    positions.price[rows] *= drift
    sales = positions.patients[rows] * positions.price[rows] / 12e6
    sales *= 1 - late_cut(world, rows, region)
    years = np.maximum(world.month - positions.protected[rows], 0) / 12
    positions.sales[rows], positions.copies[rows] = sales, 0.0
    old = years > 0
    kept, copied = eroded(world, positions.asset[rows[old]], region[old], years[old])
    positions.copies[rows[old]] = sales[old] * copied
    positions.sales[rows[old]] = sales[old] * kept


def late_cut(world: World, rows: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Statutory cut of the price of products that are long on the market (share, rows)."""
    now, positions = world.now, world.positions
    age = (world.month - positions.launched[rows]) / 12
    big = positions.sales[rows] * 12 > now["access.late_price_sales"] * world.prices(2024)
    return now["access.late_price_cut"][region] * (age > now["access.late_price_age"][region]) * big


def grow_mature(world: World) -> None:
    """Old originals of 2000 follow health spending and fade slowly."""
    positions, now = world.positions, world.now
    rows = np.flatnonzero(positions.mature & positions.active)
    region = positions.region[rows]
    growth = health_growth(world) ** now["demand.mature_elasticity"]
    fade = np.exp(-now["demand.mature_fade"] * world.month / 12)
    positions.sales[rows] = (
        positions.base[rows] * growth[region] * fade * (1 - now["protection.copy_price_cut"][region])
    )


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
    region, firm = positions.region[live].astype(np.int64), positions.firm[live]
    sales = positions.sales[live]
    tariff = world.governments.tariff[region, firms.home[firm]]
    income = sales * (1 - positions.discount[live])
    size = len(firms)
    by_firm, sold = total(firm, income, size), total(firm, sales, size)
    ledger.pay_all(firms.cash, -by_firm, PAYERS)
    ledger.pay_all(firms.cash, total(firm, income * tariff * now["geopolitics.tariff_passed"], size), GOVERNMENTS)
    modality = world.assets.modality[positions.asset[live]]
    making = now["modality.manufacturing_share"][modality] * world.state["making_cost"][firms.home[firm]]
    cost = income * (making + now["demand.selling_share"])
    cost += now["launch.safety_cost"][0, region] * world.prices(2022) / 12 * (sales > 0) * ~positions.mature[live]
    ledger.pay_all(firms.cash, total(firm, np.minimum(cost, 0.9 * income), size), OPERATIONS)
    firms.sales_year += sold
    firms.income_year += by_firm
    firms.sales_12 += (sold * 12 - firms.sales_12) / 12
    firms.income_12 += (by_firm * 12 - firms.income_12) / 12
    positions.sales_year[live] += sales
    positions.quarter[live] += income
    positions.total[live] += sales
    count_health(world, live)
    count_market(world, live, region, sales, income)


def count_health(world: World, live: np.ndarray) -> None:
    """Patient-years and health gained, in proportion to need and benefit."""
    positions, now = world.positions, world.now
    months = positions.patients[live] / 12
    need = world.indications.need[positions.indication[live]]
    gain = now["demand.health_gain"] * need * np.exp(0.3 * np.clip(positions.benefit[live], -3, 3))
    positions.patients_year[live] += months
    positions.health_year[live] += months * gain
    np.add.at(world.assets.exposure, positions.asset[live], months)
    region = positions.region[live]
    world.flow("patients", region, months)
    world.flow("health", region, months * gain)


def count_market(world: World, live: np.ndarray, region: np.ndarray, sales: np.ndarray, income: np.ndarray) -> None:
    """Market totals by region, and how far spending presses on the payers' budgets."""
    positions, state = world.positions, world.state
    world.flow("net_sales", region, sales)
    world.flow("income", region, income)
    world.flow("generic_sales", region, positions.copies[live])
    world.flows["generic_sales"] += legacy_copies(world)
    world.ledger.balances[PAYERS] -= world.flows["generic_sales"].sum()
    world.ledger.balances[OPERATIONS] += world.flows["generic_sales"].sum()
    guarded = ~positions.mature[live] & (positions.protected[live] > world.month)
    spent = total(region, np.where(guarded, income, 0.0), REGION_COUNT) * 12
    state["spent"] += (spent - state["spent"]) / 12
    state["pressure"] = np.maximum(state["spent"] / np.maximum(state["budget"], 1e-9), 0.05)


def watch_safety(world: World, live: np.ndarray) -> None:
    """Safety signals in the yearly month of each asset: withdrawal everywhere or a new warning."""
    positions, assets, now = world.positions, world.assets, world.now
    mine = live[(assets.asset[positions.asset[live]] % 12 == world.month % 12) & ~positions.mature[live]]
    rows = np.unique(positions.asset[mine])
    luck = world.draws.uniform("safety", assets.asset[rows], world.month // 12)
    hazard = now["safety.hazard"] * np.exp(now["safety.risk_weight"] * assets.risk[rows])
    gone = rows[luck < hazard]
    if len(gone):
        withdraw(world, live[np.isin(positions.asset[live], gone)], SAFETY_REASON)


def withdraw(world: World, rows: np.ndarray, reason: int) -> None:
    """Take positions off the market; trust in their marketers falls after safety withdrawals."""
    positions, firms = world.positions, world.firms
    asset, region, firm = positions.asset[rows], positions.region[rows], positions.firm[rows]
    positions.active[rows] = False
    positions.sales[rows] = positions.copies[rows] = positions.patients[rows] = 0.0
    np.add.at(firms.products, firm, -1)
    world.assets.position[asset, region] = -1
    if reason == SAFETY_REASON:
        firms.trust[firm, region] *= 0.8
        world.event(3, region, firm, asset)
    world.logs["withdrawals"].add(len(rows), asset=asset, region=region, month=world.month,
                                  reason=reason, patients_exposed=world.assets.exposure[asset])  # fmt: skip
    close_assets(world, np.unique(asset))


def close_assets(world: World, rows: np.ndarray) -> None:
    """Assets without any position left, years after approval, leave the market."""
    assets = world.assets
    gone = (assets.position[rows] < 0).all(axis=1) & (assets.phase_started[rows] < world.month - 60)
    assets.ended[rows[gone]], assets.end_reason[rows[gone]] = world.month, OFF_MARKET
    assets.due[rows[gone]] = NEVER
    close(world, contracts_of(world, rows[gone]), EXPIRED)
    withdraw_files(world, rows[gone])


def retire(world: World, live: np.ndarray) -> None:
    """In January old products with little left are given up."""
    if world.month % 12:
        return
    positions, now = world.positions, world.now
    live = live[~positions.mature[live]]  # old originals fade on their own
    age = world.month - positions.protected[live]
    small = positions.sales[live] * 12 < now["demand.retire_sales"]
    withdraw(world, live[(age > 12 * now["demand.retire_years"]) | ((age > 24) & small)], COMMERCIAL_REASON)
