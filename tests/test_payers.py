"""Payers together: incomes without inflation, rebates of several at once, rounds of a list."""

from __future__ import annotations

import numpy as np
from worlds import base, fork, world_with_environment

from agents.decisions.coverage import LIST_ROUND, NEGOTIATION, in_a_round
from model.mechanisms.access import launch_listed
from model.mechanisms.environment import update_need
from model.mechanisms.payers import over_payers
from model.world import World


def valued(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(eligible patients, value price in money of the month, budgets) of a world."""
    update_need(world)
    price = world.state["region_price"] * world.prices(2024)
    return world.state["eligible"], price, world.state["budget"]


def test_inflation_moves_prices_and_nothing_else() -> None:
    """Twice the income at twice the prices buys the same: the same patients, prices and budgets twice as high."""
    world = world_with_environment()
    patients, price, budget = (array.copy() for array in valued(world))
    level = world.prices(2024)
    world.now["macro.gdp"] = 2 * world.now["macro.gdp"]
    world.now.kept[2024] = 2 * level
    inflated = valued(world)
    np.testing.assert_allclose(inflated[0], patients)
    np.testing.assert_allclose(inflated[1], 2 * price)
    np.testing.assert_allclose(inflated[2], 2 * budget)


def test_the_mean_over_payers_weighs_what_they_spend() -> None:
    world = world_with_environment()
    payers, share = world.payers, world.now["payer.spend_share"]
    amounts = np.arange(len(payers), dtype=float)
    for region, found in enumerate(over_payers(world, amounts)):
        mine = payers.region == region
        assert np.isclose(found, np.average(amounts[mine], weights=share[mine]))


def test_rebates_of_payers_that_list_together_are_averaged() -> None:
    """Listings of one asset in one region, all at once or one after another: coverage and rebate are the same."""
    market = fork(base(scale=0.2, months=120))
    world, listings = market.world, market.world.listings
    taken = np.flatnonzero(listings.outcome == 1)
    cell = listings.asset[taken].astype(np.int64) * 10 + listings.region[taken]
    rows = taken[cell == np.bincount(cell).argmax()]
    rows = rows[np.unique(listings.payer[rows], return_index=True)[1]]
    assert len(rows) > 5 and np.ptp(listings.discount[rows]) > 0.05
    asset, region = listings.asset[rows[0]], listings.region[rows[0]]
    position = world.assets.position[asset, region]
    found = []
    for together in (True, False):
        world.positions.covered[position] = world.positions.discount[position] = 0.0
        for part in [rows] if together else [rows[[k]] for k in range(len(rows))]:
            launch_listed(world, part, np.full(len(part), 1e4))
        found.append((world.positions.covered[position], world.positions.discount[position]))
    share = world.now["payer.spend_share"][listings.payer[rows]]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-5)
    np.testing.assert_allclose(found[0][1], np.average(listings.discount[rows], weights=share), rtol=1e-5)


def test_lists_decide_in_their_rounds_only() -> None:
    due = np.arange(100, 130)
    rounds = in_a_round(due, np.full(30, LIST_ROUND), 0, 1.0)
    np.testing.assert_array_equal(rounds, -(-due // 12) * 12)
    np.testing.assert_array_equal(in_a_round(due, np.full(30, NEGOTIATION), 0, 1.0), due)
