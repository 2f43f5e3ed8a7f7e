"""What the model cannot tell, and what its figures count: read by the documentation and by the app."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
PARTS = ("reach", "misses", "inputs")
"""What the model is not for, what it is known to miss, and which inputs are weakest (the worst first)."""


@cache
def limits(part: str) -> tuple[str, ...]:
    """The sentences of a part. Raises KeyError for an unknown one."""
    if part not in PARTS:
        raise KeyError(part)
    return tuple(row["text"] for row in _rows("limits") if row["part"] == part)


@cache
def counting() -> tuple[dict[str, str], ...]:
    """What a source and the model count under the same name (``figure``, ``source``, ``model``, ``hence``)."""
    return tuple(_rows("counting"))


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
