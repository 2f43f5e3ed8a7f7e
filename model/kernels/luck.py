"""Counter-based random numbers, one element at a time: SplitMix64 over the parts of a key, Acklam's quantiles."""

from __future__ import annotations

import numpy as np

from agents.compiling import compiled, inner

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S12, _ONE = (np.uint64(s) for s in (30, 27, 31, 12, 1))
_UNIT = 2.0**-52

_A = (-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2,
      1.383577518672690e2, -3.066479806614716e1, 2.506628277459239)  # fmt: skip
_B = (-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2,
      6.680131188771972e1, -1.328068155288572e1, 1.0)  # fmt: skip
_C = (-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838,
      -2.549732539343734, 4.374664141464968, 2.938163982698783)  # fmt: skip
_D = (7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1.0)


@inner(inline="always")
def _mix(bits: np.uint64) -> np.uint64:
    bits = (bits ^ (bits >> _S30)) * _FIRST
    bits = (bits ^ (bits >> _S27)) * _SECOND
    return bits ^ (bits >> _S31)


@inner
def unit(base: np.uint64, identity: int, ordinal: int) -> float:
    """Uniform number in (0, 1) of a decision (its 64-bit base), an identity and an ordinal."""
    bits = _mix(np.uint64(identity) * _GOLDEN + base)
    bits = _mix(bits + (np.uint64(ordinal) + _ONE) * _SECOND)
    return (np.float64(bits >> _S12) + 0.5) * _UNIT


def base(key: int) -> np.uint64:
    """64-bit base of a decision from its key (seed and name)."""
    with np.errstate(over="ignore"):
        first = _mix.py_func(np.uint64(key))
        return np.uint64(_mix.py_func(first + _GOLDEN))


@inner
def quantile(share: float) -> float:
    """Quantile of the standard normal distribution (Acklam's rational approximation, error below 1.2e-9)."""
    centred = share - 0.5
    if abs(centred) > 0.47575:
        root = np.sqrt(-2.0 * np.log(min(share, 1.0 - share)))
        above = ((((_C[0] * root + _C[1]) * root + _C[2]) * root + _C[3]) * root + _C[4]) * root + _C[5]
        below = (((_D[0] * root + _D[1]) * root + _D[2]) * root + _D[3]) * root + _D[4]
        return -np.sign(centred) * above / below
    square = centred * centred
    above = ((((_A[0] * square + _A[1]) * square + _A[2]) * square + _A[3]) * square + _A[4]) * square + _A[5]
    below = ((((_B[0] * square + _B[1]) * square + _B[2]) * square + _B[3]) * square + _B[4]) * square + _B[5]
    return centred * above / below


@compiled
def uniform(base: np.uint64, identity: np.ndarray, ordinal: np.ndarray) -> np.ndarray:
    """Uniform numbers, one per identity; a single ordinal holds for all."""
    found = np.empty(len(identity))
    step = 0 if len(ordinal) == 1 else 1
    for i in range(len(identity)):
        found[i] = unit(base, identity[i], ordinal[i * step])
    return found


@compiled
def normal(base: np.uint64, identity: np.ndarray, ordinal: np.ndarray) -> np.ndarray:
    """Standard normal numbers, one per identity; a single ordinal holds for all."""
    found = np.empty(len(identity))
    step = 0 if len(ordinal) == 1 else 1
    for i in range(len(identity)):
        found[i] = quantile(unit(base, identity[i], ordinal[i * step]))
    return found


@compiled
def together(bases: np.ndarray, identity: np.ndarray) -> np.ndarray:
    """Uniform numbers of several decisions (their 64-bit ``bases``), (decisions, identities)."""
    found = np.empty((len(bases), len(identity)))
    for decision in range(len(bases)):
        for i in range(len(identity)):
            found[decision, i] = unit(bases[decision], identity[i], 0)
    return found


@compiled
def quantiles(share: np.ndarray) -> np.ndarray:
    """Quantiles of the standard normal distribution."""
    found = np.empty(len(share))
    for i in range(len(share)):
        found[i] = quantile(share[i])
    return found
