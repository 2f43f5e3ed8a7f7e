"""Conditional approval: files on phase II evidence, and the phase III trials that confirm them or not."""

from __future__ import annotations

import numpy as np

from agents import Regulator
from agents.decisions.review import EarlyKnown
from model.arrays import logit
from model.clock import NEVER
from model.kernels.files import claims
from model.kernels.grouping import where_equal
from model.labels import PHASE3
from model.mechanisms.approvals import file, holdings
from model.mechanisms.contracts import FAILED, close, contracts_of
from model.mechanisms.demand import UNCONFIRMED_REASON, withdraw
from model.mechanisms.dossiers import claim_weights, withdraw_files
from model.mechanisms.trials import EFFICACY, publish, results
from model.world import REGION_COUNT, World


def approve_conditionally(world: World) -> None:
    """What has begun phase III is filed where regulators take phase II evidence; trials of what is sold read out."""
    file_early(world)
    confirm(world)


def file_early(world: World) -> None:
    """Holders file what begins its phase III this month with the regulators that let them."""
    assets = world.assets
    rows = where_equal(world.pipeline, assets.phase_started, world.month)
    rows = np.sort(rows[(assets.phase[rows] == PHASE3) & (assets.trial[rows] >= 0) & (assets.ended[rows] == NEVER)])
    if not len(rows):
        return
    asset, holder, regions = holdings(world, rows)
    file(world, asset, holder, regions & admitted(world, rows)[np.searchsorted(rows, asset)], early=True)


def admitted(world: World, rows: np.ndarray) -> np.ndarray:
    """Regulators that take files on phase II evidence for assets (rows), bool (rows, 10).

    For orphan status, novelty and need, as for the expedited pathway, and the more the better the phase II data are.
    """
    assets, now = world.assets, world.now
    claim = claims(rows, assets.orphan, assets.novel, world.indications.need, assets.indication, claim_weights(world))
    claim += now["approvals.claim_signal"] * assets.belief[rows] - now["approvals.usual_early_claim"]
    open_to = logit(np.clip(now["regulator.conditional_share"], 1e-6, 0.98))
    row, regulator = np.divmod(np.arange(len(rows) * REGION_COUNT), REGION_COUNT)
    known = EarlyKnown(
        claim=claim[row] + open_to[regulator],
        luck=world.draws.uniform("review.early", assets.asset[rows][row], regulator),
    )  # fmt: skip
    return world.decide(Regulator, "admit_early", regulator, known, "regulators").reshape(len(rows), REGION_COUNT)


def confirm(world: World) -> None:
    """Confirmatory trials of what is sold read out: other regulators come next, or the medicine leaves the market."""
    assets = world.assets
    rows = where_equal(world.state["marketed"], assets.confirming, world.month)
    rows = rows[assets.ended[rows] == NEVER]
    if not len(rows):
        return
    phase = np.full(len(rows), PHASE3)
    result = results(world, rows, phase)
    world.flow("readouts", assets.origin[rows])
    world.flow("failures", assets.origin[rows[~result.success]])
    publish(world, rows, phase, result)
    assets.confirming[rows] = NEVER
    assets.due[rows] = world.month + 1
    take_off(world, rows[~result.success])


def take_off(world: World, rows: np.ndarray) -> None:
    """Medicines (rows) without confirmation leave the market everywhere."""
    assets, positions = world.assets, world.positions
    if not len(rows):
        return
    withdraw_files(world, rows)
    assets.ended[rows], assets.end_reason[rows], assets.due[rows] = world.month, EFFICACY, NEVER
    withdraw(world, np.flatnonzero(positions.active & np.isin(positions.asset, rows)), UNCONFIRMED_REASON)
    close(world, contracts_of(world, rows), FAILED)
