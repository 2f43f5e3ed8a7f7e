"""What one run is asked to do, checked before anything is built."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from experiments.errors import RequestError

if TYPE_CHECKING:
    from scenarios import Scenario

LARGEST_SCALE = 10.0
FIRST_MONTH, LAST_MONTH = "2000-01", "2040-12"


@dataclass(frozen=True)
class Settings:
    """One run: scenarios (composed in order), seed, scale (1 is one-to-one), first and last month."""

    scenarios: tuple[str | Scenario, ...] = ("baseline",)
    seed: int = 1
    scale: float = 1.0
    start: str = "2000-01"
    until: str = LAST_MONTH
    changes: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise RequestError for months, a scale, a seed or a change that cannot be played."""
        first, last = month_number(self.start, "start"), month_number(self.until, "until")
        if first < month_number(FIRST_MONTH, "start"):
            raise RequestError(f"start: {self.start} is too early; the world begins in {FIRST_MONTH}")
        if last < first:
            raise RequestError(f"until: {self.until} lies before the start, {self.start}")
        if last > month_number(LAST_MONTH, "until"):
            raise RequestError(f"until: {self.until} is too late; what drives the world is known to {LAST_MONTH}")
        if not 0 < self.scale <= LARGEST_SCALE:
            raise RequestError(f"scale: {self.scale:g} is outside (0, {LARGEST_SCALE:g}]; 1 is the real world's size")
        if not 0 <= self.seed < 2**63:
            raise RequestError(f"seed: {self.seed} is negative or too large; take 0 to 2^63 - 1")
        for name, value in self.changes.items():
            if not math.isfinite(value):
                raise RequestError(f"changes: {name} cannot be {value}; give a number")

    @property
    def months(self) -> int:
        """How many months are played."""
        return month_number(self.until, "until") - month_number(self.start, "start") + 1

    @property
    def stop(self) -> str:
        """The month after the last, which is where the engine stops."""
        return month_after(self.until)

    @property
    def name(self) -> str:
        """Name of the default results folder."""
        return "+".join(map(title, self.scenarios))


def title(scenario: str | Scenario) -> str:
    """What a scenario is called: its name, or that of its file without folder and ending."""
    if not isinstance(scenario, str):
        return scenario.name or scenario.title
    path = PurePath(scenario)
    return path.stem if path.suffix == ".toml" else path.name


def month_number(label: str, place: str) -> int:
    """Months since January 2000 of a label YYYY-MM. Raises RequestError, which names ``place``, for anything else."""
    from model.clock import month_index

    try:
        return month_index(label)
    except ValueError:
        raise RequestError(f"{place}: {label!r} is not a month; write it as YYYY-MM, as 2040-12") from None


def month_after(label: str) -> str:
    """The month after one. Raises RequestError for what is no month."""
    from model.clock import month_label

    return month_label(month_number(label, "until") + 1)


def known_month(label: str, place: str) -> str:
    """The label of a month that the world can reach. Raises RequestError, which names ``place``, for any other."""
    first, last = (month_number(one, place) for one in (FIRST_MONTH, LAST_MONTH))
    if not first <= month_number(label, place) <= last:
        raise RequestError(f"{place}: {label} lies outside {FIRST_MONTH} to {LAST_MONTH}")
    return label


def parse_changes(pairs: Iterable[str]) -> dict[str, float]:
    """Changes from ``NAME=VALUE`` words. Raises RequestError where a value is no finite number."""
    changes: dict[str, float] = {}
    for pair in pairs:
        name, sign, text = (part.strip() for part in pair.partition("="))
        if not (sign and name and text):
            raise RequestError(f"set: {pair!r} is not NAME=VALUE; `pharmarket parameters` lists names")
        changes[name] = parse_number(text, name)
    return changes


def parse_number(text: str, name: str) -> float:
    """The finite number that ``text`` stands for. Raises RequestError, which names ``name``, where it is none."""
    value = finite(text)
    if value is None:
        raise RequestError(f"set: {name} cannot be {text!r}; give a number")
    return value


def finite(text: str) -> float | None:
    """The finite number that ``text`` stands for, None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
