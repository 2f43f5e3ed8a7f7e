"""Small worlds that several test files share: built once per process, never played on, only copied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from agents import Biotech, Government, Investor, Payer, Pharma, Regulator, ServiceProvider
from experiments.content_hash import content_hash
from experiments.results import to_arrow
from model import PharmaMarket
from model.arrays import count
from model.clock import NEVER
from model.labels import PHASES
from model.mechanisms.environment import environment
from model.mechanisms.standing import update_standing
from model.world import World

KINDS = (Biotech, Pharma, Regulator, Payer, Investor, Government, ServiceProvider)
TABLE_OF = {Biotech: "firms", Pharma: "firms", Regulator: "regulators", Payer: "payers", Investor: "investors",
            Government: "governments", ServiceProvider: "providers"}  # fmt: skip
LIVELY = (
    ("trials.affordable_share", 5.0), ("trials.pharma_share", 5.0), ("trials.kept_value", 1.0),
    ("licensing.friction", 0.0), ("licensing.least_deal", 0.0), ("licensing.urgency", 1.0),
    ("launch.build_cost", 0.0), ("launch.run_cost", 0.0), ("valuation.launch_weight", 5.0),
    ("licensing.buyer_noise", 1.0), ("takeover.rate", 4.0), ("takeover.runway", 60.0), ("takeover.synergy", 5.0),
    ("licensing.approach_rate", 2.0), ("licensing.option_threshold", 0.0), ("licensing.border_cost", 0.0),
    ("approvals.hiring_from", 2000.0),
)  # fmt: skip
"""Changes that let firms do much of everything, whatever the calibration of the day."""


@lru_cache(maxsize=6)
def base(
    scale: float = 0.05, months: int = 0, seed: int = 1, changes: tuple[tuple[str, float], ...] = ()
) -> PharmaMarket:
    """A market played for some months. Never play it: copy it with :func:`fork`."""
    return PharmaMarket("baseline", rng=seed, scale=scale, changes=dict(changes)).run_until(months)


def fork(market: PharmaMarket, agents: Mapping[Any, Any] | None = None, **changes: float) -> PharmaMarket:
    """The same world and luck up to here, with own behaviour (and changes for the whole run) from here."""
    return PharmaMarket(
        market.given, rng=market.seed_number, scale=market.scale, agents=agents,
        changes={**market.changes, **{name.replace("__", "."): value for name, value in changes.items()}},
        _world=market.world.copy(),
    )  # fmt: skip


def world_with(**changes: float) -> World:
    """A copy of the small world's first month under other values, its environment read."""
    market = fork(base(scale=0.05), **changes)
    environment(market.world)
    return market.world


def world_with_environment(**changes: float) -> World:
    """The same, with the standing of its firms."""
    world = world_with(**changes)
    update_standing(world)
    return world


def digest(market: PharmaMarket) -> str:
    """Digest of all result tables."""
    return content_hash(to_arrow({name: market.table(name) for name in market.table_names}))


def overriding(kind: type, **decisions: Callable[[Any, Any, Any], Any]) -> type:
    """A subclass of ``kind`` with decisions replaced: name -> function of (agent, known, standard answer)."""

    def method(name: str, function: Callable[[Any, Any, Any], Any]) -> Callable[[Any, Any], Any]:
        return lambda agent, known: function(agent, known, getattr(kind, name).function(known))

    return type(f"Own{kind.__name__}", (kind,), {name: method(name, function) for name, function in decisions.items()})


def living(world: World) -> np.ndarray:
    """Rows of the firms that live."""
    return np.flatnonzero(world.firms.exited == NEVER)


def candidates(world: World) -> np.ndarray:
    """Rows of the assets in development."""
    return np.flatnonzero((world.assets.phase < len(PHASES)) & (world.assets.ended == NEVER))


def per_firm(world: World, rows: np.ndarray) -> np.ndarray:
    """How many of the assets each firm leads."""
    return count(world.assets.sponsor[rows], len(world.firms))
