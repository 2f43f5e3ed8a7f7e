"""Reversion royalties: who sells a returned medicine owes part of its income to the former licensee."""

from __future__ import annotations

import numpy as np

from model.arrays import unpack_regions
from model.clock import NEVER
from model.mechanisms.bookings import transfer
from model.world import World

REVERSION = 9
"""Trigger of these payments."""


def pay_reversions(world: World) -> None:
    """Pay the former licensees of returned assets from the income of the quarter."""
    alliances, assets, positions, deals = world.alliances, world.assets, world.positions, world.deals
    rows = world.state["reverted"]
    rows = rows[assets.ended[alliances.asset[rows]] == NEVER]
    world.state["reverted"] = rows
    place = assets.position[alliances.asset[rows]]
    row, region = np.nonzero((place >= 0) & unpack_regions(deals.territory[alliances.deal[rows]]))
    if not len(row):
        return
    deal, position = alliances.deal[rows[row]], place[row, region]
    amount = positions.quarter[position] * alliances.reversion[rows[row]]
    payer, payee = positions.firm[position], deals.payer[deal]
    good = (amount > 0) & (payer != payee) & (world.firms.exited[payee] == NEVER)
    transfer(world, deal[good], payer[good], payee[good], amount[good], REVERSION)
