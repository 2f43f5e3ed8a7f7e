"""What changes around the firms: people, income, budgets, tension, law, service prices."""

from __future__ import annotations

import numpy as np

from agents import Government, ServiceProvider
from agents.decisions.policy import LeverKnown, RestrictKnown, TariffKnown
from agents.decisions.services import ClientsKnown, ServicePriceKnown
from model.arrays import pack_regions, unpack_regions
from model.ledger import GOVERNMENTS
from model.world import REGION_COUNT, World

US = 0
CAPACITY_READ = 25 * 12
"""From 2025 on trial capacity follows use; before, the series."""
INFECTIOUS = (6, 7)
"""Infectious diseases and vaccines: where a pandemic raises need."""
AI_HOME_OF = np.array([0, 1, 1, 1, 0, 5, 0, 0, 0, 0])
"""Region whose AI platforms serve the firms of each region."""
LAST_TENSION_READ = 26 * 12
"""From 2026 on tension follows its process; before, the series."""


def environment(world: World) -> None:
    """Read the drivers of the month and let governments and providers decide."""
    world.now = world.values.at(world.month)
    for flow in world.flows.values():
        flow[:] = 0.0
    if world.month % 3 == 0 or "eligible" not in world.state:
        update_need(world)
    update_tension(world)
    if world.month >= CAPACITY_READ:
        build_sites(world)
    govern(world)
    price_services(world)


def build_sites(world: World) -> None:
    """After the series ends trial capacity follows use: sites open where work exceeds the usual."""
    now, state = world.now, world.state
    excess = np.maximum(state["utilisation"] - now["trials.usual_utilisation"], 0.0)
    growth = np.minimum(now["trials.capacity_response"] * excess, now["trials.capacity_growth_limit"])
    state["sites"] = state["sites"] * (1 + growth / 12)


def income_per_head(world: World) -> np.ndarray:
    """Gross domestic product per head by region, thousand US$ of the year."""
    return world.now["macro.gdp"] / world.now["macro.population"]


def health_spending(world: World) -> np.ndarray:
    """Health spending by region, million US$ a year of the simulated population."""
    return world.now["macro.gdp"] * world.now["macro.health_share"] * 1e3 * world.scale


def update_need(world: World) -> None:
    """Eligible patients by indication and region, willingness to pay, payers' budgets."""
    now, state = world.now, world.state
    income = income_per_head(world)
    if "income_2000" not in state:
        state["income_2000"], state["health_2000"] = income, health_spending(world)
    reach = np.minimum((income / now["access.full_access_income"]) ** now["access.reach_elasticity"], 1)
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
    """Value price of a region against the US of the 2020s, weighted over its payers, (10,)."""
    payers, now = world.payers, world.now
    own = now["payer.willingness"] * payers.willingness / now["access.willingness_unit"]
    weighted = np.bincount(payers.region, weights=own * now["payer.spend_share"],
                           minlength=REGION_COUNT)  # fmt: skip
    return weighted * world.state["willing"]


def update_tension(world: World) -> None:
    """Tension of each pair of regions: the series to 2025, then a mean-reverting process.

    Yearly persistence, volatility and jumps of the data, in monthly steps.
    """
    level, now = now_tension(world), world.now
    if world.month < LAST_TENSION_READ:
        world.state["tension"] = level
        return
    old = world.state["tension"]
    upper = np.triu_indices(REGION_COUNT, 1)
    pair = upper[0] * REGION_COUNT + upper[1]
    shock = world.draws.normal("tension.shock", pair, world.month)
    luck = world.draws.uniform("tension.jump", pair, world.month)
    pull = 1 - now["geopolitics.persistence"][upper] ** (1 / 12)
    step = pull * (level[upper] - old[upper])
    step += now["geopolitics.volatility"][upper] * now["geopolitics.uncertainty"] / 12**0.5 * shock
    jump = luck < now["geopolitics.jump_rate"][upper] / 12
    step += jump * now["geopolitics.jump_size"][upper] * np.where(shock > -0.674, 1, -1)
    new = np.zeros_like(old)
    new[upper] = np.clip(old[upper] + step, 0, 1)
    world.state["tension"] = new + new.T


def now_tension(world: World) -> np.ndarray:
    """Tension of the series by pair of regions, 0-1, (10, 10)."""
    return np.clip(world.now["geopolitics.tension"], 0, 1)


