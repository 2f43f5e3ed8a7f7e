"""What a fact is: how it is counted on the tables, its target, its band and its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]
Measure = Callable[[Tables], float]


@dataclass(frozen=True)
class Fact:
    """One figure: how it is counted, its target (None where only a band is known) and its band."""

    name: str
    unit: str
    measure: Measure
    target: float | None
    low: float
    high: float
    source: str
    status: str
    headline: bool = True
    """Whether the README shows it; the others stand in the page on validation."""
