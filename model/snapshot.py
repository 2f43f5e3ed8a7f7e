"""The state of a world as one flat dictionary of arrays, and a market that plays on from it.

Faster to get back than a saved folder (:mod:`model.storage`), and bound to the code that took it: what a cache needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model.logs import Log
from model.market import START, PharmaMarket
from model.storage import arrays, fill, group, parquets
from model.tables import Table
from model.values import Values
from model.world import TABLES, Indications, World


def take(world: World) -> dict[str, np.ndarray]:
    """Every array of the state by a name that tells where it belongs, ``month`` included."""
    tables = {f"{file}/{name}": array for file, columns in parquets(world) for name, array in columns.items()}
    return {"month": np.asarray(world.month), **tables, **arrays(world)}


def restore(kept: Mapping[str, np.ndarray], seed: int, scale: float) -> World:
    """The world of :func:`take`; its values are those of the defaults until a market gives it others.

    Raises
    ------
    KeyError
        An array is missing: ``kept`` was taken by other code.
    """
    known: dict[str, Any] = {
        name: tuple(column.tolist()) if column.dtype.kind == "U" else column
        for name, column in group(kept, "indications").items()
    }
    world = World(Values.load(START), seed, scale, Indications(**known))
    for name in TABLES:
        setattr(world, name, _table(name, group(kept, name)))
    world.logs = {name: _log(log.types, group(kept, f"log_{name}")) for name, log in world.logs.items()}
    fill(world, kept)
    world.month = int(kept["month"])
    world.refresh()
    return world


def market_on(world: World, scenario: Sequence[Any], changes: Mapping[str, float] | None = None) -> PharmaMarket:
    """A market that plays on in ``world`` (which becomes its own) under these rules from here."""
    market = PharmaMarket(
        list(scenario), rng=world.draws.seed, scale=world.scale, changes=dict(changes or {}), _world=world
    )
    world.now = market.values.at(max(world.month - 1, 0))
    market.steps = world.month
    return market


def _table(name: str, columns: Mapping[str, np.ndarray]) -> Table:
    rows = len(next(iter(columns.values())))
    table = Table(name, capacity=rows)
    table.append(rows, **{column.name: columns[column.name] for column in table.schema})
    return table


def _log(types: Mapping[str, str], columns: Mapping[str, np.ndarray]) -> Log:
    log = Log(**types)
    if columns:
        log.add(len(next(iter(columns.values()))), **columns)
    return log
