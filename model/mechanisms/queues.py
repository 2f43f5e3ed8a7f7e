"""Queues at the regulators: how far work in stretches the clocks, what happens to open files, who is taken on."""

from __future__ import annotations

import numpy as np

from agents import Regulator
from agents.decisions.review import PENDING, StaffKnown
from model.kernels.files import under_review
from model.world import REGION_COUNT, World


def keep_pace(world: World) -> None:
    """What is left of open reviews follows the regulators' pace: reforms drain a backlog, queues build it."""
    filings, state = world.filings, world.state
    pace = world.now["regulator.standard_days"] * stretch(world)
    change = np.clip(pace / state["review_pace"], 0.3, 1.5)
    state["review_pace"] = pace
    under = np.flatnonzero((filings.outcome == PENDING) & (filings.submitted <= world.month))
    left = filings.due[under] - world.month
    new = np.maximum(np.rint(left * change[filings.regulator[under]]), 1).astype(np.int64)
    filings.days[under] += (new - left) * 30.4
    filings.due[under] = world.month + new


def stretch(world: World) -> np.ndarray:
    """Stretch of the clocks by the queue: work in over reviewers, (10,)."""
    return np.clip(world.state["review_load"], 1.0, world.now["approvals.longest_stretch"])


def measure_queues(world: World) -> None:
    """Files under review, and new files of twelve months over the reviewers' capacity."""
    filings, regulators, now = world.filings, world.regulators, world.now
    regulators.queue[:] = under_review(world.month, filings.outcome, filings.submitted, filings.regulator, REGION_COUNT)
    capacity = now["regulator.capacity"] * now["regulator.capacity_shift"] * regulators.reviewers
    smoothed = regulators.utilisation * capacity * world.scale
    smoothed += (world.flows["filings"] * 12 - smoothed) / 12
    regulators.utilisation[:] = smoothed / np.maximum(capacity * world.scale, 1e-9)
    world.state["review_load"] = regulators.utilisation / now["approvals.usual_load"]


def hire_reviewers(world: World) -> None:
    """Once a year regulators take on reviewers for more files; the data have those taken on before.

    What politics takes away (``regulator.capacity_shift``) no fee brings back.
    """
    now = world.now
    if 2000 + world.month / 12 < now["approvals.hiring_from"]:
        return
    load = world.state["review_load"] * now["regulator.capacity_shift"]
    known = StaffKnown(load=load, hiring=now["approvals.hiring"])
    world.regulators.reviewers *= world.decide(
        Regulator, "hire_reviewers", np.arange(REGION_COUNT), known, "regulators"
    )
