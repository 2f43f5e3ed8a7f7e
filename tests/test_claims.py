"""The claims ledger: every claim has a place and a test, and every test names only what exists."""

from __future__ import annotations

import ast
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT, Pharmarket, needs_engine

import scenarios
from experiments.claims import claims, effects, experiments_by_name, report, runs
from experiments.claims.ledger import KINDS, Experiment, parse_change
from experiments.claims.observables import STATISTICS
from experiments.claims.record import VIEWS
from experiments.errors import RequestError
from model.data.naming import resolve

LAST_CLAIM = 183
LEAST_TESTED = 150
TESTS = experiments_by_name()


def test_all_claims_are_there_once() -> None:
    assert [claim.claim for claim in claims()] == list(range(1, LAST_CLAIM + 1))
    assert len({claim.title for claim in claims()}) == LAST_CLAIM


def test_claims_have_kind_place_and_test_or_reason() -> None:
    for claim in claims():
        assert claim.kind in KINDS, claim
        assert claim.place, claim
        assert claim.experiments or claim.note, claim


def test_most_claims_are_tested() -> None:
    tested = [claim for claim in claims() if claim.experiments or claim.kind == "name"]
    assert len(tested) >= LEAST_TESTED


def test_claims_and_experiments_belong_together() -> None:
    named = {name for claim in claims() for name in claim.experiments}
    assert named == set(TESTS)


@pytest.mark.parametrize("test", TESTS.values(), ids=TESTS)
def test_experiments_name_what_exists(test: Experiment) -> None:
    if test.decision is None:
        for items in (test.base, *test.arms.values()):
            for item in items:
                change = parse_change(item)
                assert item in scenarios.available() if change is None else resolve(change["value"]), item
    for observable in test.observables:
        assert observable.view in VIEWS
        assert observable.statistic in STATISTICS
        for text in (observable.of, observable.where, observable.per):
            if text:
                ast.parse(text)
    assert test.low < test.high
    assert test.does.endswith((".", "least."))


@pytest.mark.parametrize("test", TESTS.values(), ids=TESTS)
def test_effects_fit_arms_and_observables(test: Experiment) -> None:
    assert len(test.observables) == (0 if test.decision else 2 if test.effect in ("excess", "contrast") else 1)
    levels = test.effect in ("level", "excess")
    assert (set(test.arms) == {"base"}) == levels


def test_changes_are_read() -> None:
    assert parse_change("a.b * 2 from 2010-01 until 2011-01") == {
        "value": "a.b", "scale": 2.0, "from": "2010-01", "until": "2011-01"}  # fmt: skip
    assert parse_change("some-scenario") is None
    with pytest.raises(RequestError, match="neither a scenario nor a change"):
        parse_change("a.b doubled")


def judged(
    effect: str, values: dict[str, list[list[float]]], low: float = 0.0, high: float = math.inf
) -> effects.Effect:
    test = Experiment("test", "Does.", {}, effect=effect, low=low, high=high)
    return effects.judge(test, values)


BASE = [[10.0], [11.0], [12.0], [13.0]]


def moved(by: float) -> list[list[float]]:
    return [[value + by + 0.01 * place] for place, (value,) in enumerate(BASE)]


def test_direction_decides() -> None:
    assert judged("relative", {"base": BASE, "treatment": moved(2)}).verdict == effects.HOLDS
    assert judged("relative", {"base": BASE, "treatment": moved(-2)}).verdict == effects.FAILS
    noise = [[value + sign] for (value,), sign in zip(BASE, (1.0, -1.2, 0.9, -0.8), strict=True)]
    assert judged("relative", {"base": BASE, "treatment": noise}).verdict == effects.CONTESTED
    same = judged("relative", {"base": BASE, "treatment": BASE})
    assert same.verdict == effects.FAILS
    assert "do not differ" in same.remark


def test_relative_effects_are_shares_of_the_mean_of_the_base() -> None:
    found = judged("relative", {"base": BASE, "treatment": [[value + 1.15] for (value,) in BASE]})
    assert found.mean == pytest.approx(0.1)
    assert found.low == pytest.approx(0.1)


def test_unknown_values_leave_their_pair_out() -> None:
    holes = [[math.nan], *moved(2)[1:]]
    assert judged("relative", {"base": BASE, "treatment": holes}).pairs == 3
    few = judged("relative", {"base": BASE, "treatment": [[math.nan], [math.nan], *moved(2)[2:]]})
    assert few.verdict == effects.UNTESTABLE


def test_each_arm_must_have_its_effect() -> None:
    found = judged("each", {"base": BASE, "good": moved(2), "bad": moved(-1)})
    assert (found.name, found.verdict) == ("bad", effects.FAILS)
    assert judged("each", {"base": BASE, "good": moved(2), "better": moved(3)}).name == "good"


def test_interactions_are_more_than_sums() -> None:
    arms = {"base": BASE, "a": moved(1), "b": moved(1)}
    assert judged("interaction", {**arms, "all": moved(4)}).verdict == effects.HOLDS
    assert judged("interaction", {**arms, "all": moved(1)}).verdict == effects.FAILS


def test_levels_lie_in_bands() -> None:
    assert judged("level", {"base": BASE}, 5, 20).verdict == effects.HOLDS
    assert judged("level", {"base": BASE}, 15, 20).verdict == effects.FAILS
    assert judged("level", {"base": BASE}, 11.5, 20).verdict == effects.CONTESTED


