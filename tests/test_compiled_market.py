"""Twins in plain NumPy of the compiled loops over positions, programmes, values and firms, on random worlds."""

from __future__ import annotations

import numpy as np
import pytest

from model.kernels import firms, luck, sales, trials, value

ROWS, FIRMS, ASSETS, REGIONS = 300, 40, 120, 10


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(11)


def live_rows(random: np.random.Generator) -> np.ndarray:
    return np.sort(random.permutation(ROWS)[:220])


def bits_of(codes: np.ndarray) -> np.ndarray:
    return (codes[:, None] >> np.arange(REGIONS) & 1).astype(bool)


# --- positions on the market


def test_choices(random: np.random.Generator) -> None:
    active, mature, kind = (
        random.random(ROWS) < 0.7,
        random.random(ROWS) < 0.3,
        random.integers(0, 9, ROWS).astype(np.int16),
    )
    due = random.random(9) < 0.5
    np.testing.assert_array_equal(
        sales.choosing(active, mature, kind, due), np.flatnonzero(active & ~mature & due[kind])
    )


def test_uptake_and_late_cuts(random: np.random.Generator) -> None:
    live, month = live_rows(random), 100
    kind, region = random.integers(0, 9, ROWS).astype(np.int16), random.integers(0, REGIONS, ROWS).astype(np.int8)
    firm, mature = random.integers(0, FIRMS, ROWS).astype(np.int32), random.random(ROWS) < 0.2
    launched = random.integers(-100, 110, ROWS).astype(np.int16)
    protected = random.integers(60, 140, ROWS).astype(np.int16)
    share, reach, eligible = random.random(ROWS), random.random(ROWS), random.random((9, REGIONS)) * 1e5
    skill, pace, drift = random.random((FIRMS, REGIONS)), random.random(REGIONS), 1 + 0.01 * random.random(REGIONS)
    cut, age = random.random(REGIONS) * 0.3, random.integers(2, 12, REGIONS).astype(float)
    patients, price, sold, copies = (random.random(ROWS) * size for size in (1e4, 1e5, 5.0, 1.0))
    before = [column.copy() for column in (patients, price, sold, copies)]
    old = sales.take_up(
        live, month, kind, region, firm, mature, launched, protected, share, reach, eligible, skill, 0.5, pace, 0.02,
        0.6, drift, cut, age, 20.0, patients, price, sold, copies,
    )  # fmt: skip
    rows = live[~mature[live] & (launched[live] <= month)]
    here = region[rows]
    target = np.maximum(eligible[kind[rows], here] * share[rows] * reach[rows], 1e-9)
    reached = np.minimum(before[0][rows] / target, 1.5)
    quick = (0.5 + 0.5 * skill[firm[rows], here] / 0.5) * pace[here]
    step = (0.02 + 0.6 * reached) * (1 - reached) / 12 * quick
    expected = np.where(protected[rows] > month, np.maximum(reached + step, 0) * target, before[0][rows])
    np.testing.assert_allclose(patients[rows], expected)
    np.testing.assert_allclose(price[rows], before[1][rows] * drift[here])
    late = ((month - launched[rows]) / 12 > age[here]) & (before[2][rows] * 12 > 20.0)
    assert late.any() and not late.all()
    np.testing.assert_allclose(sold[rows], patients[rows] * price[rows] / 12e6 * (1 - cut[here] * late))
    np.testing.assert_array_equal(old, rows[protected[rows] < month])
    others = np.setdiff1d(np.arange(ROWS), rows)
    for column, was in zip((patients, price, sold, copies), before, strict=True):
        np.testing.assert_array_equal(column[others], was[others])


