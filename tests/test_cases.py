"""The named cases: set-ups place who is there, both arms differ in nothing else, and the model plays on."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from worlds import base, fork

from agents.choices import CODEVELOPMENT
from experiments import cases
from experiments.cases import CASES, effects_of, play_arm, play_case
from experiments.errors import RequestError
from experiments.setups import add_biotechs, add_candidates, ally, largest_pharma, place
from model.arrays import unpack_regions
from model.clock import NEVER
from model.storage import content_hash
from model.world import World

MONTHS = 36


def setup(world: World) -> None:
    firms = add_biotechs(world, 1, 500.0, 2, science=1.0)
    assets = add_candidates(world, firms, 0, quality=2.0)
    ally(world, assets[:1], largest_pharma(world), CODEVELOPMENT, np.arange(10) != 1)


def test_placing_leaves_the_original_alone_and_conserves_money_and_rights() -> None:
    market = base(months=MONTHS)
    before = content_hash(market.world)
    other = place(market, setup)
    assert content_hash(market.world) == before
    world = other.world
    assert abs(world.ledger.total(world.firms.cash)) < 1e-6 * np.abs(world.firms.cash).sum()
    first, second = len(market.world.assets), len(market.world.assets) + 1
    partner = largest_pharma(market.world)
    assert world.assets.sponsor[first] == partner and world.assets.sponsor[second] == world.assets.originator[second]
    held = unpack_regions(world.deals.territory[-1:])[0]
    assert (world.assets.holder[first] == np.where(held, partner, world.assets.originator[first])).all()
    assert world.assets.alliance[first] >= 0 > world.assets.alliance[second]
    other.run_until(12)
    assert (other.world.trials.asset == second).sum() <= 1


def test_a_setup_of_nothing_is_the_market_itself() -> None:
    market = base(months=MONTHS)
    plain, placed = fork(market).run_until(6), place(market, lambda world: None).run_until(6)
    assert content_hash(plain.world) == content_hash(placed.world)


@pytest.mark.parametrize("name", list(CASES))
def test_arms_start_with_the_same_projects(name: str) -> None:
    market = base(months=MONTHS)
    natures = []
    for arm in CASES[name].arms.values():
        world = market.world.copy()
        assets = arm(world)
        natures.append([world.assets.risk[assets], world.assets.indication[assets] * (name == "mrna")])
        assert (world.assets.waiting[assets] & (world.assets.first_approval[assets] == NEVER)).all()
        assert world.firms.cash[len(market.world.firms) :].sum() > 0
    np.testing.assert_array_equal(natures[0], natures[1])


def test_a_founder_neither_offers_nor_sells() -> None:
    market = base(months=MONTHS)
    case = dataclasses.replace(CASES["mrna"], months=24)
    seen: dict[str, np.ndarray] = {}

    def look(played: object, assets: list[int], began: int) -> cases.Values:
        world = played.world  # type: ignore[attr-defined]
        seen.update(deals=world.deals.asset.copy(), assets=np.array(assets), exited=world.firms.exited.copy())
        return {"none": 0.0}

    play_arm(dataclasses.replace(case, measure=look), "solo", market)
    assert not np.isin(seen["assets"], seen["deals"]).any()
    assert seen["exited"][len(market.world.firms)] == NEVER


def test_the_same_case_and_seed_give_the_same_figures() -> None:
    market = base(months=MONTHS)
    case = dataclasses.replace(CASES["oncology"], months=24)
    assert play_arm(case, "portfolio", market) == play_arm(case, "portfolio", market)


def test_effects_are_paired() -> None:
    found = {"solo": [{"x": 1.0}, {"x": 5.0}], "partnered": [{"x": 2.0}, {"x": 6.5}]}
    row = effects_of(found)[0]
    assert row["mean_a"] == 3.0 and row["effect"] == 1.25
    assert row["low"] < 1.25 < row["high"]


def test_wrong_requests_say_so() -> None:
    with pytest.raises(RequestError, match="mrna, oncology"):
        play_case("moonshot", (1,), 0.05)
    with pytest.raises(RequestError, match="seeds"):
        play_case("mrna", (), 0.05)
