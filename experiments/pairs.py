"""Several variants played with the same seeds, in parallel: same luck, same past where the rules were the same.

>>> def sales(market):                             # any picklable function of a played market
...     return {"sales": float(market.indicators["net_sales"].sum())}
>>> run_pairs("baseline", "baseline+capital.supply=0.5", range(1, 21), measure=sales)   # doctest: +SKIP
"""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import pool
from experiments.errors import RunError
from experiments.futures import futures_of
from experiments.history import rules_digest, world_at
from experiments.settings import Settings
from experiments.variants import Variant, parse

if TYPE_CHECKING:
    from model import PharmaMarket

Measure = Callable[["PharmaMarket"], Any]


@dataclass(frozen=True)
class Played:
    """One variant played with one seed: what was measured, or the traceback of how it failed."""

    variant: int
    seed: int
    measures: Any
    error: str
    seconds: float


@dataclass(frozen=True)
class Pair:
    """What was measured in both worlds of a seed."""

    seed: int
    a: Any
    b: Any


def run_pairs(
    a: str | Variant,
    b: str | Variant,
    seeds: Sequence[int],
    *,
    measure: Measure,
    scale: float = 1.0,
    branch: str = "2025-01",
    until: str = "2040-12",
    workers: int | None = None,
) -> list[Pair]:
    """The measures of ``a`` and ``b`` seed by seed.

    ``measure`` is called in a worker process with the market played through ``until``; what it returns must be
    picklable, and not the market, which is gone afterwards. Months before ``branch`` come from the cache if they can.
    Raises RequestError when the request is wrong, RunError when a run fails.
    """
    runs = list(run_variants((a, b), seeds, measure=measure, scale=scale, branch=branch, until=until, workers=workers))
    failed = next((run for run in runs if run.error), None)
    if failed:
        raise RunError(f"seed {failed.seed} failed:\n{failed.error}")
    found = {(run.seed, run.variant): run.measures for run in runs}
    return [Pair(seed, found[seed, 0], found[seed, 1]) for seed in seeds]


def run_variants(
    variants: Sequence[str | Variant],
    seeds: Sequence[int],
    *,
    measure: Measure,
    scale: float = 1.0,
    branch: str = "2025-01",
    until: str = "2040-12",
    workers: int | None = None,
    cache: Path | None = None,
) -> Iterator[Played]:
    """Each variant with each seed, in the order in which seeds are done. A run that fails is a row, not the end.

    A ``measure`` that is :class:`~experiments.futures.Lasting` does not play again what it has measured before.
    ``workers`` processes share the seeds, as many as there are cores by default; 1 plays in this process.
    Raises RequestError when the request is wrong, before anything is played.
    """
    given = tuple(parse(variant, branch) if isinstance(variant, str) else variant for variant in variants)
    settings = [Settings((), seed, scale, branch, until) for seed in seeds]
    for variant in given:
        variant.values()
    play = partial(play_seed, variants=given, measure=measure, cache=cache)
    with contextlib.closing(pool.spread(play, settings, workers, partial(_lost, len(given)))) as batches:
        for batch in batches:
            yield from batch


def _lost(variants: int, settings: Settings) -> list[Played]:
    """The rows of a seed whose process was ended."""
    return [Played(number, settings.seed, None, pool.LOST, 0.0) for number in range(variants)]


def play_seed(settings: Settings, variants: Sequence[Variant], measure: Measure, cache: Path | None) -> list[Played]:
    """All variants with one seed; those with the same rules before the branch start from copies of one world."""
    from model.clock import month_index
    from model.memory import let_go

    month = month_index(settings.start)
    worlds: dict[str, Any] = {}
    futures = futures_of(measure, cache)
    known = [futures.get(variant, settings) if futures else None for variant in variants]

    def measures(number: int) -> Any:
        if known[number] is not None:
            return known[number]
        market = _played(variants[number], settings, month, worlds, cache)
        try:
            found = measure(market)
        finally:
            let_go(market)
        if futures:
            futures.keep(variants[number], settings, found)
        return found

    return [_attempt(number, settings, partial(measures, number)) for number in range(len(variants))]


def _played(
    variant: Variant, settings: Settings, month: int, worlds: dict[str, Any], cache: Path | None
) -> PharmaMarket:
    from model.snapshot import market_on

    past = rules_digest(variant, month)
    if past not in worlds:
        worlds[past] = world_at(variant, settings.seed, settings.scale, month, cache)
    market = market_on(worlds[past].copy(), variant.scenarios, variant.changes)
    return market.run_until(settings.stop)


def _attempt(variant: int, settings: Settings, play: Callable[[], Any]) -> Played:
    began = time.perf_counter()
    try:
        measures, error = play(), ""
    except Exception:
        measures, error = None, traceback.format_exc()
    return Played(variant, settings.seed, measures, error, time.perf_counter() - began)
