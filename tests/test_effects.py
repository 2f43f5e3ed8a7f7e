"""Intervals against closed form and simulation, and what pairing saves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from experiments.effects import adjusted, paired

RNG = np.random.default_rng(20)


def test_against_the_tests_of_scipy() -> None:
    a = RNG.normal(10, 3, (12, 4))
    b = a + RNG.normal(0.5, 1, (12, 4))
    found = paired(a, b)
    within, apart = stats.ttest_rel(b, a), stats.ttest_ind(b, a, equal_var=False)
    for name, expected in (("low", within.confidence_interval().low), ("high", within.confidence_interval().high),
                           ("p_value", within.pvalue), ("unpaired_low", apart.confidence_interval().low),
                           ("unpaired_high", apart.confidence_interval().high)):  # fmt: skip
        np.testing.assert_allclose(found[name], expected, rtol=1e-9)
    np.testing.assert_allclose(found["relative"], (b - a).mean(axis=0) / a.mean(axis=0))


def test_pairing_saves_what_the_closed_form_says() -> None:
    """Shared luck of variance 9, own luck of variance 1 each: (10 + 10) / (1 + 1) = 10 times."""
    shared = RNG.normal(0, 3, 20_000)
    a, b = (shared + RNG.normal(0, 1, 20_000) for _ in range(2))
    assert paired(a, b)["variance_saved"] == pytest.approx(10, rel=0.05)


def test_exact_case() -> None:
    found = paired(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    assert found["effect"] == 2
    assert found["variance_saved"] == (1 + 4) / 1
    half = 4.302652729749464 / np.sqrt(3)  # t with two degrees of freedom at 97.5 %, Student's table 4.303
    assert found["low"] == pytest.approx(2 - half)
    assert found["high"] == pytest.approx(2 + half)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """5,000 comparisons of eight pairs with a true effect of 0.7: coverage 95 % within four standard errors."""
    shared = RNG.normal(0, 5, (8, 5_000))
    a, b = shared + RNG.normal(0, 1, shared.shape), shared + 0.7 + RNG.normal(0, 1, shared.shape)
    found = paired(a, b)
    covered = ((found["low"] <= 0.7) & (found["high"] >= 0.7)).mean()
    assert abs(covered - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 5_000)
    wide = ((found["unpaired_low"] <= 0.7) & (found["unpaired_high"] >= 0.7)).mean()
    assert wide > 0.999  # unpaired intervals are far too wide for paired runs


def test_equal_runs_have_an_effect_of_exactly_zero() -> None:
    a = RNG.normal(5, 1, (6, 3))
    found = paired(a, a)
    for name in ("effect", "low", "high", "sd_effect", "relative"):
        assert (found[name] == 0).all()
    assert np.isinf(found["variance_saved"]).all()
    assert (found["p_value"] == 1).all()


def test_unknown_values_count_for_neither() -> None:
    a = np.array([1.0, np.nan, 3.0, np.inf])
    b = np.array([2.0, 5.0, 3.0, 7.0])
    found = paired(a, b)
    assert (found["pairs"], found["effect"], found["mean_a"]) == (2, 0.5, 2)


def test_one_pair_has_an_effect_and_no_interval() -> None:
    found = paired(np.array([1.0]), np.array([3.0]))
    assert found["effect"] == 2
    assert np.isnan(found["low"])
    assert np.isnan(found["p_value"])


def test_a_few_equal_counts_are_no_proof() -> None:
    """Three pairs that differ by one each: the chance of that, up or down, is a quarter."""
    found = paired(np.array([4.0, 7.0, 2.0]), np.array([5.0, 8.0, 3.0]))
    assert (found["effect"], found["p_value"]) == (1, 0.25)


def test_adjusted_p_values() -> None:
    values = RNG.uniform(0, 1, 40) ** 3
    np.testing.assert_allclose(adjusted(values), stats.false_discovery_control(values))
    with_gap = np.array([0.01, np.nan, 0.04])
    np.testing.assert_allclose(adjusted(with_gap), [0.02, np.nan, 0.04])
