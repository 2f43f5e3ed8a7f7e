"""Comparisons end to end in a very small world: zero where nothing differs, the truth where something does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from experiments import compare, measures, rule_differences
from experiments.compare import Comparison, Request
from experiments.compare_summary import summarise
from experiments.pairs import Played
from experiments.variants import Variant, parse
from model import PharmaMarket
from scenarios import Scenario
from viz import report, report_texts, theme
from viz.charts.intervals import forest

pytestmark = pytest.mark.usefixtures("own_cache")
BRANCH, UNTIL = "2002-01", "2004-12"
SCALE = 0.05
SMALL = {"scale": SCALE, "branch": BRANCH, "until": UNTIL, "workers": 1}
DRIER = Scenario(
    name="drier", title="Drier", story="Capital leaves.", extends=["baseline"],
    change=[{"value": "capital.supply", "set": 0.2, "from": BRANCH, "source": "own assumption"}],
    expect=[{"column": "venture", "direction": "down"}, {"column": "venture", "direction": "up", "from": "2003-01"},
            {"column": "regional.US.venture", "direction": "down", "until": "2003-01"},
            {"column": "firms", "direction": "up", "against": "another"}],
)  # fmt: skip


@pytest.fixture(scope="module")
def drier(own_cache: Path) -> Comparison:
    return compare.compare("baseline", Variant((DRIER,)), 3, **SMALL)


@pytest.fixture(scope="module")
def nothing(own_cache: Path) -> Iterator[Comparison]:
    """A comparison of equals, both really played: nothing is kept of either."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(own_cache / "of equals"))
        yield compare.compare("baseline", "baseline", 2, **SMALL)


def test_nothing_changed_is_exactly_zero(nothing: Comparison) -> None:
    for name in ("effects", "regional_effects", "effects_by_year", "winners"):
        frame = nothing.tables[name]
        known = frame[frame.pairs == 2]
        assert len(known) > len(frame) / 2
        assert (known[["effect", "low", "high", "sd_effect"]] == 0).all(axis=None), name
    assert (nothing.tables["winners"].verdict == "unclear").all()
    assert len(nothing.tables["asset_differences"]) == 0
    assert nothing.manifest["differences"] == []
    assert nothing.manifest["history"] == ""


def test_effects_are_those_of_plain_runs(drier: Comparison) -> None:
    """The sums over the horizon, worked out again from whole runs without branch, cache and arrays."""
    played = {
        (side, seed): PharmaMarket(scenario, rng=seed, scale=SCALE).run_until("2005-01").indicators
        for seed in (1, 2, 3) for side, scenario in (("a", "baseline"), ("b", DRIER))
    }  # fmt: skip
    recent = {key: frame[frame.month >= f"{BRANCH}-01"] for key, frame in played.items()}
    effects = drier.tables["effects"].set_index(["indicator", "period"])
    horizon = f"{BRANCH} to {UNTIL}"
    for name, value in (("venture", lambda f: f.venture.sum() / 1e3), ("firms", lambda f: f.firms.mean())):
        apart = [value(recent["b", seed]) - value(recent["a", seed]) for seed in (1, 2, 3)]
        assert effects.loc[(name, horizon), "effect"] == pytest.approx(np.mean(apart))
        assert effects.loc[(name, horizon), "sd_effect"] == pytest.approx(np.std(apart, ddof=1))
        assert effects.loc[(name, horizon), "mean_a"] == pytest.approx(
            np.mean([value(recent["a", s]) for s in (1, 2, 3)])
        )
    last = [played["b", seed].firms.iloc[-1] for seed in (1, 2, 3)]
    assert effects.loc[("firms", "2004"), "mean_b"] == pytest.approx(np.mean(last))


def test_less_capital_means_less_venture_money(drier: Comparison) -> None:
    effects = drier.tables["effects"].set_index(["indicator", "period"])
    assert effects.loc[("venture", f"{BRANCH} to {UNTIL}"), "high"] < 0


def test_the_past_is_the_same(drier: Comparison) -> None:
    by_year = drier.tables["effects_by_year"]
    past = by_year[(by_year.year < 2002) & (by_year.pairs > 0)]
    assert (past.effect == 0).all()
    assert set(by_year.year) == {2000, 2001, 2002, 2003, 2004}


def test_regions_and_groups_add_up_to_the_world(drier: Comparison) -> None:
    regions = drier.tables["regional_effects"]
    horizon = regions[regions.period == f"{BRANCH} to {UNTIL}"]
    world = drier.tables["effects"].set_index(["indicator", "period"])
    venture = horizon[horizon.indicator == "venture"].mean_b.sum()
    assert venture == pytest.approx(world.loc[("venture", f"{BRANCH} to {UNTIL}"), "mean_b"])
    winners = drier.tables["winners"]
    sums = winners[winners.dimension != "region"].groupby(["dimension", "figure"]).mean_a.sum()
    for figure, indicator in (("approvals_first", "approvals_first"), ("net_sales", "net_sales")):
        whole = world.loc[(indicator, f"{BRANCH} to {UNTIL}"), "mean_a"]
        for dimension in ("firms", "area", "modality"):
            assert sums[dimension, figure] == pytest.approx(whole), (dimension, figure)
    assert sums["firms", "firms"] == pytest.approx(world.loc[("firms", "2004"), "mean_a"])
    assert sums["area", "pipeline_assets"] == pytest.approx(world.loc[("pipeline_assets", "2004"), "mean_a"])


def test_the_manifest_tells_what_was_compared(drier: Comparison) -> None:
    (row,) = drier.manifest["differences"]
    assert (row["only_in"], row["value"], row["operation"], row["amount"]) == ("B", "capital.supply", "set", 0.2)
    assert (row["a_2002"], row["b_2002"], row["source"]) == (1.0, 0.2, "own assumption")
    assert drier.manifest["b"]["own_story"] == "Capital leaves."
    assert drier.manifest["rows"]["runs"] == 6
    assert drier.manifest["pairs"] == 3


