"""Manufacturing sites: plants that firms build behind tariffs, and shortages where capacity falls below need."""

from __future__ import annotations

import numpy as np

from agents import Firm
from agents.decisions.sites import PlantKnown
from model.arrays import total
from model.clock import NEVER
from model.ledger import OPERATIONS
from model.world import REGION_COUNT, World


def build_plants(world: World) -> None:
    """Once a quarter firms with sales decide on plants abroad; a plant at home or ready abroad pays no tariff."""
    if world.month % 3:
        return
    firms, now = world.firms, world.now
    rows = world.alive[firms.kind[world.alive] == 1]
    cost = np.full((len(rows), REGION_COUNT), now["supply.plant_cost"] * world.prices(2022))
    known = PlantKnown(
        bill=np.where(firms.plant[rows] == NEVER, tariff_bill(world)[rows], 0.0),
        doubt=world.state["hesitation"][firms.home[rows]], cost=cost,
        money=now["supply.plant_money"] * np.maximum(firms.cash[rows], 0.0), years=now["supply.plant_years"],
    )  # fmt: skip
    chosen = world.decide(Firm, "build_plants", rows, known, "firms")
    world.ledger.pay(firms.cash, rows, (chosen * cost).sum(axis=1), OPERATIONS)
    firms.plant[rows] = np.where(
        chosen & (firms.plant[rows] == NEVER), world.month + int(now["supply.plant_months"]), firms.plant[rows]
    )


def tariff_bill(world: World) -> np.ndarray:
    """Tariffs that firms would pay in a year without plants abroad, million US$, (firms, 10)."""
    firms, positions = world.firms, world.positions
    size = len(firms)
    wall = world.governments.tariff * world.now["geopolitics.tariff_passed"]
    live = np.flatnonzero(positions.active & (positions.sales > 0)) if wall.any() else np.empty(0, np.int64)
    region, firm = positions.region[live].astype(np.int64), positions.firm[live]
    bill = 12 * positions.sales[live] * (1 - positions.discount[live]) * wall[region, firms.home[firm]]
    return total(firm * REGION_COUNT + region, bill, size * REGION_COUNT).reshape(size, REGION_COUNT)


def made_there(world: World) -> np.ndarray:
    """Whether firms make their medicines in each region, by plants that are ready, bool (firms, 10)."""
    return world.firms.plant <= world.month


def ration(world: World) -> np.ndarray:
    """Part of the patients that supply reaches, by region; patients fall with a shortage and come back after it."""
    positions, state = world.positions, world.state
    reached = np.minimum(state["supply"], 1.0)
    before = state.get("rationed", np.ones(REGION_COUNT))
    if (reached != before).any():
        change = reached / np.maximum(before, 1e-3)
        rows = np.flatnonzero(positions.active & ~positions.mature)
        positions.patients[rows] *= change[positions.region[rows]]
    state["rationed"] = reached
    return reached
