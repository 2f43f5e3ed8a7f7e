"""Technology: AI platforms shorten paperwork, make errors, and give an edge that erodes; trials go digital.

An AI platform acts on tasks (``AI_FUNCTIONS``), each with its own cut of the time that the task took, so the cut of the
whole is bounded by the share of its tasks (Amdahl 1967). It does not shorten recruitment.
"""

from __future__ import annotations

import numpy as np

from model.arrays import logit
from model.kernels.files import saved as saved_on_files
from model.kernels.readouts import native
from model.labels import AI_FUNCTIONS, AREAS, CN, GLOBAL
from model.world import World

DISCOVERY, PROTOCOL, ANALYSIS, WRITING, TRANSLATION, DOCUMENTS, DILIGENCE, VIGILANCE = range(len(AI_FUNCTIONS))
TRIAL_PAPERS = (PROTOCOL, ANALYSIS, WRITING)
ONCOLOGY = AREAS.index("oncology")
NATIVE_FROM = 18 * 12
"""From 2018 on candidates may come from AI-native discovery."""
PROCESS_FROM = 25 * 12
"""From 2025 on decentralised trials spread on their own; before, the series."""


def advance(world: World) -> None:
    """A month of technology: what platforms save this month, how far trials are decentralised."""
    publish(world)
    decentralise(world)


def publish(world: World) -> None:
    """Share of each task's time that an adopter saves, and the part of it that others have by now.

    Experts keep their share of the time; without them more is saved and more goes wrong. A platform with more clients
    than it can serve saves less. What adopters know spreads, so their edge erodes (``technology.spillover``).
    """
    now, state = world.now, world.state
    ready = now["technology.ai_available_from"] <= 2000 + world.month / 12
    kept = now["technology.supervision_share"]
    alone = 1 / np.maximum(1 - kept, 0.05)
    experts = now["technology.supervised"]
    cut = now["technology.ai_effect"] * ready * (experts + (1 - experts) * alone)
    state["task_cut"] = np.minimum(cut, 0.95)
    state["spillover"] = np.array(now["technology.spillover"] * adopters(world))


def adopters(world: World) -> float:
    """Share of the living firms that use AI platforms."""
    return np.count_nonzero(world.firms.ai.take(world.alive)) / max(len(world.alive), 1)


def ai_level(world: World, firm: np.ndarray) -> np.ndarray:
    """How much of the platforms' savings firms have, 0-1: users as far as they are served, others by spillover."""
    served = world.state["ai_service"][world.firms.home[firm]]
    return np.maximum(world.firms.ai[firm] * served, world.state["spillover"])


def saved(world: World, firm: np.ndarray, tasks: tuple[int, ...]) -> np.ndarray:
    """Share of the time of the tasks, equally weighted, that AI saves firms (rows)."""
    cut = world.state["task_cut"]
    return ai_level(world, firm) * (sum(cut[task] for task in tasks) / len(tasks))


def discovery_saved(world: World, firm: np.ndarray, cut: float) -> np.ndarray:
    """Share of the cost or time of discovery that AI saves firms (rows) beyond the usual use in the data."""
    ready = world.state["task_cut"][DISCOVERY] > 0
    return cut * (ready * ai_level(world, firm) - usual_saving(world))


def usual_saving(world: World) -> float:
    """Level of AI use in discovery that the data have in them, 0-1."""
    usual: float = world.now["technology.usual_adoption"]
    return usual + (1 - usual) * world.now["technology.spillover"] * usual


def dossier_saved(world: World, firm: np.ndarray) -> np.ndarray:
    """Share of the preparation of a file that AI saves firms by regulator, (rows, 10).

    Documents, and translation in so far as the languages and cultures of filer and regulator differ.
    """
    firms, state, cut = world.firms, world.state, world.state["task_cut"]
    return saved_on_files(firm, firms.home, firms.ai, state["ai_service"], float(state["spillover"]),
                          world.now["culture.distance"], cut[DOCUMENTS], cut[TRANSLATION])  # fmt: skip


