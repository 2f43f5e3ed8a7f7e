"""Twins in plain Python of the compiled loops of research: readouts, partners' help, programmes, files."""

from __future__ import annotations

import numpy as np
import pytest

from agents import choices
from model.kernels import alliances, candidates, evidence, files, luck, readouts, trials

ASSETS, REGIONS = 80, 10


def uniform(base: np.uint64, identity: np.ndarray, ordinal: np.ndarray) -> np.ndarray:
    return luck.uniform(base, identity, ordinal.astype(np.int64))


def test_readouts_part_assets(random: np.random.Generator) -> None:
    rows, won = random.permutation(ASSETS)[:50], random.random(50) < 0.5
    phase, origin = random.integers(0, 4, 50).astype(np.int8), random.integers(0, REGIONS, ASSETS).astype(np.int8)
    waiting, due = np.zeros(ASSETS, bool), np.zeros(ASSETS, np.int16)
    counted = np.zeros((2, REGIONS))
    passed, lost = readouts.part(rows, won, phase, 7, 1, origin, waiting, due, *counted)
    assert passed.tolist() == rows[won].tolist() and lost.tolist() == rows[~won].tolist()
    assert np.flatnonzero(waiting).tolist() == np.flatnonzero(due == 8).tolist() == sorted(passed.tolist())
    clinical = phase >= 1
    np.testing.assert_array_equal(counted[0], np.bincount(origin[rows[clinical]], minlength=REGIONS))
    np.testing.assert_array_equal(counted[1], np.bincount(origin[rows[clinical & ~won]], minlength=REGIONS))


def test_beliefs_and_reasons(random: np.random.Generator) -> None:
    rows, identity, base = random.permutation(ASSETS)[:50], random.integers(0, 2**40, ASSETS), luck.base(3)
    phase, quality = random.integers(0, 4, ASSETS).astype(np.int8), random.normal(size=ASSETS).astype(np.float32)
    belief, harm = np.full(ASSETS, 5.0, np.float32), random.random(50)
    readouts.sharpen(rows, base, 1.2, identity, phase, quality, belief)
    normal = luck.normal(base, identity[rows], phase[rows].astype(np.int64))
    np.testing.assert_allclose(belief[rows], quality[rows] + 1.2 / (1 + phase[rows]) * normal, rtol=1e-5)
    assert (np.delete(belief, rows) == 5.0).all()
    found = readouts.reasons(rows, base, harm, identity, phase, 0, 7, 2, 1)
    unsafe = uniform(base, identity[rows], phase[rows]) < harm
    np.testing.assert_array_equal(found, np.where(phase[rows] == 0, 7, np.where(unsafe, 2, 1)))


def test_leaving_development(random: np.random.Generator) -> None:
    rows, reason = random.permutation(ASSETS)[:50], random.integers(1, 5, 50)
    sponsor, candidates = random.integers(0, 9, ASSETS).astype(np.int32), np.full(9, 50, np.int32)
    ended, why, due = (np.zeros(ASSETS, kind) for kind in (np.int16, np.int8, np.int16))
    waiting = np.ones(ASSETS, bool)
    readouts.leave(rows, reason, 7, 99, sponsor, ended, why, due, waiting, candidates)
    np.testing.assert_array_equal(why[rows], reason)
    assert (ended[rows] == 7).all() and (due[rows] == 99).all() and waiting.sum() == ASSETS - 50
    np.testing.assert_array_equal(candidates, 50 - np.bincount(sponsor[rows], minlength=9))


def test_native_candidates(random: np.random.Generator) -> None:
    rows, identity, base = random.permutation(ASSETS)[:50], random.integers(0, 2**40, ASSETS), luck.base(3)
    phase, area = random.integers(0, 4, 50), random.integers(0, 16, ASSETS).astype(np.int8)
    originator, started = random.integers(0, 9, ASSETS).astype(np.int32), random.integers(0, 9, ASSETS).astype(np.int16)
    ai, gain = random.random(9) < 0.5, random.random((5, 16))
    gain[0] = 0.0
    found = readouts.native(rows, phase, base, 0.6, 4, identity, originator, started, area, ai, gain)
    such = (started[rows] >= 4) & ai[originator[rows]] & (uniform(base, identity[rows], np.zeros(50)) < 0.6)
    np.testing.assert_array_equal(found, np.where(such, gain[phase, area[rows]], 0.0))


