"""Cases whose answer is known: fixed odds, a queue with a known load."""

from __future__ import annotations

import math

import numpy as np
import pytest
from worlds import LIVELY, world_with

from model import PharmaMarket
from model.arrays import REGION_BITS, logistic, logit
from model.clock import NEVER
from model.mechanisms.approvals import merit
from model.mechanisms.discovery import create
from model.mechanisms.dossiers import RELIANCE, STANDARD, review_days
from model.mechanisms.programmes import speed
from model.mechanisms.queues import measure_queues
from model.mechanisms.standard import update_standard
from model.mechanisms.trials import read_out, success_odds
from model.world import World

NOTHING_ELSE = {
    "trials.quality_weight": 0.0, "trials.risk_weight": 0.0, "trials.biomarker_weight": 0.0,
    "trials.orphan_weight": 0.0, "trials.execution_weight": 0.0, "trials.bar_weight": 0.0, "science.follower_bonus": 1.0, "modality.odds": 1.0,
    "trials.offset": 0.0,
}  # fmt: skip
"""Changes after which the odds of a phase are those of the table."""
POOL = 4000
WIDTH = 4.5
"""Standard errors that a count may be off: once in 150,000 by chance."""


def dotted(changes: dict[str, float]) -> dict[str, float]:
    return {name.replace(".", "__"): value for name, value in changes.items()}


