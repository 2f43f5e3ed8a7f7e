"""Technology: platforms shorten paperwork and nothing else, the edge erodes, errors come without experts."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import base, fork

from model.mechanisms.environment import environment
from model.mechanisms.programmes import about_to_start, choose_regions, duration, part_of_patients, recruitment, speed
from model.mechanisms.technology import (
    DOCUMENTS,
    TRIAL_PAPERS,
    ai_level,
    complete_files,
    decentralise,
    dossier_saved,
    native_odds,
    saved,
)  # fmt: skip
from model.world import World

LATE = 330


def tomorrow(**changes: float) -> World:
    """A small world put into 2027, with some values changed."""
    world = fork(base(0.05, 24), **changes).world
    world.month = LATE
    environment(world)
    return world


def programmes(world: World, ai: bool) -> dict[str, np.ndarray]:
    world.firms.ai[:] = ai
    rows = world.pipeline[:200]
    phase = np.ones(len(rows), np.int64)
    starts = about_to_start(world, rows, phase)
    pace = recruitment(world, starts, speed(world, phase, world.assets.area[rows]))
    regions = choose_regions(world, starts, pace)
    return duration(world, starts, regions, pace, part_of_patients(world, starts, regions))


def test_platforms_shorten_paperwork_and_not_recruitment() -> None:
    """Even at the vendors' figures the whole gets less shorter than its papers (Amdahl)."""
    world = tomorrow(technology__ai_effect=0.75, technology__spillover=0.0)
    without, with_ai = programmes(world, False), programmes(world, True)
    for part in ("startup", "enrolment", "follow"):
        np.testing.assert_array_equal(without[part], with_ai[part])
    np.testing.assert_allclose(with_ai["paperwork"], 0.25 * without["paperwork"])
    assert sum(with_ai.values()).mean() > 0.7 * sum(without.values()).mean()


def test_the_edge_of_adopters_erodes_as_others_adopt() -> None:
    world = tomorrow()
    firms = np.array([0, 1])
    edge = []
    for share in (0.1, 0.9):
        world.firms.ai[:] = np.arange(len(world.firms)) % 10 < 10 * share
        world.firms.ai[firms] = [True, False]
        environment(world)
        level = ai_level(world, firms)
        edge.append(level[0] - level[1])
    assert edge[0] > edge[1] > 0


def test_more_clients_than_a_platform_can_serve_save_less() -> None:
    crowded = tomorrow(technology__vendor_capacity=100.0)
    assert crowded.state["ai_service"].max() <= 1
    roomy = tomorrow()
    for world in (crowded, roomy):
        world.firms.ai[:] = True
        world.month = LATE + 3
        world.state["spillover"][...] = 0
        environment(world)
        world.state["spillover"][...] = 0
    rows = np.flatnonzero(roomy.firms.home == 0)
    assert (saved(crowded, rows, TRIAL_PAPERS) < saved(roomy, rows, TRIAL_PAPERS)).all()


def test_files_are_more_complete_with_experts_and_less_without() -> None:
    firm, usual = np.array([0]), np.array([0.7])
    checked, unchecked = tomorrow(), tomorrow(technology__supervised=0.0)
    for world in (checked, unchecked):
        world.firms.ai[0] = True
    assert complete_files(unchecked, firm, usual) < usual < complete_files(checked, firm, usual)
    assert unchecked.state["task_cut"][DOCUMENTS] > checked.state["task_cut"][DOCUMENTS]
    assert complete_files(tomorrow(technology__ai_available_from=2050.0), firm, usual) == usual


def test_translation_counts_where_languages_differ() -> None:
    world = tomorrow()
    chinese = np.flatnonzero(world.firms.home == 5)[:1]
    world.firms.ai[chinese] = True
    cut, task = dossier_saved(world, chinese)[0], world.state["task_cut"]
    assert cut[5] == pytest.approx(task[DOCUMENTS]) and cut[0] > cut[5]


def test_time_and_cost_alone_move_no_odds() -> None:
    rows = base(0.05, 24).world.pipeline[:500]
    phase = np.ones(len(rows), np.int64)
    cheap = tomorrow(technology__native_share=0.0, technology__ai_effect=0.9, technology__discovery_cost_cut=0.9)
    cheap.firms.ai[:] = True
    assert (native_odds(cheap, rows, phase) == 0).all()
    native = tomorrow(technology__native_share=1.0)
    native.firms.ai[:] = True
    assert (native_odds(native, rows, phase) == 0).all(), "discovered before there was such a thing"
    native.assets.started[rows] = LATE - 12
    assert (native_odds(native, rows, phase) > 0).all()


def test_a_pandemic_pushes_decentralised_trials_once() -> None:
    world = tomorrow(demand__pandemic=1.0)
    before = world.state["decentralised"].copy()
    world.state["pandemic_before"][:] = 0.0
    decentralise(world)
    pushed = world.state["decentralised"].copy()
    decentralise(world)
    assert pushed == pytest.approx(before * 1.42, rel=0.1)
    assert world.state["decentralised"] == pytest.approx(pushed, rel=0.05)


def test_digital_trials_need_fewer_sites() -> None:
    today, digital = tomorrow(), tomorrow(trials__decentralised_share=0.9)
    rows = today.pipeline[:50]
    phase = np.full(len(rows), 2)
    slow, fast = (speed(world, phase, world.assets.area[rows]) for world in (today, digital))
    assert (fast > slow).all()
    assert (digital.state["utilisation"] <= today.state["utilisation"]).all()
