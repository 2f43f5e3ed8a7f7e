"""A pandemic: who answers it, how far trials and reviews are cut short; public purchase as an incentive."""

from __future__ import annotations

import numpy as np

from model.arrays import total
from model.kernels.evidence import first_launches
from model.labels import AREAS
from model.ledger import GOVERNMENTS
from model.world import World

INFECTIOUS = (AREAS.index("infectious_disease"), AREAS.index("vaccines"))
"""Infectious diseases and vaccines: where a pandemic raises need."""
NEW_MONTHS = 120
"""A medicine counts as new for a public purchase in the ten years after its launch."""


def answers(world: World, rows: np.ndarray) -> np.ndarray:
    """How far candidates are treated as an answer to the pandemic of the month, 0-1, (rows,).

    With a pandemic of the size of COVID-19 a share of the candidates of infectious areas is turned to it.
    """
    size = world.now["demand.pandemic"]
    if not size:
        return np.zeros(len(rows))
    assets = world.assets
    turned = world.draws.uniform("pandemic.answer", assets.asset[rows]) < world.now["trials.pandemic_share"] * size
    return min(size, 1.0) * (turned & np.isin(assets.area[rows], INFECTIOUS))


def shorter_trials(world: World, rows: np.ndarray) -> np.ndarray:
    """Part of the usual time that programmes take: phases overlap and start at risk in a pandemic, (rows,)."""
    return 1 - world.now["trials.pandemic_overlap"] * answers(world, rows)


def shorter_review(world: World, rows: np.ndarray) -> np.ndarray:
    """Part of the usual time that reviews take: rolling and emergency reviews in a pandemic, (rows,)."""
    return 1 - world.now["approvals.pandemic_speed"] * answers(world, rows)


def new_medicines(world: World, areas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions of medicines of these areas launched lately, one per asset by row, and their number by area, (16,).

    ``areas`` is bool (16,).
    """
    positions, area = world.positions, world.assets.area
    rows = first_launches(
        world.month - NEW_MONTHS, world.month, positions.launched, positions.active, positions.mature, positions.asset,
        area, areas,
    )  # fmt: skip
    rows = rows[np.argsort(positions.asset[rows])]
    return rows, np.bincount(area[positions.asset[rows]], minlength=len(AREAS))


def pay_pull(world: World) -> None:
    """Governments pay the yearly sum of an area in equal parts to the marketers of its new medicines."""
    pull = world.now["demand.pull_incentive"]
    if not pull.any():
        return
    rows, number = new_medicines(world, pull > 0)
    area = world.assets.area[world.positions.asset[rows]]
    part = pull[area] / 12 * world.scale / np.maximum(number[area], 1)
    amount = total(world.positions.firm[rows], part, len(world.firms))
    world.ledger.pay_all(world.firms.cash, -amount, GOVERNMENTS)


def pull_ahead(world: World) -> np.ndarray:
    """Yearly sum that one more new medicine can expect from public purchase, million US$, (indications,)."""
    pull = world.now["demand.pull_incentive"]
    if not pull.any():
        return np.zeros(len(world.indications.area))
    _, number = new_medicines(world, pull > 0)
    return (pull * world.scale / (number + 1))[world.indications.area]
