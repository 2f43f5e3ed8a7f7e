"""What must not happen on the market: unsafe medicines that come back, deals that governments refuse, money twice."""

from __future__ import annotations

import numpy as np
from worlds import base, fork

from model.clock import NEVER
from model.kernels.sales import appeal
from model.labels import CN, US
from model.mechanisms.demand import COMMERCIAL_REASON, SAFETY_REASON, withdraw
from model.mechanisms.geopolitics import permitted
from model.mechanisms.turnover import draw_on
from model.world import World


def young_medicine(world: World) -> tuple[int, np.ndarray]:
    """(a medicine approved less than five years ago, its positions)."""
    positions, assets = world.positions, world.assets
    active = np.flatnonzero(positions.active & ~positions.mature)
    recent = active[assets.phase_started[positions.asset[active]] > world.month - 48]
    asset = int(positions.asset[recent[0]])
    return asset, active[positions.asset[active] == asset]


def test_an_unsafe_medicine_does_not_come_back() -> None:
    market = fork(base(scale=0.2, months=120))
    world = market.world
    asset, rows = young_medicine(world)
    withdraw(world, rows, SAFETY_REASON)
    assert world.assets.ended[asset] == world.month and world.assets.trial[asset] < 0
    market.run_until(24)
    assert not (world.positions.active & (world.positions.asset == asset)).any()


def test_what_does_not_sell_may_still_come_elsewhere() -> None:
    world = fork(base(scale=0.2, months=120)).world
    asset, rows = young_medicine(world)
    withdraw(world, rows, COMMERCIAL_REASON)
    assert world.assets.ended[asset] == NEVER


def test_governments_refuse_the_share_that_law_says() -> None:
    """Of deals from China to the US, none at home, and the same ones whoever else is on the market."""
    world = fork(base(scale=0.2)).world
    world.state["deal_blocked"] = np.zeros((10, 10))
    world.state["deal_blocked"][CN, US] = 0.3
    home = world.firms.home
    seller, buyer = (np.resize(np.flatnonzero(home == region), 4000) for region in (CN, US))
    identity = np.arange(4000)
    free = permitted(world, seller, buyer, identity)
    assert abs(free.mean() - 0.7) < 0.03
    assert permitted(world, buyer, buyer, identity).all()
    np.testing.assert_array_equal(permitted(world, seller[7:9], buyer[7:9], identity[7:9]), free[7:9])


def test_seed_money_is_money_that_funds_had() -> None:
    world = fork(base(scale=0.2, months=12)).world
    investors = world.investors
    private, public = (np.flatnonzero(investors.public == kind) for kind in (False, True))
    investors.capital[:] = 10.0
    draw_on(world, np.arange(10, dtype=float) * 2)
    region = investors.region[private]
    np.testing.assert_allclose(investors.capital[private], np.maximum(10 - 2.0 * region, 0))
    np.testing.assert_array_equal(investors.capital[public], 10.0)


def test_prescribers_hesitate_where_regions_are_at_odds() -> None:
    """The same medicine of two firms: that of the region in dispute loses what tension says."""
    rows, one, level = np.arange(2), np.ones(2), np.ones((2, 10))
    tension = np.zeros((10, 10))
    tension[CN, US] = 0.4
    weight = appeal(
        rows, np.zeros(2, int), np.full(2, US), rows, one, one, one, one, one, np.ones(10), level, level, np.ones(5),
        np.array([CN, US]), tension,
    )  # fmt: skip
    assert np.isclose(weight[0] / weight[1], np.exp(-0.4))
