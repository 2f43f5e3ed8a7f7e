"""Set-ups: firms, assets and contracts placed into the state of a market, which then plays on by its own rules.

Nothing about an outcome is set: who is there at the month of the branch, what they own, and how they decide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from model.labels import GLOBAL

if TYPE_CHECKING:
    from model import PharmaMarket
    from model.world import World

Place = Callable[["World"], None]


def place(market: PharmaMarket, setup: Place, scenario: Any = (), changes: Mapping[str, float] | None = None,
          agents: Mapping[Any, Any] | None = None) -> PharmaMarket:  # fmt: skip
    """A branch of the market with what ``setup`` puts into its world, new rules and own behaviour from here.

    The original plays on unmoved; both share their luck.
    """
    from model import PharmaMarket

    world = market.world.copy()
    setup(world)
    world.refresh()
    more = list(scenario) if isinstance(scenario, list | tuple) else [scenario]
    return PharmaMarket([*market.given, *more], rng=market.seed_number, scale=market.scale, start=market.start,
                        changes={**market.changes, **(changes or {})}, agents=agents, _world=world)  # fmt: skip


def add_biotechs(world: World, home: int, cash: float, number: int = 1, **traits: Any) -> np.ndarray:
    """New research firms at home in a region with money of investors, million US$ each; returns their rows.

    ``traits`` are columns of ``firms``, one value or one per firm.
    """
    from model.mechanisms.turnover import start_firms

    rows = start_firms(world, np.full(number, home), np.full(number, cash))
    world.firms.credit[rows] = 0.0
    for name, value in traits.items():
        getattr(world.firms, name)[rows] = value
    return rows


def add_candidates(world: World, owner: np.ndarray, area: int, passed: int = 0, **traits: Any) -> np.ndarray:
    """New assets of firms (rows, one each; a firm may repeat) that have passed a phase (0: their laboratory work).

    Their sponsors decide this month whether to take them into the next. ``traits`` are columns of ``assets``.
    """
    from model.mechanisms.discovery import create

    owner = np.asarray(owner)
    rank = np.array([np.count_nonzero(owner[:i] == firm) for i, firm in enumerate(owner)])
    rows = create(world, owner, world.firms.discoveries[owner] + rank, np.full(len(owner), area))
    np.add.at(world.firms.discoveries, owner, 1)
    for name, value in traits.items():
        getattr(world.assets, name)[rows] = value
    assets = world.assets
    assets.phase[rows], assets.waiting[rows], assets.due[rows] = passed, True, world.month
    return rows


def largest_pharma(world: World, home: int | None = None, area: int | None = None) -> int:
    """Row of the global pharma firm with the largest sales, of one home or with one main area where asked."""
    firms = world.firms
    rows = world.alive[firms.scope[world.alive] == GLOBAL]
    if home is not None:
        rows = rows[firms.home[rows] == home]
    fitting = rows[(firms.focus[rows] == area) | (firms.second_focus[rows] == area)]
    rows = fitting if area is not None and len(fitting) else rows
    return int(rows[firms.sales_12[rows].argmax()])


def ally(world: World, assets: np.ndarray, partner: int, kind: int, territory: np.ndarray,
         sellers_part: float = 0.5) -> np.ndarray:  # fmt: skip
    """Sign contracts on assets (rows) with one partner for a territory, bool (10,); returns their rows.

    The terms are those that the deal market writes for a price of ``sellers_part`` of what the rights are worth.
    """
    from model.mechanisms.contracts import sign
    from model.mechanisms.offers import look_at
    from model.mechanisms.terms import write_terms

    offers = look_at(world, assets)
    wide = np.tile(territory, (len(assets), 1)) & offers.free
    price = sellers_part * np.where(wide, offers.value, 0.0).sum(axis=1)
    kinds, even = np.full(len(assets), kind), np.full(len(assets), 0.5)
    terms = write_terms(world, offers, wide, np.ones(wide.shape), price, kinds, even)
    return sign(world, assets, offers.seller, np.full(len(assets), partner), terms, np.ones(len(assets), bool))
