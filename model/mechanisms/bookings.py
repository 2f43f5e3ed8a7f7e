"""Payments between partners: money moves, both sides and the contract count it, and the log keeps it."""

from __future__ import annotations

import numpy as np

from model.kernels.contracts import book
from model.world import World


def transfer(world: World, deal: np.ndarray, payer: np.ndarray, payee: np.ndarray, amount: np.ndarray,
             trigger: int) -> None:  # fmt: skip
    """Move money between firms under contracts (rows), million US$, and write it down."""
    firms, deals = world.firms, world.deals
    book(
        deal, payer, payee, amount, firms.cash, firms.income_12, firms.income_year, deals.paid, deals.seller_home,
        world.flows["deal_paid"],
    )  # fmt: skip
    world.logs["payments"].add(len(deal), deal=deal, month=world.month, trigger=trigger,
                               payer=payer, payee=payee, amount=amount)  # fmt: skip
