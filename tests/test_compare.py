"""Comparisons end to end in a very small world: zero where nothing differs, the truth where something does."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Pharmarket, environment

from experiments import asset_differences, compare, expectations, measures, rule_differences, yearly
from experiments.catalogue import MAIN, MAIN_REGIONAL, REGIONAL, WORLD, Series
from experiments.compare import Comparison, Request
from experiments.compare_summary import summarise
from experiments.errors import RequestError
from experiments.pairs import Played
from experiments.variants import Variant, parse
from model import PharmaMarket
from model.clock import NEVER
from model.observation import recorder
from scenarios import Scenario
from scenarios.schema import Expectation
from viz import report, report_texts, theme
from viz.charts.intervals import forest

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


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One cache for all tests of this file, away from that of the user."""
    place = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(place))
        yield place


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


def test_an_expectation_of_nothing_is_unclear() -> None:
    one = Expectation(column="firms", direction="up")
    values = np.random.default_rng(1).normal(5, 1, (4, 24, 1))
    frame = expectations.judge([one], values, values + np.array([1, -1, 2, -2])[:, None, None], 0, 0, 24)
    assert list(frame.verdict) == ["unclear"]
    with pytest.raises(RequestError, match="no column 'regional"):
        expectations.position("regional.XX.firms")


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


def test_assets_are_aligned_by_identity() -> None:
    def moved(rows: list[tuple[int, int, int, int]]) -> dict[str, np.ndarray]:
        asset, month, modes, partner = (np.array(column, np.int64) for column in zip(*rows))
        same = {name: np.zeros(len(rows), np.int64) for name in ("area", "origin", "modality", "started", "originator")}
        return {"asset": asset, "first_approval": month, "modes": modes, "partner": partner, **same}

    a = moved([(11, 30, 1, -1), (12, 30, 2, 7), (13, 30, 1, -1), (15, NEVER, 0, 8)])
    b = moved([(11, 30, 1, -1), (12, 28, 1, -1), (14, 31, 3, 9), (15, NEVER, 0, 9)])
    found = asset_differences.align(a, b, NEVER)
    assert list(found["asset"]) == [11, 12, 13, 14, 15]
    assert [asset_differences.APPROVAL[code] for code in found["approval"]] == [
        "same month", "earlier in B", "only A", "only B", "neither"]  # fmt: skip
    assert [asset_differences.PARTNERS[code] for code in found["partner"]] == [
        "none",
        "only A",
        "none",
        "only B",
        "another",
    ]
    counts = asset_differences.counts([found]).set_index(["question", "fate"]).assets
    assert counts["Route to market", "by a partner in A, alone in B"] == 1
    assert counts["First approval", "only in A"] == 1
    frame = asset_differences.frame({5: found}, NEVER)
    assert list(frame.asset) == [12, 13, 14, 15]
    assert frame.months_later_in_b.iloc[0] == -2


def test_years_and_horizons() -> None:
    series = (Series("flow", "", "", "sum", 10.0), Series("stock", "", "", "last"), Series("share", "", "", "mean"))
    months = np.arange(18, dtype=float)
    values = np.stack([months, months, np.where(months < 6, np.nan, months)], axis=-1)[None]
    years, levels = yearly.by_year(values, 24, series)
    assert list(years) == [2002, 2003]
    np.testing.assert_allclose(levels[0], [[660, 11, 8.5], [870, 17, 14.5]])
    np.testing.assert_allclose(yearly.over(values, series)[0], [1530, 8.5, 11.5])


def test_every_figure_is_described() -> None:
    assert set(recorder.INDICATORS) == {series.name for series in WORLD}
    assert set(recorder.REGIONAL) == {series.name for series in REGIONAL}
    assert set(MAIN) <= set(recorder.INDICATORS)
    assert set(MAIN_REGIONAL) <= set(recorder.REGIONAL)


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


def test_colours_of_the_theme_are_distinct() -> None:
    light = [pair[0] for pair in theme.COLOURS.values()]
    assert len(set(light)) == len(light)
    assert all(re.fullmatch(r"#[0-9a-f]{6}", shade) for pair in theme.COLOURS.values() for shade in pair)


def test_the_summary_has_its_sections(drier: Comparison) -> None:
    sections = summarise(drier)
    assert {"rules", "effects", "expectations", "assets"} <= set(sections)
    assert all(len(row) == len(section.columns) for section in sections.values() for row in section.rows)


def test_the_command(pharmarket: Pharmarket, tmp_path: Path) -> None:
    small = ("--seeds", "2", "--from", BRANCH, "--until", "2002-06", "--scale", "0.02")
    done = pharmarket("compare", "baseline", "baseline+capital.supply=0.5", *small, "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert "What changes" in done.stdout
    folder = tmp_path / "out" / "baseline-vs-baseline+capital.supply=0.5"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert {path.stem for path in folder.glob("*.parquet")} == set(manifest["rows"])
    assert (folder / "report.html").read_text("utf-8").startswith("<!doctype html>")
    pd.testing.assert_series_equal(
        pd.read_parquet(folder / "runs.parquet").seed, pd.Series([1, 1, 2, 2], name="seed"), check_dtype=False
    )
    machine = pharmarket(
        "compare",
        "baseline",
        "baseline+capital.supply=0.5",
        *small,
        "--workers",
        "1",
        "--json",
        "--no-report",
        "--out",
        "again",
    )
    assert json.loads(machine.stdout)["manifest"]["content_hash"] == manifest["content_hash"]
    assert not (tmp_path / "again" / "report.html").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["baselin", "baseline"], "nearest: baseline"),
        (["baseline", "baseline+capital.suply=1"], "capital.supply"),
        (["baseline", "baseline", "--from", "2030-01", "--until", "2029-01"], "2029-01"),
        (["baseline", "baseline", "--seeds", "0"], "seeds"),
    ],
)
def test_a_wrong_request_is_refused(pharmarket: Pharmarket, tmp_path: Path, words: list[str], message: str) -> None:
    done = pharmarket("compare", *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_neither_files_nor_processes(tmp_path: Path, own_cache: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "experiments.cli",
        "compare",
        "baseline",
        "baseline",
        "--scale",
        "0.5",
        "--seeds",
        "4",
    ]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment(XDG_CACHE_HOME=str(tmp_path / "cache")), stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    time.sleep(4.0)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "interrupted" in errors
    assert not (tmp_path / "out").exists()
    until = time.monotonic() + 20
    while living(process.pid) and time.monotonic() < until:
        time.sleep(0.1)
    assert living(process.pid) == ""


def living(session: int) -> str:
    """The processes of a session that have not ended."""
    return subprocess.run(["ps", "-o", "pid=,args=", "-s", str(session)], capture_output=True, text=True).stdout