def complete_files(world: World, firm: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Share of deserving files of firms (rows) that are complete at first: platforms find gaps and make errors."""
    now = world.now
    experts = now["technology.supervised"]
    error = experts * now["technology.error_rate_supervised"]
    error += (1 - experts) * now["technology.error_rate_unsupervised"]
    ready = world.state["task_cut"][DOCUMENTS] > 0
    gain = now["technology.first_cycle_gain"] * (1 - usual) - error
    return np.clip(usual + ready * ai_level(world, firm) * gain, 0.01, 1.0)


def native_odds(world: World, rows: np.ndarray, phase: np.ndarray) -> np.ndarray | float:
    """Log-odds that candidates from AI-native discovery gain in phase I and II, (rows,); 0 before there are any.

    A share of the candidates of adopters is such; savings of time and cost alone move no odds.
    """
    if world.month < NATIVE_FROM:
        return 0.0
    assets = world.assets
    return native(
        rows, phase, world.draws.base("ai.native"), world.now["technology.native_share"], NATIVE_FROM, assets.asset,
        assets.originator, assets.started, assets.area, world.firms.ai, world.once(native_gain),
    )  # fmt: skip


def native_gain(world: World) -> np.ndarray:
    """Log-odds that AI-native candidates gain by phase and area, (phases, 16)."""
    now = world.now
    gain = np.zeros_like(now["area.success"])
    gain[1] = logit(np.array(now["technology.native_phase1_success"])) - logit(now["area.success"][1])
    gain[2] = np.log(now["technology.native_phase2_odds"])
    return gain


def adopt_ai(world: World) -> None:
    """Firms adopt AI platforms by contact with adopters (Bass 1969), large ones sooner, as vendors have room."""
    firms, now = world.firms, world.now
    if 2000 + world.month / 12 < now["technology.ai_available_from"].min() or not now["technology.ceiling"]:
        return
    rows = world.alive[~firms.ai[world.alive]]
    adopted = adopters(world) / now["technology.ceiling"]
    rate = (now["technology.bass_p"] + now["technology.bass_q"] * adopted) * max(1 - adopted, 0)
    size = np.where(firms.scope[rows] == GLOBAL, now["technology.large_firm_multiplier"], 1.0)
    size *= np.where(firms.home[rows] == CN, now["technology.adoption_multiplier_cn"], 1.0)
    size *= world.state["ai_service"][firms.home[rows]] / world.state["ai_price"][firms.home[rows]]
    luck = world.draws.uniform("ai", firms.firm[rows], world.month)
    firms.ai[rows[luck < rate / 4 * size]] = True


def decentralise(world: World) -> None:
    """Share of new trials with decentralised elements: the series to 2024, then by contact; pandemics push it."""
    now, state = world.now, world.state
    series = now["trials.decentralised_share"]
    before = state.get("decentralised", series)
    push = max(now["demand.pandemic"] - state.get("pandemic_before", np.zeros(1))[0], 0.0)
    state["pandemic_before"] = np.array([now["demand.pandemic"]])
    if world.month < PROCESS_FROM:
        state["decentralised"] = series.copy()
        return
    room = np.maximum(now["technology.ceiling"] - before, 0)
    contact = now["technology.decentralised_bass_q"] * before / max(now["technology.ceiling"], 0.01)
    grown = before + (now["technology.decentralised_bass_p"] + contact) * room / 12
    grown = grown * (1 + (now["technology.decentralised_pandemic_jump"] - 1) * min(push, 1.0))
    state["decentralised"] = np.minimum(np.maximum(grown, series), 1.0)


def remote_gain(world: World, area: np.ndarray) -> np.ndarray:
    """Recruitment of regions with their decentralised trials, (rows, 10); less in oncology, with few home visits."""
    apt = np.where(area == ONCOLOGY, world.now["technology.decentralised_oncology"], 1.0)
    return 1 + apt[:, None] * world.state["decentralised"] * world.now["technology.decentralised_enrolment"]


def at_sites(world: World) -> np.ndarray:
    """Part of the patients of trials that still needs the sites, by region, (10,)."""
    return 1 - world.state["decentralised"] * world.now["technology.decentralised_capacity"]


def digital_cost(world: World) -> float:
    """Cost of trials with digital platforms beyond today's use: capture, monitoring, joint platforms."""
    now = world.now
    saving = now["technology.edc_cost_cut"] + now["technology.remote_monitoring"] + now["technology.duplication_cut"]
    return float(1 - now["technology.digital_level"] * (saving - now["technology.decentralised_cost"]))


def digital_size(world: World) -> float:
    """Patients that a programme needs with adaptive platform trials, against today's."""
    return float(1 - world.now["technology.digital_level"] * world.now["technology.adaptive_gain"])


def review_speed(world: World) -> float:
    """Clock of regulators that use AI themselves: the gain of 2030 comes linearly from 2025."""
    years = np.clip((world.month - PROCESS_FROM) / 12, 0, 5)
    return float(1 - world.now["technology.regulator_speedup"] * years / 5)
