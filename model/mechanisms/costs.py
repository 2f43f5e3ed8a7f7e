"""What clinical phases cost at US prices."""

from __future__ import annotations

import numpy as np

from model.world import World


def base_cost(world: World, rows: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """Cost of a phase at US prices, failed studies and overhead included, million US$.

    Mean out-of-pocket cost per candidate entering the phase (DiMasi, Grabowski and Hansen 2016),
    spread over areas by patients times cost per patient (Sertkaya et al. 2024), over modalities.
    """
    assets, now = world.assets, world.now
    area, modality = assets.area[rows], assets.modality[rows]
    size = now["area.patients"] * now["area.cost_per_patient"]
    mix = now["area.start_share"]
    relative = (size / (size @ mix)[:, None].clip(1e-9)) ** now["trials.area_cost_spread"]
    relative /= np.maximum((relative @ mix)[:, None], 1e-9)
    small = np.where(assets.orphan[rows], now["trials.orphan_size"], 1.0)
    small = small * np.where(assets.biomarker[rows], now["trials.biomarker_size"], 1.0)
    price = now["trials.entry_cost"] * world.prices(2013)
    return price[phase] * relative[phase, area] * now["modality.trial_cost"][modality] * small
