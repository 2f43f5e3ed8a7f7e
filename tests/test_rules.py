"""What laws and shocks do: plants, shortages, pandemics, purchase, prices, joint review, expiry, regimes of capital."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds import base, fork

from agents.decisions.sites import PlantKnown, build_plants
from model.clock import NEVER
from model.labels import AREAS
from model.ledger import GOVERNMENTS
from model.mechanisms import access, approvals, capital, dossiers, emergency, protection, sites
from model.mechanisms.environment import environment, update_need
from model.mechanisms.geopolitics import publish
from model.world import World

EMA, PMDA, US, ROW = 1, 4, 0, 9
MONTHS = 36


def world_with(scale: float = 0.1, **changes: float) -> World:
    """A small world of 2003 that sees some values changed from now on."""
    world = fork(base(scale, MONTHS), **changes).world
    world.now = world.values.at(world.month)
    environment(world)
    return world


def live(world: World) -> np.ndarray:
    return np.flatnonzero(world.positions.active & ~world.positions.mature)


def plants(**more: Any) -> np.ndarray:
    known: dict[str, Any] = {
        "bill": np.array([[100.0, 300.0, 0.0]]), "doubt": np.zeros((1, 3)), "cost": np.full((1, 3), 900.0),
        "money": np.array([1000.0]), "years": 8.0,
    }  # fmt: skip
    return build_plants(PlantKnown(**{**known, **more}))[0]


def test_a_plant_is_built_where_it_saves_most_and_money_and_policy_allow() -> None:
    assert plants().tolist() == [False, True, False]
    assert not plants(money=np.array([800.0])).any()
    assert not plants(doubt=np.full((1, 3), 0.7)).any(), "unpredictable policy is waited out"
    assert not plants(bill=np.full((1, 3), 100.0)).any()


def test_what_a_plant_makes_pays_no_tariff() -> None:
    world = world_with(geopolitics__tariff=0.5)
    bill = sites.tariff_bill(world)
    payer = int(bill[:, US].argmax())
    assert bill[payer, US] > 0 and world.firms.home[payer] != US
    assert not sites.made_there(world, payer, US)
    world.firms.plant[payer, US] = world.month
    assert sites.made_there(world, payer, US)


def test_a_shortage_takes_patients_and_gives_them_back() -> None:
    world = world_with()
    before = world.positions.patients.copy()
    world.state["supply"] = np.where(np.arange(10) == EMA, 0.7, 1.0)
    np.testing.assert_allclose(sites.ration(world), world.state["supply"])
    here = live(world)[world.positions.region[live(world)] == EMA]
    np.testing.assert_allclose(world.positions.patients[here], 0.7 * before[here], rtol=1e-5)
    world.state["supply"] = np.ones(10)
    sites.ration(world)
    np.testing.assert_allclose(world.positions.patients, before, rtol=1e-5)


def test_a_pandemic_turns_a_share_of_the_candidates_of_its_areas_to_it() -> None:
    world = world_with(demand__pandemic=1.0, trials__pandemic_share=0.4)
    rows = world.pipeline
    answer = emergency.answers(world, rows)
    apt = np.isin(world.assets.area[rows], emergency.INFECTIOUS)
    assert answer[~apt].max() == 0
    assert answer[apt].mean() == pytest.approx(0.4, abs=5 * (0.24 / apt.sum()) ** 0.5)
    assert emergency.shorter_review(world, rows).min() == pytest.approx(0.2)
    assert (emergency.shorter_trials(world_with(), rows) == 1).all()


def test_public_purchase_is_paid_to_the_marketers_of_new_medicines() -> None:
    world = world_with(demand__pull_incentive=1200.0)
    cash, paid = world.firms.cash.sum(), world.ledger.balances[GOVERNMENTS]
    emergency.pay_pull(world)
    rows, number = emergency.new_medicines(world, np.ones(len(AREAS), bool))
    given = 100.0 * world.scale * (number > 0).sum()
    assert len(rows) and world.firms.cash.sum() - cash == pytest.approx(given)
    assert paid - world.ledger.balances[GOVERNMENTS] == pytest.approx(given)
    assert (emergency.pull_ahead(world) > 0).all()


def test_tiered_prices_reach_more_of_the_poor_at_lower_prices() -> None:
    usual, tiered = world_with(), world_with(access__tiering=0.5)
    for world in (usual, tiered):
        update_need(world)
    ratio = tiered.state["eligible"].sum(axis=0) / usual.state["eligible"].sum(axis=0)
    assert ratio[ROW] == pytest.approx(2 ** usual.now["access.reach_elasticity"]) and ratio[US] == 1
    np.testing.assert_allclose(tiered.state["region_price"], usual.state["region_price"] / 2)


def test_a_link_to_prices_abroad_makes_cheap_launches_dear() -> None:
    world = world_with(access__reference_weight=0.0)
    indication, cheap = np.zeros(2, np.int64), np.array([ROW, US])
    assert (access.linked_loss(world, indication, cheap) == 0).all()
    world = world_with(access__reference_weight=0.8)
    loss = access.linked_loss(world, indication, cheap)
    assert loss[0] > loss[1] >= 0


def test_regulators_that_review_together_end_with_the_fastest() -> None:
    world = world_with(approvals__parallel=1.0)
    asset = np.array([3, 3, 5, 5])
    days = np.array([200.0, 400.0, 300.0, 500.0])
    together = dossiers.jointly(world, asset, np.array([True, True, False, False]), days)
    assert together.tolist() == [200, 200, 300, 500]
    assert dossiers.jointly(world_with(), asset, np.ones(4, bool), days) is days


def test_reliance_halves_what_is_left_of_a_review() -> None:
    world = world_with(approvals__reliance=1.0)
    filings = world.filings
    files = np.flatnonzero((filings.outcome == 0) & (filings.regulator == PMDA) & (filings.submitted <= world.month))
    files = files[filings.due[files] > world.month + 1]
    left = filings.due[files] - world.month
    approvals.lean_on(world, np.unique(filings.asset[files]))
    assert len(files) and (filings.due[files] - world.month == left - left // 2).all()
    assert (filings.pathway[files] == approvals.RELIANCE).all()
    again = filings.due[files].copy()
    approvals.lean_on(world, np.unique(filings.asset[files]))
    assert (filings.due[files] == again).all(), "only once"


def test_a_change_of_law_moves_expiry_but_not_what_has_expired() -> None:
    world = world_with()
    rows, before = live(world), world.positions.protected.copy()
    world.now["protection.cut_years"] = np.full(10, 2.0)
    protection.shift_expiry(world)
    running = rows[before[rows] > world.month]
    expected = np.maximum(before[running] - 24, world.month)
    np.testing.assert_array_equal(world.positions.protected[running], expected)
    over = rows[before[rows] <= world.month]
    np.testing.assert_array_equal(world.positions.protected[over], before[over])
    world.now["protection.cut_years"] = np.full(10, 2.0)
    protection.shift_expiry(world)
    np.testing.assert_array_equal(world.positions.protected[running], expected)


def test_money_from_abroad_is_kept_out_or_let_in() -> None:
    usual, closed, wide = world_with(), world_with(capital__foreign_access=0.0), world_with(capital__foreign_access=2.0)
    share = usual.now["capital.foreign_share"]
    for world, kept in ((usual, np.ones(10)), (closed, 1 - share), (wide, 1 + share)):
        publish(world)
        np.testing.assert_allclose(world.state["equity_kept"], kept)


def test_booms_and_busts_average_to_the_mean_and_can_be_held() -> None:
    world = world_with()
    now = world.now
    boom, bust = now["capital.boom_public"], now["capital.bust_public"]
    world.state["regime"] = np.array([1.0])
    high = capital.regime_level(world, boom, bust)
    world.state["regime"] = np.array([-1.0])
    low = capital.regime_level(world, boom, bust)
    share = now["capital.boom_months"] / (now["capital.boom_months"] + now["capital.bust_months"])
    assert high > 0 > low and share * np.exp(high) + (1 - share) * np.exp(low) == pytest.approx(1)
    held = world_with(capital__regime=1.0)
    held.state["regime"] = np.array([-1.0])
    assert capital.regime_level(held, boom, bust) == pytest.approx(high)


def test_nobody_looks_for_partners_where_deals_are_forbidden() -> None:
    market = fork(base(0.1, MONTHS), licensing__open=0.0, takeover__rate=0.0)
    before = len(market.world.deals)
    market.run_until(12)
    assert len(market.world.deals) == before
    assert (market.world.deals.ended[:before] <= NEVER).all()