def test_contrasts_and_peaks() -> None:
    two = [[value, value] for (value,) in BASE]
    more = [[value + 2 + 0.01 * n, value + 1] for n, (value,) in enumerate(BASE)]
    assert judged("contrast", {"base": two, "treatment": more}).verdict == effects.HOLDS
    assert judged("peak", {"base": BASE, "low": moved(-1), "high": moved(-2)}).verdict == effects.HOLDS
    assert judged("peak", {"base": BASE, "low": moved(-1), "high": moved(2)}).verdict == effects.FAILS


def test_interval_is_students() -> None:
    mean, low, high = effects.interval(np.array([1.0, 2.0, 3.0, 4.0]))
    assert mean == 2.5
    assert high - mean == pytest.approx(2.3534 * np.std([1, 2, 3, 4], ddof=1) / 2, rel=1e-4)
    assert mean - low == pytest.approx(high - mean)


def test_a_claim_needs_all_its_experiments() -> None:
    assert effects.together(["holds", "holds"]) == "holds"
    assert effects.together(["holds", "does not hold"]) == "contested"
    assert effects.together(["holds", "not testable"]) == "holds"
    assert effects.together([]) == "not testable"


def test_failures_are_rows() -> None:
    test = Experiment("bad", "Does.", {"base": (), "treatment": ("no.such.value = 1",)}, TESTS["trial-capacity"].observables,
                      until="2000-03", branch="", scale=0.05)  # fmt: skip
    measured = runs.measure([test], [1, 2, 3], 1)
    row = report.experiment_row(test, [1, 2, 3], measured)
    assert row["verdict"] == effects.UNTESTABLE
    assert "no.such.value" in row["remark"]


def test_kept_verdicts_belong_to_the_code() -> None:
    """Stale verdicts are worth a warning, not a failure: they take minutes to renew."""
    said = report.staleness()
    if "up to date" not in said:
        pytest.skip(said)


@needs_engine
def test_command_prints_effect_and_verdict(pharmarket: Pharmarket) -> None:
    done = pharmarket("claims", "55", "169", "--pairs", "3", "--json", "--workers", "1")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["claims"]
    assert [row["claim"] for row in rows] == [55, 169]
    assert {row["verdict"] for row in rows} == {"holds"}
    assert pharmarket("claims", "999").returncode == 2
    assert pharmarket("claims", "1", "--pairs", "2").returncode == 2


def test_page_is_made_from_the_record() -> None:
    if not report.RECORD.exists():
        pytest.skip("no verdicts are kept")
    assert (ROOT / "docs" / "claims.md").read_text("utf-8") == report.page(report.read())


FAST = (
    "investors-like-footprint", "payer-skill-coverage", "payer-skill-delay", "price-adapted-coverage", "skilled-filers-cycles",
    "slow-agency", "agencies-closed", "lax-gate-approvals", "single-country-enrolment", "data-ban-months", "trial-capacity",
    "cn-wages-rise", "supply-shock", "reference-pricing-delays", "subsidy-entry", "ai-documents-cycles",
    "royalty-upfront", "committees-delay", "openness-gap", "openness-trust", "openness-setbacks",
    "complete-contracts-time", "clear-goals-off", "weak-law-ownership", "gaps-wider", "governance-cheap", "power-stronger",
    "roles-and-delay", "relationship-care-trust",
    "defectors", "footprint-and-survival", "footprint-and-sales", "aligned-early", "cn-origin-share", "cn-specialisation",
    "regional-pharma", "old-world-share", "us-share-of-patients", "know-how-startup", "years-per-approval",
    "years-to-parity",
)  # fmt: skip
"""Experiments with effects many times as large as their intervals, so that they show in small worlds."""
SOON, LONGEST, SMALL, PAIRS = "2015-12", "2017-12", 0.05, 4
WHOLE = ("governance-cheap",)
"""Those whose effect needs the whole time of the experiment: alliances begun under the change must have come of age."""


def quick(test: Experiment) -> Experiment:
    """The experiment in a small world; with arms, only for as long as its effect needs to show."""
    if test.effect in ("level", "excess") or test.name in WHOLE:
        return replace(test, scale=SMALL)
    return replace(test, scale=SMALL, until=SOON if test.branch < "2011" else LONGEST)


@pytest.fixture(scope="module")
def judged_fast() -> dict[str, effects.Effect]:
    """All fast experiments, played together because they share histories."""
    tests = {name: quick(TESTS[name]) for name in FAST}
    seeds = list(range(1, PAIRS + 1))
    measured = runs.measure(tests.values(), seeds, 2)
    return {name: effects.judge(test, runs.values_of(test, seeds, measured)) for name, test in tests.items()}


@needs_engine
@pytest.mark.slow
@pytest.mark.parametrize("name", FAST)
def test_clear_claims_keep_their_direction(name: str, judged_fast: dict[str, effects.Effect]) -> None:
    """The mean effect of a few small pairs lies on the claimed side, and no interval lies on the other."""
    found, test = judged_fast[name], TESTS[name]
    assert test.low < found.mean < test.high, found
    assert found.verdict != effects.FAILS, found
