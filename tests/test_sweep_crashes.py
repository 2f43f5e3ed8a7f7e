"""What is done is what is on disk: whatever is killed, and whenever, the same rows come out and none is played twice."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from crashes import (
    DESIGN,
    MARKET,
    MARKET_DESIGN,
    PLAYER,
    RUNS,
    alive,
    assert_clean,
    assert_whole,
    begun,
    launched,
    players,
    until,
)

from experiments.errors import RequestError, RunError
from experiments.sweeps import chunk, create, driver, engines, rows
from experiments.sweeps.driver import sweep
from experiments.sweeps.status import status
from experiments.sweeps.store import Store


def test_killed_workers(tmp_path: Path, log: Path, expected: str) -> None:
    """kill -9 of a pool worker, again and again at random moments, while the driver goes on."""
    kills = 3
    with launched(tmp_path / "sweep") as leader:
        for kill in range(kills):
            seen = (kill + 1) * RUNS // (kills + 2)
            until(lambda seen=seen: len(begun(log)) >= seen)  # type: ignore[misc]
            time.sleep(random.random() * 0.05)
            os.kill(players(log)[0], signal.SIGKILL)
            pid = players(log)[0]
            until(lambda pid=pid: players(log)[0] != pid)  # type: ignore[misc]
        assert leader.wait(60) == 0
    assert_whole(tmp_path / "sweep", expected, log, 2 * kills)  # a pool that breaks ends its other worker too


def test_killed_driver(tmp_path: Path, log: Path, expected: str) -> None:
    """kill -9 of the driver: its workers end at once, and another call finishes what it began."""
    for share in (0.2, 0.5):
        with launched(tmp_path / "sweep") as leader:
            until(lambda share=share: len(begun(log)) >= share * RUNS)  # type: ignore[misc]
            time.sleep(random.random() * 0.05)
            os.kill(leader.pid, signal.SIGKILL)
            until(lambda: not any(map(alive, players(log))), 5)
    found = status(tmp_path / "sweep")
    assert 0 < found["done"] < RUNS
    assert not found["at_work"]
    sweep(DESIGN, tmp_path / "sweep", workers=2, player=PLAYER)
    assert_whole(tmp_path / "sweep", expected, log, 4)


@pytest.mark.slow
def test_killed_worker_and_driver_of_the_market(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """kill -9 of a worker, then of the driver, while the market itself is played from pasts that runs share."""
    undisturbed = sweep(MARKET_DESIGN, tmp_path / "serial", engine="serial", player=MARKET)
    log, runs = tmp_path / "log", undisturbed.runs
    monkeypatch.setenv("PLAYER_LOG", str(log))
    with launched(tmp_path / "sweep", player=MARKET) as leader:
        until(lambda: len(begun(log)) >= runs // 4)
        time.sleep(random.random() * 0.1)
        os.kill(players(log)[0], signal.SIGKILL)
        until(lambda: len(begun(log)) >= runs // 2)
        time.sleep(random.random() * 0.1)
        os.kill(leader.pid, signal.SIGKILL)
        until(lambda: not any(map(alive, players(log))), 5)
    assert 0 < status(tmp_path / "sweep")["done"] < runs
    sweep(MARKET_DESIGN, tmp_path / "sweep", workers=2, player=MARKET)
    assert_whole(tmp_path / "sweep", rows.store_hash(undisturbed), log, 4)


def test_parts_that_begin_at_the_same_time(tmp_path: Path) -> None:
    """Whoever comes first says what the sweep is, in how many chunks; the others play that."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(4)
    made = [context.Process(target=make_store, args=(tmp_path / "sweep", workers, barrier)) for workers in (1, 2, 3, 4)]
    for one in made:
        one.start()
    for one in made:
        one.join(60)
    assert [one.exitcode for one in made] == [0, 0, 0, 0]
    chunks = {path.read_text() for path in tmp_path.glob("seen-*")}
    assert chunks == {str(Store(tmp_path / "sweep").about["chunks"])}
    assert not list(tmp_path.rglob("*.partial-*"))


