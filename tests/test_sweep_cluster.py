"""Sweeps on a cluster whose workers, nannies, scheduler or driver are killed."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from crashes import (
    DESIGN,
    PLAYER,
    RUNS,
    alive,
    assert_rows,
    assert_whole,
    begun,
    launched,
    players,
    process,
    until,
)

from experiments.errors import RequestError, RunError
from experiments.sweeps import driver, engines
from experiments.sweeps.driver import sweep
from experiments.sweeps.status import status


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
