"""The player: what it shows is what a market plays, wherever one goes and whatever is changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.errors import RequestError
from experiments.settings import Settings
from model import PharmaMarket
from model.market import LAST_MONTH
from scenarios import Change, Scenario, trace
from viz.player import columns, levers, session, telling
from viz.player.board import BOARDS, MEASURES
from viz.player.desk import read_levers
from viz.player.keyframes import Keyframe, Keyframes
from viz.player.line import Line
from viz.player.player import Player
from viz.player.recording import Recording

SCALE = 0.02


@pytest.fixture(scope="module", autouse=True)
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Recordings are kept where nobody else's are."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("cache")
        patch.setenv("XDG_CACHE_HOME", str(home))
        yield home


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


class Screen:
    """A page that draws at once."""

    def __init__(self, **settings: Any) -> None:
        self.frames: list[dict[str, Any]] = []
        self.words: list[dict[str, Any]] = []
        self.player = Player(Settings(scale=SCALE, **settings), self.draw)

    def draw(self, frame: dict[str, Any]) -> None:
        if frame["serial"] < 0:
            self.words.append(frame["status"])
            return
        self.frames.append(frame)
        self.player.acknowledge(frame["serial"])

    def until(self, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        ends = time.monotonic() + 30
        while not (self.frames and true(self.frames[-1])):
            assert time.monotonic() < ends, self.frames[-1:]
            time.sleep(0.005)
        return self.frames[-1]


@pytest.fixture
def screen() -> Iterator[Screen]:
    found = Screen()
    yield found
    found.player.close()
    found.player._thread.join(10)
    assert not Path(found.player._folder.name).exists()


def test_it_waits_plays_and_pauses(screen: Screen) -> None:
    assert screen.until(lambda f: f["status"]["ready"])["clock"] == "2000-01"
    screen.player.speed(60)
    screen.player.play()
    screen.until(lambda f: f["shown"] > 12)
    screen.player.pause()
    last = screen.until(lambda f: not f["status"]["playing"])
    time.sleep(0.1)
    assert screen.frames[-1]["shown"] == last["shown"]
    steps = np.diff([frame["shown"] for frame in screen.frames])
    assert (steps >= 0).all()


def test_steps_and_jumps(screen: Screen) -> None:
    screen.player.step()
    assert screen.until(lambda f: f["shown"] == 2)["clock"] == "2000-02"
    screen.player.step(-1)
    screen.until(lambda f: f["shown"] == 1)
    screen.player.step(-1)
    screen.player.seek(59)
    assert screen.until(lambda f: f["shown"] == 60)["clock"] == "2004-12"
    screen.player.seek(3)
    assert screen.until(lambda f: f["shown"] == 4)["rows"] == ""


def test_the_way_to_a_month_is_told_and_can_be_given_up(screen: Screen) -> None:
    screen.player.seek(479)
    assert screen.until(lambda f: f["status"]["goal"] == 480)["shown"] == 1
    ends = time.monotonic() + 20
    while len(screen.words) < 2 and time.monotonic() < ends:
        time.sleep(0.01)
    ways = [status["way"] for status in screen.words[:2]]
    assert all(way["to"] == "2039-12" and 0 < way["share"] < 1 for way in ways) and ways[0]["at"] < ways[1]["at"]
    screen.player.pause()
    assert screen.until(lambda f: not f["status"]["goal"])["shown"] == 1
    assert screen.frames[-1]["status"]["way"] is None


@pytest.mark.slow
def test_what_was_played_to_the_end_is_there_at_once(screen: Screen) -> None:
    screen.player.seek(491)
    assert screen.until(lambda f: f["shown"] == 492)["clock"] == "2040-12"
    screen.player.play()
    assert screen.until(lambda f: f["status"]["playing"])["shown"] < 12
    screen.player.close()
    screen.player.join()
    again = Screen()
    again.player.seek(400)
    again.until(lambda f: f["shown"] == 401)
    assert again.player.line and again.player.line.over and again.player.line.market.month < 12
    again.player.lever("capital.supply", 0.2)
    again.until(lambda f: "ghost" in f)
    assert again.player.line.months < 420 and again.player.ghost and again.player.ghost.market.month == 401
    again.player.close()


@pytest.mark.slow
def test_a_world_played_before_anybody_looks_is_taken_over_or_leaves_what_was_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("solara.get_kernel_id", lambda: "one")
    wanted, other = (Settings(scale=SCALE, seed=seed) for seed in (21, 22))
    session.rehearse(wanted)
    (early,) = session._rehearsals
    taken, new = session.player(wanted)
    assert taken is early and new and session.player(wanted) == (taken, False)
    session.close("one")
    session.rehearse(other)
    (late,) = session._rehearsals
    late.wait()
    late.join()
    assert not session._rehearsals
    assert Recording(PharmaMarket(rng=22, scale=SCALE)).history().months == LAST_MONTH
    session.rehearse(other)
    (unwanted,) = session._rehearsals
    assert session.player(wanted)[0] not in (early, unwanted)
    unwanted.join()
    session.close("one")


def test_levers_leave_a_ghost_and_can_be_undone(screen: Screen) -> None:
    screen.player.seek(23)
    screen.until(lambda f: f["shown"] == 24)
    screen.player.lever("capital.supply", 0.2)
    frame = screen.until(lambda f: "ghost" in f)
    assert frame["keep"] <= 24 and frame["status"]["levers"] == [
        {"from": "2002-01", "name": "capital.supply", "value": 0.2}
    ]
    screen.player.seek(47)
    screen.until(lambda f: f["shown"] == 48 and not f["status"]["goal"])
    assert screen.player.line and screen.player.ghost
    venture = columns.PLACE["regional.US.venture"]
    played, untouched = (one.history.rows[47, venture] for one in (screen.player.line, screen.player.ghost))
    assert played < 0.6 * untouched
    screen.player.lever("capital.supply", -1)
    assert "allowed range" in screen.until(lambda f: bool(f["status"]["error"]))["status"]["error"]
    screen.player.untouched()
    screen.until(lambda f: not f["status"]["levers"])
    assert "ghost" not in screen.frames[-1]


def test_links_bring_levers_back(screen: Screen) -> None:
    screen.player.restore(read_levers("2001-01:capital.supply=0.2;2002-01:licensing.open=0"), 29)
    frame = screen.until(lambda f: f["shown"] == 30)
    assert [one["name"] for one in frame["status"]["levers"]] == ["capital.supply", "licensing.open"]


@pytest.mark.parametrize(
    "text", ["2001-01:capital.supply=x", "2001-01:no.lever=1", "then:capital.supply=1", "2050-01:capital.supply=1"]
)
def test_wrong_levers_in_links_are_told(text: str) -> None:
    with pytest.raises(RequestError, match="levers"):
        read_levers(text)


def test_one_frame_waits_for_the_last() -> None:
    found: list[dict[str, Any]] = []
    player = Player(Settings(scale=SCALE), found.append)
    ends = time.monotonic() + 20
    while not found and time.monotonic() < ends:
        time.sleep(0.005)
    player.speed(200)
    player.play()
    time.sleep(0.3)
    assert len(found) == 1
    player.acknowledge(found[-1]["serial"])
    time.sleep(0.2)
    assert len(found) == 2 and found[-1]["shown"] > 3
    player.close()


def test_broken_worlds_say_so() -> None:
    found: list[dict[str, Any]] = []
    player = Player(Settings(("no-such-scenario",), scale=SCALE), found.append)
    player._thread.join(20)
    assert "no-such-scenario" in found[-1]["status"]["error"] and not player.alive


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
