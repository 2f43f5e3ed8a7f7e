"""Every named value of the model, month by month, and the changes that a scenario makes to them.

A value is addressed by its family and the labels of its axes, ``trials.recruitment.phase3.CN``. Labels may be left
out: ``trials.recruitment.CN`` means China in all phases, ``trials.recruitment`` everything. A pair has no direction;
``geopolitics.tension.CN`` means all pairs with China.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from model.data.naming import UnknownValue, find, matching, nearest, resolve, unknown
from model.data.reader import Family, Point, families, layout
from scenarios.schema import Change

if TYPE_CHECKING:
    import pandas as pd

#: Range checks forgive rounding: a ramp may end one unit in the last place beyond its target.
TOLERANCE = 1e-9

__all__ = ["Moment", "OutOfRange", "UnknownValue", "Values"]


class OutOfRange(ValueError):
    """A change leaves the allowed range of its value; the message names value, range and what it would become."""


class Moment(dict[str, Any]):
    """Values of one month by family: arrays with the axes of the family, plain floats for scalars."""

    __slots__ = ("kept",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.kept: dict[Any, Any] = {}
        """What has been worked out from the values of the month, by what works it out."""

    def __missing__(self, name: str) -> Any:
        raise UnknownValue(unknown(name, nearest(name)))


class Values:
    """The named values of a run. Immutable: ``with_changes`` returns another one that shares what it can.

    Parameters
    ----------
    start, months
        First month, ``YYYY-MM``, and number of months.
    arrays
        One array per family, shape ``(months, *axes)`` where dated, else ``axes``.
    """

    __slots__ = ("_constant", "_moving", "_scalar", "arrays", "months", "start")

    def __init__(self, start: str, months: int, arrays: dict[str, np.ndarray]) -> None:
        self.start, self.months, self.arrays = start, months, arrays
        known = families()
        self._constant: dict[str, Any] = {}
        self._scalar: dict[str, list[float]] = {}
        self._moving: dict[str, np.ndarray] = {}
        for name, array in arrays.items():
            dated = array.ndim > len(known[name].shape)
            if dated and array.ndim == 1:
                self._scalar[name] = array.tolist()
            elif dated:
                self._moving[name] = array
            else:
                self._constant[name] = array if array.ndim else float(array)

    @classmethod
    def load(cls, start: str = "2000-01", months: int = 492) -> Values:
        """The default values. Files are read once per process."""
        calendar = (_month(start) + np.arange(months)) / 12  # whole numbers in January, so steps fall on it
        return cls(start, months, {name: layout(family, calendar) for name, family in families().items()})

    def __getitem__(self, family: str) -> np.ndarray:
        """The array of a family: ``(months, *axes)`` where dated, else ``axes``.

        Raises
        ------
        UnknownValue
            There is no such family.
        """
        try:
            return self.arrays[family]
        except KeyError:
            raise UnknownValue(unknown(family, nearest(family))) from None

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and find(name) is not None

    def at(self, month: int) -> Moment:
        """The values of one month, counted from ``start``.

        Raises
        ------
        IndexError
            The month lies outside the run.
        """
        if not 0 <= month < self.months:
            raise IndexError(f"month {month} is outside the {self.months} months from {self.start}")
        now = Moment(self._constant)
        for name, series in self._scalar.items():
            now[name] = series[month]
        for name, array in self._moving.items():
            now[name] = array[month]
        return now

    def with_changes(self, changes: Iterable[Change | Mapping[str, Any]]) -> Values:
        """These values after ``changes``, applied in order; untouched arrays are shared.

        Raises
        ------
        UnknownValue, OutOfRange
            A change names no value, or leaves the allowed range.
        """
        arrays = dict(self.arrays)
        for change in changes:
            change = change if isinstance(change, Change) else Change.model_validate(change)
            family, mask = resolve(change.value)
            with np.errstate(over="ignore", invalid="ignore"):  # the range check names what went wrong
                array = self._changed(arrays[family.name], mask, change, len(family.shape))
            _check_range(array[..., mask], family, change.value)
            array.setflags(write=False)
            arrays[family.name] = array
        return Values(self.start, self.months, arrays)

    def _changed(self, array: np.ndarray, mask: np.ndarray, change: Change, axes: int) -> np.ndarray:
        first = _month(change.from_) - _month(self.start) if change.from_ else 0
        last = _month(change.until) - _month(self.start) if change.until else self.months
        if array.ndim == axes and not change.dated:
            array = array.copy()
            array[mask] = _moved(array[mask], change)
            return array
        array = np.array(np.broadcast_to(array, (self.months, *array.shape)) if array.ndim == axes else array)
        if change.ramp is not None:
            _ramp(array, mask, change.ramp, first, last)
        else:
            window = array[max(first, 0) : max(last, 0)]
            window[..., mask] = _moved(window[..., mask], change)
        return array

    def head(self, months: int) -> Values:
        """The first ``months`` months of these values."""
        known = families()
        arrays = {
            name: array[:months] if array.ndim > len(known[name].shape) else array
            for name, array in self.arrays.items()
        }
        return Values(self.start, months, arrays)

    def names(self, pattern: str | None = None) -> pd.DataFrame:
        """One row per cell: name, unit, default, plausible low and high, allowed range, role, status, source.

        ``pattern`` is a name or partial name (``trials.recruitment.CN``), a glob, or any part of a name.
        """
        import pandas as pd  # only here: a run that lists nothing need not wait for it

        rows = [_describe(family, cell) for family, cell in matching(pattern)]
        return pd.DataFrame(rows, columns=list(DESCRIPTION))

    def digest(self) -> str:
        """SHA-256 of start, length and all arrays. A dated array that never moves counts as a constant."""
        sha = hashlib.sha256(f"{self.start} {self.months}".encode())
        for name in sorted(self.arrays):
            array, axes = self.arrays[name], len(families()[name].shape)
            if array.ndim > axes and len(array) and (array == array[0]).all():
                array = array[0]
            sha.update(name.encode() + repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
        return sha.hexdigest()

    def nearest(self, name: str) -> list[str]:
        """Up to three valid names that look like ``name``, best first."""
        return nearest(name)

    def unit(self, name: str) -> str:
        """Unit of the value of that name."""
        return resolve(name).family.unit


DESCRIPTION = (
    "name", "unit", "default", "low", "high", "allowed_low", "allowed_high", "role", "status", "source", "description",
)  # fmt: skip


def _month(text: str) -> int:
    """Months since year 0 of ``YYYY-MM``."""
    year, month = text.split("-")[:2]
    return int(year) * 12 + int(month) - 1


def _moved(values: np.ndarray, change: Change) -> np.ndarray:
    if change.scale is not None:
        return values * change.scale
    if change.add is not None:
        return values + change.add
    return np.full_like(values, change.set)


def _ramp(array: np.ndarray, mask: np.ndarray, target: float, first: int, last: int) -> None:
    """Straight line from the value at ``first`` to ``target`` at ``last``, kept from then on. Changes in place."""
    begin = min(max(first, 0), len(array))
    if begin == len(array):
        return
    share = np.clip((np.arange(begin, len(array)) - first) / max(last - first, 1), 0.0, 1.0)
    base = array[begin][mask]
    path = base + (target - base) * share[:, None]
    path[share >= 1.0] = target
    array[begin:][..., mask] = path


def _check_range(values: np.ndarray, family: Family, name: str) -> None:
    slack = TOLERANCE * max(abs(family.low), abs(family.high), 1.0)
    if values.size and not (values.min() >= family.low - slack and values.max() <= family.high + slack):
        worst = values.max() if values.min() >= family.low - slack else values.min()
        raise OutOfRange(
            f"{name} would become {worst:.6g} ({family.unit}); allowed range: {family.low:g} to {family.high:g}"
        )


def _describe(family: Family, cell: tuple[str, ...]) -> tuple[Any, ...]:
    points = family.points[cell]
    now = min(points, key=lambda point: abs((point.year or 2025) - 2025))  # the branch point of what-ifs
    status = max((point.status for point in points), key="VMA".index)
    return (
        ".".join((family.name, *cell)), family.unit, _default(points), now.low, now.high,
        family.low, family.high, family.role, status, now.source, family.description,
    )  # fmt: skip


def _default(points: list[Point]) -> float | str:
    return points[0].value if len(points) == 1 else f"series {points[0].year}-{points[-1].year}"