def test_what_firms_earn(random: np.random.Generator) -> None:
    rows = live_rows(random)
    region, firm = random.integers(0, REGIONS, ROWS).astype(np.int8), random.integers(0, FIRMS, ROWS).astype(np.int32)
    sold, discount = random.random(ROWS) * (random.random(ROWS) < 0.8), (0.5 * random.random(ROWS)).astype(np.float32)
    mature, asset = random.random(ROWS) < 0.3, random.integers(0, ASSETS, ROWS).astype(np.int32)
    modality, home = random.integers(0, 13, ASSETS).astype(np.int8), random.integers(0, REGIONS, FIRMS).astype(np.int8)
    making, safety = random.random((13, REGIONS)) * 0.3, random.random(REGIONS) * 0.01
    tariff, exempt = random.random((REGIONS, REGIONS)) * 0.2, random.random((FIRMS, REGIONS)) < 0.5
    income, firm = np.empty(len(rows)), np.minimum(firm, FIRMS - 2)  # the last sells nothing
    place, sums = sales.book(rows, region, firm, sold, discount, mature, asset, modality, making, 0.3, safety, home,
                             tariff, np.where(exempt, 9, 11).astype(np.int16), 10, income)  # fmt: skip
    by_firm = np.where(place > 0, sums[place - 1].T, 0.0)
    here, who = region[rows], firm[rows]
    earned = sold[rows] * (1 - discount[rows].astype(float))
    cost = earned * (making[modality[asset[rows]], home[who]] + 0.3) + safety[here] * (sold[rows] > 0) * ~mature[rows]
    paid = earned * tariff[here, home[who]] * ~exempt[who, here]
    np.testing.assert_allclose(income, earned)
    for found, amounts in zip(by_firm, (sold[rows], earned, paid, np.minimum(cost, 0.9 * earned)), strict=True):
        np.testing.assert_allclose(found, np.bincount(who, weights=amounts, minlength=FIRMS))
    columns = random.random((5, FIRMS)) * (random.random(FIRMS) < 0.7)
    was = columns.copy()
    told = sales.pay_firms(place, sums, *columns)
    invoiced, income, duty, spent = by_firm
    np.testing.assert_allclose(columns[0], was[0] + income - duty - spent)
    np.testing.assert_allclose(columns[1:3], was[1:3] + by_firm[:2])
    smoothed = np.stack([invoiced, income - duty])  # budgets feel tariffs
    np.testing.assert_allclose(columns[3:], was[3:] * 11 / 12 + smoothed)
    np.testing.assert_allclose(told, by_firm[1:].sum(axis=1))


def test_records_of_the_month(random: np.random.Generator) -> None:
    rows, month = live_rows(random), 50
    region, kind = random.integers(0, REGIONS, ROWS).astype(np.int8), random.integers(0, 9, ROWS).astype(np.int16)
    asset, protected = random.integers(0, ASSETS, ROWS).astype(np.int32), random.integers(0, 99, ROWS).astype(np.int16)
    mature, benefit = random.random(ROWS) < 0.3, random.normal(0, 3, ROWS).astype(np.float32)
    patients, sold, copies, gain = random.random(ROWS), random.random(ROWS), random.random(ROWS), random.random(9)
    income, kept, exposure, found = random.random(len(rows)), np.zeros((5, ROWS)), np.zeros(ASSETS), np.zeros((6, 10))
    sales.count(rows, month, region, kind, asset, protected, mature, benefit, patients, sold, copies, income, gain,
                *kept, exposure, found)  # fmt: skip
    treated = patients[rows] / 12
    health = treated * gain[kind[rows]] * np.exp(0.3 * np.clip(benefit[rows].astype(float), -3, 3))
    for column, amounts in zip(kept, (sold[rows], treated, health, income, sold[rows]), strict=True):
        np.testing.assert_allclose(column[rows], amounts)
    guarded = income * (~mature[rows] & (protected[rows] > month))
    sums = (sold[rows], income, copies[rows], treated, health, guarded)
    expected = [np.bincount(region[rows], weights=amounts, minlength=10) for amounts in sums]
    np.testing.assert_allclose(found, expected)
    np.testing.assert_allclose(exposure, np.bincount(asset[rows], weights=treated, minlength=ASSETS))