def test_equal_comparisons_have_equal_digests(nothing: Comparison, drier: Comparison) -> None:
    again = compare.compare("baseline", "baseline", [1, 2], **SMALL)
    assert again.manifest["content_hash"] == nothing.manifest["content_hash"] != drier.manifest["content_hash"]


def test_expectations_are_judged_by_their_interval(drier: Comparison) -> None:
    frame = drier.tables["expectations"]
    assert list(frame.verdict)[:2] == ["as expected", "the other way"]
    assert (frame.verdict[2] == "as expected") == (frame.high[2] < 0)
    assert list(frame["from"]) == [BRANCH, "2003-01", BRANCH]
    assert list(frame["until"]) == [UNTIL, UNTIL, "2002-12"]


class FailWithSeed2(measures.Measure):
    """The measure of comparisons, with one bad run."""

    @property
    def name(self) -> str:
        return "fails"

    def __call__(self, market: PharmaMarket) -> measures.Measured:
        if market.seed_number == 2:
            raise ArithmeticError("one bad run")
        return super().__call__(market)


def test_a_side_that_was_measured_is_not_played_again(monkeypatch: pytest.MonkeyPatch, drier: Comparison) -> None:
    from experiments import pairs

    played: list[str] = []
    play = pairs._played
    monkeypatch.setattr(pairs, "_played", lambda variant, *rest: played.append(variant.label) or play(variant, *rest))
    again = compare.compare("baseline", Variant((DRIER,)), 3, **SMALL | {"workers": 1})
    assert played == []
    assert again.manifest["content_hash"] == drier.manifest["content_hash"]
    compare.compare("baseline", "baseline+capital.supply=0.5", 2, **SMALL | {"workers": 1})
    assert played == ["baseline+capital.supply=0.5"] * 2


def test_a_failing_run_is_a_row(monkeypatch: pytest.MonkeyPatch, nothing: Comparison) -> None:
    monkeypatch.setattr(compare, "Measure", FailWithSeed2)
    heard: list[Played] = []
    found = compare.play(
        Request(Variant(), Variant((DRIER,)), (1, 2, 3), scale=SCALE, branch=BRANCH, until=UNTIL, workers=1),
        heard.append,
    )
    runs = found.tables["runs"]
    assert list(runs.failed) == [False, False, True, True, False, False]
    assert "ArithmeticError: one bad run" in runs.traceback[2]
    assert (found.pairs, found.failed, len(heard)) == (2, 2, 6)
    assert (found.tables["effects"].pairs <= 2).all()
    assert "2 runs failed" in report.render(found.tables, found.manifest)


def test_rules_of_the_past_are_noticed() -> None:
    own = Variant(("baseline",), {"licensing.search_breadth": 9.0})
    assert rule_differences.first_difference(Variant(), own, 24) == (0, ["licensing.search_breadth"])
    later = parse("baseline+capital.supply=0.5", "2001-07")
    assert rule_differences.first_difference(Variant(), later, 24) == (18, ["capital.supply"])
    assert rule_differences.first_difference(Variant(), later, 18) is None
    request = Request(Variant(), own, (1,), branch=BRANCH)
    assert "already from 2000-01 on (licensing.search_breadth)" in compare.history_note(request)


class Page(HTMLParser):
    """Collects what a page asks for from elsewhere, and whether its elements close."""

    VOID = {"meta", "link", "br", "img", "input", "hr"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.requests: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "action", "data") or (
                name.endswith("href") and not str(value).startswith("#")
            ):
                self.requests.append(f"{tag} {name}={value}")
            if name == "id":
                self.ids.append(str(value))
        if tag in ("script", "link", "iframe", "object", "img"):
            self.requests.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def html(drier: Comparison) -> str:
    return report.render(drier.tables, drier.manifest)


def test_the_report_is_one_whole_page_that_asks_for_nothing(html: str) -> None:
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    assert page.requests == []
    assert not re.search(r"@import|url\((?!#)|http-equiv|fetch\(", html)
    assert "http://" not in html
    assert "https://" not in html


def test_the_report_says_what_it_should(html: str, drier: Comparison) -> None:
    for text in ("drier", "Capital leaves.", "capital.supply", "own assumption", "Venture capital", "Student's t",
                 drier.manifest["content_hash"]):  # fmt: skip
        assert text.replace("'", "’") in html or text in html
    assert html.count("<svg") == html.count('role="img"') >= 6
    for region in theme.REGIONS:
        assert f"var(--{region})" in html


def test_texts_of_scenarios_are_data_and_never_markup(drier: Comparison) -> None:
    evil = "<script>alert(1)</script>"
    manifest = {**drier.manifest, "b": {**drier.manifest["b"], "label": evil, "own_story": evil}}
    assert "<script" not in report.render(drier.tables, manifest)


def test_a_report_of_nothing_changed(nothing: Comparison) -> None:
    html = report.render(nothing.tables, nothing.manifest)
    assert "The rules of both are the same." in html
    assert "No main figure moves" in html


def test_figures_are_the_same_each_time(drier: Comparison) -> None:
    rows = report_texts.main_effects(drier.tables["effects"])
    assert theme.svg(forest(rows), "effects") == theme.svg(forest(rows), "effects")


def test_the_summary_has_its_sections(drier: Comparison) -> None:
    sections = summarise(drier)
    assert {"rules", "effects", "expectations", "assets"} <= set(sections)
    assert all(len(row) == len(section.columns) for section in sections.values() for row in section.rows)
