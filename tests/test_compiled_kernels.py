"""Twins in plain Python of the compiled inner loops: every one is written again from its rule and compared."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from model.kernels import census, contracts, evidence, firms, grouping, luck

WORD = 2**64 - 1


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(4)


def mixed(bits: int) -> int:
    """Finaliser of SplitMix64 on whole numbers."""
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9 & WORD
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB & WORD
    return bits ^ (bits >> 31)


def unit(base: int, identity: int, ordinal: int) -> float:
    bits = mixed((identity * 0x9E3779B97F4A7C15 + base) & WORD)
    bits = mixed((bits + (ordinal + 1) * 0x94D049BB133111EB) & WORD)
    return ((bits >> 12) + 0.5) / 2**52


@pytest.mark.parametrize("single", [True, False])
def test_luck(single: bool) -> None:
    identity = np.concatenate([np.arange(50), 7919 * np.arange(50) << 20, [-1, 2**62]])
    ordinal = np.array([5]) if single else np.arange(len(identity)) % 7 - 2
    base = luck.base(123456789)
    assert int(base) == mixed((mixed(123456789) + 0x9E3779B97F4A7C15) & WORD)
    found, bell = luck.uniform(base, identity, ordinal), luck.normal(base, identity, ordinal)
    other = luck.base(7)
    first, second = luck.together(np.array([base, other]), identity)
    np.testing.assert_array_equal(first, luck.uniform(base, identity, np.zeros(1, np.int64)))
    np.testing.assert_array_equal(second, luck.uniform(other, identity, np.zeros(1, np.int64)))
    for row, who in enumerate(identity):
        share = unit(int(base), int(who), int(ordinal[0 if single else row]))
        assert found[row] == share
        assert bell[row] == pytest.approx(NormalDist().inv_cdf(share), rel=2e-9, abs=2e-9)


def test_quantiles() -> None:
    share = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 400), [1e-12, 0.5, 0.02425, 0.97575]])
    found = luck.quantiles(share)
    expected = [NormalDist().inv_cdf(float(one)) for one in share]
    np.testing.assert_allclose(found, expected, rtol=2e-9, atol=2e-9)


# --- sums and lists


def test_sums_by_group(random: np.random.Generator) -> None:
    groups, amounts = random.integers(0, 7, 200), random.normal(size=200)
    counted, added, stepped, bits = np.zeros(7), np.zeros(7), np.zeros(7, np.int32), np.zeros(7, np.int16)
    marks = random.integers(0, 512, 200).astype(np.int16)
    grouping.count(groups, counted)
    grouping.add(groups, amounts, added)
    grouping.step(groups, -2, stepped)
    grouping.mark(groups, marks, bits)
    np.testing.assert_array_equal(counted, np.bincount(groups, minlength=7))
    np.testing.assert_allclose(added, np.bincount(groups, weights=amounts, minlength=7))
    np.testing.assert_array_equal(stepped, -2 * np.bincount(groups, minlength=7))
    np.testing.assert_array_equal(bits, [np.bitwise_or.reduce(marks[groups == g], initial=0) for g in range(7)])


def test_lists_by_condition(random: np.random.Generator) -> None:
    rows, column = random.permutation(100)[:60], random.integers(0, 4, 100).astype(np.int16)
    phase = random.integers(0, 6, 100).astype(np.int8)
    np.testing.assert_array_equal(grouping.where_equal(rows, column, 2), rows[column[rows] == 2])
    marks = random.random(4) < 0.5
    np.testing.assert_array_equal(grouping.where_marked(rows, column, marks), rows[marks[column[rows]]])
    expected = rows[(column[rows] == 3) & (phase[rows] < 5)]
    np.testing.assert_array_equal(grouping.developing(rows, column, phase, 3, 5), expected)
    np.testing.assert_array_equal(census.between(column, 0, 3), np.flatnonzero((column > 0) & (column < 3)))


# --- the census


def test_census(random: np.random.Generator) -> None:
    rows = random.permutation(300)[:200]
    phase, origin = random.integers(0, 5, 300).astype(np.int8), random.integers(0, 10, 300).astype(np.int8)
    involved, trial = random.integers(0, 1024, 300).astype(np.int16), random.integers(-1, 50, 300).astype(np.int32)
    regions = random.integers(0, 1024, 50).astype(np.int16)
    ended = np.where(random.random(300) < 0.2, 7, 99).astype(np.int16)
    living, phases, there = census.pipeline(rows, ended, 99, phase, 4, origin, involved, trial, regions)
    everybody, rows = rows, rows[(ended[rows] == 99) & (phase[rows] < 4)]
    np.testing.assert_array_equal(living, rows)
    np.testing.assert_array_equal(phases[:5], np.bincount(phase[rows], minlength=5))
    np.testing.assert_array_equal(there[0], np.bincount(origin[rows], minlength=10))
    np.testing.assert_array_equal(there[1], bits_of(involved[rows]).sum(axis=0))
    np.testing.assert_array_equal(there[2], bits_of(regions[trial[rows[trial[rows] >= 0]]]).sum(axis=0))
    kind, ai = random.random(300) < 0.3, random.random(300) < 0.2
    rows = everybody
    homes, pharmas, users = census.companies(rows, origin, kind.astype(np.int8), ai)
    np.testing.assert_array_equal(homes, np.bincount(origin[rows], minlength=10))
    assert (pharmas, users) == (kind[rows].sum(), ai[rows].sum())


def bits_of(codes: np.ndarray) -> np.ndarray:
    return (codes[:, None] >> np.arange(10) & 1).astype(bool)


def test_medians_and_prices_by_region(random: np.random.Generator) -> None:
    region, days = random.integers(0, 9, 300).astype(np.int8), random.random(300).astype(np.float32)
    expected = [np.median(days[region == here].astype(float)) for here in range(9)]
    np.testing.assert_array_equal(census.medians(region, days), [*expected, np.nan])
    active, mature = random.random(300) < 0.7, random.random(300) < 0.3
    protected, kind = random.integers(0, 99, 300).astype(np.int16), random.integers(0, 7, 300).astype(np.int16)
    price, value = random.random(300), random.random(7) + 1
    live = active & ~mature & (protected > 50)
    net = price[live] * (1 - days[live]) / value[kind[live]]
    expected = [net[region[live] == here].mean() for here in range(9)]
    found = census.net_prices(50, active, mature, protected, region, kind, price, days, value)
    np.testing.assert_allclose(found, [*expected, np.nan])


def test_launch_lag(random: np.random.Generator) -> None:
    first = random.integers(0, 100, 40).astype(np.int16)
    asset, agency = random.integers(0, 40, 300).astype(np.int32), random.integers(0, 10, 300).astype(np.int8)
    _, once = np.unique(asset * 10 + agency, return_index=True)
    asset, agency = asset[once], agency[once]
    decided, outcome = random.integers(0, 150, len(once)).astype(np.int16), random.integers(0, 3, len(once))
    agencies = np.array([0, 1, 4, 5])
    lags = []
    for row in range(40):
        good = (asset == row) & (outcome == 1) & np.isin(agency, agencies)
        months = sorted(decided[good].tolist())
        if 20 <= first[row] <= 70 and months:
            lags.append(months[1] - months[0] if len(months) > 1 else np.inf)
    found = census.second_lag(first, 20, 70, asset, agency, decided, outcome.astype(np.int8), 1, agencies)
    np.testing.assert_array_equal(np.sort(found), np.sort(lags))


# --- contracts


def test_contracts_of_assets(random: np.random.Generator) -> None:
    deal, option = random.integers(-1, 30, (50, 10)).astype(np.int32), random.integers(-1, 30, 50).astype(np.int32)
    signed, ended = (
        random.integers(0, 2, 50).astype(np.int16),
        np.where(random.random(30) < 0.5, 99, 5).astype(np.int16),
    )
    rows = random.permutation(50)[:20]
    expected = {int(c) for r in rows if signed[r] for c in (*deal[r], option[r]) if c >= 0 and ended[c] == 99}
    found = contracts.running_contracts(rows, signed, deal, option, ended, 99)
    assert set(found.tolist()) == expected


def test_what_failed_firms_leave_behind(random: np.random.Generator) -> None:
    owner, gone = random.integers(0, 20, 90).astype(np.int32), random.random(20) < 0.3
    status = (owner % 2).astype(np.int8)
    found = firms.left_behind(status, 1, owner, gone)
    np.testing.assert_array_equal(found, np.flatnonzero(gone[owner] & (status == 1)))


def test_parties(random: np.random.Generator) -> None:
    sponsor = random.integers(0, 20, 90).astype(np.int32)
    gone, payer, ended = random.random(20) < 0.3, random.integers(0, 20, 90).astype(np.int32), sponsor % 2
    expected = np.flatnonzero((ended == 1) & (gone[sponsor] | gone[payer]))
    np.testing.assert_array_equal(firms.parties(gone, sponsor, payer, ended, 1), expected)


def test_matching(random: np.random.Generator) -> None:
    """Deferred only for one round at a time: as in the description, with dictionaries."""
    for _ in range(20):
        bids = np.where(random.random((30, 4)) < 0.7, np.round(random.random((30, 4)), 1), 0.0)
        suitors = random.integers(-1, 9, (30, 4))
        bids = np.where(suitors >= 0, bids, 0.0)
        left, place = bids.copy(), {}
        while True:
            wishes: dict[int, list[tuple[float, int, int]]] = {}
            for row in set(range(30)) - place.keys():
                best = int(left[row].argmax())
                if left[row, best] > 0:
                    wishes.setdefault(int(suitors[row, best]), []).append((-left[row, best], row, best))
            if not wishes:
                break
            for buyer, asked in wishes.items():
                _, row, best = min(asked)
                place[row] = best
                left[suitors == buyer] = 0.0
        found = contracts.match(bids, suitors, 9)
        assert {row: best for row, best in enumerate(found.tolist()) if best >= 0} == place


# --- evidence and prices


def test_acceptance(random: np.random.Generator) -> None:
    bits, closeness, accepts = random.integers(1, 1024, 80).astype(np.int16), random.random((10, 10)), random.random(10)
    bits[:20] = 1 << random.integers(0, 10, 20)
    single = random.random((10, 10)) * 1.5
    studied = bits_of(bits)
    best = np.where(studied[:, :, None], closeness, 0.0).max(axis=1)
    law = np.where((studied.sum(axis=1) == 1)[:, None], single[studied.argmax(axis=1)], 1.0)
    chance = np.clip(accepts * law, 0, 1)
    expected = np.where(studied, 1.0, chance + (1 - chance) * best)
    np.testing.assert_allclose(evidence.acceptance(bits, closeness, accepts, single), expected)


def test_behind_the_standard(random: np.random.Generator) -> None:
    rows, regulator = random.integers(0, 30, 60), random.integers(0, 10, 60).astype(np.int8)
    indication, studied = random.integers(0, 7, 30).astype(np.int16), random.integers(1, 1024, 30).astype(np.int16)
    standard = random.normal(size=(7, 10))
    found = evidence.behind(rows, regulator, indication, studied, standard)
    for i, row in enumerate(rows):
        met = max(standard[indication[row], region] for region in range(10) if studied[row] >> region & 1)
        assert found[i] == max(standard[indication[row], regulator[i]] - met, 0.0)


def test_first_launches(random: np.random.Generator) -> None:
    launched, asset = random.integers(0, 90, 200).astype(np.int16), random.integers(0, 40, 200).astype(np.int32)
    active, mature = random.random(200) < 0.8, random.random(200) < 0.3
    area, wanted = random.integers(0, 4, 40).astype(np.int8), np.array([True, False, True, False])
    found = evidence.first_launches(10, 60, launched, active, mature, asset, area, wanted)
    good = np.flatnonzero((launched > 10) & (launched <= 60) & active & ~mature & wanted[area[asset]])
    np.testing.assert_array_equal(found, good[np.sort(np.unique(asset[good], return_index=True)[1])])


def test_prices_elsewhere(random: np.random.Generator) -> None:
    net = np.where(random.random((30, 48)) < 0.2, random.random((30, 48)) * 100, 0.0)
    page, payer, home = np.sort(random.integers(0, 30, 90)), random.integers(0, 48, 90), random.integers(0, 10, 48)
    region, basket = random.integers(0, 4, 90), random.random((48, 48)) < 0.1
    lowest, mean = evidence.elsewhere(page, payer, region, net, basket, home)
    for i in range(90):
        known = [net[page[i], p] for p in range(48) if basket[payer[i], p] and net[page[i], p] > 0]
        abroad = [net[page[i], p] for p in range(48) if home[p] != region[i] and net[page[i], p] > 0]
        assert lowest[i] == min(known, default=np.inf)
        assert mean[i] == pytest.approx(sum(abroad) / len(abroad) if abroad else np.inf)


def test_open_files(random: np.random.Generator) -> None:
    rows, owner, status = np.array([3, 7, 8]), random.integers(0, 12, 90), random.integers(0, 3, 90)
    found = evidence.open_of(rows, owner, status, 0, 12)
    np.testing.assert_array_equal(found, np.flatnonzero((status == 0) & np.isin(owner, rows)))
