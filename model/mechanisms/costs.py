"""What clinical phases cost at US prices."""

from __future__ import annotations

import numpy as np

from model.kernels import trials as kernel
from model.world import World


def base_cost(world: World, rows: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """Cost of a phase at US prices, failed studies and overhead included, million US$."""
    return kernel.cost(rows, phase.astype(np.int64), costs(world))


def lean(world: World, firm: np.ndarray) -> np.ndarray:
    """Cost of research and trials of firms against that of large ones, (rows,): research firms work for less."""
    return np.where(world.firms.kind[firm] == 0, world.now["research.lean_cost"], 1.0)


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
    return (now["trials.entry_cost"] * world.prices(2013))[:, None] * relative
