"""What everybody can see of the market: prospects by indication, patent cliffs, the pipeline list."""

from __future__ import annotations

import numpy as np

from model.clock import NEVER
from model.kernels.grouping import developing
from model.labels import MARKETED
from model.mechanisms.turnover import update_gap
from model.mechanisms.valuation import update_outlook
from model.world import World


def look_ahead(world: World) -> None:
    """Tidy the pipeline list each month, renew prospects and cliffs each quarter."""
    assets = world.assets
    world.pipeline = developing(world.pipeline, assets.ended, assets.phase, NEVER, MARKETED)
    if world.month % 3 == 0:
        sold = world.state["marketed"]
        world.state["marketed"] = sold[assets.ended[sold] == NEVER]
        update_outlook(world)
        update_gap(world)
    grow = len(world.firms) - len(world.state["gap"])
    if grow:
        world.state["gap"] = np.pad(world.state["gap"], (0, grow))
