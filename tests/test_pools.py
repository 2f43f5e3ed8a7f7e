"""Draws from a pool follow the weights, and hardly notice who else is in it."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from model.kernels import luck as luck_of_fork
from model.kernels import pools

RNG = np.random.default_rng(5)
FIRMS = (np.int64(3) << 40) + np.arange(400, dtype=np.int64)
WEIGHTS = RNG.lognormal(0, 1, 400)
LUCK = RNG.uniform(size=200_000)


@njit
def all_draws(pool: pools.Pools, luck: np.ndarray) -> np.ndarray:
    found = np.empty(len(luck), np.int64)
    for i in range(len(luck)):
        found[i] = pool.firm[pools.draw(pool.cumulative, pool.place, pool.branch, pool.before, 0, luck[i])]
    return found


def gathered(firms: np.ndarray, weights: np.ndarray) -> pools.Pools:
    return pools.gather(np.arange(len(firms)), pools.places(firms), np.atleast_2d(weights))


def drawn(firms: np.ndarray, weights: np.ndarray, luck: np.ndarray = LUCK) -> np.ndarray:
    """Identities drawn from a pool, whatever the order in which it is given."""
    return firms[all_draws(gathered(firms, weights), luck)]


def walked(place: np.ndarray, weights: np.ndarray, luck: float) -> int:
    """The draw as the module describes it: fork by fork along the bits of the places."""
    members, base = np.arange(len(place)), np.uint64(luck * 2.0**52)
    for depth in range(64):
        right = (place[members] >> np.uint64(63 - depth) & np.uint64(1)).astype(bool)
        if right.any() and not right.all():
            left = weights[members[~right]].sum()
            to_left = luck_of_fork.unit(base, depth, 0) * weights[members].sum() < left
            right = right != to_left
            members = members[right]
    return int(members[0])


def test_draws_go_down_the_tree() -> None:
    place = pools.places(FIRMS)
    found = all_draws(gathered(FIRMS, WEIGHTS), LUCK[:500])
    np.testing.assert_array_equal(found, [walked(place, WEIGHTS, luck) for luck in LUCK[:500]])


def test_several_pools() -> None:
    """Firms without weight are in no pool; each pool keeps its own running sum and branches."""
    weights = np.stack([np.where(np.arange(400) % 3 == 0, WEIGHTS, 0.0), np.zeros(400), WEIGHTS])
    both = pools.gather(np.arange(400), pools.places(FIRMS), weights)
    np.testing.assert_array_equal(both.begin, [0, 134, 134, 534])
    assert set(both.firm[:134]) == set(range(0, 400, 3))
    single = gathered(FIRMS, WEIGHTS)
    np.testing.assert_array_equal(both.firm[134:], single.firm)
    np.testing.assert_array_equal(both.cumulative[134:], single.cumulative)
    np.testing.assert_array_equal(both.branch[2], single.branch[0] + 134)
    np.testing.assert_array_equal(both.before[2], single.before[0])
    sums = np.append(0.0, single.cumulative)
    np.testing.assert_array_equal(single.before[0], sums[single.branch[0]])
    np.testing.assert_array_equal(single.place, np.sort(single.place))


def test_draws_follow_the_weights() -> None:
    """Chi square of 200,000 draws from 400 firms; the bound is exceeded by chance once in a million."""
    counts = np.bincount(drawn(FIRMS, WEIGHTS) - FIRMS[0], minlength=400)
    expected = WEIGHTS / WEIGHTS.sum() * len(LUCK)
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert chi_square < 399 + 5 * np.sqrt(2 * 399)


def test_the_order_of_rows_does_not_matter() -> None:
    mixed = RNG.permutation(400)
    np.testing.assert_array_equal(drawn(FIRMS, WEIGHTS), drawn(FIRMS[mixed], WEIGHTS[mixed]))


@pytest.mark.parametrize("gone", [0, 137, 399])
def test_who_leaves_takes_few_choices_along(gone: int) -> None:
    """All that chose the one that left choose anew, and of the others no more than a few times its weight."""
    rest = np.delete(np.arange(400), gone)
    before, after = drawn(FIRMS, WEIGHTS), drawn(FIRMS[rest], WEIGHTS[rest])
    moved = (before != after) & (before != FIRMS[gone])
    share = WEIGHTS[gone] / WEIGHTS.sum()
    assert moved.mean() < 12 * share
    assert FIRMS[gone] not in after


def test_a_pool_of_one() -> None:
    assert set(drawn(FIRMS[:1], WEIGHTS[:1], LUCK[:50])) == {FIRMS[0]}
