"""What every decision maker shares: identity, a view on its row, and decisions to override.

A decision is a pure function of arrays. It decides for a cohort of ten thousand as for one agent:
the class attribute :class:`Decision` holds the function, a subclass that defines a method of the
same name takes its agents out of the cohort and is called for each of them alone.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, Protocol

import numpy as np

from agents.framework import mesa


class EntityTable(Protocol):
    """What an agent needs of the table that holds its row."""

    columns: dict[str, np.ndarray]


@dataclasses.dataclass
class Known:
    """What deciders know: arrays with one row per decision (scalars hold for all rows)."""

    def take(self, rows: np.ndarray) -> Any:
        """The same knowledge for some of the rows."""
        picked = {field.name: _pick(getattr(self, field.name), rows) for field in dataclasses.fields(self)}
        return type(self)(**picked)


def _pick(value: Any, rows: np.ndarray) -> Any:
    return value[rows] if isinstance(value, np.ndarray) and value.ndim else value


class Decision:
    """A pure function of :class:`Known` as a decision of an agent class."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        return self if agent is None else self.function


class Decider(mesa.Agent):
    """A Mesa agent that is one row of an entity table.

    Attributes read and write the table, so ``agent.cash = 5.0`` holds from the next part of the
    month. What a subclass wants to remember it declares in ``remembers`` (name -> default): such
    a column is branched and saved with the state.
    """

    remembers: ClassVar[dict[str, float]] = {}
    table: EntityTable
    row: int

    def __init__(self, model: mesa.Model, table: EntityTable, row: int) -> None:
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "row", row)
        super().__init__(model)

    def __getattr__(self, name: str) -> Any:
        columns = self.__dict__["table"].columns if "table" in self.__dict__ else {}
        if name not in columns:
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        value = columns[name][self.row]
        return value if isinstance(value, np.ndarray) else value.item()

    def __setattr__(self, name: str, value: Any) -> None:
        columns = self.table.columns
        if name in columns:
            columns[name][self.row] = value
        else:
            object.__setattr__(self, name, value)

    @classmethod
    def decisions(cls) -> dict[str, Decision]:
        """Decisions that this kind of agent takes, by name."""
        found: dict[str, Decision] = {}
        for base in reversed(cls.__mro__):
            found |= {k: v for k, v in vars(base).items() if isinstance(v, Decision)}
        return found

    @classmethod
    def misspelt(cls) -> dict[str, str]:
        """Methods of a subclass that look like a decision but are none, with the decision that was meant."""
        known = cls.decisions()
        own = [n for n in dir(cls) if n not in known and not hasattr(Decider, n) and callable(getattr(cls, n))]
        near = {name: difflib.get_close_matches(name, known, 1, 0.8) for name in own}
        return {name: found[0] for name, found in near.items() if found}

    @classmethod
    @cache
    def own_decisions(cls) -> frozenset[str]:
        """Names of the decisions that a subclass overrides."""
        return frozenset(n for n in cls.decisions() if not isinstance(getattr(cls, n), Decision))
