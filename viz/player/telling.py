"""The causal log of an asset, deal or firm of a market that is still being played, and the dates of its rules."""

from __future__ import annotations

import dataclasses
from typing import Any

from experiments.explain import STORIES
from experiments.run import Tables
from model import PharmaMarket
from model.clock import month_label
from scenarios import Change, Scenario, trace
from viz.explore.source import MarketSource
from viz.player import levers


def why(market: PharmaMarket, about: str, months: int, most: int) -> dict[str, Any]:
    """The latest ``most`` lines of the causal log of ``deal:12`` and the like, as far as ``months`` months go."""
    kind, _, number = about.partition(":")
    last = month_label(months - 1)
    run = MarketSource(Tables(market), about)
    lines = [dataclasses.asdict(line) for line in STORIES[kind](run, int(number)) if line.month <= last]
    title = run.firm(int(number)) if kind == "firm" else f"{kind.capitalize()} {number}"
    return {"title": title, "about": about, "lines": lines[-most:]}


def marks(names: tuple[str | Scenario, ...]) -> list[dict[str, Any]]:
    """When the rules change: one mark per month, ``own`` where it is more than the baseline's."""
    found: dict[str, dict[str, Any]] = {}
    for scenario, _ in trace(names):
        for change in scenario.changes:
            if change.from_:
                mark = found.setdefault(change.from_, {"month": change.from_, "texts": [], "own": False})
                mark["texts"].append(told(change))
                mark["own"] |= scenario.name != "baseline"
    return sorted(found.values(), key=lambda mark: str(mark["month"]))


def told(change: Change) -> str:
    """What a change does to which value and who says so."""
    return f"{change.value} {done(change)}" + (f" ({change.source})" if change.source else "")


def done(change: Change) -> str:
    """What a change does."""
    what = {"set": "becomes", "scale": "times", "add": "plus", "ramp": "goes to"}
    operation, amount = next((name, getattr(change, name)) for name in what if getattr(change, name) is not None)
    until = f" by {change.until}" if operation == "ramp" else f" until {change.until}" if change.until else ""
    return f"{what[operation]} {amount:g}{until}"


def plans(names: tuple[str | Scenario, ...]) -> dict[str, list[dict[str, str]]]:
    """By lever, what these scenarios plan for it, from when and (as far as they say) until when."""
    found: dict[str, list[dict[str, str]]] = {}
    changes = [change for scenario, _ in trace(names) for change in scenario.changes if change.from_]
    for change in sorted(changes, key=lambda change: str(change.from_)):
        for lever in levers.touched(change.value):
            found.setdefault(lever, []).append(
                {"month": str(change.from_), "until": str(change.until or change.from_), "text": done(change)}
            )
    return found