def test_partners(random: np.random.Generator) -> None:
    rows, of_asset = random.permutation(ASSETS)[:50], random.integers(-1, 20, ASSETS).astype(np.int32)
    contract, ended = random.permutation(30)[:20].astype(np.int32), np.where(random.random(30) < 0.7, 32_000, 5)
    payer, payee = (random.integers(low, low + 5, 30).astype(np.int32) for low in (0, 5))
    kind = random.integers(0, 6, 30).astype(np.int8)
    sponsor = np.where(random.random(ASSETS) < 0.5, payer[contract[of_asset]], payee[contract[of_asset]])
    found = alliances.joint(rows, of_asset, contract, ended, payer, payee, kind, sponsor, 0.4)
    expected = []
    for place, row in enumerate(rows):
        deal = contract[of_asset[row]]
        if of_asset[row] >= 0 and ended[deal] == 32_000:
            other = payee[deal] if payer[deal] == sponsor[row] else payer[deal]
            expected.append((place, of_asset[row], sponsor[row], other, 1.0 if kind[deal] in (1, 2) else 0.4))
    assert list(zip(*(part.tolist() for part in found), strict=True)) == expected
    level, region = random.random((10, REGIONS)).astype(np.float32), random.integers(0, REGIONS, 50)
    firm = random.integers(0, 10, 50)
    levels = alliances.skill(rows, firm, region, level, of_asset, contract, ended, payer, payee, kind, 0.4)
    for row, who, there, known in zip(rows, firm, region, levels, strict=True):
        deal, own = contract[of_asset[row]], level[who, there]
        pair = {int(payer[deal]), int(payee[deal])}
        if of_asset[row] >= 0 and ended[deal] == 32_000 and int(who) in pair:
            lead = max(float(level[(pair - {int(who)}).pop(), there]) - float(own), 0.0)
            own = own + (1.0 if kind[deal] in (1, 2) else 0.4) * lead
        assert known == pytest.approx(own, rel=1e-6)


# --- candidates


def test_nature_of_candidates(random: np.random.Generator) -> None:
    size = 300
    identity, bases = random.integers(0, 2**40, size), np.array([luck.base(key) for key in range(7)])
    home, area = random.integers(0, REGIONS, size).astype(np.int8), random.integers(0, 16, size)
    indication, ability = random.integers(0, 30, size), random.normal(size=size).astype(np.float32)
    mix, first, prevalence = np.cumsum(random.random(13)), random.random(REGIONS), random.random(30) * 100
    orphans, markers = random.random(16), random.random(16)
    found = candidates.nature(identity, bases, home, area, indication, ability, mix, first, prevalence, orphans, markers,
                              0.4, 0.2, 1.1)  # fmt: skip
    share = luck.together(bases, identity)
    kind = np.searchsorted(mix, share[0] * mix[-1], side="right")
    novel = share[1] < first[home]
    good, risk, seen = (luck.quantiles(share[place]) for place in (4, 5, 6))
    quality = good + ability + np.where(novel, 0.4, -0.2)
    expected = (
        np.where(area == 7, 6, np.where(kind == 6, 0, kind)), novel,
        share[2] < np.where(prevalence[indication] < 50, 0.85, orphans[area] * 0.3), share[3] < markers[area],
        np.clip(quality, -6, 6), risk, np.clip(quality + 1.1 * seen, -8, 8),
    )  # fmt: skip
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other)


# --- decisions


def test_indications_within_areas(random: np.random.Generator) -> None:
    identity, base, area = random.integers(0, 2**40, 400), luck.base(8), random.integers(0, 5, 400)
    start, running = np.array([0, 7, 9, 20, 29, 30]), np.cumsum(random.random(30))
    found = candidates.within_area(identity, base, area, start, running)
    below = np.concatenate([[0.0], running])
    low, high = below[start[area]], below[start[area + 1]]
    level = low + uniform(base, identity, np.zeros(400)) * (high - low)
    np.testing.assert_array_equal(found, np.searchsorted(running, level, side="right"))
    assert (start[area] <= found).all() and (found < start[area + 1]).all()


@pytest.mark.parametrize("width", [1, REGIONS])
@pytest.mark.parametrize("returns", [1.0, 1.2])
def test_regions_join_trials(random: np.random.Generator, width: int, returns: float) -> None:
    home, speed = random.integers(0, REGIONS, ASSETS), random.random((ASSETS, REGIONS)) + 0.1
    option, cost = np.round(random.random((ASSETS, REGIONS)), 1), np.round(random.random((ASSETS, width)) * 3, 1)
    worth, months, stance = random.random(ASSETS) * 2, random.random(ASSETS) * 5, random.random(ASSETS)
    limit = random.integers(0, 8, ASSETS).astype(float)
    saving = np.where(random.random(ASSETS) < 0.5, random.random(ASSETS) * 2, 0.0)
    found = choices.join(home, speed, option, cost, worth, months, stance, limit, saving, returns)
    for i in range(ASSETS):
        own, net = speed[i, home[i]], []
        for region in range(REGIONS):
            saved = 1 - (own / (own + speed[i, region])) ** returns
            gain = worth[i] * (months[i] / own**returns * saved) + option[i, region] * stance[i]
            net.append(np.inf if region == home[i] else gain - cost[i, min(region, width - 1)])
        best = sorted(range(REGIONS), key=lambda region: (-net[region], region))
        taken = {region for rank, region in enumerate(best) if rank < limit[i] and net[region] > 0}
        abroad = sum(net[region] for region in taken - {int(home[i])})
        taken = taken if abroad > saving[i] else {int(home[i])}
        assert set(np.flatnonzero(found[i]).tolist()) == taken


