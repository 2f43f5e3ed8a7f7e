"""The market as an ordinary Mesa model: agents on the tables, months, branches, results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

import scenarios
from agents import Biotech, Government, Investor, Payer, Pharma, Regulator, ServiceProvider
from agents.base import Decider
from agents.framework import mesa
from model.clock import NEVER, month_index, month_label
from model.initial import world_of_2000
from model.memory import seldom_collected
from model.observation import frames
from model.observation.recorder import Recorder
from model.observation.series import Series
from model.plan import Plan
from model.tables import Column, schema
from model.values import Values
from model.world import World

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

START, LAST_MONTH = "2000-01", 492
"""The only month for which the data hold an initial state; months covered by the drivers."""
LEAST_SCALE = 0.005
"""Six companies in 2000."""
INSTITUTIONS: tuple[tuple[type[Decider], str], ...] = (
    (Regulator, "regulators"), (Payer, "payers"), (Investor, "investors"),
    (Government, "governments"), (ServiceProvider, "providers"),
)  # fmt: skip
Behaviour = type[Decider] | tuple[type[Decider], Callable[[Decider], bool]]


class PharmaMarket(mesa.Model):
    """The global pharma market from January 2000, one row and one agent per real-world entity.

    Parameters
    ----------
    scenario
        Name of a scenario, a path, a Scenario, or a list of these, composed in order.
    rng
        Seed of all draws (an integer; ``seed`` is accepted for older Mesa).
    scale
        Size of the world; 1 is one-to-one, 0.1 a tenth with the same results per head.
    changes
        Named values to set for the whole run, ``{"licensing.search_breadth": 10}``.
    agents
        Own behaviour: ``{Biotech: MyBiotech}``, or ``{Biotech: (MyBiotech, where)}`` with a
        condition on the agent.

    Raises
    ------
    ValueError
        A wrong start, scale, name or value, before anything is built.
    """

    def __init__(self, scenario: Any = "baseline", *, rng: int | None = None, seed: int | None = None,
                 scale: float = 1.0, start: str = START, changes: Mapping[str, float] | None = None,
                 agents: Mapping[type[Decider], Behaviour] | None = None,
                 _world: World | None = None) -> None:  # fmt: skip
        number = next((int(s) for s in (rng, seed) if s is not None), 1)
        super().__init__(rng=number)
        check(scale, start)
        self.seed_number, self.scale, self.start = number, float(scale), start
        self.given = scenario if isinstance(scenario, list | tuple) else [scenario]
        self.rules = scenarios.compose(list(self.given))
        self.changes = dict(changes or {})
        self.behaviour = known_kinds(agents or {})
        self.values = resolved_values(self.rules, self.changes)
        self.plan = Plan()
        self.world = _world or world_of_2000(self.values, number, self.scale)
        self.world.values = self.values
        if self.world.recorder is None:
            self.world.recorder = Recorder(LAST_MONTH)
        self._companies: dict[int, Decider] = {}
        self._declare_memories()
        if self.behaviour:
            self._populate()
        self.datacollector = Series(self.world.recorder)

    def _declare_memories(self) -> None:
        """Add the columns that own behaviour remembers."""
        for own in self.behaviour.values():
            cls = own[0] if isinstance(own, tuple) else own
            for name, default in cls.remembers.items():
                self._declare(cls, name, default)

    def _populate(self) -> None:
        """One agent per institution and per living firm; from then on they follow the world month by month.

        Nothing but own behaviour needs them to play, so they come into being when somebody asks for them.
        """
        self._kinds = np.full(0, -1, np.int8)
        for cls, table in INSTITUTIONS:
            for row in range(len(getattr(self.world, table))):
                self._create(cls, table, row)
        self._sync()

    def _populated(self) -> bool:
        return "_kinds" in self.__dict__

    @property
    def agents(self) -> Any:
        """All agents: one per institution and per living firm."""
        self._meet()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """The agents of each kind."""
        self._meet()
        return super().agents_by_type

    @property
    def agent_types(self) -> Any:
        """The kinds of agents."""
        self._meet()
        return super().agent_types

    def _meet(self) -> None:
        """Make the agents when they are asked for the first time (the base class asks before there is a world)."""
        if "world" in self.__dict__ and not self._populated():
            self._populate()

    def _declare(self, cls: type[Decider], name: str, default: float) -> None:
        places: dict[type[Decider], str] = dict(INSTITUTIONS)
        table = next((t for base, t in places.items() if issubclass(cls, base)), "firms")
        if name in {column.name for column in schema(table)}:
            raise ValueError(
                f"{cls.__name__}.remembers: {name!r} is an attribute of {table} already; choose another name"
            )
        column = Column(name, "float64", "", "", float(default), -np.inf, np.inf, "own behaviour", cls.__name__)
        getattr(self.world, table).declare(column)

    def _create(self, cls: type[Decider], table: str, row: int) -> Decider:
        """Create the agent of a row, of the user's class where one is given and fits."""
        entity = getattr(self.world, table)
        own = self.behaviour.get(cls)
        chosen = cls if own is None else own[0] if isinstance(own, tuple) else own
        agent = chosen(self, entity, row)
        if isinstance(own, tuple) and not own[1](agent):
            agent.remove()
            agent = cls(self, entity, row)
        for name in type(agent).own_decisions():
            self.world.overrides.setdefault(name, []).append((table, row, agent))
        return agent

    def _sync(self) -> None:
        """Let agents follow the firms: entries, exits, research firms that became pharma firms."""
        firms = self.world.firms
        state = np.where(firms.exited == NEVER, firms.kind, -1).astype(np.int8)
        known = np.pad(self._kinds, (0, len(state) - len(self._kinds)), constant_values=-1)
        for row in np.flatnonzero(state != known):
            self._retire(int(row))
            if state[row] >= 0:
                self._companies[int(row)] = self._create(Pharma if state[row] else Biotech, "firms", int(row))
        self._kinds = state

    def _retire(self, row: int) -> None:
        agent = self._companies.pop(row, None)
        if agent is None:
            return
        agent.remove()
        for name in type(agent).own_decisions():
            self.world.overrides[name] = [entry for entry in self.world.overrides[name] if entry[2] is not agent]

    @property
    def month(self) -> int:
        """Number of the month to be played next (0 = January 2000)."""
        return self.world.month

    @property
    def month_label(self) -> str:
        """Label of the month played last (of the first month before any was)."""
        return month_label(max(self.world.month - 1, 0))

    def step(self) -> None:
        """Play one month."""
        self.plan.play(self.world)
        if self._populated():
            self._sync()
        self.datacollector.collect(self)
        self.world.month += 1
        self.running = self.world.month < LAST_MONTH

    def run_until(self, until: str | int | np.integer, on_month: Callable[[str], None] | None = None) -> PharmaMarket:
        """Play to a month that is not itself played (label), or for a number of months."""
        last = self.world.month + int(until) if isinstance(until, int | np.integer) else month_index(until)
        if last > LAST_MONTH:
            raise ValueError(
                f"the drivers end in {month_label(LAST_MONTH - 1)}; run until {month_label(LAST_MONTH)} at most"
            )
        with seldom_collected():
            while self.world.month < last:
                self.step()
                if on_month:
                    on_month(self.month_label)
        return self

    def branch(self, scenario: Any = (), changes: Mapping[str, float] | None = None) -> PharmaMarket:
        """Same world and same luck up to here, new rules from here; the original plays on unmoved."""
        more = list(scenario) if isinstance(scenario, list | tuple) else [scenario]
        fork = PharmaMarket(
            [*self.given, *more], rng=self.seed_number, scale=self.scale, start=self.start,
            changes={**self.changes, **(changes or {})}, agents=self.behaviour, _world=self.world.copy(),
        )  # fmt: skip
        fork.steps = self.steps
        return fork

    @property
    def indicators(self) -> pd.DataFrame:
        """World figures, one row per month played."""
        return self.table("indicators")

    @property
    def regional(self) -> pd.DataFrame:
        """Regional figures, one row per month and region."""
        return self.table("regional")

    @property
    def table_names(self) -> tuple[str, ...]:
        """Tables that :meth:`table` knows."""
        return frames.TABLES

    def table(self, name: str) -> pd.DataFrame:
        """One of the result tables. Raises KeyError for an unknown name."""
        return frames.table(self.world, name)

    def arrow(self, name: str) -> pa.Table:
        """One of the result tables in Arrow: less time and memory. Raises KeyError for an unknown name."""
        return frames.arrow(self.world, name)

    @property
    def timings(self) -> dict[str, float]:
        """Seconds spent in each part of the month."""
        return dict(self.plan.seconds)

    def save(self, path: Any) -> None:
        """Write the state to a folder (tables as Parquet, manifest.json)."""
        from model.storage import save

        save(self, path)

    @classmethod
    def load(cls, path: Any, agents: Mapping[type[Decider], Behaviour] | None = None) -> PharmaMarket:
        """Get back a state that :meth:`save` wrote; own behaviour is given anew."""
        from model.storage import load

        return load(cls, path, agents=agents)


