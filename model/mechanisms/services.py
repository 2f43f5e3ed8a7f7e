"""Service providers: contract researchers, contract makers, AI platforms; prices, use, and bans."""

from __future__ import annotations

import numpy as np

from agents import ServiceProvider
from agents.decisions.services import ClientsKnown, ServicePriceKnown
from model.world import REGION_COUNT, World

SERVICES = CRO, CDMO, AI = range(3)
"""Kinds of providers: contract researchers, contract makers, AI platforms."""
AI_HOME_OF = np.array([0, 1, 1, 1, 0, 5, 0, 0, 0, 0])
"""Region whose AI platforms serve the firms of each region."""
AI_REGIONS = len(set(AI_HOME_OF.tolist()))
VENDORS_FROM = 24 * 12
"""Vendors grow and cheapen from 2024, for six years (the range of the data)."""


def measure_services(world: World) -> None:
    """Clients and utilisation of providers: trials for CROs, products for CDMOs, adopters for AI."""
    table, firms, now = world.providers, world.firms, world.now
    alive = world.alive
    home = firms.home[alive]
    active = np.bincount(home[firms.trial_burn[alive] > 0], minlength=REGION_COUNT)
    makers = np.bincount(home[firms.products[alive] > 0], minlength=REGION_COUNT)
    users = np.bincount(AI_HOME_OF[home[firms.ai[alive]]], minlength=REGION_COUNT)
    volume = now["technology.vendor_capacity"] * vendor_years(world, 1 + now["technology.vendor_capacity_growth"])
    volume *= world.scale / now["services.documents_per_client"] / AI_REGIONS
    work = np.stack(
        [world.state["utilisation"], 0.7 * makers / np.maximum(world.state["makers_2000"], 1), users / volume]
    )
    clients = np.stack([active, makers, users])
    table.clients[:] = clients[table.kind, table.region]
    table.utilisation[:] = work[table.kind, table.region] / np.maximum(table.capacity, 1e-6)


def vendor_years(world: World, yearly: float) -> float:
    """What a yearly factor of the AI vendors has come to since 2024."""
    return float(yearly ** np.clip((world.month - VENDORS_FROM) / 12, 0, 6))


def price_services(world: World) -> None:
    """Providers set prices and choose clients; trial sponsors, makers and adopters feel both."""
    table, now = world.providers, world.now
    if world.month % 3 == 0 and "utilisation" in world.state:
        measure_services(world)
    rows = np.arange(len(table))
    table.price[:] = world.decide(ServiceProvider, "set_price", rows, ServicePriceKnown(
        utilisation=table.utilisation.copy(), price_weight=now["services.price_weight"]),
        "providers")  # fmt: skip
    allowed = 1 - world.state["provider_ban"].T[table.region]
    world.state["served"] = world.decide(ServiceProvider, "choose_clients", rows, ClientsKnown(allowed), "providers")
    price = np.ones((len(SERVICES), REGION_COUNT))
    price[table.kind, table.region] = table.price
    world.state["making_cost"] = 1 + now["services.made_outside"] * (price[CDMO] - 1)
    serve_adopters(world, price[AI])
    serve_trials(world, price[CRO])


def serve_adopters(world: World, price: np.ndarray) -> None:
    """What firms of each region pay for AI at such prices of platforms, (10,), and how far they are served."""
    table, fall = world.providers, world.now["technology.vendor_price_decline"]
    world.state["ai_price"] = price[AI_HOME_OF] * vendor_years(world, 1 - fall)
    room, platform = np.ones(REGION_COUNT), table.kind == AI
    room[table.region[platform]] = 1 / np.maximum(table.utilisation[platform], 1.0)
    world.state["ai_service"] = room[AI_HOME_OF]


def serve_trials(world: World, price: np.ndarray) -> None:
    """Part of the outsourced trial work that is lost to bans, and its cost, by region of sites and client, (10, 10)."""
    table, now = world.providers, world.now
    lost, researcher = np.zeros((REGION_COUNT, REGION_COUNT)), table.kind == CRO
    lost[table.region[researcher]] = 1 - world.state["served"][researcher]
    outsourced = now["trials.outsourced_share"]
    world.state["service_lost"] = outsourced * lost
    cost = 1 + outsourced * (price[:, None] - 1) + outsourced * lost * now["services.switch_cost"]
    world.state["service_cost"] = np.maximum(cost, 0.1)
