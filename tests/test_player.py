"""The player: what it shows is what a market plays, wherever one goes and whatever is changed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from model import PharmaMarket
from scenarios import Change, Scenario, trace
from viz.player import columns, levers, telling
from viz.player.board import BOARDS, MEASURES
from viz.player.keyframes import Keyframe, Keyframes
from viz.player.line import Line
from viz.player.recording import Recording

pytestmark = pytest.mark.usefixtures("own_cache")
SCALE = 0.02


def market_at(line: Line, months: int) -> PharmaMarket:
    market = line.market_before(months)
    return market.run_until(months - market.month)


@pytest.fixture(scope="module")
def writer() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory, writer: ThreadPoolExecutor) -> Line:
    """Six years, whose early states have gone to the disk."""
    found = Line.begin(PharmaMarket(rng=3, scale=SCALE), tmp_path_factory.mktemp("states"), writer)
    for _ in range(72):
        found.play()
    writer.submit(lambda: None).result()
    return found


def test_what_is_shown_is_what_was_played(line: Line) -> None:
    market = PharmaMarket(rng=3, scale=SCALE).run_until(72)
    rows, place = line.history.rows[:72], columns.PLACE
    figures = market.indicators
    for name in columns.STOCKS:
        np.testing.assert_array_equal(rows[:, place[name]], figures[name].to_numpy(np.float32))
    year = figures["deal_headline"].iloc[-12:].sum()
    assert rows[-1, place["deal_headline"]] == pytest.approx(year, rel=1e-5)
    china = market.regional.query("region == 'CN'")["net_sales"].iloc[-12:].sum()
    assert rows[-1, place["regional.CN.net_sales"]] == pytest.approx(china, rel=1e-5)
    launches = market.table("launches")
    recent = launches[launches["month"] >= "2005-01-01"]["mode"].value_counts()
    assert rows[-1, place["launches.licensee"]] == recent["licensee"]


def test_flows_between_regions_are_the_deals(line: Line) -> None:
    deals = line.market.table("deals")
    month = deals[deals["month"] == "2003-05-01"]
    assert line.history.flows[40, 1].sum() == len(month)
    assert line.history.flows[40, 0].sum() == pytest.approx(month["headline"].sum(), rel=1e-5)


def test_states_on_the_disk_play_on_alike(line: Line) -> None:
    assert [frame.world is None for frame in line.keyframes.kept][:3] == [True, True, True]
    market, fresh = market_at(line, 35), PharmaMarket(rng=3, scale=SCALE).run_until(35)
    np.testing.assert_array_equal(market.world.firms.cash, fresh.world.firms.cash)


def test_a_branch_differs_from_its_month_on_only(line: Line) -> None:
    branch = line.branch(market_at(line, 30), "capital.supply", 0.2)
    for _ in range(12):
        branch.play()
    rows, other = branch.history.rows[:42], line.history.rows[:42]
    np.testing.assert_array_equal(rows[:30], other[:30])
    venture = columns.PLACE["regional.US.venture"]
    assert rows[41, venture] < 0.6 * other[41, venture]
    rule = Scenario(title="less", changes=[Change(value="capital.supply", set=0.2, from_="2002-07")])
    same = PharmaMarket(rng=3, scale=SCALE).run_until(30).branch([rule]).run_until(12)
    np.testing.assert_array_equal(branch.market.world.firms.cash, same.world.firms.cash)


def test_recordings_come_back_in_whole_chapters_or_not_at_all(line: Line, tmp_path: Path) -> None:
    recording = Recording(PharmaMarket(rng=3, scale=SCALE), tmp_path)
    assert recording.history().months == 0
    recording.keep(line.history, 72)
    known = recording.history()
    assert known.months == 72 and known.news == line.history.news
    for name in ("rows", "leaders", "flows"):
        np.testing.assert_array_equal(getattr(known, name), getattr(line.history, name))
    assert Recording(PharmaMarket(rng=4, scale=SCALE), tmp_path).history().months == 0
    (file,) = tmp_path.glob("*.npz")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert recording.history().months == 0 and not file.exists()


def test_worlds_whose_rules_part_later_share_what_was_seen(line: Line, tmp_path: Path) -> None:
    def less(month: str) -> Scenario:
        return Scenario(title="less", changes=[Change(value="capital.supply", set=0.2, from_=month)])

    later, sooner = (PharmaMarket(["baseline", less(month)], rng=3, scale=SCALE) for month in ("2006-01", "2005-12"))
    assert Recording(sooner).history().months == 0
    other = Line.begin(later, tmp_path, line.keyframes.writer)
    assert other.months == other.market.month == 72
    for _ in range(73 - other.market.month):
        other.play()
    whole = PharmaMarket(["baseline", less("2006-01")], rng=3, scale=SCALE).run_until(73)
    np.testing.assert_array_equal(other.market.world.firms.cash, whole.world.firms.cash)
    np.testing.assert_array_equal(other.history.rows[72], columns.row(whole.world))


def test_states_that_are_gone_are_played_again(line: Line, tmp_path: Path) -> None:
    market = PharmaMarket(rng=3, scale=SCALE)
    gone = Keyframe(market, 48, tmp_path, "gone")
    broken = Keyframe(market, 60, tmp_path, "broken")
    broken.file.write_bytes(b"nothing")
    keyframes = Keyframes(tmp_path, line.keyframes.writer, [*line.keyframes.until(24).kept, gone, broken])
    assert keyframes.market_before(60).month == 24


def test_wrong_levers_are_refused(line: Line) -> None:
    with pytest.raises(ValueError, match="allowed range"):
        line.branch(market_at(line, 30), "capital.supply", 1e9)
    assert line.months == 72


def test_causal_logs_end_where_one_looks(line: Line) -> None:
    deals = line.market.table("deals")
    deal = int(deals.sort_values("headline")["deal"].iloc[-1])
    whole, early = (telling.why(line.market, f"deal:{deal}", months, 300) for months in (72, 1))
    assert whole["lines"] and len(early["lines"]) < len(whole["lines"])
    for news in line.history.feed(72):
        assert telling.why(line.market, news["about"], 72, 5)["lines"], news


def test_levers_know_what_is_planned_for_them() -> None:
    plans = telling.plans(("decoupling",))
    assert set(plans) <= set(levers.known())
    assert all(dates == sorted(dates, key=lambda date: date["month"]) for dates in plans.values())
    planned = {change.value for one, _ in trace(("decoupling",)) for change in one.changes if change.from_}
    assert set(plans) & planned


def test_dates_of_rules() -> None:
    marks = telling.marks(("decoupling",))
    assert any(mark["own"] for mark in marks) and not all(mark["own"] for mark in marks)
    assert marks == sorted(marks, key=lambda mark: mark["month"])


def test_levers_are_those_of_the_model() -> None:
    market = PharmaMarket(scale=SCALE)
    assert set(levers.FEATURED) <= set(levers.known())
    for name, lever in list(levers.known().items())[::40]:
        assert lever["low"] <= levers.now(market.values, name, 300) <= lever["high"]


def test_charts_have_titles_and_units() -> None:
    assert len({board.key for board in BOARDS}) == len(BOARDS)
    assert all(board.title and board.words and board.series for board in BOARDS)
    assert all(f"regional.US.{measure}" in columns.PLACE for measure in MEASURES)
