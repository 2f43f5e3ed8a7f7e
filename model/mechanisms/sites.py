"""Manufacturing sites: plants that firms build behind tariffs, and shortages where capacity falls below need."""

from __future__ import annotations

import numpy as np

from agents import Firm
from agents.decisions.sites import PlantKnown
from model.clock import NEVER
from model.kernels.firms import tariffs
from model.labels import PHARMA
from model.ledger import OPERATIONS
from model.world import REGION_COUNT, World


def build_plants(world: World) -> None:
    """Once a quarter firms with sales decide on plants abroad; a plant at home or ready abroad pays no tariff."""
    if world.month % 3:
        return
    firms, now = world.firms, world.now
    rows = world.alive[firms.kind[world.alive] == PHARMA]
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
    positions = world.positions
    wall = world.governments.tariff * world.now["geopolitics.tariff_passed"]
    bill = np.zeros((len(world.firms), REGION_COUNT))
    if wall.any():
        tariffs(positions.active, positions.sales, positions.discount, positions.region, positions.firm,
                world.firms.home, wall, bill)  # fmt: skip
    return bill


def made_there(world: World, firm: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Whether firms make their medicines in regions (rows), by plants that are ready, bool (rows,)."""
    return world.firms.plant[firm, region] <= world.month


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
