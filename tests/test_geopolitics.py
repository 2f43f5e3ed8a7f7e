"""Geopolitics: when measures come and go, that they are answered, and what they do to borders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from worlds import base, fork

from agents.decisions.policy import MEASURES, RestrictKnown, restrict
from model.mechanisms.geopolitics import BAN, LAST_TENSION_READ, REFUSAL, REVIEW, STANCE, borders, publish
from model.world import World

US, CN = 0, 5
COUNT = len(MEASURES)


def known(tension: float, in_force: bool = False, luck: float = 0.0, **more: object) -> RestrictKnown:
    """One government, one other region; a yearly rate of 12 means at once."""
    box = np.zeros((1, 1, COUNT), bool)
    return replace(RestrictKnown(
        tension=np.full((1, 1), tension), in_force=box | in_force, lawful=box, provoked=box, stance=np.zeros(1),
        luck=np.full((1, 1, COUNT), luck), threshold=(0.5,) * COUNT, gap=0.15, trigger_rate=12.0, removal_rate=12.0,
        retaliation=0.5), **more)  # fmt: skip


@pytest.mark.parametrize(
    ("tension", "before", "after"),
    [(0.51, False, True), (0.49, False, False), (0.49, True, True), (0.36, True, True), (0.34, True, False)],
)
def test_measures_outlive_the_tension_that_brought_them(tension: float, before: bool, after: bool) -> None:
    assert (restrict(known(tension, before)) == after).all()


def test_the_law_is_tightened_only_after_another_gap() -> None:
    lawful = np.ones((1, 1, COUNT), bool)
    assert not restrict(known(0.6, lawful=lawful)).any()
    assert restrict(known(0.66, lawful=lawful)).all()


def test_a_measure_is_answered_within_the_year_with_its_chance() -> None:
    provoked = np.ones((1, 1, COUNT), bool)
    monthly = 1 - 0.5 ** (1 / 12)
    assert restrict(known(0.0, luck=monthly - 1e-9, provoked=provoked)).all()
    assert not restrict(known(0.0, luck=monthly + 1e-9, provoked=provoked)).any()
    assert 1 - (1 - monthly) ** 12 == pytest.approx(0.5)


def tense(measures: int, month: int = LAST_TENSION_READ, **state: float) -> World:
    """A small world in which the US holds measures against China, taken this month."""
    world = base().world.copy()
    world.month = month
    world.now = world.values.at(month)
    world.governments.measures[US, CN] = measures
    world.state["taken"][US, CN] = month
    for name, value in state.items():
        world.state[name] = np.full((10, 10), value) * ~np.eye(10, dtype=bool)
    publish(world)
    return world


def test_measures_act_on_their_pair_only_and_the_stronger_of_law_and_measure_counts() -> None:
    calm, strict = tense(0), tense(1 << REVIEW | 1 << REFUSAL | 1 << STANCE)
    for name in ("deal_friction", "deal_blocked", "deal_months", "newco_friction", "foreign_data"):
        moved = np.argwhere(calm.state[name] != strict.state[name])
        expected = [[CN, US]] if name == "foreign_data" else [[US, CN], [CN, US]]
        assert moved.tolist() == expected, name
    assert strict.state["deal_months"][CN, US] == strict.now["geopolitics.measure.licence_review"]
    law, measure = strict.now["approvals.foreign_data"][CN, US], strict.now["geopolitics.measure.foreign_data_refusal"]
    assert strict.state["foreign_data"][CN, US] == pytest.approx(min(law, 1 - measure))
    assert (strict.state["deal_friction"].diagonal() == 0).all()


def test_a_ban_of_providers_comes_into_force_over_the_years_of_grandfathering() -> None:
    world = tense(1 << BAN)
    full, months = world.now["geopolitics.measure.provider_ban"], world.now["geopolitics.grandfathering"]
    shares = []
    for later in (0, int(months / 2), int(months) + 12):
        world.month = LAST_TENSION_READ + later
        publish(world)
        shares.append(world.state["provider_ban"][US, CN] / full)
    assert shares == pytest.approx([0, 0.5, 1])


def test_strong_tension_cuts_deals_and_mild_tension_does_not() -> None:
    friction = {level: tense(0, tension=level).state for level in (0.0, 0.25, 0.9)}
    alone = {level: state["tension_loss"][CN, US] for level, state in friction.items()}
    deals = {level: state["deal_friction"][CN, US] for level, state in friction.items()}
    assert deals[0.9] > deals[0.0] > deals[0.25]
    assert alone[0.9] > alone[0.25] == alone[0.0] == 0
    assert friction[0.9]["newco_friction"][CN, US] < deals[0.9]


def test_unpredictability_alone_makes_commitments_wait() -> None:
    usual = tense(0)
    world = tense(0, unrest=0.04)
    assert (world.state["tension"] == usual.state["tension"]).all()
    assert world.state["hesitation"][CN, US] > usual.state["hesitation"][CN, US] == pytest.approx(0)
    assert world.state["deal_friction"][CN, US] > usual.state["deal_friction"][CN, US]
    assert borders(world)[CN, US] < borders(usual)[CN, US]
    assert borders(world)[US, US] == 1


def test_measures_come_from_2026_on_and_are_named_in_the_table() -> None:
    market = fork(base(0.05, LAST_TENSION_READ), geopolitics__effect__trigger_rate=12.0)
    assert (market.world.governments.measures == 0).all()
    market.run_until(13)
    table = market.table("tensions")
    pair = table[(table["a"] == "US") & (table["b"] == "CN")]
    assert "US.talent_restriction" in pair.iloc[-1]["measures"]
    assert "US.tariff" in pair.iloc[-1]["measures"], "laws count"
    assert pair.iloc[0]["measures"] == []
