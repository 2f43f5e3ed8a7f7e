"""Reversion royalties: who sells a returned medicine owes part of its income to the former licensee."""

from __future__ import annotations

import numpy as np

from model.arrays import unpack_regions
from model.clock import NEVER
from model.kernels.grouping import add
from model.ledger import Ledger
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
    transfer(world, deal[good], payer[good], payee[good], amount[good])


def transfer(world: World, deal: np.ndarray, payer: np.ndarray, payee: np.ndarray, amount: np.ndarray) -> None:
    """Move the money and write it down (the contract itself is over)."""
    firms = world.firms
    Ledger.transfer(firms.cash, payer, payee, amount)
    add(deal, amount, world.deals.paid)
    for firm, income in ((payee, amount), (payer, -amount)):
        add(firm, income, firms.income_12)
        add(firm, income, firms.income_year)
    world.flow("deal_paid", world.deals.seller_home[deal], amount)
    world.logs["payments"].add(len(deal), deal=deal, month=world.month, trigger=REVERSION,
                               payer=payer, payee=payee, amount=amount)  # fmt: skip
