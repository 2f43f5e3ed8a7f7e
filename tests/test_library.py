"""The library is played: controls change nothing, the past stays, order does not matter, every scenario runs."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from worlds import digest

import scenarios
from experiments import library
from model import PharmaMarket
from model.clock import month_index
from model.labels import AI_FUNCTIONS
from model.observation.recorder import series
from model.storage import content_hash
from model.values import Values
from scenarios import Scenario

SCALE, BRANCH = 0.05, "2025-01"
CONTROLS = {"baseline", "null"}


@cache
def past() -> PharmaMarket:
    """The baseline up to the branch. Never play it: branch it."""
    return PharmaMarket("baseline", rng=1, scale=SCALE).run_until(BRANCH)


@cache
def plain(until: str) -> PharmaMarket:
    """The baseline played on. Never play it."""
    return past().branch().run_until(until)


def dated(name: str, value: str, month: str, **operation: float) -> Scenario:
    return Scenario(name=name, title=name, changes=[{"value": value, "from": month, **operation}])


def test_the_null_scenario_is_the_baseline_bit_for_bit() -> None:
    assert scenarios.load("null").changes == []
    control = PharmaMarket("null", rng=1, scale=SCALE).run_until(60)
    assert content_hash(control.world) == content_hash(PharmaMarket("baseline", rng=1, scale=SCALE).run_until(60).world)
    assert digest(past().branch(["null"]).run_until("2030-01")) == digest(plain("2030-01"))


@pytest.mark.parametrize(
    "change",
    [dated("open", "licensing.open", "2030-01", set=0), dated("tense", "geopolitics.tension.US-CN", "2030-01", set=1),
     dated("cliff", "protection.cut_years", "2030-01", set=5), dated("ai", "technology.ai_effect", "2030-01", set=0.9)],
    ids=lambda change: change.name,
)  # fmt: skip
def test_a_change_of_2030_leaves_everything_before_it(change: Scenario) -> None:
    changed = past().branch([change]).run_until("2030-01")
    assert content_hash(changed.world) == content_hash(plain("2030-01").world)
    changed.run_until("2031-01")
    assert content_hash(changed.world) != content_hash(plain("2031-01").world)


def test_scenarios_that_touch_different_values_compose_in_either_order() -> None:
    pair = ["tariffs", "digital-trials"]
    one, other = (past().branch(order).run_until("2032-01") for order in (pair, pair[::-1]))
    assert content_hash(one.world) == content_hash(other.world)
    assert content_hash(one.world) != content_hash(plain("2032-01").world)


@pytest.mark.parametrize("name", scenarios.available())
def test_every_scenario_of_the_library_runs_and_changes_something(name: str) -> None:
    assert scenarios.check(name, Values.load(), series()) == []
    if name == "baseline":
        return
    market = past().branch([name]).run_until("2030-07")
    figures = market.world.recorder.indicators[: market.world.month]
    assert np.isfinite(figures[month_index("2026-01") :, :12]).all()
    same = content_hash(market.world) == content_hash(plain("2030-07").world)
    assert same == (name in CONTROLS)


@pytest.mark.parametrize("name", scenarios.available())
def test_scenarios_begin_after_the_branch_and_say_what_they_expect(name: str) -> None:
    """History is played once for all of them."""
    scenario = scenarios.load(name)
    if name not in CONTROLS:
        assert all(change.from_ and change.from_ >= "2026-01" for change in scenario.changes)
        assert scenario.expect and all(one.source and one.reason for one in scenario.expect)


def test_expectations_are_judged_by_pairs() -> None:
    """Less money must show in what is placed; the same scenario against itself cannot."""
    wanted = {"capital-winter": scenarios.load("capital-winter").expect}
    played = library.play(wanted, [1, 2, 3], SCALE, workers=1)
    found = {row["column"]: row for row in library.verdicts(wanted, played)}
    assert found["venture"]["verdict"] == "as expected" and found["venture"]["high"] < 0
    same = library.verdicts(wanted, {**played, "capital-winter": played["baseline"]})
    assert {row["verdict"] for row in same} == {"unclear"} and all(row["effect"] == 0 for row in same)


def test_what_vendors_claim_of_ai_is_the_upper_end() -> None:
    values = Values.load()
    claims = {change.value: change.ramp for change in scenarios.load("ai-platforms").changes}
    tasks = [name for name in claims if name.startswith("technology.ai_effect.")]
    assert len(tasks) == len(AI_FUNCTIONS)
    assert all(claims[name] == values.names(name).high.item() for name in tasks)
