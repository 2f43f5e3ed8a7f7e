"""Twins in plain NumPy of the compiled loops over firms, on random worlds."""

from __future__ import annotations

import numpy as np
import pytest

from model.kernels import firms

ROWS, FIRMS, ASSETS, REGIONS = 300, 40, 120, 10


def test_spending_and_starts(random: np.random.Generator) -> None:
    home, research = random.integers(0, 10, FIRMS).astype(np.int8), random.random(FIRMS)
    burn, cash, year, smooth = (random.random(FIRMS) for _ in range(4))
    research[:3] = burn[:3] = 0.0
    was, by_region = (cash.copy(), year.copy(), smooth.copy()), np.zeros(10)
    providers, staff = firms.spend(np.arange(3, FIRMS), 0.3, home, research, burn, cash, year, smooth, by_region)
    bill = research + burn
    np.testing.assert_allclose([cash, year, smooth], [was[0] - bill, was[1] + bill, was[2] * 11 / 12 + bill])
    np.testing.assert_allclose(by_region, np.bincount(home, weights=bill, minlength=10))
    np.testing.assert_allclose([providers, staff], [0.3 * bill.sum(), 0.7 * bill.sum()])
    rows, credit, cost = np.arange(5, FIRMS), random.random(FIRMS) * 3, random.random(10) + 0.1
    ai, served, kind = random.random(FIRMS) < 0.5, random.random(10), random.integers(0, 2, FIRMS).astype(np.int8)
    searched = np.bincount(home[rows], weights=(research * np.where(kind == 0, 1.0, 0.3))[rows], minlength=10)
    np.testing.assert_allclose(firms.searching(rows, 0.3, home, kind, research, 10), searched)
    effort = np.where(kind == 0, 0.5, 1 / 0.3)
    level = np.maximum(ai * served[home], 0.2)
    full = credit.copy()
    full[rows] += (research / (cost[home] * effort * (1 - 0.3 * (level - 0.1))))[rows]
    number = np.minimum(np.floor(full[rows]).astype(int), 2)
    who, starts = firms.afford(rows, 2, cost, 0.5, 0.3, 0.3, 0.1, served, 0.2, home, kind, ai, research, credit)
    np.testing.assert_array_equal(who, rows[number > 0])
    np.testing.assert_array_equal(starts, number[number > 0])
    full[rows] -= number
    np.testing.assert_allclose(credit, full)


def test_tariffs(random: np.random.Generator) -> None:
    active, sales = random.random(300) < 0.7, np.maximum(random.normal(size=300), 0)
    discount, region = random.random(300).astype(np.float32), random.integers(0, 10, 300).astype(np.int8)
    firm, home = random.integers(0, FIRMS, 300).astype(np.int32), random.integers(0, 10, FIRMS).astype(np.int8)
    wall, bill = np.maximum(random.normal(size=(10, 10)), 0), np.zeros((FIRMS, 10))
    firms.tariffs(active, sales, discount, region, firm, home, wall, bill)
    expected = np.zeros_like(bill)
    np.add.at(expected, (firm, region), active * 12 * sales * (1 - discount) * wall[region, home[firm]])
    np.testing.assert_allclose(bill, expected)


@pytest.mark.parametrize("public", [False, True])
def test_who_asks_for_money(random: np.random.Generator, public: bool) -> None:
    rows, kind, listed = np.arange(3, 400), random.integers(0, 2, 400).astype(np.int8), random.random(400) < 0.5
    scope, raised = random.integers(0, 3, 400).astype(np.int8), random.integers(0, 60, 400).astype(np.int16)
    sold, income, research, burn, ahead = (random.random(400) for _ in range(5))
    cash = random.normal(5, 10, 400)
    home, runway = random.integers(0, REGIONS, 400).astype(np.int8), random.random(REGIONS) * 24
    who, need = firms.asking(rows, 60, public, kind, listed, scope, sold, income, research, burn, cash, raised, ahead,
                             home, 0.5, runway, 9.0)  # fmt: skip
    monthly = np.maximum(research + burn - np.maximum(income, 0) / 12, 0.05) + ahead
    asks = (listed == public) & (scope < 2) & ((kind == 0) | (sold < 0.5))
    asks &= (cash > 0) & (cash / monthly < runway[home]) & (60 - raised >= 9)
    np.testing.assert_array_equal(who, rows[asks[rows]])
    np.testing.assert_allclose(need, monthly[who])
    skill = random.random((400, REGIONS)).astype(np.float32)
    there = firms.present(rows, skill, np.float32(0.4))
    np.testing.assert_array_equal(there, (skill[rows] > np.float32(0.4)).sum(axis=1))