def test_safety_signals(random: np.random.Generator) -> None:
    rows, month, base = live_rows(random), 41, luck.base(5)
    asset, mature = random.integers(0, ASSETS, ROWS).astype(np.int32), random.random(ROWS) < 0.2
    identity, risk = random.integers(0, 2**40, ASSETS), random.normal(size=ASSETS).astype(np.float32)
    found = sales.unsafe(rows, month, asset, mature, identity, risk, 0.9, 0.5, base)
    drawn = luck.uniform(base, identity, np.array([month // 12]))
    hit = (identity % 12 == month % 12) & (drawn < 0.9 * np.exp(0.5 * risk.astype(float)))
    hit &= np.isin(np.arange(ASSETS), asset[rows[~mature[rows]]])
    assert hit.any()
    np.testing.assert_array_equal(found, rows[hit[asset[rows]]])


# --- programmes


def test_load_on_sites(random: np.random.Generator) -> None:
    running, regions = random.permutation(60).astype(np.int32) - 10, random.integers(1, 1024, 60).astype(np.int16)
    patients, enrolment = random.random(60) * 100, (random.random(60) * 20).astype(np.float32)
    capacity, rows = random.random(REGIONS) + 0.1, random.permutation(60)[:40]
    trial = running[rows][running[rows] >= 0]
    flags = bits_of(regions[trial]) * capacity
    rate = patients[trial] / np.maximum(enrolment[trial].astype(float), 3.0) * 12
    expected = rate @ (flags / flags.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(trials.load(rows, running, regions, patients, enrolment, capacity), expected)
    sponsor, burn, bill = random.integers(0, 9, 60).astype(np.int32), random.random(60), np.full(9, 3.0)
    burn[running < 0] = 0.0
    ended, result, used = np.full(60, 99, np.int16), np.zeros(60, np.int8), expected + np.linspace(-1, 2, REGIONS)
    outcome, left = random.integers(1, 4, 40), np.maximum(used - expected, 0)
    saved = np.bincount(sponsor[rows], weights=burn[rows], minlength=9)
    was = running.copy()
    trials.close(rows, outcome, 7, capacity, regions, patients, enrolment, sponsor, running, burn, bill, ended, result,
                 used)  # fmt: skip
    np.testing.assert_allclose(used, left, atol=1e-9)
    np.testing.assert_allclose(bill, np.maximum(3.0 - saved, 0), atol=1e-12)
    assert (running[rows] < 0).all() and (burn[rows] == 0).all()
    assert {int(t): int(o) for t, o in zip(was[rows], outcome, strict=True) if t >= 0} == {
        int(t): int(result[t]) for t in np.flatnonzero(ended == 7)
    }


def test_recruitment_and_timing(random: np.random.Generator) -> None:
    phase, home, months = random.integers(1, 4, 80), random.integers(0, REGIONS, 80), random.random(80) * 30
    rate, opening = random.random((80, REGIONS)), random.random((REGIONS, REGIONS)) * 20
    abroad, regions = random.random((5, REGIONS, REGIONS)), random.random((80, REGIONS)) < 0.3
    row = np.arange(80)
    regions[row, home] = True
    at_home = np.arange(REGIONS) == home[:, None]
    late = np.maximum(opening[home] - opening[home, home][:, None], 0) / np.maximum(months, 6)[:, None]
    expected = rate * np.where(at_home, 1.0, abroad[phase, home]) * np.clip(1 - late, 0, 1)
    pace = trials.recruitment(phase, home, months, rate, abroad, opening)
    np.testing.assert_allclose(pace, expected)
    area, by_phase, by_area = random.integers(0, 16, 80), random.random((5, REGIONS)), random.random((16, REGIONS))
    np.testing.assert_array_equal(trials.rates(phase, area, by_phase, by_area), by_phase[phase] * by_area[area])
    know_how, rest, less = random.random(80).astype(np.float32), random.random(80) * 30, random.random(80)
    noise, size = random.random(80) + 0.5, random.random(80)
    startup, enrolment, follow, papers = trials.timing(
        regions, home, pace, opening, 0.7, know_how, rest, size, 0.5, 0.2, less, noise, 40.0, 0.4
    )
    first = np.where(regions, opening[home], 99.0).min(axis=1) + 0.7 * np.maximum(regions.sum(axis=1) - 2, 0)
    np.testing.assert_allclose(startup, first * (1.2 - 0.4 * know_how.astype(float)), rtol=1e-6)
    recruited = np.maximum((regions * pace).sum(axis=1), 0.05)
    np.testing.assert_allclose(enrolment, np.minimum(rest * 0.5 * size / recruited, 40.0) * noise)
    np.testing.assert_allclose(follow, rest * 0.3 * noise)
    np.testing.assert_allclose(papers, rest * 0.2 * (1 - less))
    local = random.random((REGIONS, REGIONS))
    weight = regions * rate
    price = (weight / weight.sum(axis=1, keepdims=True) * local.T[home]).sum(axis=1)
    np.testing.assert_allclose(trials.site_price(regions, home, rate, local), price)


def test_cost_of_phases(random: np.random.Generator) -> None:
    rows, phase = random.permutation(ASSETS)[:80], random.integers(1, 5, 80)
    area, modality = (random.integers(0, n, ASSETS).astype(np.int8) for n in (16, 13))
    orphan, marker = random.random(ASSETS) < 0.3, random.random(ASSETS) < 0.3
    price, by_modality = random.random((5, 16)), random.random(13)
    found = trials.cost(rows, phase, trials.Costs(area, modality, orphan, marker, price, by_modality, 0.5, 0.7))
    size = np.where(orphan, 0.5, 1.0) * np.where(marker, 0.7, 1.0)
    np.testing.assert_allclose(found, price[phase, area[rows]] * by_modality[modality[rows]] * size[rows])


# --- values


def test_values(random: np.random.Generator) -> None:
    rows, given = random.permutation(ASSETS)[:80], random.integers(0, 2, 80)
    phase, area = random.integers(0, 6, ASSETS).astype(np.int8), random.integers(0, 16, ASSETS).astype(np.int8)
    belief, novel = random.normal(0, 2, ASSETS).astype(np.float32), random.random(ASSETS) < 0.4
    started, origin = random.integers(-9, 20, ASSETS).astype(np.int16), random.integers(0, 10, ASSETS).astype(np.int8)
    prospect, edge = random.random((6, 16)), random.random((20, REGIONS))
    traits = value.Worth(phase, area, belief, novel, started, origin, prospect, edge, 0.2, 0.5, 0.3)
    home, abroad = value.factors(rows, given, traits)
    passed = np.minimum(phase[rows] + given, 5)
    signal = np.clip(belief[rows].astype(float), -2, 3) * np.minimum(0.35 + 0.15 * passed, 1.0)
    expected = prospect[passed, area[rows]] * np.exp(0.5 * signal + np.where(novel[rows], 0.3, -0.3))
    lead = signal - edge[np.maximum(started[rows], 0), origin[rows]]
    np.testing.assert_allclose(home, expected)
    np.testing.assert_allclose(abroad, np.where(novel[rows], 1.0, 0.2 + 0.8 / (1 + np.exp(-2.5 * lead))))
    outlook, kind = random.random((9, REGIONS)), random.integers(0, 9, ASSETS).astype(np.int16)
    by_region = value.by_region(home, abroad, outlook, kind[rows], origin[rows])
    away = np.where(np.arange(REGIONS) == origin[rows][:, None], 1.0, abroad[:, None])
    np.testing.assert_allclose(by_region, outlook[kind[rows]] * home[:, None] * away)
    for ahead in (0, 1):
        home, abroad = value.factors(rows, np.full(80, ahead), traits)
        summed = value.summed(rows, ahead, kind, outlook, outlook.sum(axis=1), traits)
        whole = value.by_region(home, abroad, outlook, kind[rows], origin[rows]).sum(axis=1)
        np.testing.assert_allclose(summed, whole)


def test_pipelines_by_sponsor(random: np.random.Generator) -> None:
    rows, worth = random.permutation(ASSETS)[:80], random.random(80)
    sponsor, phase = random.integers(0, FIRMS, ASSETS).astype(np.int32), random.integers(0, 5, ASSETS).astype(np.int8)
    mine = sponsor[rows]
    expected = [np.bincount(mine, weights=w, minlength=FIRMS) for w in (worth, phase[rows] >= 1, phase[rows] >= 2)]
    np.testing.assert_allclose(value.by_sponsor(rows, worth, sponsor, phase, 1, 2, FIRMS), expected)
    area, origin = random.integers(0, 16, ASSETS).astype(np.int8), random.integers(0, 10, ASSETS).astype(np.int8)
    waiting, success, cost, local = (
        random.random(ASSETS) < 0.5,
        random.random((5, 16)),
        random.random(5),
        random.random(10),
    )
    found = value.trials_ahead(rows, phase, area, waiting, origin, sponsor, success, cost, local, 3, FIRMS)
    held = rows[phase[rows] < 3]
    odds = np.where(waiting[held], 1.0, success[phase[held], area[held]])
    ahead = cost[phase[held] + 1] * odds * local[origin[held]]
    np.testing.assert_allclose(found, np.bincount(sponsor[held], weights=ahead, minlength=FIRMS))


# --- firms


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
    sponsors, cash, income = random.integers(0, 400, 90).astype(np.int32), random.normal(1, 2, 400), random.random(400)
    candidates, products = (random.integers(0, 2, 400).astype(np.int32) for _ in range(2))
    left, broke = firms.leaving(rows, 60, sponsors, kind, founded, cash, income, candidates, products, 0.8, 2.0)
    owing = cash < -0.8 * (income + 1)
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
