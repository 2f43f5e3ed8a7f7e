"""The past of a world, played once and kept in the user's cache: a what-if then plays only its future."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import cache
from experiments.code_digest import code_digest
from experiments.variants import Variant

if TYPE_CHECKING:
    import numpy as np

    from model import PharmaMarket
    from model.world import World

FORMAT = 1
"""Raise it when the content of the files changes in a way that :func:`code_digest` does not see."""


def market_at(variant: Variant, seed: int, scale: float, month: int, place: Path | None = None) -> PharmaMarket:
    """A market of ``variant`` that has played up to ``month`` (a number), from the cache or anew.

    ``place`` is the folder of the cache; that of the user by default.
    """
    from model.snapshot import market_on

    return market_on(world_at(variant, seed, scale, month, place), variant.scenarios, variant.changes)


def world_at(
    variant: Variant, seed: int, scale: float, month: int, place: Path | None = None, largest: int = cache.LARGEST_BYTES
) -> World:
    """The world of :func:`market_at`. Variants with the same rules before ``month`` share what is kept.

    At most ``largest`` bytes are kept in ``place``.
    """
    place = place or cache.folder("history")
    key = key_of(variant, seed, scale, month)
    world = _kept_world(place, key, seed, scale)
    if world is None:
        from model.snapshot import take

        world = played_world(variant, seed, scale, month)
        cache.keep(place, key, take(world), largest)
    return world


def played_world(variant: Variant, seed: int, scale: float, month: int) -> World:
    """A world of ``variant`` played up to ``month`` (a number), which no cache knows."""
    from model import PharmaMarket
    from model.memory import let_go

    market = PharmaMarket(list(variant.scenarios), rng=seed, scale=scale, changes=dict(variant.changes))
    world = market.run_until(month).world
    let_go(market)
    return world


def key_of(variant: Variant, seed: int, scale: float, month: int) -> str:
    """Digest of all that decides a history: code, data, versions, rules before ``month``, seed, scale, length."""
    parts = (
        FORMAT,
        code_digest(library=False),
        library_versions(),
        rules_digest(variant, month),
        seed,
        float(scale),
        month,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:40]


def rules_digest(variant: Variant, month: int) -> str:
    """Digest of the named values before ``month``: equal for variants that differ only later."""
    return variant.values().head(month).digest()


def _kept_world(place: Path, key: str, seed: int, scale: float) -> World | None:
    from model.snapshot import restore

    kept: Mapping[str, np.ndarray] | None = cache.get(place, key)
    if kept is None:
        return None
    try:
        return restore(kept, seed, scale)
    except (KeyError, ValueError, TypeError):
        return None


def library_versions() -> tuple[Any, ...]:
    """Versions that may move the last digit of a number."""
    import platform
    import sys

    import numpy as np

    return sys.version_info[:2], np.__version__, platform.machine()