def govern(world: World) -> None:
    """Governments set restrictions, subsidies, tariffs and price law."""
    now, table = world.now, world.governments
    rows = np.arange(len(table))
    pairs = rows[:, None] * REGION_COUNT + np.arange(REGION_COUNT)
    restricted = world.decide(Government, "restrict", rows, RestrictKnown(
        tension=world.state["tension"], in_force=unpack_regions(table.measures),
        stance=table.stance.copy(), luck=world.draws.uniform("policy", pairs, world.month),
        threshold=now["geopolitics.threshold.licence_review"],
        gap=now["geopolitics.effect.removal_gap"],
        trigger_rate=now["geopolitics.effect.trigger_rate"],
        removal_rate=now["geopolitics.effect.removal_rate"]), "governments")  # fmt: skip
    table.measures[:] = pack_regions(restricted)
    for name, column, lever in (("subsidise", table.subsidy, "capital.state"),
                                                                ("set_price_law", table.price_law,
                                                                "access.price_pressure")):  # fmt: skip
        known = LeverKnown(lever=now[lever].copy(), stance=table.stance.copy())
        column[:] = world.decide(Government, name, rows, known, "governments")
    law = np.zeros((REGION_COUNT, REGION_COUNT))
    law[US] = now["geopolitics.tariff"]
    table.tariff[:] = world.decide(
        Government, "set_tariff", rows, TariffKnown(lever=law, stance=table.stance.copy()), "governments"
    )
    pay_subsidies(world)
    if world.month % 12 == 0:
        record_tension(world)


def pay_subsidies(world: World) -> None:
    """Spread each government's subsidy evenly over the research firms at home."""
    firms = world.firms
    rows = world.alive[firms.kind[world.alive] == 0]
    home = firms.home[rows]
    number = np.bincount(home, minlength=REGION_COUNT)
    kept = 1 - world.now["turnover.seed_share"]  # the rest helps to found firms
    share = world.governments.subsidy * kept * world.scale / np.maximum(number, 1)
    world.ledger.receive(firms.cash, rows, share[home], GOVERNMENTS)


def record_tension(world: World) -> None:
    """Yearly record of tension and measures by pair."""
    a, b = np.triu_indices(REGION_COUNT, 1)
    under = unpack_regions(world.governments.measures)
    world.logs["tensions"].add(len(a), month=world.month, a=a, b=b,
                               level=world.state["tension"][a, b],
                               measures=under[a, b] + 2 * under[b, a])  # fmt: skip


def measure_services(world: World) -> None:
    """Clients and utilisation of providers: trials for CROs, products for CDMOs, adopters for AI."""
    table, firms, now = world.providers, world.firms, world.now
    alive = world.alive
    home = firms.home[alive]
    active = np.bincount(home[firms.trial_burn[alive] > 0], minlength=REGION_COUNT)
    makers = np.bincount(home[firms.products[alive] > 0], minlength=REGION_COUNT)
    users = np.bincount(AI_HOME_OF[home[firms.ai[alive]]], minlength=REGION_COUNT)
    volume = now["services.vendor_clients"] * world.scale
    work = np.stack(
        [world.state["utilisation"], 0.7 * makers / np.maximum(world.state["makers_2000"], 1), users / volume]
    )
    clients = np.stack([active, makers, users])
    table.clients[:] = clients[table.kind, table.region]
    table.utilisation[:] = work[table.kind, table.region] / np.maximum(table.capacity, 1e-6)


def price_services(world: World) -> None:
    """Providers set prices and choose clients; trial sponsors, makers and adopters feel both."""
    table, now = world.providers, world.now
    if world.month % 3 == 0 and "utilisation" in world.state:
        measure_services(world)
    rows = np.arange(len(table))
    table.price[:] = world.decide(ServiceProvider, "set_price", rows, ServicePriceKnown(
        utilisation=table.utilisation.copy(), price_weight=now["services.price_weight"]),
        "providers")  # fmt: skip
    allowed = np.ones((len(rows), REGION_COUNT))
    banned = now["geopolitics.provider_ban"]
    home = table.region
    allowed[:, US] = 1 - banned[home]
    world.state["served"] = world.decide(ServiceProvider, "choose_clients", rows, ClientsKnown(allowed), "providers")
    cro, cdmo, ai = (table.kind == kind for kind in range(3))
    ratio = np.ones(REGION_COUNT)
    ratio[home[cro]] = table.price[cro]
    make = np.ones(REGION_COUNT)
    make[home[cdmo]] = table.price[cdmo]
    world.state["making_cost"] = 1 + now["services.made_outside"] * (make - 1)
    dear = np.ones(REGION_COUNT)
    dear[home[ai]] = table.price[ai]
    world.state["ai_price"] = dear[AI_HOME_OF]
    lost = np.zeros((REGION_COUNT, REGION_COUNT))
    lost[home[cro]] = 1 - world.state["served"][cro]
    outsourced = now["trials.outsourced_share"]
    cost = 1 + outsourced * (ratio[:, None] - 1) + outsourced * lost * now["services.switch_cost"]
    world.state["service_cost"] = np.maximum(cost, 0.1)
