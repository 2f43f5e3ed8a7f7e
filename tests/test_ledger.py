"""Money moves, it is never made."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import LIVELY, base, fork

from model.ledger import ACCOUNTS, PAYERS, STAFF, VENTURE, Ledger
from model.plan import MONTH

AMOUNTS = st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1e6)), max_size=30)


def test_receiving_and_paying_move_money() -> None:
    ledger, cash = Ledger(), np.array([1.0, 2.0, 3.0])
    ledger.receive(cash, np.array([0, 2, 0]), np.array([10.0, 5.0, 1.0]), VENTURE)
    assert cash.tolist() == [12.0, 2.0, 8.0], "a row may repeat"
    assert ledger.balances[VENTURE] == -16.0
    ledger.pay(cash, np.array([2, 2]), np.array([1.0, 2.0]), STAFF)
    assert cash.tolist() == [12.0, 2.0, 5.0]
    assert ledger.balances[STAFF] == 3.0
    ledger.pay_all(cash, np.array([2.0, 0.0, -4.0]), PAYERS)
    assert cash.tolist() == [10.0, 2.0, 9.0]
    assert ledger.balances[PAYERS] == -2.0
    Ledger.transfer(cash, np.array([0, 0]), np.array([1, 2]), np.array([4.0, 5.0]))
    assert cash.tolist() == [1.0, 6.0, 14.0]
    assert ledger.total(cash) == 1.0 + 2.0 + 3.0


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS, st.integers(0, len(ACCOUNTS) - 1))
def test_the_total_never_changes(gifts: list[tuple[int, float]], moves: list[tuple[int, float]], account: int) -> None:
    ledger, cash = Ledger(), np.zeros(5)
    for part in (gifts, moves):
        rows = np.array([row for row, _ in part], int)
        money = np.array([amount for _, amount in part], float)
        ledger.receive(cash, rows, money, account)
        ledger.pay(cash, rows[::-1], money, (account + 1) % len(ACCOUNTS))
        ledger.pay_all(cash, np.arange(5) * 3.0, account)
        Ledger.transfer(cash, rows, (rows + 1) % 5, money)
    size = sum(amount for _, amount in gifts + moves) + 60
    assert ledger.total(cash) == pytest.approx(0.0, abs=1e-9 * size)


def test_copies_are_independent() -> None:
    ledger = Ledger()
    twin = ledger.copy()
    twin.balances[0] = 5.0
    assert ledger.balances[0] == 0.0


def test_no_part_of_the_month_makes_money() -> None:
    """Part by part, so that a leak is told with its place."""
    market = fork(base(scale=0.2, months=18, changes=LIVELY))
    world = market.world
    for _ in range(12):
        for name, part in MONTH:
            before = world.ledger.total(world.firms.cash)
            part(world)
            turnover = np.abs(world.firms.cash).sum() + np.abs(world.ledger.balances).sum()
            assert abs(world.ledger.total(world.firms.cash) - before) < 1e-10 * turnover, name
        world.month += 1
