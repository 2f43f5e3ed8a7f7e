"""What is done is what is on disk: whatever is killed, and whenever, the same rows come out and none is played twice."""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import ROOT, environment

from experiments.errors import RequestError, RunError
from experiments.sweeps import chunk, create, driver, engines, files, rows
from experiments.sweeps.design import Design
from experiments.sweeps.driver import sweep
from experiments.sweeps.status import status
from experiments.sweeps.store import Store

PLAYER = "sweep_player"
POINTS, REPLICATES = 30, 4
DESIGN = Design.model_validate(
    {
        "replicates": REPLICATES,
        "until": "2001-12",
        "uncertainties": {"points": POINTS, "names": ["capital.persistence"]},
    }
)
RUNS = POINTS * REPLICATES
DRIVER = """
import sys
from pathlib import Path
from experiments.cli.endings import answers
from experiments.sweeps.driver import sweep
import signal, test_sweep_crashes
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder, player, engine, scheduler = (sys.argv[1:] + [None])[:4]
    answers(sweep)(test_sweep_crashes.DESIGNS[player], Path(folder), engine=engine, scheduler=scheduler, workers=2,
                   player=player)
"""
MARKET = "market_player"
MARKET_DESIGN = Design.model_validate(
    {
        "replicates": 2, "scale": 0.01, "branch": "2000-07", "until": "2001-06",
        "uncertainties": {"points": 12, "names": ["capital.persistence"]},
    }
)  # fmt: skip
DESIGNS = {PLAYER: DESIGN, MARKET: MARKET_DESIGN}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The hash of a serial run that nothing disturbs."""
    store = sweep(DESIGN, tmp_path_factory.mktemp("serial") / "sweep", engine="serial", player=PLAYER)
    return rows.store_hash(store)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with a line for each run that was begun; runs take some time, so that kills find them at work."""
    monkeypatch.setenv("PLAYER_LOG", str(tmp_path / "log"))
    monkeypatch.setenv("PLAYER_SECONDS", "0.02")
    return tmp_path / "log"


def begun(log: Path) -> Counter[int]:
    """How often each run was begun."""
    return Counter(int(line.split()[0]) for line in log.read_text().splitlines()) if log.exists() else Counter()


