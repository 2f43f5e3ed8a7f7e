"""What changes around the firms: people, income, budgets, tension, law, service prices."""

from __future__ import annotations

import numpy as np

from agents import Government
from agents.decisions.policy import LeverKnown, TariffKnown
from model.labels import BIOTECH, US
from model.ledger import GOVERNMENTS
from model.mechanisms.emergency import INFECTIOUS, pay_pull
from model.mechanisms.geopolitics import ABROAD, TARIFF, in_force, move_borders, record_tension
from model.mechanisms.payers import over_payers
from model.mechanisms.protection import shift_expiry
from model.mechanisms.services import price_services
from model.mechanisms.technology import advance
from model.world import REGION_COUNT, World

CAPACITY_READ = 25 * 12
"""From 2025 on trial capacity follows use; before, the series."""


def environment(world: World) -> None:
    """Read the drivers of the month and let governments and providers decide."""
    world.now = world.values.at(world.month)
    for flow in world.flows.values():
        flow[:] = 0.0
    if world.month % 3 == 0 or "eligible" not in world.state:
        update_need(world)
    if world.month >= CAPACITY_READ:
        build_sites(world)
    govern(world)
    shift_expiry(world)
    price_services(world)
    advance(world)


def build_sites(world: World) -> None:
    """After the series ends trial capacity follows use: sites open where work exceeds the usual."""
    now, state = world.now, world.state
    excess = np.maximum(state["utilisation"] - now["trials.usual_utilisation"], 0.0)
    growth = np.minimum(now["trials.capacity_response"] * excess, now["trials.capacity_growth_limit"])
    state["sites"] = state["sites"] * (1 + growth / 12)


def income_per_head(world: World) -> np.ndarray:
    """Gross domestic product per head by region, thousand US$ of 2024."""
    return world.now["macro.gdp"] / world.now["macro.population"] / world.prices(2024)


def health_spending(world: World) -> np.ndarray:
    """Health spending by region, million US$ a year of the simulated population."""
    return world.now["macro.gdp"] * world.now["macro.health_share"] * 1e3 * world.scale


def update_need(world: World) -> None:
    """Eligible patients by indication and region, willingness to pay, payers' budgets."""
    now, state = world.now, world.state
    income = income_per_head(world)
    if "income_2000" not in state:
        state["income_2000"], state["health_2000"] = income, health_spending(world)
    affordable = now["access.full_access_income"] * (1 - now["access.tiering"])  # at a lower price care reaches further
    reach = np.minimum((income / affordable) ** now["access.reach_elasticity"], 1)
    people = now["macro.population"] * 1e6 * reach * now["access.demand"]
    patients = world.indications.prevalence * world.indications.cell
    infectious = np.isin(world.indications.area, INFECTIOUS)
    patients = patients * (1 + now["demand.pandemic_patients"] * now["demand.pandemic"] * infectious)
    state["eligible"] = patients[:, None] / 1e5 * people
    income_2024 = world.values["macro.gdp"][288] / world.values["macro.population"][288]
    state["willing"] = (income / income_2024) ** now["access.willingness_elasticity"]
    growth = (income / state["income_2000"]) ** now["access.income_elasticity"]
    state["budget"] = state["budget_share"] * growth * health_spending(world)
    state["region_price"] = region_price(world)


def region_price(world: World) -> np.ndarray:
    """Value price of a region against the US of the 2020s, weighted over its payers, tiered down, (10,)."""
    payers, now = world.payers, world.now
    own = now["payer.willingness"] * payers.willingness / now["access.willingness_unit"]
    return over_payers(world, own) * world.state["willing"] * (1 - now["access.tiering"])


def govern(world: World) -> None:
    """Governments set measures, subsidies, tariffs and price law."""
    now, table = world.now, world.governments
    rows = np.arange(len(table))
    move_borders(world)
    for name, column, lever in (("subsidise", table.subsidy, "capital.state"),
                                ("set_price_law", table.price_law, "access.price_pressure")):  # fmt: skip
        known = LeverKnown(lever=now[lever].copy(), stance=table.stance.copy())
        column[:] = world.decide(Government, name, rows, known, "governments")
    taxes = TariffKnown(lever=tariffs(world), stance=table.stance.copy())
    table.tariff[:] = world.decide(Government, "set_tariff", rows, taxes, "governments")
    duty = np.minimum(table.tariff * now["geopolitics.tariff_passed"], 0.9)
    world.state["presence_loss"] = world.state["tension_loss"] - np.log1p(-duty.T)
    pay_subsidies(world)
    pay_pull(world)
    if world.month % 12 == 0:
        record_tension(world)


def tariffs(world: World) -> np.ndarray:
    """Tariffs of governments (rows) on medicines of firms of each region: the law's or that of a measure."""
    law = np.zeros((REGION_COUNT, REGION_COUNT))
    law[US] = world.now["geopolitics.tariff"]
    return np.maximum(law, world.now["geopolitics.measure.tariff"] * in_force(world)[..., TARIFF]) * ABROAD


def pay_subsidies(world: World) -> None:
    """Spread each government's subsidy evenly over the research firms at home."""
    firms = world.firms
    rows = world.alive[firms.kind[world.alive] == BIOTECH]
    home = firms.home[rows]
    number = np.bincount(home, minlength=REGION_COUNT)
    kept = 1 - world.now["turnover.seed_share"]  # the rest helps to found firms
    share = world.governments.subsidy * kept * world.scale / np.maximum(number, 1)
    world.ledger.receive(firms.cash, rows, share[home], GOVERNMENTS)
