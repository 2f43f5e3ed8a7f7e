"""What clinical phases cost, and what sponsors can spend on them."""

from __future__ import annotations

import numpy as np

from agents.decisions import trials
from model.kernels import trials as kernel
from model.labels import BIOTECH, PHARMA
from model.world import World


def base_cost(world: World, rows: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """Cost of a phase at US prices, failed studies and overhead included, million US$."""
    return kernel.cost(rows, phase.astype(np.int64), costs(world))


def lean(world: World, firm: np.ndarray) -> np.ndarray:
    """Cost of research and trials of firms against that of large ones, (rows,): research firms work for less."""
    return np.where(world.firms.kind[firm] == BIOTECH, world.now["research.lean_cost"], 1.0)


def cost_at_home(world: World) -> np.ndarray:
    """Cost of a programme for one region alone against the same for the world at US prices, (10,)."""
    return world.now["trials.cost_per_patient"] * world.now["regulator.home_size"]


def funds(world: World, sponsor: np.ndarray) -> np.ndarray:
    """Money that sponsors can count on for a new programme, million US$: cash and some income."""
    firms = world.firms
    free = firms.cash[sponsor] + world.now["trials.income_years"] * firms.income_12[sponsor]
    return np.maximum(free - 12 * firms.trial_burn[sponsor], 0.0)


def to_spend(world: World, sponsor: np.ndarray) -> np.ndarray:
    """The part of that which they put into one programme, million US$, (rows,)."""
    now, pharma = world.now, world.firms.kind[sponsor] == PHARMA
    return trials.to_spend(funds(world, sponsor), pharma, now["trials.affordable_share"], now["trials.pharma_share"])


def costs(world: World) -> kernel.Costs:
    """What decides the cost of a phase this month, for compiled loops."""
    assets, now = world.assets, world.now
    return kernel.Costs(
        assets.area, assets.modality, assets.orphan, assets.biomarker, world.once(phase_prices),
        now["modality.trial_cost"], now["trials.orphan_size"], now["trials.biomarker_size"],
    )  # fmt: skip


def phase_prices(world: World) -> np.ndarray:
    """Cost of a phase by area for a usual candidate, million US$, (phases, 16).

    Mean out-of-pocket cost per candidate entering the phase (DiMasi, Grabowski and Hansen 2016),
    spread over areas by patients times cost per patient (Sertkaya et al. 2024), over modalities.
    """
    now = world.now
    size = now["area.patients"] * now["area.cost_per_patient"]
    mix = now["area.start_share"]
    relative = (size / (size @ mix)[:, None].clip(1e-9)) ** now["trials.area_cost_spread"]
    relative /= np.maximum((relative @ mix)[:, None], 1e-9)
    return entry_cost(world)[:, None] * relative


def entry_cost(world: World) -> np.ndarray:
    """Mean out-of-pocket cost per candidate entering each phase, million US$ of the month, (phases,)."""
    now = world.now
    cost: np.ndarray = now["trials.entry_cost"] * (now["trials.cost_level"] * world.prices(2013))
    return cost
