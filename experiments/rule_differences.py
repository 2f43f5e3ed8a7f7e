"""What distinguishes the rules of two variants: the changes that only one has, and the values that come of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.variants import Variant

if TYPE_CHECKING:
    from model.values import Values
    from scenarios import Change


def differences(a: Variant, b: Variant, years: Sequence[int]) -> list[dict[str, Any]]:
    """One row per change that only one of them has: whose, what it does and why, and the value in both in ``years``.

    A name that stands for several cells is shown by the mean over them.
    """
    changes_a, changes_b = _changes(a), _changes(b)
    values_a, values_b = a.values(), b.values()
    rows = [("A", change) for change in _without(changes_a, changes_b)]
    rows += [("B", change) for change in _without(changes_b, changes_a)]
    return [{**_row(side, change), **_values(change.value, values_a, values_b, years)} for side, change in rows]


def first_difference(a: Variant, b: Variant, month: int) -> tuple[int, list[str]] | None:
    """First month before ``month`` in which rules differ, and the families that differ before; None if none do."""
    if month == 0:
        return None
    first, families = month, []
    values_a, values_b = a.values().head(month), b.values().head(month)
    for name in values_a.arrays:
        pair = [_month_by_month(values[name], name, month) for values in (values_a, values_b)]
        apart = (pair[0] != pair[1]).any(axis=1)
        if apart.any():
            families.append(name)
            first = min(first, int(np.argmax(apart)))
    return (first, families) if families else None


def _month_by_month(array: np.ndarray, name: str, months: int) -> np.ndarray:
    """The array of a family as (months, cells), whether it is dated or not."""
    from model.data.reader import families

    dated = array if array.ndim > len(families()[name].shape) else array[None]
    return np.broadcast_to(dated, (months, *dated.shape[1:])).reshape(months, -1)


def _changes(variant: Variant) -> list[Change]:
    from scenarios import Change

    own = [Change(value=name, set=value, source="--set") for name, value in variant.changes.items()]
    return [*variant.rules().changes, *own]


def _without(changes: Sequence[Change], others: Sequence[Change]) -> list[Change]:
    """The changes that ``others`` lack, each as often as it is more often there."""
    spare = Counter(others)
    found = []
    for change in changes:
        if spare[change] > 0:
            spare[change] -= 1
        else:
            found.append(change)
    return found


def _row(side: str, change: Change) -> dict[str, Any]:
    from scenarios.schema import OPERATIONS

    operation = next(name for name in OPERATIONS if getattr(change, name) is not None)
    return {
        "only_in": side, "value": change.value, "operation": operation, "amount": getattr(change, operation),
        "from": change.from_, "until": change.until, "source": change.source,
    }  # fmt: skip


def _values(name: str, a: Values, b: Values, years: Sequence[int]) -> dict[str, Any]:
    from model.data.naming import resolve

    family, mask = resolve(name)
    found: dict[str, Any] = {"unit": family.unit}
    for year in years:
        for side, values in (("a", a), ("b", b)):
            found[f"{side}_{year}"] = float(np.asarray(values.at(12 * (year - 2000))[family.name])[mask].mean())
    return found
