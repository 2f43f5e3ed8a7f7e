"""Draws from a pool follow the weights, and hardly notice who else is in it."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from model.kernels import pools

RNG = np.random.default_rng(5)
FIRMS = (np.int64(3) << 40) + np.arange(400, dtype=np.int64)
WEIGHTS = RNG.lognormal(0, 1, 400)
LUCK = RNG.uniform(size=200_000)


@njit
def all_draws(place: np.ndarray, cumulative: np.ndarray, luck: np.ndarray) -> np.ndarray:
    found = np.empty(len(luck), np.int64)
    for i in range(len(luck)):
        found[i] = pools.draw(place, cumulative, luck[i])
    return found


def drawn(firms: np.ndarray, weights: np.ndarray, luck: np.ndarray = LUCK) -> np.ndarray:
    """Identities drawn from a pool, whatever the order in which it is given."""
    place = pools.places(firms)
    order = np.argsort(place)
    return firms[order][all_draws(place[order], np.cumsum(weights[order]), luck)]


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
