"""Conditional approval and programmes for one country: who may file early, what confirms it, what it costs."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import LIVELY, base, fork

from agents.decisions.review import PENDING, WITHDRAWN
from model import PharmaMarket
from model.arrays import unpack_regions
from model.clock import NEVER
from model.labels import MARKETED, PHASE3
from model.mechanisms.approvals import approve, file_ready, under_trial, wait_for_trial
from model.mechanisms.conditional import admitted, approve_conditionally, confirm
from model.mechanisms.dossiers import CONDITIONAL
from model.mechanisms.programmes import enter_phases
from model.mechanisms.trials import EFFICACY, close_trials, end, unconfirmed
from model.world import World

EARLY = {"regulator__conditional_share": 0.98, "approvals__usual_early_claim": -5.0}
"""Values under which everybody takes everything early."""


def world_with(**changes: float) -> World:
    """A lively world of 18 months under other values, to be changed at will."""
    world = fork(base(scale=0.2, months=18, changes=LIVELY), **changes).world
    world.now = world.values.at(world.month)
    return world


def begin_phase_three(world: World, number: int = 60) -> np.ndarray:
    """Candidates that begin their phase III this month, and are filed early where that is possible."""
    assets = world.assets
    rows = world.pipeline[(assets.phase[world.pipeline] < PHASE3) & (assets.open_filings[world.pipeline] == 0)][:number]
    close_trials(world, rows, 1)
    enter_phases(world, rows, np.full(len(rows), PHASE3))
    return rows


def filed_early(world: World) -> tuple[World, np.ndarray, np.ndarray]:
    """A world with early files under review: (world, their assets, the files)."""
    rows = begin_phase_three(world)
    before = len(world.filings)
    approve_conditionally(world)
    files = np.arange(before, len(world.filings))
    return world, rows, files


def approved_early() -> tuple[World, np.ndarray]:
    """A world in which all early files were approved: (world, the assets sold under them)."""
    world, _, files = filed_early(world_with(**EARLY))
    approve(world, files)
    return world, np.unique(world.filings.asset[files]).astype(np.int64)


def test_the_better_the_data_the_more_is_taken_early() -> None:
    world = world_with(regulator__conditional_share=0.1)
    rows = begin_phase_three(world)
    taken = []
    for belief in (-1.0, 1.0, 3.0):
        world.assets.belief[rows] = belief
        taken.append(int(admitted(world, rows).sum()))
    assert taken == sorted(taken) and taken[0] < taken[-1]


def test_nobody_files_early_where_no_regulator_takes_it() -> None:
    _, _, files = filed_early(world_with(regulator__conditional_share=0.0))
    assert not len(files)


def test_early_files_leave_the_trial_running() -> None:
    world, rows, files = filed_early(world_with(**EARLY))
    assets, filings = world.assets, world.filings
    assert len(files) and np.isin(filings.asset[files], rows).all()
    assert (filings.pathway[files] == CONDITIONAL).all() and (filings.outcome[files] == PENDING).all()
    assert (assets.phase[rows] == PHASE3).all() and (assets.trial[rows] >= 0).all()
    assert (assets.filed_bits[filings.asset[files]] >> filings.regulator[files] & 1).all()


def test_what_does_not_convince_early_waits_for_phase_three() -> None:
    world, _, files = filed_early(world_with(**EARLY))
    filings, assets = world.filings, world.assets
    wait_for_trial(world, files)
    assert (filings.outcome[files] == PENDING).all() and (filings.cycles[files] == 2).all()
    assert (filings.due[files] > assets.due[filings.asset[files]]).all()
    end(world, np.unique(filings.asset[files]).astype(np.int64), EFFICACY)
    assert (filings.outcome[files] == WITHDRAWN).all()


def test_early_files_wait_also_where_another_regulator_has_approved() -> None:
    world, rows = approved_early()
    assert under_trial(world, rows).all()
    world.assets.confirming[rows] = NEVER
    assert not under_trial(world, rows).any()


def test_a_conditional_approval_waits_for_its_trial() -> None:
    world, rows = approved_early()
    assets = world.assets
    assert (assets.phase[rows] == MARKETED).all() and (assets.first_approval[rows] == world.month).all()
    assert (assets.confirming[rows] > world.month).all() and (assets.confirming[rows] < NEVER).all()
    assert set(rows.tolist()) <= set(unconfirmed(world).tolist())
    before = len(world.filings)
    assets.due[rows] = world.month
    file_ready(world)
    assert not np.isin(world.filings.asset[before:], rows).any()  # other regulators wait for phase III


@pytest.mark.parametrize("won", [True, False])
def test_the_trial_confirms_or_ends_what_is_sold(won: bool) -> None:
    world, rows = approved_early()
    assets, positions = world.assets, world.positions
    world = fork_with(world, {"trials.offset": 3.0 if won else -3.0, "area.success": 0.999 if won else 0.005})
    burn = world.firms.trial_burn.sum()
    paid = world.assets.burn[rows].sum()
    world.month = int(assets.confirming[rows].max())
    world.assets.confirming[rows] = world.month
    confirm(world)
    assets, positions = world.assets, world.positions
    ended = assets.ended[rows] < NEVER
    assert ended.mean() < 0.1 if won else ended.mean() > 0.9
    assert (assets.confirming[rows] == NEVER).all() and (assets.trial[rows] == -1).all()
    assert world.firms.trial_burn.sum() == pytest.approx(burn - paid)
    assert not positions.active[np.isin(positions.asset, rows[ended])].any()
    assert (assets.due[rows[~ended]] == world.month + 1).all()


def fork_with(world: World, changes: dict[str, float]) -> World:
    """The same world under other values from here."""
    market = fork(base(scale=0.2, months=18, changes=LIVELY), **{k.replace(".", "__"): v for k, v in changes.items()})
    world.values, world.now = market.values, market.values.at(world.month)
    return world


def test_trials_cost_what_the_running_ones_burn() -> None:
    """Nobody pays for a trial that is over, conditional approvals, takeovers and failures included."""
    changes = {**dict(LIVELY), "regulator.conditional_share": 0.6, "approvals.usual_early_claim": 0.0}
    world = PharmaMarket("baseline", rng=5, scale=0.2, changes=changes).run_until(150).world
    assets, filings = world.assets, world.filings
    early = filings.pathway == CONDITIONAL
    assert early.sum() > 20 and (assets.confirming[filings.asset[early]] < NEVER).any()
    assert not assets.burn[assets.trial < 0].any()
    by_sponsor = np.bincount(assets.sponsor, weights=assets.burn, minlength=len(world.firms))
    np.testing.assert_allclose(world.firms.trial_burn, by_sponsor, atol=1e-6)


def test_programmes_for_home_alone_are_smaller_and_more_of_them() -> None:
    """The less one regulator asks for, the more programmes stay at home, with so many patients."""
    shares = []
    for size in (0.2, 1.0):
        world = world_with(regulator__home_size=size)
        begin_phase_three(world, 200)
        trials = world.trials
        new = trials.started == world.month
        alone = unpack_regions(trials.regions[new]).sum(axis=1) == 1
        shares.append(alone.mean())
        planned = world.now["area.patients"][PHASE3, world.assets.area[trials.asset[new]]]
        plain = ~world.assets.orphan[trials.asset[new]] & ~world.assets.biomarker[trials.asset[new]]
        np.testing.assert_allclose(trials.patients[new][alone & plain], size * planned[alone & plain], rtol=1e-5)
    assert shares[0] > shares[1]
