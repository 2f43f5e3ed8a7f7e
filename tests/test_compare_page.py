"""What the page Compare asks, words and draws, without a browser."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import solara

from experiments.compare import Comparison, play
from experiments.errors import RequestError
from viz import amounts, strips
from viz.charts import fan_options, map_options
from viz.compare import exports, rows
from viz.compare.asked import Asked, asked, pieces
from viz.compare.work import Found, Kept
from viz.link import Link, parse
from viz.studio import shelf
from viz.studio.link import packed

SMALL = Asked(("baseline",), ("baseline", "capital.supply=0.02"), 3, 0.05, "2001-01", "2002-12")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comparison]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        request = SMALL.request()
        yield play(type(request)(**{**vars(request), "workers": 1}))


# --- what is asked


def test_a_question_survives_its_link() -> None:
    link = Link(more=SMALL.words())
    assert asked(parse(link.search()).more) == SMALL
    assert asked({}) == Asked()
    assert asked({}, ("biosecure", "ira-off")).b == ("biosecure", "ira-off")


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        (Asked(seeds=0), "seeds"), (Asked(seeds=51), "seeds"), (Asked(scale=2.0), "scale"), (Asked(a=()), "A: choose"),
        (Asked(b=("/etc/passwd",)), "B: .*'/etc/passwd'"), (Asked(b=("pyproject.toml",)), "B: .*'pyproject.toml'"),
        (Asked(b=("no-such",)), "no-such"), (Asked(b=("no.value=3",)), "no.value"), (Asked(begin="soon"), "soon"),
        (Asked(until="2024-12"), "until"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_told(wrong: Asked, match: str) -> None:
    with pytest.raises(RequestError, match=match):
        wrong.request()


def test_a_text_of_the_studio_is_a_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    text = 'title = "Dry"\n\n[[change]]\nvalue = "capital.supply"\nset = 0.5\nfrom = "2026-01"\nsource = "test"\n'
    shelf.save("dry", text)
    code = packed(text)
    assert pieces((code,))[code] == "dry (own)"
    request = Asked(b=("baseline", code)).request()
    assert request.b.rules().title.endswith("Dry")
    assert asked(parse(Link(more=Asked(b=(code,)).words()).search()).more).b == (code,)


def test_a_link_with_a_word_for_a_number_is_told() -> None:
    with pytest.raises(RequestError, match="seeds: 'many'"):
        asked({"seeds": "many"})


def test_only_the_last_comparisons_are_kept(found: Comparison) -> None:
    kept, questions = Kept(2), [Asked(seeds=seeds) for seeds in (1, 2, 3)]
    for question in questions[:2]:
        kept.keep(question, Found(found, {}))
    assert kept.get(questions[0]) is not None
    kept.keep(questions[2], Found(found, {}))
    assert [kept.get(question) is None for question in questions] == [False, True, False]


# --- words and strips


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1712, "bn US$", "1.71 tn US$"), (-23.27, "m patient-years", "−23.3 m patient-years"), (62.41, "% of deals", "62.4 %"),
        (12345, "candidates", "12,345 candidates"), (0.00436, "bn US$", "0.0044 bn US$"), (None, "days", "– days"),
        (math.inf, "ratio", "∞"), (0.5, "0-1", "0.50"),
    ],
)  # fmt: skip
def test_amounts_read_like_people_say_them(value: float, unit: str, text: str) -> None:
    assert amounts.amount(value, unit) == text


def test_signs_and_spans() -> None:
    assert amounts.number(2.5, signed=True) == "+2.50"
    assert amounts.number(-0.00001, signed=True) == "0.0000"
    assert amounts.span(-1500, 20, "bn US$") == "−1.50 to 0.020 tn US$"
    assert amounts.per_cent(-0.0432) == "−4.3 %"
    assert amounts.whole("bn US$") == (1e9, "US$")
    assert amounts.whole("% of deals") == (1.0, "% of deals")


def test_strips_share_a_scale_that_holds_zero() -> None:
    ends = strips.scale([(-0.5, -0.3, -0.1), (0.1, 0.2, 9.0)])
    assert ends[0] < -0.45 <= 0 < ends[1] < 1
    low, high = (strips.around_zero(*one, ends) for one in ((-0.5, -0.3, -0.1), (0.1, 0.2, 9.0)))
    assert low.zero == high.zero
    assert low.dot < low.zero < high.dot
    assert (low.verdict, high.verdict) == ("loss", "gain")
    assert not high.cut_left and high.cut_right
    unknown = strips.around_zero(math.nan, 0.1, math.nan, ends)
    assert unknown.hollow and unknown.verdict == "still"


@pytest.mark.parametrize(
    ("middle", "verdict", "dot"), [(10.0, "gain", 100 / 3), (15.0, "gain", 50), (30.0, "loss", 100)]
)
def test_the_accepted_band_is_the_middle_third(middle: float, verdict: str, dot: float) -> None:
    strip = strips.in_band(middle - 1, middle, middle + 1, (10.0, 20.0))
    assert (strip.verdict, strip.dot) == (verdict, pytest.approx(dot, abs=0.01))


# --- rows and charts of a comparison


def test_main_effects_say_what_the_table_says(found: Comparison) -> None:
    frame = found.tables["effects"]
    periods = rows.periods(frame)
    assert periods[0] == "2001-01 to 2002-12"
    shown = {row.name: row for row in rows.main_effects(frame, periods[0])}
    venture = frame[(frame.indicator == "venture") & (frame.period == periods[0])].iloc[0]
    assert venture.effect < 0
    assert shown["venture"].effect == amounts.number(venture.effect, signed=True)
    assert shown["venture"].relative == amounts.per_cent(venture.relative)
    assert rows.standing_out(frame)[0].share == max((row.share for row in rows.standing_out(frame)), key=abs)


def test_what_moves_most_is_shown_first(found: Comparison) -> None:
    effects, regional = found.tables["effects"], found.tables["regional_effects"]
    world, region = rows.most_moved(effects, regional)
    assert world == rows.standing_out(effects)[0].name
    still = regional.assign(low=-1.0, high=1.0)
    clear = still.mask(still.indicator == "venture", still.assign(low=1.0))
    assert rows.most_moved(effects.assign(low=-1.0, high=1.0), clear) == ("net_sales", "venture")
    assert region in set(regional.indicator)


def test_winners_by_largest_and_by_figure(found: Comparison) -> None:
    frame = found.tables["winners"]
    for row in rows.winners(frame, "firms", rows.LARGEST):
        assert row.verdict != "still"
    every = rows.winners(frame, "region", "venture")
    shares = [row.share for row in every]
    assert shares == sorted(shares, reverse=True)
    assert {row.who for row in every} <= set(frame[frame.dimension == "region"].group)
    assert next(iter(rows.figures_of(frame, "area"))) == rows.LARGEST


def test_assets_are_those_of_the_question(found: Comparison) -> None:
    assets = found.tables["asset_differences"]
    assert len(assets)
    for question, (column, value) in rows.ASSET_QUESTIONS.items():
        chosen = rows.differing(assets, question)
        if value:
            assert (chosen[column] == value).all(), question
            assert len(chosen) == (assets[column] == value).sum()
    region = assets.origin_region.iloc[0]
    chosen = rows.differing(assets, "First deal only in A", region)
    assert (chosen.origin_region == region).all()
    assert len(rows.asset_rows(assets)) == min(len(assets), rows.MOST_ASSETS)


def test_fans_hold_the_medians_between_the_ends(found: Comparison) -> None:
    frame = found.tables["effects_by_year"]
    venture = frame[(frame.indicator == "venture") & (frame.region == "world")]
    option = fan_options.fan(venture, 2001.0, ("A: one", "B: two"), "source")
    low, width, median = (np.array(series["data"], float) for series in option["series"][:3])
    assert (low <= median * (1 + 1e-5)).all() and (median <= (low + width) * (1 + 1e-5)).all()
    assert option["title"]["text"] == "Venture capital, US$"
    assert median == pytest.approx(venture.sort_values("year").a_median.to_numpy() * 1e9, rel=1e-5)
    assert option["xAxis"]["data"] == ["2000", "2001", "2002"]
    effect = fan_options.difference(venture, 2001.0, "source")["series"][2]["data"]
    assert effect == pytest.approx(venture.sort_values("year").effect.to_numpy() * 1e9, rel=1e-5)


def test_both_maps_are_on_one_scale(found: Comparison) -> None:
    frame = found.tables["effects_by_year"]
    frame = frame[(frame.indicator == "venture") & (frame.region != "world")]
    scale, now = map_options.extent(frame), frame[frame.year == 2002]
    maps = [map_options.level(now, side, scale, "title", "source") for side in "ab"]
    assert maps[0]["visualMap"]["max"] == maps[1]["visualMap"]["max"] >= now.mean_a.max() * 1e9
    assert {one["name"] for one in maps[0]["series"][0]["data"]} == set(now.region)
    change = map_options.change(now, 25.0, "title", "source")
    values = {one["name"]: one["value"] for one in change["series"][0]["data"]}
    row = now[now.region == "US"].iloc[0]
    clear = row.low > 0 or row.high < 0
    assert values["US"] == (pytest.approx(100 * row.relative, rel=1e-3) if clear else None)


def test_every_figure_and_place_can_be_drawn(found: Comparison) -> None:
    frame = found.tables["effects_by_year"]
    for (name, place), part in frame.groupby(["indicator", "region"]):
        for option in (fan_options.fan(part, 2001.0, ("A", "B"), ""), fan_options.difference(part, 2001.0, "")):
            assert json.dumps(option, allow_nan=False), (name, place)
    for name, part in frame[frame.region != "world"].groupby("indicator"):
        scale, now = map_options.extent(part), part[part.year == 2001]
        for option in (map_options.level(now, "b", scale, "", ""), map_options.change(now, 25.0, "", "")):
            assert json.dumps(option, allow_nan=False), name


def test_files_hold_the_tables(found: Comparison) -> None:
    files = exports.files(found.tables, found.manifest)
    with zipfile.ZipFile(io.BytesIO(files["tables-parquet.zip"])) as archive:
        assert {f"{name}.parquet" for name in found.tables} | {"manifest.json"} == set(archive.namelist())
        effects = pd.read_parquet(io.BytesIO(archive.read("effects.parquet")))
        assert json.loads(archive.read("manifest.json"))["content_hash"] == found.manifest["content_hash"]
    pd.testing.assert_frame_equal(effects, found.tables["effects"])
    assert len(pd.read_csv(io.BytesIO(files["effects.csv"]))) == len(effects)
    assert files["forest.png"].startswith(b"\x89PNG")
    assert files["report.html"].startswith(b"<!doctype html>")


# --- panels without a browser


def test_one_panel_fails_alone(found: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    from viz.pages import compare_results

    def broken(*_: Any) -> None:
        raise ValueError("no such group")

    monkeypatch.setattr(compare_results.rows, "winners", broken)
    box, rc = solara.render(compare_results.Results(Found(found, {})), handle_error=False)
    texts = " ".join(_texts(box))
    rc.close()
    assert "Winners and losers cannot be shown" in texts and "no such group" in texts
    assert "What stands out in B" in texts and "Medicine by medicine" in texts


def _texts(widget: Any) -> Iterator[str]:
    for child in getattr(widget, "children", ()):
        yield from [child] if isinstance(child, str) else _texts(child)