def test_products_and_idle_organisations(random: np.random.Generator) -> None:
    rows, active = np.arange(0, FIRMS, 2), random.random(ROWS) < 0.3
    launched, firm = random.integers(0, 99, ROWS).astype(np.int16), random.integers(0, FIRMS, ROWS).astype(np.int32)
    region, skill = (
        random.integers(0, REGIONS, ROWS).astype(np.int8),
        random.random((FIRMS, REGIONS)).astype(np.float32),
    )
    skill[::4] = 0.0
    products, carried = np.zeros((FIRMS, REGIONS), int), np.zeros((FIRMS, REGIONS), bool)
    live = active & (launched <= 60)
    np.add.at(products, (firm[live], region[live]), 1)
    carried[firm[active], region[active]] = True
    found = firms.sold_by(rows, FIRMS, 60, active, launched, firm, region)
    np.testing.assert_array_equal(found, products[rows])
    able = skill >= np.float32(0.4)
    who, idle = firms.idle_organisations(rows, skill, np.float32(0.4), active, firm, region)
    np.testing.assert_array_equal(who, rows[able[rows].any(axis=1)])
    np.testing.assert_array_equal(idle, able[who] & ~carried[who])


def test_who_leaves(random: np.random.Generator) -> None:
    rows, kind, founded = np.arange(400), random.integers(0, 2, 400).astype(np.int8), random.integers(0, 60, 400)
    sponsors, cash, income = random.integers(0, 400, 90).astype(np.int32), *random.normal(1, 2, (2, 400))
    candidates, products = (random.integers(0, 2, 400).astype(np.int32) for _ in range(2))
    left, broke = firms.leaving(rows, 60, sponsors, kind, founded, cash, income, candidates, products, 0.8, 2.0)
    owing = cash < -0.8 * (np.maximum(income, 0) + 1)
    assert not (owing & (cash > 0)).any()
    idle = (kind == 0) & (candidates == 0) & (products == 0) & ~np.isin(rows, sponsors)
    idle &= (cash < 2.0) & (60 - founded > 24)
    np.testing.assert_array_equal(left, rows[owing | idle])
    np.testing.assert_array_equal(broke, owing[owing | idle])


def test_heirs_and_those_concerned(random: np.random.Generator) -> None:
    sponsor, rows = random.integers(0, FIRMS, ASSETS).astype(np.int32), random.permutation(ASSETS)[:90]
    signed, ended = random.integers(0, 2, ASSETS).astype(np.int16), np.where(random.random(ASSETS) < 0.8, 99, 5)
    holder = np.where((random.random((ASSETS, 10)) < 0.3) & (signed[:, None] > 0),
                      random.integers(0, FIRMS, (ASSETS, 10)), sponsor[:, None]).astype(np.int32)  # fmt: skip
    gone = random.random(FIRMS) < 0.1
    lost = (signed > 0) & (ended == 99) & (gone[sponsor] | gone[holder].any(axis=1))
    found = firms.concerned(rows, gone, signed, ended.astype(np.int16), 99, sponsor, holder)
    np.testing.assert_array_equal(found, rows[lost[rows]])
    phase = random.integers(0, 5, ASSETS).astype(np.int8)
    best = firms.most_advanced(rows, sponsor, phase, np.arange(10, 30), FIRMS)
    for firm, row in zip(range(10, 30), best, strict=True):
        mine = [r for r in rows if sponsor[r] == firm]
        assert row == (max(mine, key=lambda r: (phase[r], mine.index(r))) if mine else -1)
    heir, bit = np.arange(FIRMS, dtype=np.int32), (1 << random.integers(0, 10, FIRMS)).astype(np.int16)
    heir[:8] = 20
    involved, old_sponsor, old_holder = np.zeros(ASSETS, np.int16), sponsor.copy(), holder.copy()
    firms.pass_assets(rows, heir, signed, bit, sponsor, holder, involved)
    np.testing.assert_array_equal(sponsor[rows], heir[old_sponsor[rows]])
    np.testing.assert_array_equal(holder[rows], heir[old_holder[rows]])
    moved = rows[(old_sponsor[rows] < 8) | (signed[rows] > 0)]
    np.testing.assert_array_equal(involved[moved], bit[sponsor[moved]])
    owner, status = random.integers(0, FIRMS, 90).astype(np.int32), random.integers(0, 3, 90).astype(np.int8)
    expected = np.where(status == 0, heir[owner], owner)
    firms.pass_open(status, 0, heir, owner)
    np.testing.assert_array_equal(owner, expected)
