"""The command `compare`: what it prints and writes, what it refuses, and what an interrupt leaves."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from conftest import Pharmarket, environment

pytestmark = pytest.mark.usefixtures("own_cache")
BRANCH = "2002-01"


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