def pool(world: World, phase: int, size: int = POOL) -> np.ndarray:
    """Assets that are about to read out a phase."""
    owner = world.alive[np.arange(size) % len(world.alive)]
    rows = create(world, owner, 1000 + np.arange(size) // len(world.alive))
    world.assets.phase[rows] = phase
    return rows


def run_in(world: World, rows: np.ndarray, *regions: int) -> None:
    """Let a trial of each asset (row) run in regions."""
    bits = int(REGION_BITS[list(regions)].sum())
    world.assets.trial[rows] = world.trials.append(len(rows), asset=rows, regions=bits)


def within(found: int, size: int, odds: float) -> bool:
    return abs(found - size * odds) < WIDTH * math.sqrt(size * odds * (1 - odds))


# --- recruitment


@pytest.mark.parametrize("shared", [0.0, 0.5, 1.0])
def test_units_of_their_own_recruit_whatever_else_runs(shared: float) -> None:
    """The part of a phase that shares its sites loses what congestion takes, the rest loses nothing."""
    world = world_with(trials__shared_sites=shared, trials__background_utilisation=0.0)
    now, phase, area = world.now, np.ones(1, int), np.zeros(1, int)
    capacity = now["trials.capacity"] * now["trials.capacity_shift"] * world.state["sites"] * world.scale
    rates = []
    for used in (0.0, 0.8):
        world.state["load"] = used * capacity
        rates.append(speed(world, phase, area)[0])
    np.testing.assert_allclose(rates[1] / rates[0], 1 - shared * 0.8 ** now["trials.congestion_exponent"])


# --- transitions


@pytest.mark.parametrize("odds", [0.08, 0.5, 0.9])
@pytest.mark.parametrize("phase", [0, 1, 2, 3])
def test_transitions_follow_the_table(phase: int, odds: float) -> None:
    world = world_with(**dotted({**NOTHING_ELSE, "area.success": odds}))
    rows = pool(world, phase)
    np.testing.assert_allclose(success_odds(world, rows, world.assets.phase[rows]), odds, rtol=1e-6)
    read_out(world, rows)
    won = world.assets.waiting[rows]
    assert within(int(won.sum()), POOL, odds)
    assert (world.assets.ended[rows] < NEVER).tolist() == (~won).tolist()


def test_hidden_quality_moves_the_odds_as_the_weight_says() -> None:
    weight, odds = 0.8, 0.4
    world = world_with(**dotted({**NOTHING_ELSE, "area.success": odds, "trials.quality_weight": weight}))
    rows = pool(world, 2, 3 * POOL)
    quality = np.repeat([-1.0, 0.0, 1.0], POOL)
    world.assets.quality[rows] = quality
    read_out(world, rows)
    for level in (-1.0, 0.0, 1.0):
        expected = float(logistic(logit(odds) + weight * level))
        assert within(int(world.assets.waiting[rows[quality == level]].sum()), POOL, expected)


def test_the_bar_rises_with_what_was_launched_where_the_trial_runs() -> None:
    """One more medicine of usual quality on a market: log(1 + n) grows by a known step there and nowhere else."""
    world = world_with(**dotted({**NOTHING_ELSE, "trials.bar_weight": 1.0}))
    rows, region, elsewhere = pool(world, 2, 300), 1, 5
    assets, cell = world.assets, world.indications.cell
    run_in(world, rows[::2], region)
    run_in(world, rows[1::2], elsewhere)
    indication = int(assets.indication[rows[0]])
    before = success_odds(world, rows, assets.phase[rows])
    level = world.state["standard"][indication, region] + world.state["standard_2000"][indication]
    world.positions.append(1, asset=rows[-1], region=region, indication=indication)
    assets.quality[rows[-1]] = 0.0
    update_standard(world)
    rise = math.log1p(math.expm1(level) + 1 / cell[indication]) - level
    after = success_odds(world, rows, assets.phase[rows])
    same = (assets.indication[rows] == indication) & (np.arange(300) % 2 == 0)
    assert same.any() and rise > 0.01
    np.testing.assert_allclose(logit(after[same]), logit(before[same]) - rise, rtol=1e-5)
    np.testing.assert_allclose(after[~same], before[~same])


def test_of_several_regions_the_highest_standard_is_the_bar() -> None:
    world = world_with(**dotted({**NOTHING_ELSE, "trials.bar_weight": 1.0}))
    rows = pool(world, 2, 3)
    world.assets.indication[rows] = world.assets.area[rows] = 0
    world.state["standard"][0] = np.linspace(0.9, 0.0, 10)
    for row, regions in zip(rows, ((5,), (5, 2), (0, 5)), strict=True):
        run_in(world, np.array([row]), *regions)
    odds = logit(success_odds(world, rows, world.assets.phase[rows]))
    np.testing.assert_allclose(np.diff(odds), [-0.3, -0.2], atol=1e-6)


def test_what_beat_a_lower_standard_has_less_merit_where_it_is_higher() -> None:
    """The same file with the same regulator, studied in two countries of which one has the lower standard."""
    world = world_with(trials__bar_weight=1.0)
    rows = pool(world, 4, 2)
    world.assets.indication[rows], world.assets.area[rows] = 0, 0
    world.assets.belief[rows] = world.assets.risk[rows] = 0.0
    world.assets.evidence[rows] = [1 << 5, 1]
    world.state["standard"][0] = np.linspace(0.9, 0.0, 10)
    files = world.filings.append(2, asset=rows, regulator=0, dossier=0.8)
    lower, own = merit(world, files)
    assert own - lower == pytest.approx(0.5)


@pytest.mark.slow
def test_trials_of_a_whole_run_follow_the_table() -> None:
    """All phases of all assets over years: success among the trials that read out."""
    by_phase = {1: 0.55, 2: 0.3, 3: 0.6}
    changes = {**dict(LIVELY), **NOTHING_ELSE}
    changes |= {f"area.success.phase{phase}": odds for phase, odds in by_phase.items()}
    trials = PharmaMarket("baseline", rng=4, scale=0.3, changes=changes).run_until(120).world.trials
    for phase, odds in by_phase.items():
        read = (trials.phase == phase) & np.isin(trials.outcome, (1, 2))
        assert read.sum() > 50
        assert within(int((trials.outcome[read] == 1).sum()), int(read.sum()), odds)


# --- queues


def test_a_steady_load_fills_the_queue_to_its_level() -> None:
    """Files a month times twelve over capacity, smoothed over a year: after four years within two per cent."""
    world = world_with()
    capacity = world.now["regulator.capacity"] * world.now["regulator.capacity_shift"] * world.scale
    monthly = 1.5 * capacity / 12
    for month in range(48):
        world.flows["filings"][:] = monthly
        before = world.regulators.utilisation.copy()
        measure_queues(world)
        np.testing.assert_allclose(world.regulators.utilisation, before + (1.5 - before) / 12, err_msg=str(month))
    np.testing.assert_allclose(world.regulators.utilisation, 1.5, rtol=0.02)
    np.testing.assert_allclose(
        world.state["review_load"], world.regulators.utilisation / world.now["approvals.usual_load"]
    )


@pytest.mark.parametrize(("load", "stretch"), [(0.5, 1.0), (1.0, 1.0), (1.6, 1.6), (9.0, 2.0)])
def test_the_queue_stretches_the_clock(load: float, stretch: float) -> None:
    world = world_with(approvals__clock_spread=0.0, approvals__longest_stretch=2.0)
    world.state["review_load"] = np.full(10, load)
    asset, region = np.zeros(10, int), np.arange(10)
    clock = np.maximum(world.now["regulator.standard_days"], 40)
    days = review_days(world, asset, region, np.full(10, STANDARD))
    np.testing.assert_allclose(days, stretch * clock)
    mean = 0.5 * (world.now["regulator.expedited_days"] + world.now["regulator.standard_days"])
    np.testing.assert_allclose(review_days(world, asset, region, np.full(10, RELIANCE)), stretch * np.maximum(mean, 40))


def test_clocks_spread_as_the_value_says() -> None:
    world = world_with(approvals__clock_spread=0.3)
    world.state["review_load"] = np.ones(10)
    rows = pool(world, 4)
    days = review_days(world, rows, np.zeros(POOL, int), np.full(POOL, STANDARD))
    logs = np.log(days / world.now["regulator.standard_days"][0])
    assert abs(logs.mean()) < WIDTH * 0.3 / math.sqrt(POOL)
    assert logs.std() == pytest.approx(0.3, rel=WIDTH / math.sqrt(2 * POOL))