def test_a_design_that_comes_second_leaves_the_plan_of_the_first(tmp_path: Path, expected: str) -> None:
    """Both have seen a free folder: only one of them gets it, with its own plan."""
    folder, other = tmp_path / "sweep", DESIGN.model_copy(update={"entropy": 2})
    first = create.store_for(create.checked(DESIGN, player=PLAYER), folder, 1)
    create._make(create.checked(other, player=PLAYER), folder, 1)
    assert rows.store_hash(sweep(DESIGN, first.folder, engine="serial", player=PLAYER)) == expected
    with pytest.raises(RequestError, match="the entropy changed since it began"):
        sweep(other, folder, engine="serial", player=PLAYER)
    assert not list(tmp_path.rglob("*.partial-*"))


def make_store(folder: Path, workers: int, barrier: threading.Barrier) -> None:
    """Make the store of the design at the same time as others, and write what its chunks are."""
    request = create.checked(DESIGN, player=PLAYER)
    assert request.identity and request.points
    barrier.wait(60)
    seen = create.store_for(request, folder, workers).about["chunks"]
    (folder.parent / f"seen-{workers}").write_text(str(seen))


def test_interrupted_driver(tmp_path: Path, log: Path, expected: str) -> None:
    with launched(tmp_path / "sweep") as leader:
        until(lambda: len(begun(log)) >= RUNS // 3)
        assert status(tmp_path / "sweep")["at_work"]
        with pytest.raises(RequestError, match="another sweep is at work"):
            sweep(DESIGN, tmp_path / "sweep", engine="serial", player=PLAYER)
        leader.send_signal(signal.SIGINT)
        assert leader.wait(20) == 1
        told = leader.communicate()[1]
        assert "pharmarket: interrupted; what is finished is kept" in told
        assert "KeyboardInterrupt" not in told
        assert not any(map(alive, players(log)))
    sweep(DESIGN, tmp_path / "sweep", engine="serial", player=PLAYER)
    assert_whole(tmp_path / "sweep", expected, log, 2)


def test_runs_that_go_wrong_are_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    """A run that raises, one that gives NaN, one that kills its process; all others as if nothing were."""
    wrong = {"RAISES": 3, "NAN": 5, "KILLS": 7}
    for what, run in wrong.items():
        monkeypatch.setenv(f"PLAYER_{what}", str(run))
    store = sweep(DESIGN, tmp_path / "sweep", workers=2, player=PLAYER)
    found = pq.read_table(store.folder / "runs", partitioning=None).sort_by("run").to_pandas()
    assert found.run.tolist() == list(range(RUNS))
    assert found.status[found.status != "ok"].to_dict() == {3: "failed", 7: "crashed"}
    assert "ArithmeticError: run 3 has no answer" in found.error[3]
    assert found.error[3].startswith("Traceback")
    assert found.undefined[[3, 5, 7, 8]].tolist() == [2, 1, 2, 0]
    assert found.total[[3, 5, 7]].isna().all()
    assert begun(log)[7] == chunk.MOST_DEATHS + 1, "three times among others, once alone"
    counts = status(store.folder)
    assert [counts[kind] for kind in ("ok", "failed", "crashed", "undefined")] == [RUNS - 2, 1, 1, 1]
    assert_clean(store.folder)
    series = pq.read_table(store.folder / "ts", columns=["run"], partitioning=None)
    assert set(range(RUNS)) - set(series.column("run").to_pylist()) == {3, 7}


def test_workers_that_cannot_start_end_the_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "MOST_BARREN", 2)
    monkeypatch.setattr(engines, "begin_worker", end_at_once)
    with pytest.raises(RunError, match="the workers end as soon as they begin"):
        sweep(DESIGN, tmp_path / "sweep", workers=1, player=PLAYER)


def end_at_once() -> None:
    os._exit(1)
