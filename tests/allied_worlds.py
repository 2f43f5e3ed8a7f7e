"""A small market with some hundred living alliances, and those whose work is under way."""

from __future__ import annotations

from functools import cache

import numpy as np
from worlds import base

from model import PharmaMarket
from model.clock import NEVER
from model.labels import FILED
from model.world import World

MONTHS = 60


@cache
def stage() -> PharmaMarket:
    """A market with some hundred living alliances. Never play it."""
    return base(scale=0.15, months=MONTHS)


def world() -> World:
    """A copy of its world."""
    return stage().world.copy()


def under_way(w: World) -> np.ndarray:
    """Living alliances (rows) whose licensee develops the asset before it is filed."""
    rows = w.state["allied"]
    asset, deal = w.alliances.asset[rows], w.alliances.deal[rows]
    mine = (w.assets.phase[asset] < FILED) & (w.assets.sponsor[asset] == w.deals.payer[deal])
    mine &= w.deals.ended[deal] == NEVER  # ended contracts leave the lists at the end of the quarter
    return rows[mine & (w.assets.alliance[asset] == rows) & (w.deals.kind[deal] < 3)]
