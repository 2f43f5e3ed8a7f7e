"""Counter-based random numbers: a draw depends on who decides what for the how-manieth time.

Nothing is advanced, so call order, row order and the presence of others leave a draw as it is
(common random numbers between scenarios, asset by asset). The mixer is the finaliser of
SplitMix64 (Steele, Lea and Flood 2014), applied once per part of the key.
"""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S12 = (np.uint64(s) for s in (30, 27, 31, 12))
_UNIT = 2.0**-52


@cache
def _decision_key(decision: str) -> int:
    """Stable 64-bit number of a decision's name (Python's own hash changes per process)."""
    return int.from_bytes(hashlib.blake2b(decision.encode(), digest_size=8).digest(), "little")


def _mix(bits: np.ndarray) -> np.ndarray:
    bits = (bits ^ (bits >> _S30)) * _FIRST
    bits = (bits ^ (bits >> _S27)) * _SECOND
    return bits ^ (bits >> _S31)


class Draws:
    """Random numbers of one world, keyed by (seed, decision, identity, ordinal)."""

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)
        self._bases: dict[str, np.uint64] = {}

    def _base(self, decision: str) -> np.uint64:
        if decision not in self._bases:
            with np.errstate(over="ignore"):
                key = np.array([(self.seed & (2**64 - 1)) ^ _decision_key(decision)], np.uint64)
                self._bases[decision] = _mix(_mix(key) + _GOLDEN)[0]
        return self._bases[decision]

    def uniform(self, decision: str, identity: np.ndarray, ordinal: np.ndarray | int = 0) -> np.ndarray:
        """Uniform numbers in (0, 1), one per identity (int64, any shape; ordinal broadcasts)."""
        bits = _mix(np.asarray(identity, np.int64).view(np.uint64) * _GOLDEN + self._base(decision))
        order = np.atleast_1d(np.asarray(ordinal, np.int64)).view(np.uint64) + np.uint64(1)
        bits = _mix(bits + order * _SECOND)
        return ((bits >> _S12).astype(np.float64) + 0.5) * _UNIT

    def together(self, decisions: tuple[str, ...], identity: np.ndarray) -> np.ndarray:
        """Uniform numbers of several decisions at once, (decisions, identities)."""
        bases = np.array([self._base(decision) for decision in decisions], np.uint64)
        bits = _mix(np.asarray(identity, np.int64).view(np.uint64) * _GOLDEN + bases[:, None])
        bits = _mix(bits + _SECOND)
        return ((bits >> _S12).astype(np.float64) + 0.5) * _UNIT

    def normal(self, decision: str, identity: np.ndarray, ordinal: np.ndarray | int = 0) -> np.ndarray:
        """Standard normal numbers by inverse transform of :meth:`uniform`."""
        return inverse_normal(self.uniform(decision, identity, ordinal))

    def choice(
        self,
        decision: str,
        identity: np.ndarray,
        weights: np.ndarray,
        ordinal: np.ndarray | int = 0,
    ) -> np.ndarray:
        """Index drawn in proportion to weights, shape (options,) or (identities, options)."""
        return pick(self.uniform(decision, identity, ordinal), weights)


def pick(luck: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Index that each uniform number selects in proportion to weights, (options,) or (rows, options)."""
    cumulative = np.cumsum(weights, axis=-1)
    level = luck * cumulative[..., -1]
    if cumulative.ndim == 1:
        return np.searchsorted(cumulative, level, side="right").astype(np.int64)
    return (cumulative <= level[:, None]).sum(axis=1)


_A = (-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2,
      1.383577518672690e2, -3.066479806614716e1, 2.506628277459239)  # fmt: skip
_B = (-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2,
      6.680131188771972e1, -1.328068155288572e1, 1.0)  # fmt: skip
_C = (-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838,
      -2.549732539343734, 4.374664141464968, 2.938163982698783)  # fmt: skip
_D = (7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1.0)


def inverse_normal(probability: np.ndarray) -> np.ndarray:
    """Quantiles of the standard normal distribution.

    Acklam's rational approximation (relative error below 1.2e-9): importing SciPy for this one
    function would cost more time than a tenth of a whole run.
    """
    centred = probability - 0.5
    square = centred * centred
    result = centred * _horner(_A, square) / _horner(_B, square)
    tail = np.abs(centred) > 0.47575
    if tail.any():
        outer = np.minimum(probability[tail], 1.0 - probability[tail])
        root = np.sqrt(-2.0 * np.log(outer))
        result[tail] = -np.sign(centred[tail]) * _horner(_C, root) / _horner(_D, root)
    return result


def _horner(coefficients: tuple[float, ...], x: np.ndarray) -> np.ndarray:
    """Polynomial by Horner's rule, highest power first (np.polyval allocates at every power)."""
    value = coefficients[0] * x + coefficients[1]
    for coefficient in coefficients[2:]:
        value *= x
        value += coefficient
    return value