def test_affordable_filings(random: np.random.Generator) -> None:
    value, cost = np.round(random.random((ASSETS, REGIONS)) * 9, 1), np.round(random.random((ASSETS, REGIONS)) * 5, 1)
    odds, budget = random.random((ASSETS, REGIONS)), random.random(ASSETS) * 12
    found = choices.affordable(value, cost, odds, budget)
    for i in range(ASSETS):
        net = odds[i] * value[i] - cost[i]
        best = [region for region in sorted(range(REGIONS), key=lambda r: (-net[r], r)) if net[region] > 0]
        spent = np.cumsum(cost[i, best])
        taken = {region for rank, region in enumerate(best) if rank == 0 or spent[rank] <= budget[i]}
        assert set(np.flatnonzero(found[i]).tolist()) == taken


# --- files


def test_where_to_file(random: np.random.Generator) -> None:
    regions, wanted = random.random((40, REGIONS)) < 0.7, random.random((40, REGIONS)) < 0.6
    asset, filed = random.integers(0, 30, 40), random.integers(0, 1024, 30).astype(np.int16)
    separate, net = random.random(REGIONS) < 0.8, random.normal(size=(40, REGIONS))
    value = files.open_value(regions, asset, filed, separate, net)
    free = regions & separate & (filed[asset][:, None] >> np.arange(REGIONS) & 1 == 0)
    np.testing.assert_array_equal(value, np.where(free, net, files.CLOSED))
    home, sequential = random.integers(0, REGIONS, 40), random.random(40) < 0.5
    chosen, several = files.together(wanted, value, home, sequential)
    good = wanted & (value > 0)
    best = np.where(good, value + 1e6 * (np.arange(REGIONS) == home[:, None]), -np.inf).argmax(axis=1)
    first = good & (np.arange(REGIONS) == best[:, None])
    np.testing.assert_array_equal(chosen, np.where(sequential[:, None], first, good))
    np.testing.assert_array_equal(several, chosen.sum(axis=1) > 1)


def test_nearest_evidence(random: np.random.Generator) -> None:
    distance = random.random((REGIONS, REGIONS))
    found = evidence.nearest(distance)
    assert (found[0] == 1).all()
    for bits in random.integers(1, 1024, 50):
        held = [region for region in range(REGIONS) if bits >> region & 1]
        np.testing.assert_array_equal(found[bits], distance[held].min(axis=0))


def test_cost_of_files(random: np.random.Generator) -> None:
    filer, home = random.integers(0, 9, 40), random.integers(0, REGIONS, 9).astype(np.int8)
    ai, served, culture = random.random(9) < 0.5, random.random(REGIONS), random.random((REGIONS, REGIONS))
    less = files.saved(filer, home, ai, served, 0.2, culture, 0.3, 0.5)
    level = np.maximum(ai * served[home], 0.2)[filer][:, None]
    np.testing.assert_allclose(less, level * (0.3 + culture[home[filer]] * 0.2))
    skill, fee = random.random((9, REGIONS)).astype(np.float32), random.random(REGIONS)
    studied, distance = (
        random.integers(0, 1024, 40).astype(np.int16),
        evidence.nearest(random.random((REGIONS, REGIONS))),
    )
    found = files.cost(filer, studied, skill, distance, fee, 2.0, 1.5, less)
    writing = 2.0 * (0.4 + distance[studied]) * (1.3 - skill[filer].astype(float))
    np.testing.assert_allclose(found, fee + writing * 1.5 * (1 - less), rtol=1e-6)


