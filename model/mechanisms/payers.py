"""A region's payers taken together: what is usual where several of them decide."""

from __future__ import annotations

import numpy as np

from model.arrays import total
from model.world import REGION_COUNT, World


def over_payers(world: World, amounts: np.ndarray) -> np.ndarray:
    """Mean of the amounts of payers (payers,) by region, (10,), weighted by what each of them spends."""
    region, share = world.payers.region, world.now["payer.spend_share"]
    return total(region, amounts * share, REGION_COUNT) / total(region, share, REGION_COUNT)
