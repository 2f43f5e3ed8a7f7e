"""Runs that experiments share: what must be played, played once per seed, measured where it stops."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from experiments.claims.decisions import decide
from experiments.claims.ledger import Experiment, Items, Observable, parse_change
from experiments.errors import RunError
from experiments.pool import spread
from experiments.settings import month_after

if TYPE_CHECKING:
    from model import PharmaMarket

STOPS = 30
"""Stops of one history that one task plays."""
Measured = dict[tuple["Stop", int], dict[Observable, float] | str]
"""By stop and seed: the observables' values, or why there are none."""
Done = Callable[[int, int], None]


@dataclass(frozen=True)
class Trunk:
    """A history: the items that hold from the start, and the size of the world."""

    items: Items
    scale: float


@dataclass(frozen=True)
class Stop:
    """A place of measurement: last month of a history, or of a fork of it with further items."""

    trunk: Trunk
    until: str
    branch: str = ""
    fork: Items = ()


@dataclass(frozen=True)
class Task:
    """One history of one seed with all its stops and what is measured there."""

    trunk: Trunk
    seed: int
    stops: dict[Stop, tuple[Observable, ...]]


def arms_of(experiment: Experiment) -> dict[str, Items]:
    """All arms with what they add; an interaction has one with everything together."""
    arms = dict(experiment.arms)
    if experiment.effect == "interaction":
        arms["all"] = tuple(item for items in experiment.arms.values() for item in items)
    return arms


def stop_of(experiment: Experiment, items: Items) -> Stop:
    """Where an arm of an experiment is measured."""
    if experiment.branch and items:
        return Stop(Trunk(experiment.base, experiment.scale), experiment.until, experiment.branch, items)
    return Stop(Trunk((*experiment.base, *items), experiment.scale), experiment.until)


def wanted(experiments: Iterable[Experiment]) -> dict[Stop, tuple[Observable, ...]]:
    """Every stop with all that is measured there."""
    found: dict[Stop, dict[Observable, None]] = defaultdict(dict)
    for experiment in experiments:
        if experiment.decision is None:
            for items in arms_of(experiment).values():
                found[stop_of(experiment, items)].update(dict.fromkeys(experiment.observables))
    return {stop: tuple(observables) for stop, observables in found.items()}


def measure(
    experiments: Iterable[Experiment], seeds: Sequence[int], workers: int, done: Done = lambda number, total: None
) -> Measured:
    """Play everything that the experiments need, each history once per seed. Failures are kept as texts."""
    by_trunk: dict[Trunk, dict[Stop, tuple[Observable, ...]]] = defaultdict(dict)
    for stop, observables in wanted(experiments).items():
        by_trunk[stop.trunk][stop] = observables
    tasks = [Task(trunk, seed, part) for trunk, stops in by_trunk.items() for part in parts(stops) for seed in seeds]
    tasks.sort(key=lambda task: -len(task.stops))
    found: Measured = {}
    try:
        for number, part in enumerate(spread(play, tasks, workers), 1):
            found.update(part)
            done(number, len(tasks))
    except RunError as error:
        for task in tasks:
            lost = [stop for stop in task.stops if (stop, task.seed) not in found]
            found.update(failed(lost, task.seed, error))
    return found


def parts(stops: dict[Stop, tuple[Observable, ...]]) -> Iterator[dict[Stop, tuple[Observable, ...]]]:
    """The stops of a history in parts of similar work, so that all processes have enough to do.

    Forks come in the order of their branches, so that few parts play a long history.
    """
    ordered = iter(sorted(stops.items(), key=lambda item: (item[0].branch, item[0].until)))
    while part := dict(islice(ordered, STOPS)):
        yield part


def failed(stops: Iterable[Stop], seed: int, error: BaseException) -> Measured:
    """The same failure at all stops."""
    return {(stop, seed): f"{type(error).__name__}: {error}" for stop in stops}


def play(task: Task) -> Measured:
    """Play one history with its forks and measure at each stop."""
    trunk, seed, stops = task.trunk, task.seed, task.stops
    try:
        market = build(trunk, seed)
    except Exception as error:
        return failed(stops, seed, error)
    found: Measured = {}
    for month in sorted({month_after(stop.until) if not stop.branch else stop.branch for stop in stops}):
        here = [stop for stop in stops if month == (month_after(stop.until) if not stop.branch else stop.branch)]
        try:
            market.run_until(month)
        except Exception as error:
            return found | failed([stop for stop in stops if (stop, seed) not in found], seed, error)
        for stop in here:
            found[stop, seed] = attempt(market, stop, stops[stop])
    return found


def attempt(market: PharmaMarket, stop: Stop, observables: Sequence[Observable]) -> dict[Observable, float] | str:
    """Measure at a stop, on a fork where it has one; the reason where that fails."""
    from experiments.claims.observables import observe
    from experiments.claims.record import Record

    try:
        here = market if not stop.branch else market.branch(composed(stop.fork)).run_until(month_after(stop.until))
        record = Record(here)
        return {observable: observe(observable, record) for observable in observables}
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def build(trunk: Trunk, seed: int) -> PharmaMarket:
    """The market of a history at its start."""
    from model import PharmaMarket

    return PharmaMarket(["baseline", *composed(trunk.items)], rng=seed, scale=trunk.scale)


def composed(items: Items) -> list[Any]:
    """Items as scenarios: names stay, changes become scenarios of one change."""
    from scenarios import Change, Scenario

    changes = [(item, parse_change(item)) for item in items]
    return [item if change is None else Scenario(title=item, changes=[Change.model_validate(change)])
            for item, change in changes]  # fmt: skip


def values_of(experiment: Experiment, seeds: Sequence[int], measured: Measured) -> dict[str, list[list[float]]]:
    """Measured values by arm, one row per seed. Raises RuntimeError with the reason where a run failed."""
    found: dict[str, list[list[float]]] = {}
    for arm, items in arms_of(experiment).items():
        if experiment.decision is not None:
            found[arm] = [[decide(experiment.decision, items, seed)] for seed in seeds]
            continue
        rows = [measured[stop_of(experiment, items), seed] for seed in seeds]
        reason = next((row for row in rows if isinstance(row, str)), None)
        if reason is not None:
            raise RuntimeError(reason)
        found[arm] = [[row[each] for each in experiment.observables] for row in rows if not isinstance(row, str)]
    return found


class Clock:
    """Progress on standard error, a line every half minute."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say, self.due = say, time.monotonic() + 30

    def __call__(self, number: int, total: int) -> None:
        """Note that ``number`` of ``total`` histories are played."""
        if time.monotonic() >= self.due:
            self.due = time.monotonic() + 30
            self.say(f"{number} of {total} histories played")
