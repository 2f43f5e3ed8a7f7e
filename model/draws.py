"""Counter-based random numbers: a draw depends on who decides what for the how-manieth time.

Nothing is advanced, so call order, row order and the presence of others leave a draw as it is
(common random numbers between scenarios, asset by asset). The mixer is the finaliser of
SplitMix64 (Steele, Lea and Flood 2014), applied once per part of the key; quantiles are Acklam's
(importing SciPy for one function would cost more time than a tenth of a whole run).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache

import numpy as np

from model.kernels import luck

Kernel = Callable[[np.uint64, np.ndarray, np.ndarray], np.ndarray]


@cache
def _decision_key(decision: str) -> int:
    """Stable 64-bit number of a decision's name (Python's own hash changes per process)."""
    return int.from_bytes(hashlib.blake2b(decision.encode(), digest_size=8).digest(), "little")


@cache
def _alone(ordinal: int) -> np.ndarray:
    """An ordinal that holds for all identities, as the kernels take it."""
    return np.array([ordinal], np.int64)


class Draws:
    """Random numbers of one world, keyed by (seed, decision, identity, ordinal)."""

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)
        self._bases: dict[str, np.uint64] = {}
        self._groups: dict[tuple[str, ...], np.ndarray] = {}

    def base(self, decision: str) -> np.uint64:
        """64 bits that stand for the seed and the decision (what compiled loops draw with)."""
        if decision not in self._bases:
            self._bases[decision] = luck.base((self.seed & (2**64 - 1)) ^ _decision_key(decision))
        return self._bases[decision]

    def bases(self, decisions: tuple[str, ...]) -> np.ndarray:
        """The :meth:`base` of each decision, uint64 (decisions,)."""
        if decisions not in self._groups:
            self._groups[decisions] = np.array([self.base(decision) for decision in decisions])
        return self._groups[decisions]

    def uniform(self, decision: str, identity: np.ndarray, ordinal: np.ndarray | int = 0) -> np.ndarray:
        """Uniform numbers in (0, 1), one per identity (int64, any shape; ordinal broadcasts)."""
        return _drawn(luck.uniform, self.base(decision), identity, ordinal)

    def together(self, decisions: tuple[str, ...], identity: np.ndarray) -> np.ndarray:
        """Uniform numbers of several decisions at once, (decisions, identities)."""
        return luck.together(self.bases(decisions), identity)

    def normal(self, decision: str, identity: np.ndarray, ordinal: np.ndarray | int = 0) -> np.ndarray:
        """Standard normal numbers, the quantiles of :meth:`uniform`."""
        return _drawn(luck.normal, self.base(decision), identity, ordinal)

    def choice(
        self,
        decision: str,
        identity: np.ndarray,
        weights: np.ndarray,
        ordinal: np.ndarray | int = 0,
    ) -> np.ndarray:
        """Index drawn in proportion to weights, shape (options,) or (identities, options)."""
        return pick(self.uniform(decision, identity, ordinal), weights)


def pick(share: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Index that each uniform number selects in proportion to weights, (options,) or (rows, options)."""
    cumulative = np.cumsum(weights, axis=-1)
    level = share * cumulative[..., -1]
    if cumulative.ndim == 1:
        return np.searchsorted(cumulative, level, side="right").astype(np.int64)
    return (cumulative <= level[:, None]).sum(axis=1)


def inverse_normal(probability: np.ndarray) -> np.ndarray:
    """Quantiles of the standard normal distribution, any shape."""
    return luck.quantiles(probability.ravel()).reshape(probability.shape)


def _drawn(kernel: Kernel, base: np.uint64, identity: np.ndarray, ordinal: np.ndarray | int) -> np.ndarray:
    """Numbers from a kernel of :mod:`model.kernels.luck` for identities and ordinals that broadcast."""
    identity = np.asarray(identity, np.int64)
    order = _alone(ordinal) if isinstance(ordinal, int) else np.asarray(ordinal, np.int64)
    if order.size > 1 and order.shape != identity.shape:
        identity, order = np.broadcast_arrays(identity, order)
    return kernel(base, identity.ravel(), order.ravel()).reshape(identity.shape or 1)
