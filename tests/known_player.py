"""Plays runs of which every index and box is known beforehand.

Venture capital is 4 times the supply plus 10 times the persistence, plus luck that all points of a seed share; a trial
value does nothing. Deals are many in one box only. The environment names runs that raise (``PLAYER_RAISES``) and runs
that give no number of deals (``PLAYER_NAN``).
"""

from __future__ import annotations

import os

import numpy as np

from experiments.sweeps.market import Outcome, Run

SUPPLY, PERSISTENCE, IDLE = "capital.supply", "capital.persistence", "trials.recruitment.preclinical.CN"
BOX = {SUPPLY: 1.2, PERSISTENCE: 0.45}
"""From which values on deals are many."""
MONTHS = 6


def figures() -> tuple[str, ...]:
    return ("venture", "deals", "firms")


def series() -> tuple[str, ...]:
    return ("venture", "deals")


def named(what: str) -> list[int]:
    return [int(word) for word in os.environ.get(f"PLAYER_{what}", "").split()]


def play(run: Run) -> Outcome:
    if run.run in named("RAISES"):
        raise ArithmeticError(f"run {run.run} has no answer")
    supply, persistence = run.values.get(SUPPLY, 1.0), run.values.get(PERSISTENCE, 0.5)
    luck = np.random.default_rng(run.seed).normal()
    deals = 10.0 + 90.0 * (supply > BOX[SUPPLY] and persistence > BOX[PERSISTENCE]) + luck
    venture = 4 * supply + 10 * persistence + luck
    months = np.arange(MONTHS, dtype=float)
    monthly = np.column_stack([venture + months, deals + months])
    figures = np.array([venture, np.nan if run.run in named("NAN") else deals, 7.0])
    return Outcome(figures, 0, monthly if run.keep else None)
