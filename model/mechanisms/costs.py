"""What clinical phases cost at US prices, and what is still to come."""

from __future__ import annotations

import numpy as np

from model.kernels.trials import cost
from model.labels import FILED
from model.world import World


def base_cost(world: World, rows: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """Cost of a phase at US prices, failed studies and overhead included, million US$."""
    assets, now = world.assets, world.now
    return cost(
        rows, phase.astype(np.int64), assets.area, assets.modality, assets.orphan, assets.biomarker,
        world.once(phase_prices), now["modality.trial_cost"], now["trials.orphan_size"], now["trials.biomarker_size"],
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


def remaining_cost(world: World, rows: np.ndarray, passed: np.ndarray) -> np.ndarray:
    """Clinical cost ahead of assets, weighted by the odds of getting there, million US$, (rows,).

    ``passed`` is 1 where the running phase has been passed; the running phase counts as paid.
    """
    assets, success = world.assets, world.now["area.success"]
    phase, area = assets.phase[rows], assets.area[rows]
    reach = np.where(passed == 1, 1.0, success[np.minimum(phase, FILED), area])
    total = np.zeros(len(rows))
    for later in range(1, FILED):
        ahead = phase < later
        total += np.where(ahead, reach * base_cost(world, rows, np.full(len(rows), later)), 0.0)
        reach = np.where(ahead, reach * success[later, area], reach)
    return total
