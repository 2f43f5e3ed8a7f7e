"""Twins in plain NumPy of the compiled loops over positions, programmes and values, on random worlds."""

from __future__ import annotations

import numpy as np

from model.kernels import luck, sales, trials, value

ROWS, FIRMS, ASSETS, REGIONS = 300, 40, 120, 10


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
    uncut = patients[rows] * price[rows] / 12e6
    late = ((month - launched[rows]) / 12 > age[here]) & (uncut * 12 > 20.0)
    assert late.any() and not late.all()
    np.testing.assert_allclose(sold[rows], uncut * (1 - cut[here] * late))
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
