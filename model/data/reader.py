"""Reads ``families*.csv`` and ``values/*.csv`` and lays the points out month by month.

A family is one array with named axes; a point is one cell of one year. Points of dated families sit in January of
their year. Before the first point and after the last one the value stays flat.
"""

from __future__ import annotations

import csv
import functools
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np

from model.data import FOLDER
from model.labels import DIMENSIONS, SQUARES
from model.memory import seldom_collected

INTERPOLATIONS = ("constant", "step", "linear", "log")
ROLES = ("data", "calibrated", "lever", "uncertainty")
STATUSES = ("V", "M", "A")


class Point(NamedTuple):
    """One row of a values file: the value, its plausible range, and where it comes from."""

    year: int | None
    value: float
    low: float
    high: float
    status: str
    source: str


_point = Point._make


@dataclass(frozen=True)
class Family:
    """One array of the model: axes, unit, allowed range and the points that fill it."""

    name: str
    dims: tuple[str, ...]
    interpolation: str
    unit: str
    low: float
    high: float
    role: str
    description: str
    points: dict[tuple[str, ...], list[Point]] = field(default_factory=dict, compare=False, repr=False)

    @functools.cached_property
    def dated(self) -> bool:
        """Whether the array has a leading axis of months."""
        return self.interpolation != "constant"

    @functools.cached_property
    def square(self) -> bool:
        """Whether the one axis is a pair, stored as a symmetric square."""
        return bool(self.dims) and self.dims[0] in SQUARES

    @functools.cached_property
    def shape(self) -> tuple[int, ...]:
        """Shape without the axis of months."""
        if self.square:
            side = len(DIMENSIONS[SQUARES[self.dims[0]]])
            return (side, side)
        return tuple(len(DIMENSIONS[dim]) for dim in self.dims)

    @functools.cached_property
    def cells(self) -> list[tuple[str, ...]]:
        """The labels of every cell, in the order of the flattened array (of the upper triangle for pairs)."""
        return list(product(*(DIMENSIONS[dim] for dim in self.dims)))


class DataError(ValueError):
    """A data file breaks the rules of the folder; the message names the file and the row."""


@functools.cache
def families(folder: Path = FOLDER) -> dict[str, Family]:
    """All families with their points, by name, in the order of the files.

    Raises
    ------
    DataError
        A row has an unknown family, a wrong number of labels, a missing cell, or a value out of its allowed range.
    """
    with seldom_collected():
        found = _families(folder)
        for path in sorted((folder / "values").glob("*.csv")):
            _fill(found, path)
        for family in found.values():
            _check(family)
    return found


def _rows(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        head, *rows = csv.reader(handle)
    for row in rows:
        if len(row) not in (0, len(head)):
            raise DataError(f"{path.name}: {','.join(row)} has {len(row)} columns, not {len(head)}")
    return [row for row in rows if row]


def _families(folder: Path) -> dict[str, Family]:
    found: dict[str, Family] = {}
    for path in [folder / "families.csv", *sorted(folder.glob("families_*.csv"))]:
        for name, dims, interpolation, unit, low, high, role, description in _rows(path):
            if name in found:
                raise DataError(f"{path.name}: family {name} is defined twice")
            found[name] = Family(
                name, tuple(dims.split()), interpolation, unit, float(low), float(high), role, description
            )
    return found


def _fill(found: dict[str, Family], path: Path) -> None:
    series: dict[str, list[Point]] = {}  # a series fills many rows; its name is looked up once
    for name, year, value, low, high, status, source in _rows(path):
        points = series.get(name)
        if points is None:
            family, labels = _split(found, name, path)
            points = series[name] = family.points.setdefault(labels, [])
        points.append(_point((int(year) if year else None, float(value), float(low), float(high), status, source)))


def _split(found: dict[str, Family], name: str, path: Path) -> tuple[Family, tuple[str, ...]]:
    """A family name may contain dots, so the longest known prefix decides."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        family = found.get(".".join(parts[:end]))
        if family is not None and len(parts) - end == len(family.dims):
            return family, tuple(parts[end:])
    raise DataError(f"{path.name}: {name} belongs to no family, or has the wrong number of labels")


def _check(family: Family) -> None:
    cells = set(family.cells)
    for missing in sorted(cells - family.points.keys()):
        raise DataError(f"{family.name}: {'.'.join(missing) or 'it'} has no value")
    for strange in sorted(family.points.keys() - cells):
        raise DataError(f"{family.name}: {'.'.join(strange)} is no cell of it")
    for labels, points in family.points.items():
        _check_points(family, labels, points)


def _check_points(family: Family, labels: tuple[str, ...], points: list[Point]) -> None:
    years = [point.year for point in points]
    if family.dated:
        points.sort(key=lambda point: point.year or 0)
        if None in years or len(set(years)) < len(years):
            raise DataError(f"{_name(family, labels)}: a {family.interpolation} family wants one value for each year")
    elif years != [None]:
        raise DataError(f"{_name(family, labels)}: a constant family wants one value without a year")
    for point in points:
        if not family.low <= point.value <= family.high:
            raise DataError(f"{_name(family, labels)}: {point.value} is out of {family.low} to {family.high}")


def _name(family: Family, labels: tuple[str, ...]) -> str:
    return ".".join((family.name, *labels))


def layout(family: Family, calendar: np.ndarray) -> np.ndarray:
    """The array of a family, shape ``(months, *shape)`` if dated, else ``shape``.

    ``calendar`` holds the decimal year of each month, January being the whole number.
    """
    cells = family.cells
    if family.dated:
        flat = _interpolate(family, cells, calendar)
    else:
        flat = np.array([family.points[cell][0].value for cell in cells])
    array = _square(flat, family) if family.square else flat.reshape(flat.shape[:-1] + family.shape)
    array.setflags(write=False)
    return array


def _interpolate(family: Family, cells: list[tuple[str, ...]], calendar: np.ndarray) -> np.ndarray:
    """Cells with points in the same years are laid out together; this keeps loading within milliseconds."""
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for column, cell in enumerate(cells):
        groups[tuple(point.year or 0 for point in family.points[cell])].append(column)
    flat = np.empty((len(calendar), len(cells)))
    for years, columns in groups.items():
        values = np.array([[point.value for point in family.points[cells[column]]] for column in columns]).T
        flat[:, columns] = _between(np.array(years, float), values, calendar, family.interpolation)
    return flat


def _between(years: np.ndarray, values: np.ndarray, calendar: np.ndarray, kind: str) -> np.ndarray:
    """Values at ``calendar`` (months, cells) from points at ``years`` with ``values`` (years, cells)."""
    before = np.clip(np.searchsorted(years, calendar, side="right") - 1, 0, None)
    if kind == "step" or len(years) == 1:
        return values[before]
    before = np.minimum(before, len(years) - 2)
    weight = np.clip((calendar - years[before]) / (years[before + 1] - years[before]), 0.0, 1.0)[:, None]
    if kind == "log":
        logs = np.log(values)
        return np.exp(logs[before] * (1.0 - weight) + logs[before + 1] * weight)
    return values[before] * (1.0 - weight) + values[before + 1] * weight


def _square(flat: np.ndarray, family: Family) -> np.ndarray:
    """Upper triangle to symmetric square; nobody is at a distance from himself, so the diagonal is 0."""
    rows, columns = np.triu_indices(family.shape[0], k=1)
    array = np.zeros((*flat.shape[:-1], *family.shape))
    array[..., rows, columns] = flat
    array[..., columns, rows] = flat
    return array
