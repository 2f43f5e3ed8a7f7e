"""A mission and its credit, good practice and how it spreads, announcements that move filings."""

from __future__ import annotations

import numpy as np
from worlds import base, fork, living

from model.mechanisms.access import prices_asked
from model.mechanisms.alliances import norms
from model.mechanisms.approvals import acceptance
from model.mechanisms.credit import earn_credit, mission
from model.world import World

YEAR = 24


def changed(**changes: float) -> World:
    """The world after two years, with the values of the month changed."""
    world = fork(base(months=YEAR), **changes).world
    world.now = world.values.at(world.month)
    return world


def test_nobody_has_a_mission_unless_told() -> None:
    world = base(months=YEAR).world
    assert not mission(world, living(world)).any()


def test_a_wider_mission_keeps_those_who_had_it() -> None:
    few, many = (changed(mission__share=share) for share in (0.2, 0.6))
    rows = living(few)
    with_few, with_many = mission(few, rows) > 0, mission(many, rows) > 0
    assert 0 < with_few.sum() < with_many.sum()
    assert with_many[with_few].all()


def test_a_mission_asks_less_and_earns_standing() -> None:
    usual, caring = (changed(mission__share=share) for share in (0.0, 1.0))
    rows = np.flatnonzero(usual.positions.active)[:200]
    asset, region, firm = (getattr(usual.positions, name)[rows] for name in ("asset", "region", "firm"))
    assert np.allclose(prices_asked(caring, asset, region, firm), 0.7 * prices_asked(usual, asset, region, firm))
    before = caring.firms.reputation[living(caring)].copy()
    earn_credit(usual)
    earn_credit(caring)
    assert np.array_equal(usual.firms.reputation[living(usual)], before)
    assert np.allclose(caring.firms.reputation[living(caring)], before + 0.05 * (1 - before), atol=1e-6)


def test_good_practice_passes_along_ties_only() -> None:
    world = changed(practice__pioneers=0.0, practice__contagion=2.0)
    world.firms.practice[:] = False
    norms.spread(world)
    assert not world.firms.practice.any()
    hub = int(np.argmax(np.bincount(np.concatenate([world.deals.payee[:], world.deals.payer[:]]))))
    world.firms.practice[hub] = True
    linked = norms.examples(world) > 0
    norms.spread(world)
    assert linked.any()
    assert world.firms.practice[linked].any()
    assert not world.firms.practice[~linked & (np.arange(len(linked)) != hub)].any()


def test_pioneers_are_the_connected_ones_where_the_centre_leads() -> None:
    world = changed(practice__pioneers=0.5, practice__central=1.0)
    rank = norms.connected(world, living(world))
    assert abs(rank.mean() - 0.5) < 1e-9
    norms.spread(world)
    taken = world.firms.practice[living(world)]
    assert rank[taken].mean() > rank[~taken].mean()


def test_an_announcement_moves_what_is_expected_and_not_what_is() -> None:
    usual, told = (changed(requirement__outlook=level) for level in (1.0, 0.3))
    rows = np.flatnonzero(usual.assets.evidence)[:300]
    assert np.array_equal(acceptance(usual, rows), acceptance(told, rows))
    assert np.array_equal(acceptance(usual, rows, expected=True), acceptance(usual, rows))
    hoped, there = acceptance(told, rows, expected=True), acceptance(told, rows)
    assert (hoped >= there - 1e-12).all()
    assert (hoped > there + 1e-6).any()
