"""A mission earns credit: firms that put patients first gain trust with doctors, investors and partners."""

from __future__ import annotations

import numpy as np

from model.arrays import within
from model.world import World


def mission(world: World, firm: np.ndarray) -> np.ndarray:
    """Weight of patients' health beside value for firms (rows), 0-1: some firms have it, whoever they meet."""
    now, firms = world.now, world.firms
    own = firms.mission[firm]
    if not now["mission.share"]:
        return within(own, 0.0, 1.0)
    follows = world.draws.uniform("mission", firms.firm[firm]) < now["mission.share"]
    return within(now["mission.weight"] * follows + own, 0.0, 1.0)


def earn_credit(world: World) -> None:
    """A quarter's gain of standing with investors and partners."""
    firms, rows = world.firms, world.alive
    gain = world.now["mission.credit"] / 4 * mission(world, rows)
    firms.reputation[rows] += gain * (1 - firms.reputation[rows])
