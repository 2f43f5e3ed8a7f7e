"""Random numbers: uniform, independent, keyed by identity alone, and the same everywhere."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from statistics import NormalDist

import numpy as np
import pytest
from conftest import environment
from hypothesis import given, settings
from hypothesis import strategies as st

from model.draws import Draws, inverse_normal

WORD = 2**64
GOLDEN, FIRST, SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
IDENTITIES = np.arange(50_000, dtype=np.int64)


# --- a second implementation, with Python's integers


def mix(bits: int) -> int:
    """Finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    bits = ((bits ^ (bits >> 30)) * FIRST) % WORD
    bits = ((bits ^ (bits >> 27)) * SECOND) % WORD
    return bits ^ (bits >> 31)


def base(seed: int, decision: str) -> int:
    key = int.from_bytes(hashlib.blake2b(decision.encode(), digest_size=8).digest(), "little")
    return mix((mix((seed % WORD) ^ key) + GOLDEN) % WORD)


def bits_of(seed: int, decision: str, identity: int, ordinal: int) -> int:
    first = mix((identity * GOLDEN + base(seed, decision)) % WORD)
    return mix((first + (ordinal % WORD + 1) * SECOND) % WORD)


def uniform(seed: int, decision: str, identity: int, ordinal: int = 0) -> float:
    return ((bits_of(seed, decision, identity, ordinal) >> 11) + 0.5) / 2**53


