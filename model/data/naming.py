"""Which family and cells a full or partial name addresses, and what somebody may have meant by a wrong one."""

from __future__ import annotations

import difflib
import fnmatch
from typing import NamedTuple

import numpy as np

from model.data.reader import Family, families
from model.labels import DIMENSIONS, SQUARES, canonical_pair

Cell = tuple[str, ...]


class UnknownValue(LookupError):
    """No value has that name; the message lists the nearest ones."""


class Selection(NamedTuple):
    """The cells of a family that a name addresses, as a mask with the shape of the family."""

    family: Family
    mask: np.ndarray


def resolve(name: str) -> Selection:
    """The family and the cells that a full or partial name addresses.

    Raises
    ------
    UnknownValue
        No value has that name.
    """
    found = find(name)
    if found is None:
        raise UnknownValue(unknown(name, nearest(name)))
    family, chosen = found
    if family.square:
        return Selection(family, _square_mask(family, chosen[0]))
    mask = np.zeros(family.shape, bool)
    axes = [
        [i for i, label in enumerate(DIMENSIONS[dim]) if pick in (None, label)]
        for dim, pick in zip(family.dims, chosen)
    ]
    mask[np.ix_(*axes) if axes else ()] = True
    return Selection(family, mask)


def _square_mask(family: Family, pair: str | None) -> np.ndarray:
    """A pair has no direction, so both halves are covered; the diagonal stays out. ``CN`` means all pairs with it."""
    labels = DIMENSIONS[SQUARES[family.dims[0]]]
    ends = [[label in (pair or label).split("-")] for label in labels]
    touched = np.array(ends)
    mask = touched & touched.T if pair and "-" in pair else touched | touched.T
    return mask & ~np.eye(len(labels), dtype=bool)


def find(name: str) -> tuple[Family, list[str | None]] | None:
    """Family and the label chosen on each axis (None: all), or None where the name is unknown."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        family = families().get(".".join(parts[:end]))
        if family is not None:
            return _choose(family, parts[end:])
    return None


def _choose(family: Family, labels: list[str]) -> tuple[Family, list[str | None]] | None:
    """Labels go to the axes in order; an axis that does not know the label is left whole."""
    chosen: list[str | None] = []
    rest = list(labels)
    for dim in family.dims:
        label = canonical_pair(rest[0], dim) if rest and dim in SQUARES else (rest[0] if rest else None)
        known = label is not None and (label in DIMENSIONS[dim] or label in DIMENSIONS.get(SQUARES.get(dim, ""), ()))
        chosen.append(label if known else None)
        if known:
            rest.pop(0)
    return None if rest else (family, chosen)


def nearest(name: str, count: int = 3) -> list[str]:
    """Valid names that look like ``name``, best first: the same family with a better label, or another family."""
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        family = families().get(".".join(parts[:end]))
        if family is not None:
            leaves = [".".join((family.name, *cell)) for cell in _partial(family)]
            return difflib.get_close_matches(name, leaves, count, 0.0)
    full = (".".join((family.name, *cell)) for family in families().values() for cell in family.cells)
    return difflib.get_close_matches(name, list(dict.fromkeys([*families(), *full])), count, 0.5)


def _partial(family: Family) -> list[tuple[str, ...]]:
    """Cells of a family and, where it has several axes, the labels of each axis alone."""
    single = [(label,) for dim in family.dims for label in DIMENSIONS[dim]] if len(family.dims) > 1 else []
    return [*family.cells, *single]


def unknown(name: str, near: list[str]) -> str:
    """What to say about a name that does not exist."""
    return f"unknown value '{name}'" + (f"; nearest: {', '.join(near)}" if near else "")


def matching(pattern: str | None) -> list[tuple[Family, Cell]]:
    """Cells by name or partial name, by glob, or by any part of a name; all of them without a pattern."""
    everything = [(family, cell) for family in families().values() for cell in family.cells]
    if not pattern:
        return everything
    found = find(pattern)
    if found is not None:
        family, chosen = found
        return [(family, cell) for cell in family.cells if all(map(_covers, chosen, cell))]
    glob = pattern if any(sign in pattern for sign in "*?[") else f"*{pattern}*"
    return [(family, cell) for family, cell in everything if fnmatch.fnmatch(".".join((family.name, *cell)), glob)]


def _covers(chosen: str | None, label: str) -> bool:
    return chosen in (None, label) or chosen in label.split("-")
