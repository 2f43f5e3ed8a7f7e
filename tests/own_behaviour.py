"""A lively market in which some agents behave their own way from a month on, and the standard one beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

import numpy as np
import pytest
from worlds import KINDS, LIVELY, base, fork, overriding

from agents import Biotech, Payer, Pharma
from agents.choices import ACQUIRED_FIRM
from agents.decisions.review import WITHDRAWN
from model import PharmaMarket
from model.clock import NEVER
from model.world import World

NOW, MONTHS = 18, 12
FIRMS = pytest.mark.parametrize("kind", [Biotech, Pharma])


def stage() -> PharmaMarket:
    """The market at the month from which behaviour differs."""
    return base(scale=0.3, months=NOW, changes=LIVELY)


@cache
def plain(months: int = MONTHS) -> World:
    """The unmodified world, played on."""
    return fork(stage()).run_until(months).world


def play(agents: dict[Any, Any], months: int = MONTHS, **changes: float) -> World:
    """The world with own behaviour, played on."""
    return fork(stage(), agents, **changes).run_until(months).world


def only(kind: type, row: int, **decisions: Callable[..., Any]) -> dict[Any, Any]:
    """Own behaviour of the one agent in this row."""
    return {kind: (overriding(kind, **decisions), lambda agent: agent.row == row)}


def all_of(kind: type, **decisions: Callable[..., Any]) -> dict[Any, Any]:
    """Own behaviour of all agents of a kind."""
    return {kind: overriding(kind, **decisions)}


def busiest(firms: np.ndarray, kind: type, later: bool = True) -> int:
    """The firm that occurs most often among those of this kind, all the time or (not ``later``) at first."""
    number = np.bincount(firms, minlength=1).astype(float)
    for world in (stage().world, plain(), plain(2 * MONTHS)) if later else (stage().world,):
        state = np.full(len(number), -1)
        known = min(len(number), len(world.firms))
        state[:known] = np.where(world.firms.exited == NEVER, world.firms.kind, -1)[:known]
        number[state != KINDS.index(kind)] = 0
    assert number.max() > 0, f"no {kind.__name__} does it in the standard market: nothing to compare with"
    return int(number.argmax())


def started(world: World, column: np.ndarray) -> np.ndarray:
    """Rows of what began since the behaviour differs."""
    return np.flatnonzero((column >= NOW) & (column < NEVER))


def new(world: World, table: str) -> np.ndarray:
    """Rows appended since the behaviour differs."""
    return np.arange(len(getattr(stage().world, table)), len(getattr(world, table)))


def negotiations(world: World) -> np.ndarray:
    """Negotiations with payers opened since then; who is refused begins another one, which is no new one."""
    rows = new(world, "listings")
    return rows[world.listings.rounds[rows] == 1]


def contracts(world: World) -> np.ndarray:
    """Contracts between firms signed since the behaviour differs, takeovers apart."""
    rows = new(world, "deals")
    return rows[world.deals.kind[rows] != ACQUIRED_FIRM]


def decided(world: World, regulator: int) -> np.ndarray:
    """Files that a regulator decided since then."""
    filings = world.filings
    done = (filings.decided >= NOW) & (filings.decided < NEVER) & (filings.outcome != WITHDRAWN)
    return np.flatnonzero(done & (filings.regulator == regulator))


def busy_payer() -> int:
    """The payer that lists most in the standard market."""
    listings = plain().listings
    rows = started(plain(), listings.decided)
    return int(np.bincount(listings.payer[rows[listings.outcome[rows] == 1]]).argmax())


def listed(world: World, payer: int) -> np.ndarray:
    """What a payer listed since then."""
    listings = world.listings
    rows = started(world, listings.decided)
    return rows[(listings.payer[rows] == payer) & (listings.outcome[rows] == 1)]


def research_provider(world: World, region: int) -> int:
    """Row of the contract research organisation at home in a region."""
    return int(np.flatnonzero((world.providers.kind == 0) & (world.providers.region == region))[0])


class Counting(Payer):
    """A payer that counts its negotiations."""

    remembers: ClassVar[dict[str, float]] = {"seen": 0.0}

    def negotiate(self, known: Any) -> Any:
        self.seen += len(known.asked)
        return super().negotiate(known)
