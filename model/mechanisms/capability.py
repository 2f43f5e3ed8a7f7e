"""Capabilities: built, grown with use, lost when idle; brand trust; AI adoption."""

from __future__ import annotations

import numpy as np

from model.arrays import cells
from model.clock import NEVER
from model.kernels.firms import idle_organisations, sold_by
from model.labels import GLOBAL, PHARMA, REGIONAL
from model.ledger import OPERATIONS
from model.mechanisms.credit import earn_credit, mission
from model.mechanisms.sites import build_plants
from model.mechanisms.standard import update_standard
from model.mechanisms.technology import adopt_ai
from model.world import World


def build_capabilities(world: World) -> None:
    """Open sales organisations when ready; once a quarter grow, decay and pay for them."""
    open_organisations(world)
    build_plants(world)
    if world.month % 3 == 0:
        practise(world)
        earn_credit(world)
        pay_running_cost(world)
        become_global(world)
        adopt_ai(world)
        update_standard(world)


def open_organisations(world: World) -> None:
    """Organisations that are ready this month start at the ability of a newcomer."""
    firms, now = world.firms, world.now
    firm, region = cells(firms.ready == world.month)
    for column in (firms.commercial, firms.access):
        column[firm, region] = np.maximum(column[firm, region], now["capability.able"])
    firms.ready[firm, region] = NEVER


def practise(world: World) -> None:
    """Products on the market exercise capabilities and earn trust; what lies idle decays."""
    firms, positions, now = world.firms, world.positions, world.now
    rows = world.alive[firms.kind[world.alive] == PHARMA]
    products = sold_by(
        rows, len(firms), world.month, positions.active, positions.launched, positions.firm, positions.region
    )
    used = products > 0
    depth = 1 - np.exp(-products / now["capability.usual_products"])
    for column, rate in (("commercial", "capability.learning"), ("access", "capability.learning"),
                         ("regulatory", "capability.learning"), ("trust", "capability.trust_growth")):  # fmt: skip
        level = getattr(firms, column)[rows]
        gain = now[rate] / 4 * depth * (1 - level)
        if column == "trust":
            gain *= 1 + now["mission.trust"] * mission(world, rows)[:, None]
        loss = now["capability.decay"] / 4 * level
        getattr(firms, column)[rows] = level + np.where(used, gain, -loss)
    firms.products[rows] = products.sum(axis=1)


def become_global(world: World) -> None:
    """Regional firms that have come to sell in much of the world on their own, and enough of it, are global ones."""
    firms, now = world.firms, world.now
    rows = world.alive[firms.scope[world.alive] == REGIONAL]
    wide = (firms.commercial[rows] >= now["capability.able"]).sum(axis=1) >= now["capability.global_regions"]
    large = firms.sales_12[rows] > now["capability.global_sales"] * world.prices(2020)
    firms.scope[rows[wide & large]] = GLOBAL


def pay_running_cost(world: World) -> None:
    """Sales organisations cost money where no product carries them."""
    firms, positions, now = world.firms, world.positions, world.now
    rows, idle = idle_organisations(
        world.alive, firms.commercial, np.float32(now["capability.able"]), positions.active, positions.firm,
        positions.region,
    )  # fmt: skip
    run = now["launch.run_cost"][0] * world.prices(2022) / 4 * now["capability.idle_cost"]
    world.ledger.pay(firms.cash, rows, idle @ run, OPERATIONS)
