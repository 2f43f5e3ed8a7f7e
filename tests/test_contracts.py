"""Contracts worked by hand: what is paid when, to whom, and what is never paid twice."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import world_with

from agents.choices import LICENCE
from model.ledger import Ledger
from model.mechanisms.contracts import SALES_STEPS, Terms, pay_milestones, settle, sign
from model.mechanisms.discovery import create


class Contract:
    """A licence on an asset in phase I: 10 up front, milestones of 100 and 200, royalty of 12.5 %."""

    def __init__(self) -> None:
        self.world = world = world_with(alliance__contract_completeness_cost=0.0)
        self.seller, self.buyer = (int(row) for row in world.alive[:2])
        self.asset = create(world, np.array([self.seller]), np.array([5000]))
        world.assets.phase[self.asset] = 1
        self.start = {who: float(world.firms.cash[who]) for who in (self.seller, self.buyer)}
        territory = np.ones((1, 10), bool)
        territory[0, 5] = False
        terms = Terms(territory, *(np.array([amount]) for amount in (10.0, 100.0, 200.0, 0.125)), np.array([LICENCE]))
        self.row = sign(world, self.asset, np.array([self.seller]), np.array([self.buyer]), terms, np.array([False]))

    def received(self) -> float:
        """What the seller has got so far; the buyer has paid exactly that."""
        cash = self.world.firms.cash
        assert cash[self.buyer] - self.start[self.buyer] == pytest.approx(self.start[self.seller] - cash[self.seller])
        assert self.world.deals.paid[self.row[0]] == pytest.approx(cash[self.seller] - self.start[self.seller])
        log = self.world.logs["payments"].arrays()
        mine = log["deal"] == self.row[0]
        assert log["amount"][mine].sum() == pytest.approx(self.world.deals.paid[self.row[0]])
        return float(cash[self.seller] - self.start[self.seller])

    def sell(self, amount: float) -> None:
        """A quarter with this much income under the contract."""
        self.world.positions.quarter[:] = 0.0
        self.world.positions.quarter[self.position] = amount
        self.world.month = 11
        settle(self.world)

    def launch(self) -> None:
        self.position = self.world.positions.append(
            1, asset=self.asset, region=0, firm=self.buyer, contract=self.row, launched=0, protected=150
        )[0]


def test_signing_pays_the_upfront_and_moves_the_rights() -> None:
    contract = Contract()
    assert contract.received() == pytest.approx(10.0)
    holder = contract.world.assets.holder[contract.asset[0]]
    assert [int(firm) == contract.buyer for firm in holder] == [region != 5 for region in range(10)]
    assert holder[5] == contract.seller


def test_development_milestones_come_with_their_phases_and_add_up() -> None:
    """Weights 0.10, 0.20, 0.15, 0.50 from phase II to approval, over their sum of 0.95."""
    contract = Contract()
    for phase, weight in ((2, 0.10), (3, 0.20), (4, 0.15), (5, 0.50)):
        before = contract.received()
        contract.world.assets.phase[contract.asset] = phase
        pay_milestones(contract.world, contract.asset)
        assert contract.received() - before == pytest.approx(100 * weight / 0.95)
    assert contract.received() == pytest.approx(110.0)
    pay_milestones(contract.world, contract.asset)
    assert contract.received() == pytest.approx(110.0), "nothing is paid twice"


def test_royalties_and_sales_milestones_worked_by_hand() -> None:
    """Quarters below and above the first step, then above all: 20, 30 and 50 % of 200 fall due.

    Royalties are 80 % of the middle tier up to 300 million a year, the middle one above (300 < steps < 1,500).
    """
    contract = Contract()
    contract.launch()
    contract.world.month = 11
    steps = SALES_STEPS * contract.world.prices(2024)
    contract.sell(0.9 * steps[0] / 4)
    low, middle = 0.8 * 0.125, 0.125
    assert contract.received() == pytest.approx(10 + low * 0.9 * steps[0] / 4)
    total = contract.received()
    contract.sell(1.1 * steps[0] / 4)
    total += low * 1.1 * steps[0] / 4 + 0.2 * 200
    assert contract.received() == pytest.approx(total)
    contract.sell(1.1 * steps[0] / 4)
    total += low * 1.1 * steps[0] / 4
    assert contract.received() == pytest.approx(total), "a step is paid once"
    contract.sell(1.1 * steps[2] / 4)
    total += middle * 1.1 * steps[2] / 4 + 0.8 * 200
    assert contract.received() == pytest.approx(total)
    assert contract.world.deals.commercial_paid[contract.row[0]] == pytest.approx(200.0)


def test_royalties_wait_for_the_end_of_the_quarter() -> None:
    contract = Contract()
    contract.launch()
    for month in (9, 10):
        contract.world.positions.quarter[contract.position] = 100.0
        contract.world.month = month
        settle(contract.world)
        assert contract.received() == pytest.approx(10.0)
    contract.world.month = 11
    settle(contract.world)
    assert contract.received() > 10.0
    assert (contract.world.positions.quarter == 0).all()


def test_an_ended_contract_pays_nothing() -> None:
    contract = Contract()
    contract.launch()
    contract.world.deals.ended[contract.row] = 5
    contract.sell(100.0)
    assert contract.received() == pytest.approx(10.0)


def test_a_payment_to_oneself_moves_nothing() -> None:
    cash = np.array([5.0, 6.0])
    Ledger.transfer(cash, np.array([1]), np.array([1]), np.array([4.0]))
    assert cash.tolist() == [5.0, 6.0]
