"""Headline facts: what was observed, what is accepted, what the baseline gives, and where it lies in the band."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from viz.amounts import beside, number, readable
from viz.strips import Strip, in_band

STATUS = {"V": "read in the source", "M": "from memory", "A": "assumption"}


@dataclass(frozen=True)
class Fact:
    """A fact in words, with the strip of its simulated range against the accepted band."""

    name: str
    unit: str
    observed: str
    accepted: str
    simulated: str
    seeds: str
    verdict: str
    status: str
    source: str
    counted: str
    strip: Strip


def facts(rows: Iterable[Mapping[str, Any]], outside_only: bool = False) -> list[Fact]:
    """Facts of the record in their order."""
    return [_fact(row) for row in rows if row["mean"] is not None and not (outside_only and row["within"])]


def _fact(row: Mapping[str, Any]) -> Fact:
    factor, unit = readable(max(abs(row["high"]), abs(row["mean"])), row["unit"])
    low, high, mean, least, most = (row[key] * factor for key in ("low", "high", "mean", "smallest", "largest"))
    target = None if row["target"] is None else row["target"] * factor
    return Fact(
        name=row["name"], unit=beside(unit), observed=number(target),
        accepted=f"{number(low)} to {number(high)}", simulated=number(mean), seeds=f"{number(least)} to {number(most)}",
        verdict="within" if row["within"] else "outside", status=spelled(row["status"]), source=row["source"],
        counted=counted(row["name"]), strip=in_band(least, mean, most, (low, high), target),
    )  # fmt: skip


def spelled(status: str) -> str:
    """``V/M`` in words."""
    return " and ".join(STATUS[letter] for letter in status if letter in STATUS)


def counted(name: str) -> str:
    """How a fact is counted in the model; empty for one that is no longer counted."""
    return _counted().get(name, "")


@cache
def _counted() -> dict[str, str]:
    from experiments.headlines import FACTS

    functions = {fact.name: fact.measure.func if isinstance(fact.measure, partial) else fact.measure for fact in FACTS}
    return {name: " ".join((how.__doc__ or "").split("\n\n")[0].split()) for name, how in functions.items()}
