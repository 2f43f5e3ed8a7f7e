"""Twins in plain Python of the compiled loops of research: readouts, partners' help, programmes, files."""

from __future__ import annotations

import numpy as np
import pytest

from model.kernels import alliances, luck, readouts

ASSETS, REGIONS = 80, 10


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(11)


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
