"""Plays runs that are nothing but numbers, for tests of what happens around them.

The environment says what goes wrong: ``PLAYER_RAISES``, ``PLAYER_KILLS`` and ``PLAYER_NAN`` name runs, ``PLAYER_LOG`` a
file that gets a line for each run begun, ``PLAYER_SECONDS`` how long a run takes.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np

from experiments.sweeps.market import Outcome, Run

MONTHS = 24


def figures() -> tuple[str, ...]:
    return ("total", "level")


def series() -> tuple[str, ...]:
    return ("x", "y")


def named(what: str) -> list[int]:
    return [int(word) for word in os.environ.get(f"PLAYER_{what}", "").split()]


def note(run: Run) -> None:
    if "PLAYER_LOG" in os.environ:
        with Path(os.environ["PLAYER_LOG"]).open("a", encoding="utf-8") as log:
            log.write(f"{run.run} {os.getpid()}\n")


def play(run: Run) -> Outcome:
    note(run)
    time.sleep(float(os.environ.get("PLAYER_SECONDS", "0")))
    if run.run in named("RAISES"):
        raise ArithmeticError(f"run {run.run} has no answer")
    if run.run in named("KILLS"):
        os.kill(os.getpid(), signal.SIGKILL)
    values = np.random.default_rng([run.seed, run.run]).random((MONTHS, 2))
    total = np.nan if run.run in named("NAN") else values.sum() + sum(run.values.values())
    return Outcome(np.array([total, values[-1, 0]]), 0, values if run.keep else None)
