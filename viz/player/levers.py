"""The levers: named values whose role it is to be changed, with unit, range and what they are now."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from model.data.naming import resolve
from model.data.reader import families
from model.values import Values

FEATURED = (
    "licensing.search_breadth", "licensing.open", "capital.supply", "capital.rate_shift", "approvals.parallel",
    "access.price_pressure.US", "trials.capacity_shift.CN", "geopolitics.deal_block.US-CN",
    "geopolitics.provider_ban.CN", "demand.pandemic",
)  # fmt: skip
"""Shown before anybody looks for others."""


@cache
def known() -> dict[str, dict[str, Any]]:
    """Every lever by name: what it does, its unit and its allowed range."""
    found = {}
    for family in families().values():
        if family.role == "lever":
            for cell in family.cells:
                name = ".".join((family.name, *cell))
                found[name] = {
                    "name": name, "label": family.description.split(";")[0], "cell": " ".join(cell),
                    "unit": family.unit, "low": family.low, "high": family.high,
                }  # fmt: skip
    return found


def touched(name: str) -> list[str]:
    """The levers of which a full or partial name addresses cells."""
    family, mask = resolve(name)
    same = [lever for lever in known() if lever == family.name or lever.startswith(family.name + ".")]
    return [lever for lever in same if bool((resolve(lever)[1] & mask).any())]


def for_page() -> dict[str, Any]:
    """What the page needs: all levers in order, and which are shown at first."""
    return {"all": list(known().values()), "featured": list(FEATURED)}


def now(values: Values, name: str, month: int) -> float:
    """A lever in a month; the mean where the name covers several cells."""
    family, mask = resolve(name)
    array = values[family.name]
    moment = array[month] if array.ndim > mask.ndim else array
    return float(np.mean(np.asarray(moment)[mask]))