def test_pathways(random: np.random.Generator) -> None:
    asset, region = random.integers(0, ASSETS, 200), random.integers(0, REGIONS, 200)
    identity, need = random.integers(0, 2**40, ASSETS), random.random(20)
    orphan, novel = random.random(ASSETS) < 0.3, random.random(ASSETS) < 0.5
    indication = random.integers(0, 20, ASSETS).astype(np.int16)
    first = np.where(random.random(ASSETS) < 0.5, 99, 5).astype(np.int16)
    granted, days, relies = random.normal(size=REGIONS), random.random(REGIONS) - 0.3, random.random(REGIONS)
    fast, trust = luck.base(1), luck.base(2)
    found = files.pathways(asset, region, fast, trust, 99, identity, orphan, novel, indication, first, need,
                           (1.1, 0.9, 2.2), 0.4, granted, days, relies, (0, 1, 2))  # fmt: skip
    claim = 1.1 * orphan[asset] + 0.9 * novel[asset] + 2.2 * (need[indication[asset]] - 0.6)
    np.testing.assert_allclose(files.claims(asset, orphan, novel, need, indication, (1.1, 0.9, 2.2)), claim)
    quick = uniform(fast, identity[asset], region) < 1 / (1 + np.exp(-(granted[region] + claim - 0.4)))
    quick &= days[region] > 0
    reliant = (uniform(trust, identity[asset], region) < relies[region]) & (first[asset] < 99) & (region >= 2)
    np.testing.assert_array_equal(found, np.where(quick, 1, np.where(reliant, 2, 0)))
    assert set(found.tolist()) == {0, 1, 2}


def test_files_under_review(random: np.random.Generator) -> None:
    outcome, submitted = random.integers(0, 3, 200).astype(np.int8), random.integers(0, 9, 200).astype(np.int16)
    desk = random.integers(0, REGIONS, 200).astype(np.int8)
    found = files.under_review(5, outcome, submitted, desk, REGIONS)
    np.testing.assert_array_equal(found, np.bincount(desk[(outcome == 0) & (submitted <= 5)], minlength=REGIONS))


# --- programmes


def test_programmes_begin(random: np.random.Generator) -> None:
    rows, trial = random.permutation(ASSETS)[:50], np.arange(5, 55)
    chosen, phase = random.random((50, REGIONS)) < 0.4, random.integers(1, 4, 50)
    length, cost = np.round(random.random(50) * 20 + 4), random.random(50) * 90
    chosen[:, 3], part = True, random.random(50)
    capacity, support, planned = random.random(REGIONS) + 0.1, random.random(REGIONS), random.random((5, 16)) * 100
    area, origin = random.integers(0, 16, ASSETS).astype(np.int8), random.integers(0, 10, ASSETS).astype(np.int8)
    orphan, marker = random.random(ASSETS) < 0.3, random.random(ASSETS) < 0.3
    sponsor, home = random.integers(0, 20, ASSETS).astype(np.int32), random.integers(0, 10, 20).astype(np.int8)
    kind, enrolment = (random.random(20) < 0.5).astype(np.int8), (random.random(55) * 20).astype(np.float32)
    regions, patients, running = np.zeros(55, np.int16), np.zeros(55), np.full(ASSETS, -1, np.int32)
    due, burn, evidence = np.zeros(ASSETS, np.int16), np.zeros(ASSETS), random.integers(0, 1024, ASSETS)
    involved, bill, skill = np.zeros(ASSETS, np.int16), np.ones(20), random.random(20).astype(np.float32)
    used, starts, begun = np.ones(REGIONS), np.zeros(REGIONS), np.zeros(REGIONS)
    before, was = skill.copy(), evidence.copy()
    trials.begin(
        rows, trial, chosen, phase, length, cost, 7, capacity, support, planned, part, 0.4, 0.6, 0.02, area, orphan, marker,
        origin, sponsor, home, kind, enrolment, regions, patients, running, due, burn, evidence, involved, bill, skill, used,
        starts, begun,
    )  # fmt: skip
    who, bits = sponsor[rows], chosen @ (1 << np.arange(REGIONS))
    np.testing.assert_array_equal(regions[5:], bits)
    np.testing.assert_array_equal(running[rows], trial)
    np.testing.assert_array_equal(due[rows], 7 + length)
    np.testing.assert_array_equal(evidence[rows], was[rows] | bits)
    np.testing.assert_array_equal(involved[rows], bits)
    size = planned[phase, area[rows]] * part * np.where(orphan[rows], 0.4, 1.0) * np.where(marker[rows], 0.6, 1.0)
    np.testing.assert_allclose(patients[5:], size)
    paid = cost / length * np.where(kind[who] == 0, 1 - support[home[who]], 1.0)
    np.testing.assert_allclose(burn[rows], paid)
    np.testing.assert_allclose(bill, 1 + np.bincount(who, weights=paid, minlength=20))
    np.testing.assert_allclose(skill[who], before[who] + 0.02 * (1 - before[who].astype(float)), rtol=1e-6)
    np.testing.assert_array_equal(starts, chosen.sum(axis=0))
    np.testing.assert_array_equal(begun, np.bincount(origin[rows], minlength=REGIONS))
    weight = chosen * capacity
    rate = size / np.maximum(enrolment[5:].astype(float), 3.0) * 12
    np.testing.assert_allclose(used, 1 + rate @ (weight / weight.sum(axis=1, keepdims=True)))
