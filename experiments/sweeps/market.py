"""Plays a run of a sweep on the market: the player that sweeps use unless another module is named.

A player is a module with ``figures()`` and ``series()``, the names of what a run gives, and ``play(run)``; with
``prepare(run)`` too if runs share a past. All are plain functions of plain values, called in worker processes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.variants import Variant

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.catalogue import Series
    from model import PharmaMarket
    from model.world import World

END = "end."
YEAR = 12
UNBOUNDED = 2**62


@dataclass(frozen=True)
class Run:
    """What a run is: its row of the plan, and what all runs of the sweep have in common.

    ``rules`` are those of its scenario, as text: whoever plays the run needs no other file.
    """

    run: int
    seed: int
    rules: str
    values: Mapping[str, float]
    scale: float
    branch: str | None
    until: str
    keep: bool
    history: Path | None


@dataclass(frozen=True)
class Outcome:
    """What a run gives: its figures, (figures,), and where kept its series, (months, series), from ``first`` on.

    ``first`` is a month number; ``events`` is a table of events without the number of the run, or None.
    """

    figures: np.ndarray
    first: int = 0
    series: np.ndarray | None = None
    events: pa.Table | None = None


def figures() -> tuple[str, ...]:
    """Names of the figures of a run.

    Every series over the whole horizon (flows summed, everything else averaged), and those of the world once more,
    after ``end.``, over or at the end of the last twelve months.
    """
    from model.observation.recorder import INDICATORS

    return (*series(), *(END + name for name in INDICATORS))


def series() -> tuple[str, ...]:
    """Names of the series of a run: the indicators, and ``regional.REGION.NAME``."""
    from model.observation import recorder

    return recorder.series()


def play(run: Run) -> Outcome:
    """Play a run through its last month."""
    from model.clock import month_index
    from model.memory import let_go

    market = _market(run)
    try:
        market.run_until(month_index(run.until) + 1 - market.month)
        first = month_index(run.branch) if run.branch else 0
        return read(market.world, first, run.keep)
    finally:
        let_go(market)


def prepare(run: Run) -> None:
    """Play the past of a run up to the branch and keep it for all runs with the same past."""
    if run.branch and run.history:
        _past(run)


def past_of(run: Run) -> str:
    """A name that runs with the same past share; empty where there is none to share."""
    if not (run.branch and run.history):
        return ""
    return _key(run.rules, run.branch, run.seed, run.scale)


@lru_cache(maxsize=1024)
def _key(rules: str, branch: str, seed: int, scale: float) -> str:
    from experiments.history import key_of
    from model.clock import month_index

    return key_of(_variant(rules), seed, scale, month_index(branch))


def read(world: World, first: int, keep: bool) -> Outcome:
    """What is kept of a world that has been played, from the month ``first`` on."""
    from experiments.yearly import by_year, over

    known, regional = _described()
    recorder = world.recorder
    months = slice(first, recorder.months)
    world_part, regional_part = recorder.indicators[months], recorder.regional[months]
    _, last = by_year(world_part[None, -YEAR:], 0, known)
    whole = (over(world_part[None], known), over(regional_part[None], regional), last)
    values = np.concatenate([part.reshape(-1) for part in whole]).astype(np.float32)
    if not keep:
        return Outcome(values, first)
    wide = np.hstack([world_part, regional_part.reshape(len(regional_part), -1)]).astype(np.float32)
    return Outcome(values, first, wide, events(world, first))


def events(world: World, first: int) -> pa.Table:
    """The events from the month ``first`` on, without their texts, which their other columns tell."""
    import pyarrow as pa

    from model.observation.records import coded_events

    table = coded_events(world, first)
    return table.set_column(0, "month", table.column("month").cast(pa.timestamp("s")).cast(pa.date32()))


@lru_cache(maxsize=1)
def _described() -> tuple[tuple[Series, ...], tuple[Series, ...]]:
    from experiments import catalogue
    from model.observation.recorder import INDICATORS, REGIONAL

    return catalogue.described(INDICATORS, catalogue.WORLD), catalogue.described(REGIONAL, catalogue.REGIONAL)


# --- the market of a run


def _market(run: Run) -> PharmaMarket:
    """The market of a run at its start, or at the branch."""
    from model import PharmaMarket
    from model.snapshot import market_on

    variant = _variant(run.rules)
    if run.branch is None:
        return PharmaMarket(list(variant.scenarios), rng=run.seed, scale=run.scale, changes=dict(run.values))
    return market_on(_past(run).copy(), (*variant.scenarios, _values_from(run.branch, run.values)), variant.changes)


def _past(run: Run) -> World:
    """The world at the branch; not to be played on."""
    if run.branch is None:
        raise ValueError("a run without branch has no past of its own")
    return _world(past_of(run), run.rules, run.seed, run.scale, run.branch, run.history)


@lru_cache(maxsize=2)
def _world(key: str, rules: str, seed: int, scale: float, branch: str, place: Path | None) -> World:
    """The last worlds that a process needed; those with an empty ``key`` are not kept on disk."""
    from experiments.history import played_world, world_at
    from model.clock import month_index

    variant, month = _variant(rules), month_index(branch)
    if not key or place is None:
        return played_world(variant, seed, scale, month)
    return world_at(variant, seed, scale, month, place, UNBOUNDED)


def _values_from(branch: str, values: Mapping[str, float]) -> Any:
    from scenarios import Change, Scenario

    changes = [Change(value=name, set=value, from_=branch, source="sweep") for name, value in values.items()]
    return Scenario(name="point of a sweep", title="Point of a sweep", changes=changes)


def rules_of(variant: Variant) -> list[dict[str, Any]]:
    """The scenarios of a variant, with all that they extend, as JSON; :class:`Run` takes them as text."""
    from model.storage import flattened, write_scenario

    return [write_scenario(one) for one in flattened(list(variant.scenarios))]


@lru_cache(maxsize=64)
def _variant(rules: str) -> Variant:
    from model.storage import read_scenario

    return Variant(tuple(map(read_scenario, json.loads(rules))))
