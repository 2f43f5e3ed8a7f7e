"""The names that a change can be about: looking them up, and what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.clock import month_index
from model.data.naming import resolve
from model.data.reader import Family, families
from model.labels import DIMENSIONS, SQUARES
from model.values import Values
from scenarios import Change, Scenario, compose
from viz.studio.verdict import values

__all__ = ["About", "about", "before_and_after", "path", "search", "values"]

MOST = 40
"""Names that a search gives."""
PRESENT = 2025
ROLES = {"lever": "lever: somebody decides it", "uncertainty": "uncertainty: nobody knows it exactly",
         "data": "data: comes from outside", "calibrated": "calibrated: fitted to facts"}  # fmt: skip
STATUSES = {"V": "verified at the source", "M": "from a named source, not looked up again", "A": "assumption"}


@dataclass(frozen=True)
class About:
    """What a name means: figures in its unit, the default being the mean of the cells that it covers in 2025."""

    name: str
    description: str
    unit: str
    role: str
    default: float
    low: float
    high: float
    allowed_low: float
    allowed_high: float
    status: str
    source: str
    cells: int


@lru_cache(maxsize=1)
def everything() -> tuple[tuple[str, str], ...]:
    """Every family and every cell with the words by which it is found; levers first, then short names."""
    ranks = {"lever": 0, "uncertainty": 1, "calibrated": 2, "data": 3}
    found = []
    for family in families().values():
        for cell in dict.fromkeys([(), *_single_labels(family), *family.cells]):
            name = ".".join((family.name, *cell))
            found.append((ranks[family.role], len(cell), len(name), name, f"{name} {family.description}".lower()))
    return tuple((name, text) for *_, name, text in sorted(found))


def _single_labels(family: Family) -> list[tuple[str, ...]]:
    """Names that pick a label of one axis and leave the others whole; a region stands for all pairs with it."""
    axes = [SQUARES.get(dim, dim) for dim in family.dims]
    return [(label,) for axis in axes for label in DIMENSIONS[axis]]


def search(words: str) -> list[str]:
    """Names in which, or in whose description, every word occurs; those that hold them in the name first."""
    parts = words.lower().split()
    hits = [(name, text) for name, text in everything() if all(part in text for part in parts)]
    hits.sort(key=lambda hit: not all(part in hit[0].lower() for part in parts))
    return [name for name, _ in hits[:MOST]]


def about(name: str) -> About | None:
    """What a full or partial name means; None for one that does not exist."""
    if name not in values():
        return None
    family, mask = resolve(name)
    points = [family.points[cell] for cell in _covered(family, mask)]
    now = [min(series, key=lambda point: abs((point.year or PRESENT) - PRESENT)) for series in points]
    sources = list(dict.fromkeys(point.source for point in now))
    return About(
        name, family.description, family.unit, family.role, path(values(), name)[month_index(f"{PRESENT}-01")],
        min(point.low for point in now), max(point.high for point in now), family.low, family.high,
        max((point.status for point in now), key="VMA".index), "; ".join(sources[:3]), len(points),
    )  # fmt: skip


def _covered(family: Family, mask: np.ndarray) -> list[tuple[str, ...]]:
    """The cells that a mask of the family's shape covers."""
    if not family.dims:
        return [()]
    flat = mask[np.triu_indices(len(mask), 1)] if family.square else mask.reshape(-1)
    return [cell for cell, chosen in zip(family.cells, flat) if chosen]


def path(known: Values, name: str) -> list[float]:
    """The mean of the cells that a name covers, month by month."""
    family, mask = resolve(name)
    array = known[family.name]
    dated = array.ndim > mask.ndim
    covered = np.asarray(array)[..., mask] if mask.ndim else np.asarray(array)[..., None]
    means = covered.mean(axis=-1) if dated else np.full(known.months, float(covered.mean()))
    return [float(value) for value in means]


def before_and_after(scenario: Scenario, index: int | None, change: Change) -> tuple[list[float], list[float]]:
    """A value month by month without a change of the scenario and with it, in place of number ``index`` or as the last.

    Raises ValueError or LookupError where the change cannot be made.
    """
    inherited = compose([scenario]).changes[: -len(scenario.changes) or None]
    own: Sequence[Change] = scenario.changes[:index] if index is not None else scenario.changes
    start = values().with_changes([*inherited, *own])
    return path(start, change.value), path(start.with_changes([change]), change.value)
