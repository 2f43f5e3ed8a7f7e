"""What rights are worth: to whom, where, and to those who look from abroad."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import world_with_environment

from model.labels import MARKETED
from model.mechanisms.offers import held_value, look_at
from model.mechanisms.standing import update_standing, view_from_abroad
from model.mechanisms.valuation import going_alone, odds_ahead, prospects, worth, years_ahead
from model.world import World

REGIONS = 10


def test_a_sure_asset_is_worth_its_plain_net_present_value() -> None:
    """No risk and no wait left: years of revenue times margin, whatever the cost of capital."""
    world = world_with_environment()
    now = world.now
    now["area.success"] = np.ones_like(now["area.success"])
    plain = now["valuation.revenue_years"] * now["valuation.margin"]
    np.testing.assert_allclose(odds_ahead(world), 1.0)
    for rate in (0.0, 0.1, 0.2):
        np.testing.assert_allclose(prospects(world, rate), plain * (1 + rate) ** -years_ahead(world))
        np.testing.assert_allclose(prospects(world, rate)[MARKETED], plain)


def test_risk_counts_once() -> None:
    """Halving the odds of one phase halves the value before it and leaves the value after it."""
    world, twin = world_with_environment(), world_with_environment()
    twin.now["area.success"] = twin.now["area.success"] * np.array([1, 1, 0.5, 1, 1])[:, None]
    for rate in (0.0, 0.11):
        before, after = prospects(world, rate), prospects(twin, rate)
        np.testing.assert_allclose(after[:3], 0.5 * before[:3])
        np.testing.assert_allclose(after[3:], before[3:])


def test_splitting_a_territory_conserves_value_between_equals() -> None:
    """Two firms with the same capabilities get together what one of them would get, less what each builds twice."""
    world = world_with_environment(launch__build_cost=0.0, launch__run_cost=0.0)
    firms = world.firms
    rows = world.pipeline[:50]
    a, b = (int(row) for row in world.alive[:2])
    for name in ("commercial", "access", "trust"):
        getattr(firms, name)[b] = getattr(firms, name)[a]
    firms.home[b] = firms.home[a]
    value = worth(world, rows)
    west = np.arange(REGIONS) < 4
    whole = going_alone(world, np.full(50, a), value, world.assets.indication[rows])
    parts = [going_alone(world, np.full(50, who), np.where(side, value, 0.0), world.assets.indication[rows])
             for who, side in ((a, west), (b, ~west))]  # fmt: skip
    np.testing.assert_allclose(parts[0] + parts[1], whole)


def test_doing_nothing_is_always_possible() -> None:
    world = world_with_environment(trials__entry_cost=5000.0)
    offers = look_at(world, world.pipeline[:200])
    held = held_value(world, offers, offers.seller, np.ones((200, REGIONS)), np.ones(200))
    assert (held >= 0).all()


def test_research_firms_discount_more() -> None:
    world = world_with_environment()
    offers = look_at(world, world.pipeline[:200])
    early = world.assets.phase[offers.asset] < MARKETED
    assert (offers.research_value[early] < 1).all()


def test_evidence_and_a_record_open_eyes_abroad() -> None:
    """Foreign firms see more where requirements are close and others have bought before; at home all is seen."""
    world = world_with_environment(licensing__evidence_weight=0.5)
    homes = np.arange(REGIONS)
    view = view_from_abroad(world, homes)
    np.testing.assert_allclose(view[homes, homes], 1.0)
    assert (view <= 1).all() and (view >= 0).all()
    world.now["requirement.distance"] = 0.5 * world.now["requirement.distance"]
    assert (view_from_abroad(world, homes) >= view).all()
    world.state["standing"] = np.minimum(world.state["standing"] * 1.2, 1.0)
    assert (view_from_abroad(world, homes) >= view).all()


@pytest.mark.parametrize("place", range(2))
def test_who_does_not_know_the_payers_makes_less_alone(place: int) -> None:
    """Capability counts up to the usual one, by odds of being listed and by months; without weights for both, not at all."""
    world = world_with_environment(launch__build_cost=0.0, launch__run_cost=0.0)
    firm, rows = np.full(50, world.alive[place]), world.pipeline[:50]
    value, indication = worth(world, rows), world.assets.indication[rows]
    usual, able = world.now["access.usual_capability"], world.now["capability.able"]
    world.firms.commercial[firm[0]] = able  # an organisation of its own, which nobody's people help

    def alone(access: float) -> np.ndarray:
        world.firms.access[firm[0]] = access
        return going_alone(world, firm, value, indication)

    best, some, none = alone(usual), alone(0.5 * usual), alone(0.0)
    sold = best > 0
    assert sold.any() and (best >= some).all() and (some >= none).all()
    assert (best[sold] > some[sold]).all() and (some[sold] > none[sold]).all()
    np.testing.assert_array_equal(alone(1.0), best)
    world.now["access.capability_weight"] = world.now["access.capability_speed"] = 0.0
    world.now.kept.clear()
    np.testing.assert_allclose(alone(0.0), best)


def test_trust_in_a_region_grows_by_an_s_curve_of_its_record() -> None:
    """Nothing where there is no record, half of what can be won at the record of half, all in the end."""
    world = world_with_environment()
    floor, heights = world.now["licensing.standing_floor"], []
    record = recorded(world)
    assert record > 0
    for part in (0.25, 0.5, 1.0, 2.0, 4.0):
        world.now["licensing.standing_half"] = record / part
        update_standing(world)
        heights.append((world.state["standing"][0] - floor) / (1 - floor))
    power = world.now["licensing.standing_steepness"]
    np.testing.assert_allclose(heights, [part**power / (1 + part**power) for part in (0.25, 0.5, 1.0, 2.0, 4.0)])
    assert np.diff(heights).argmax() in (1, 2), "steepest in the middle"


def recorded(world: World) -> float:
    """Launches and licences abroad of American medicines, found from the curve itself at steepness 1."""
    kept = world.now["licensing.standing_steepness"]
    world.now["licensing.standing_half"], world.now["licensing.standing_steepness"] = 1.0, 1.0
    update_standing(world)
    world.now["licensing.standing_steepness"] = kept
    floor = world.now["licensing.standing_floor"]
    height = (world.state["standing"][0] - floor) / (1 - floor)
    return float(height / (1 - height))
