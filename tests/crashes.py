"""Sweeps as processes that tests kill, what was begun in them, and what must be left when all is done."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT, environment

from experiments.sweeps import rows
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
import signal, crashes
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder, player, engine, scheduler = (sys.argv[1:] + [None])[:4]
    answers(sweep)(crashes.DESIGNS[player], Path(folder), engine=engine, scheduler=scheduler, workers=2, player=player)
"""
MARKET = "market_player"
MARKET_DESIGN = Design.model_validate(
    {
        "replicates": 2, "scale": 0.01, "branch": "2000-07", "until": "2001-06",
        "uncertainties": {"points": 12, "names": ["capital.persistence"]},
    }
)  # fmt: skip
DESIGNS = {PLAYER: DESIGN, MARKET: MARKET_DESIGN}


@pytest.fixture(scope="session")
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