def known_kinds(agents: Mapping[type[Decider], Behaviour]) -> dict[type[Decider], Behaviour]:
    """Own behaviour by kind. Raises ValueError for what is no kind of agent, no class of it, or misspelt."""
    kinds: tuple[type[Decider], ...] = (Biotech, Pharma, *(cls for cls, _ in INSTITUTIONS))
    for cls, own in agents.items():
        if cls not in kinds:
            names = ", ".join(kind.__name__ for kind in kinds)
            raise ValueError(f"agents: {cls} is no kind of agent; use {names}")
        check_behaviour(cls, *(own if isinstance(own, tuple) else (own,)))
    return dict(agents)


def check_behaviour(kind: type[Decider], own: Any = None, where: Any = callable) -> None:
    """Raise ValueError for a class that cannot take the place of ``kind``, or not where it is said."""
    name = getattr(own, "__name__", repr(own))
    if not (isinstance(own, type) and issubclass(own, kind)):
        raise ValueError(f"agents: {name} is no {kind.__name__}; write class {name}({kind.__name__})")
    if not callable(where):
        raise ValueError(f"agents: {where!r} does not say which of them; give a function of an agent")
    for wrong, meant in own.misspelt().items():
        raise ValueError(f"agents: {name}.{wrong} is no decision; did you mean {meant}?")


def check(scale: float, start: str) -> None:
    """Raise ValueError for a world that cannot be built."""
    if not 0 < scale <= 10:
        raise ValueError(f"scale {scale} is out of range; choose more than 0 and at most 10 (1 is one-to-one)")
    if scale < LEAST_SCALE:
        raise ValueError(f"scale {scale} leaves hardly a company; choose {LEAST_SCALE} or more")
    if month_index(start) != 0:
        raise ValueError(f"start {start} has no initial state; worlds begin in {START}, branch later instead")


def resolved_values(rules: Any, changes: Mapping[str, float]) -> Values:
    """Named values under a scenario and the changes given by the user."""
    values = Values.load(START, LAST_MONTH).with_changes(rules.changes)
    own: Iterable[Any] = [scenarios.Change(value=name, set=value) for name, value in changes.items()]
    return values.with_changes(list(own))
