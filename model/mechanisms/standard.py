"""Standard of care: what the medicines launched in a region add up to, the bar for what comes next."""

from __future__ import annotations

import numpy as np

from model.arrays import total, within
from model.labels import US
from model.world import REGION_COUNT, World


def update_standard(world: World) -> None:
    """Standard of care by indication and region, log scale over that of the US in 2000, (indications, 10).

    Every medicine ever launched there counts, the better the more; portfolios of old originals stand for no indication.
    """
    positions, cell = world.positions, world.indications.cell
    rows = np.flatnonzero(~positions.mature)
    quality = world.assets.quality[positions.asset[rows]]
    place = positions.indication[rows].astype(np.int64) * REGION_COUNT + positions.region[rows]
    launched = total(place, np.exp(within(0.5 * quality, -2, 2)), len(cell) * REGION_COUNT)
    level = np.log1p(launched.reshape(len(cell), REGION_COUNT) / cell[:, None])
    reference = world.state.setdefault("standard_2000", level[:, US].copy())
    world.state["standard"] = level - reference[:, None]