def unmix(bits: int) -> int:
    """The number that :func:`mix` turns into ``bits``."""

    def unshift(value: int, shift: int) -> int:
        result = value
        for _ in range(64 // shift + 1):
            result = value ^ (result >> shift)
        return result

    bits = unshift(bits, 31) * pow(SECOND, -1, WORD) % WORD
    bits = unshift(bits, 27) * pow(FIRST, -1, WORD) % WORD
    return unshift(bits, 30)


def identity_with(bits: int, seed: int, decision: str) -> int:
    """The identity whose draw at ordinal 0 has exactly these bits."""
    first = unmix((unmix(bits) - SECOND) % WORD)
    number = (first - base(seed, decision)) * pow(GOLDEN, -1, WORD) % WORD
    return number - WORD if number >= WORD // 2 else number


@settings(deadline=None)
@given(st.integers(0, 2**63 - 1), st.text(max_size=20), st.integers(-(2**63), 2**63 - 1), st.integers(-1000, 2**40))
def test_draws_equal_a_plain_implementation(seed: int, decision: str, identity: int, ordinal: int) -> None:
    drawn = Draws(seed).uniform(decision, np.array([identity]), np.array([ordinal]))
    assert drawn[0] == pytest.approx(uniform(seed, decision, identity, ordinal), rel=0, abs=2**-52)


def test_first_numbers_are_pinned() -> None:
    """A changed mixer changes every result there is."""
    drawn = Draws(1).uniform("trial.outcome", np.array([1, 2]), np.array([0, 3]))
    assert drawn.tolist() == pytest.approx([0.2737728096570114, 0.9175685802718976], rel=0, abs=2**-52)


# --- the distribution


@pytest.mark.parametrize("ordinal", [0, 1, 299])
@pytest.mark.parametrize("stride", [1, 1 << 16, 1 << 24])
def test_draws_are_uniform(stride: int, ordinal: int) -> None:
    """Kolmogorov-Smirnov distance below its bound at one in a million, for packed identities too."""
    drawn = np.sort(Draws(7).uniform("test", IDENTITIES * stride, ordinal))
    steps = np.arange(len(drawn) + 1) / len(drawn)
    distance = max(np.abs(drawn - steps[:-1]).max(), np.abs(drawn - steps[1:]).max())
    assert distance < 2.69 / np.sqrt(len(drawn))


def test_uniform_never_reaches_its_ends() -> None:
    draws, name = Draws(3), "ends"
    extreme = np.array([identity_with(bits, 3, name) for bits in (0, WORD - 1)], np.int64)
    assert bits_of(3, name, int(extreme[1]), 0) == WORD - 1, "the test itself is right"
    drawn = draws.uniform(name, extreme)
    assert 0 < drawn[0] < 1e-15
    assert drawn[1] < 1
    assert np.isfinite(draws.normal(name, extreme)).all()
    assert draws.choice(name, extreme, np.ones(3)).max() == 2


@pytest.mark.parametrize(
    "other",
    [
        lambda: Draws(7).uniform("test", IDENTITIES + 1),
        lambda: Draws(7).uniform("test", IDENTITIES, 1),
        lambda: Draws(8).uniform("test", IDENTITIES),
        lambda: Draws(7).uniform("test2", IDENTITIES),
    ],
    ids=["neighbour", "next ordinal", "next seed", "other decision"],
)
def test_draws_of_different_keys_are_independent(other: object) -> None:
    """Correlation and the joint distribution over a grid of ten by ten, five standard errors wide."""
    first, second = Draws(7).uniform("test", IDENTITIES), other()  # type: ignore[operator]
    size = len(first)
    assert abs(np.corrcoef(first, second)[0, 1]) < 5 / np.sqrt(size)
    cells = np.bincount((first * 10).astype(int) * 10 + (second * 10).astype(int), minlength=100)
    chi = ((cells - size / 100) ** 2 / (size / 100)).sum()
    assert abs(chi - 99) < 5 * np.sqrt(2 * 99)


def test_order_and_company_leave_a_draw_as_it_is() -> None:
    draws = Draws(5)
    drawn = draws.uniform("x", IDENTITIES)
    shuffled = np.random.default_rng(1).permutation(len(IDENTITIES))
    np.testing.assert_array_equal(draws.uniform("x", IDENTITIES[shuffled]), drawn[shuffled])
    draws.normal("something else", IDENTITIES)
    for row in (0, 17, 49_999):
        assert draws.uniform("x", IDENTITIES[row : row + 1])[0] == drawn[row]
        assert Draws(5).uniform("x", IDENTITIES[row : row + 1])[0] == drawn[row]


def test_ordinals_broadcast_over_identities_of_any_shape() -> None:
    draws = Draws(5)
    grid = draws.uniform("x", IDENTITIES[:6].reshape(2, 3), np.array([[4], [9]]))
    assert grid.shape == (2, 3)
    assert grid[1, 2] == draws.uniform("x", np.array([5]), 9)[0]


@pytest.mark.parametrize("hash_seed", ["0", "12345"])
def test_draws_are_the_same_in_every_process(hash_seed: str) -> None:
    code = (
        "import numpy as np; from model.draws import Draws; print(*Draws(11).normal('a.b', np.arange(5), 2).tolist())"
    )
    env = environment(PYTHONHASHSEED=hash_seed)
    told = subprocess.check_output([sys.executable, "-c", code], env=env, text=True).split()
    assert [float(text) for text in told] == Draws(11).normal("a.b", np.arange(5), 2).tolist()


# --- transforms


def test_normal_quantiles_match_the_standard_library() -> None:
    """Acklam's approximation promises a relative error of 1.15e-9."""
    levels = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 4001), 10.0 ** -np.arange(1, 16), [0.02425, 0.97575]])
    exact = np.array([NormalDist().inv_cdf(level) for level in levels])
    np.testing.assert_allclose(inverse_normal(levels), exact, rtol=2e-9, atol=1e-12)


def test_normal_draws_have_mean_zero_and_variance_one() -> None:
    drawn = Draws(2).normal("n", IDENTITIES)
    size = len(drawn)
    assert abs(drawn.mean()) < 5 / np.sqrt(size)
    assert abs(drawn.var() - 1) < 5 * np.sqrt(2 / size)


@pytest.mark.parametrize("rows", [False, True], ids=["one set of weights", "weights by row"])
def test_choice_is_in_proportion_to_weights(rows: bool) -> None:
    weights = np.array([0.0, 3.0, 1.0, 0.0, 6.0, 0.0])
    given_weights = np.tile(weights, (len(IDENTITIES), 1)) if rows else weights
    chosen = np.bincount(Draws(4).choice("c", IDENTITIES, given_weights), minlength=6) / len(IDENTITIES)
    share = weights / weights.sum()
    assert (chosen[weights == 0] == 0).all(), "what has no weight is never chosen"
    np.testing.assert_allclose(chosen, share, atol=5 * np.sqrt(0.25 / len(IDENTITIES)))


def test_both_forms_of_choice_agree() -> None:
    weights = np.array([2.0, 0.5, 1.0])
    one = Draws(4).choice("c", IDENTITIES[:1000], weights)
    many = Draws(4).choice("c", IDENTITIES[:1000], np.tile(weights, (1000, 1)))
    np.testing.assert_array_equal(one, many)