def players(log: Path) -> list[int]:
    """Process numbers of those that have played, the last first."""
    lines = log.read_text().splitlines() if log.exists() else []
    return list(dict.fromkeys(int(line.split()[1]) for line in reversed(lines)))


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def alive(process: int) -> bool:
    """Whether a process runs."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def assert_whole(folder: Path, expected: str, log: Path, deaths: int) -> None:
    """All rows are there, none was played again but those that a death interrupted, and nothing else is left."""
    assert_rows(folder, expected, log, deaths)
    until(lambda: not any(map(alive, set(players(log)) - {os.getpid()})))


def assert_rows(folder: Path, expected: str, log: Path, deaths: int) -> None:
    """As :func:`assert_whole`, where a cluster lives on."""
    found = status(folder)
    assert found["complete"]
    assert found["content_hash"] == rows.store_hash(Store(folder)) == expected
    again = sum(count - 1 for count in begun(log).values())
    assert again <= deaths, f"{again} runs were repeated after {deaths} deaths"
    assert_clean(folder)


def assert_clean(folder: Path) -> None:
    """Nothing but the files of a complete sweep."""
    assert {path.name for path in folder.iterdir()} == {"plan.parquet", "sweep.json", "runs", "ts", "events"}
    assert {path.suffix for kind in ("runs", "ts") for path in (folder / kind).iterdir()} == {".parquet"}


@contextlib.contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[str]]:
    """A process in a session of its own that is ended at the end."""
    paths = f"{ROOT}:{ROOT / 'tests'}"
    started = subprocess.Popen(
        [sys.executable, *words], env=environment(PYTHONPATH=paths), text=True, stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield started
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        assert started.stderr
        started.stderr.close()


def launched(
    folder: Path, *engine: str, player: str = PLAYER
) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
    """A driver in a process of its own."""
    return process("-c", DRIVER, str(folder), player, *(engine or ("local",)))


# --- this machine


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


# --- disks


@pytest.mark.parametrize("writes", [0, 1, 4, 9, 40])
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path, expected: str, writes: int) -> None:
    """The disk is full at some file: a clear error, and a store that another call finishes."""
    left = [writes]
    real = files.sync

    def sync(path: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(path)

    monkeypatch.setenv("PLAYER_SECONDS", "0")
    with monkeypatch.context() as full:
        full.setattr(files, "sync", sync)
        with pytest.raises(RunError, match="No space left on device"):
            sweep(DESIGN, tmp_path / "sweep", engine="serial", player=PLAYER)
    assert not list((tmp_path / "sweep").rglob("*.partial-*"))
    sweep(DESIGN, tmp_path / "sweep", engine="serial", player=PLAYER)
    assert_whole(tmp_path / "sweep", expected, log, 0)


@contextlib.contextmanager
def mounted(place: Path, *options: str) -> Iterator[None]:
    """A small disk of its own, where the system lets us have one."""
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", str(place)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_is_really_full_and_then_read_only(tmp_path: Path, log: Path, expected: str) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "-o", "size=160k"):
        with pytest.raises(RunError, match="No space left on device; what is finished is kept"):
            sweep(DESIGN, disk / "sweep", workers=2, player=PLAYER)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(RunError, match="Read-only file system"):
            sweep(DESIGN, disk / "sweep", workers=2, player=PLAYER)
        subprocess.run(["mount", "-o", "remount,rw,size=9m", str(disk)], check=True)
        sweep(DESIGN, disk / "sweep", workers=2, player=PLAYER)
        assert_whole(disk / "sweep", expected, log, 4)


def test_a_damaged_chunk_is_played_again(tmp_path: Path, expected: str) -> None:
    store = sweep(DESIGN, tmp_path / "sweep", engine="serial", player=PLAYER)
    path = store.file("runs", 2)
    path.write_bytes(path.read_bytes()[:-40])
    assert status(store.folder)["complete"] is False
    sweep(DESIGN, tmp_path / "sweep", engine="serial", player=PLAYER)
    assert rows.store_hash(store) == expected


def test_parts_side_by_side(tmp_path: Path, expected: str) -> None:
    for part in range(3):
        store = sweep(DESIGN, tmp_path / "sweep", engine="serial", part=(part, 3), player=PLAYER)
        assert status(store.folder)["complete"] is (part == 2)
    assert_clean(store.folder)
    assert rows.store_hash(store) == expected


# --- a cluster


@contextlib.contextmanager
def scheduler_at(port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A scheduler started by hand."""
    words = ("-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    with process(*words) as started:
        yield started, f"tcp://127.0.0.1:{port}"


def nanny(address: str, folder: Path) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
    """A worker started by hand, with the nanny that starts it again."""
    words = ("-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard")
    return process(*words, "--local-directory", str(folder))


@pytest.fixture
def port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.slow
def test_killed_dask_workers_nannies_and_driver(tmp_path: Path, log: Path, expected: str, port: int) -> None:
    """kill -9 of a Dask worker, of a nanny with its worker, and of the driver; then the rest on this machine."""
    with contextlib.ExitStack() as stack:
        _, address = stack.enter_context(scheduler_at(port))
        first, second = (stack.enter_context(nanny(address, tmp_path / "dask")) for _ in range(2))
        leader = stack.enter_context(launched(tmp_path / "sweep", "dask", address))
        until(lambda: len(begun(log)) >= RUNS // 5)
        victim = players(log)[0]
        os.kill(victim, signal.SIGKILL)
        until(lambda: not alive(victim))
        until(lambda: len(begun(log)) >= 2 * RUNS // 5)
        for group in (first, second):
            os.killpg(group.pid, signal.SIGKILL)  # a nanny and its worker, as when a machine goes
            stack.enter_context(nanny(address, tmp_path / "dask"))
            time.sleep(random.random() * 0.1)
        until(lambda: len(begun(log)) >= 3 * RUNS // 5)
        os.kill(leader.pid, signal.SIGKILL)
        sweep(DESIGN, tmp_path / "sweep", workers=2, player=PLAYER)
        until(lambda: status(tmp_path / "sweep")["complete"])
        assert_rows(tmp_path / "sweep", expected, log, 3)
    assert_whole(tmp_path / "sweep", expected, log, 3)


@pytest.mark.slow
def test_a_scheduler_that_goes_ends_the_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path, expected: str, port: int
) -> None:
    monkeypatch.setattr(engines, "PATIENCE", 2.0)
    with scheduler_at(port) as (scheduler, address), nanny(address, tmp_path / "dask"):
        threading.Thread(target=kill_later, args=(scheduler, log), daemon=True).start()
        with pytest.raises(RunError, match=f"{address} does not answer any more; what is finished is kept"):
            sweep(DESIGN, tmp_path / "sweep", engine="dask", scheduler=address, player=PLAYER)
    assert 0 < status(tmp_path / "sweep")["done"] < RUNS
    sweep(DESIGN, tmp_path / "sweep", engine="serial", player=PLAYER)
    assert_whole(tmp_path / "sweep", expected, log, 1)


@pytest.mark.slow
def test_workers_that_all_go_end_the_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path, expected: str, port: int
) -> None:
    monkeypatch.setattr(engines, "SECONDS_BETWEEN_COUNTS", 0.1)
    with scheduler_at(port) as (_, address), nanny(address, tmp_path / "dask") as worker:
        until(lambda: answers_at(port))
        threading.Thread(target=kill_later, args=(worker, log), daemon=True).start()
        engine = engines.Cluster(address, None)
        monkeypatch.setattr(engines, "WORKER_SECONDS", 1)
        with monkeypatch.context() as while_there:
            while_there.setattr(driver, "engine_for", lambda *given: engine)
            with pytest.raises(RunError, match="has had no worker for 1 s; start `dask worker"):
                sweep(DESIGN, tmp_path / "sweep", engine="dask", scheduler=address, player=PLAYER)
    assert 0 < status(tmp_path / "sweep")["done"] < RUNS
    sweep(DESIGN, tmp_path / "sweep", engine="serial", player=PLAYER)
    assert_whole(tmp_path / "sweep", expected, log, 2)


def answers_at(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def kill_later(process: subprocess.Popen[str], log: Path) -> None:
    """End a process and those that it started, once a quarter of the runs have begun."""
    until(lambda: len(begun(log)) >= RUNS // 4)
    os.killpg(process.pid, signal.SIGKILL)


def test_no_scheduler_is_a_wrong_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setattr(engines, "CONNECT_SECONDS", 1)
    with pytest.raises(RequestError, match="nothing answers at tcp://127"):
        sweep(DESIGN, tmp_path / "sweep", engine="dask", scheduler=f"tcp://127.0.0.1:{port}", player=PLAYER)
    assert not (tmp_path / "sweep").exists()
