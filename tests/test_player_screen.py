"""The player behind a page: playing, pausing, steps, jumps, levers and what the page is told of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.errors import RequestError
from experiments.settings import Settings
from model import PharmaMarket
from model.market import LAST_MONTH
from viz.player import columns, session
from viz.player.desk import read_levers
from viz.player.player import Player
from viz.player.recording import Recording

pytestmark = pytest.mark.usefixtures("own_cache")
SCALE = 0.02


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
