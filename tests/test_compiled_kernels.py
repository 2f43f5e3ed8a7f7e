"""Twins in plain Python of the compiled inner loops: every one is written again from its rule and compared."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from model.kernels import luck

WORD = 2**64 - 1


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
    found, bell = np.empty(len(identity)), np.empty(len(identity))
    base = luck.base(123456789)
    assert int(base) == mixed((mixed(123456789) + 0x9E3779B97F4A7C15) & WORD)
    luck.uniform(base, identity, ordinal, found)
    luck.normal(base, identity, ordinal, bell)
    for row, who in enumerate(identity):
        share = unit(int(base), int(who), int(ordinal[0 if single else row]))
        assert found[row] == share
        assert bell[row] == pytest.approx(NormalDist().inv_cdf(share), rel=2e-9, abs=2e-9)


def test_quantiles() -> None:
    share = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 400), [1e-12, 0.5, 0.02425, 0.97575]])
    found = np.empty(len(share))
    luck.quantiles(share, found)
    expected = [NormalDist().inv_cdf(float(one)) for one in share]
    np.testing.assert_allclose(found, expected, rtol=2e-9, atol=2e-9)
