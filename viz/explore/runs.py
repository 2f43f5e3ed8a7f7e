"""Runs that the app plays to be looked at: results in the user's cache, found again by what was asked."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from experiments import cache
from experiments.code_digest import code_digest
from experiments.results import MANIFEST
from experiments.settings import Settings
from viz.explore.source import FolderSource

MOST_KEPT = 6
"""Runs in the cache; the one looked at longest ago goes first."""


def place() -> Path:
    """The folder of the runs in the user's cache."""
    return cache.folder("explored")


def played(settings: Settings) -> Path | None:
    """The results of a run that was played before by the same code, None if there are none."""
    folder = folder_of_run(place(), settings)
    if not (folder / MANIFEST).is_file():
        return None
    with contextlib.suppress(OSError):
        os.utime(folder)
    return folder


def play_run(report: Callable[[int, int, str], None], settings: Settings) -> str:
    """Play a run and keep its results; returns their folder. Long work for a job.

    Raises RequestError where the request is wrong, RunError where the run or the writing fails.
    """
    from experiments.commands import write_market
    from experiments.run import play

    began, done = time.perf_counter(), 0

    def month(label: str) -> None:
        nonlocal done
        done += 1
        report(done, settings.months + 1, label)

    folder = folder_of_run(place(), settings)
    market, seconds = play(settings, month)
    report(settings.months, settings.months + 1, "writing the tables")
    folder.parent.mkdir(parents=True, exist_ok=True)
    write_market(market, settings, seconds, folder, began)
    _prune()
    return str(folder)


def folder_of_run(root: Path, settings: Settings) -> Path:
    """Where a run that this code plays is kept under ``root``."""
    asked = [code_digest(), settings.scenarios, settings.seed, settings.scale, settings.start, settings.until,
             dict(settings.changes)]  # fmt: skip
    return root / hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:24]


def _prune() -> None:
    """Drop the runs looked at longest ago, and what was never finished."""
    runs = sorted(place().glob(f"*/{MANIFEST}"), key=lambda path: -path.parent.stat().st_mtime)
    for old in runs[MOST_KEPT:]:
        shutil.rmtree(old.parent, ignore_errors=True)
    for partial in place().glob(".*.partial-*"):  # of a run that was cancelled while it was written
        if time.time() - partial.stat().st_mtime > cache.ABANDONED:
            shutil.rmtree(partial, ignore_errors=True)


@lru_cache(maxsize=4)
def _opened(folder: str, stamp: int, title: str) -> FolderSource:
    return FolderSource(Path(folder), title)


def opened(folder: Path, title: str) -> FolderSource:
    """The tables of a folder; sessions that look at the same results share what was read."""
    return _opened(str(folder), (folder / MANIFEST).stat().st_mtime_ns, title)
