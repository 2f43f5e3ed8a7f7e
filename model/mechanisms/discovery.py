"""Discovery: research budgets become candidates."""

from __future__ import annotations

from typing import Any

import numpy as np

from agents import Firm
from agents.decisions.research import BudgetKnown, TargetsKnown
from model.arrays import REGION_BITS
from model.clock import year_of
from model.kernels import candidates
from model.kernels import firms as kernel
from model.kernels.grouping import add, step
from model.labels import PHARMA, PRECLINICAL
from model.ledger import PROVIDERS, STAFF
from model.mechanisms.programmes import enter_phases
from model.mechanisms.technology import DISCOVERY, usual_saving
from model.world import REGION_COUNT, World

ASSET_BITS = 16
"""A firm discovers fewer than 2**16 candidates; identities are packed (firm, ordinal)."""


MOST_STARTS = 40
"""Candidates that a firm starts in a month at most; the rest waits."""
NATURE = ("modality", "novel", "orphan", "biomarker", "quality", "risk", "belief")
"""What luck decides about a candidate when it is discovered."""
DECISIONS = tuple(f"nature.{name}" for name in NATURE)


def discover(world: World) -> None:
    """Spend research budgets and start the candidates that they have paid for."""
    set_budgets(world)
    spend(world)
    start_candidates(world)


def set_budgets(world: World) -> None:
    """Every firm sets its discovery spending."""
    firms, now, rows = world.firms, world.now, world.alive
    np.maximum(firms.funds, firms.cash, out=firms.funds)
    known = BudgetKnown(
        cash=firms.cash[rows], funds=firms.funds[rows], income=firms.income_12[rows], trial_burn=firms.trial_burn[rows],
        pharma=firms.kind[rows] == PHARMA, research_share=now["research.income_share"],
        reinvested_share=now["research.reinvested_share"], discovery_share=now["research.discovery_share"],
        runway_months=now["research.runway"], discovery_floor=now["research.discovery_floor"],
    )  # fmt: skip
    budget = world.decide(Firm, "set_research_budget", rows, known, "firms")
    firms.research[:] = 0.0
    firms.research[rows] = np.maximum(budget, 0.0)


def spend(world: World) -> None:
    """Pay for research and trials; providers get the outsourced share."""
    firms, balances = world.firms, world.ledger.balances
    providers, staff = kernel.spend(
        world.alive, world.now["trials.outsourced_share"], firms.home, firms.research, firms.trial_burn, firms.cash,
        firms.spend_year, firms.spend_12, world.flows["spend"],
    )  # fmt: skip
    balances[PROVIDERS] += providers
    balances[STAFF] += staff


def candidate_cost(world: World) -> np.ndarray:
    """Cost of a new preclinical candidate by region, million US$ of the year, (10,).

    Input cost over productivity; productivity follows the science base with its talent and falls
    as a region's firms crowd the same science (constant returns to both together).
    """
    now, firms = world.now, world.firms
    inputs = (now["science.candidate_cost"] + now["science.preclinical_cost"]) * world.prices(2010)
    inputs = inputs * now["science.discovery_cost"]
    spending = kernel.searching(
        world.alive, now["research.new_share"], firms.home, firms.kind, firms.research, REGION_COUNT
    )
    affordable = np.maximum(spending * 12 / inputs / world.scale, 1.0)
    science = now["science.base"] * now["science.talent"] * world.state["talent"] * now["science.reference_starts"]
    productivity = now["science.productivity"] * (science / affordable) ** now["science.crowding"]
    return inputs / np.clip(productivity, 0.2, 5.0)


def start_candidates(world: World) -> None:
    """Turn accumulated spending into candidates, one at a time per firm."""
    firms, state, now = world.firms, world.state, world.now
    state["candidate_cost"] = cost = candidate_cost(world)
    ready = float(state["task_cut"][DISCOVERY] > 0)
    rows, number = kernel.afford(
        world.alive, MOST_STARTS, cost, now["research.lean_cost"], now["research.new_share"],
        now["technology.discovery_cost_cut"], usual_saving(world), ready * state["ai_service"],
        ready * float(state["spillover"]), firms.home, firms.kind, firms.ai, firms.research, firms.credit,
    )  # fmt: skip
    if not len(rows):
        return
    first = firms.discoveries[rows]
    firms.discoveries[rows] += number.astype(np.int32)
    owner = np.repeat(rows, number)
    ordinal = np.arange(len(owner)) - np.repeat(np.cumsum(number) - number, number)
    charge(world, owner, create(world, owner, ordinal + np.repeat(first, number)))


def charge(world: World, owner: np.ndarray, rows: np.ndarray) -> None:
    """Let owners wait for the next candidate as long as the modality of this one cost more than is usual."""
    cost = world.now["modality.discovery_cost"]
    running = world.once(modality_weights)
    share = running.copy()
    share[1:] -= running[:-1]
    usual = share @ cost / running[-1]
    add(owner, 1 - cost[world.assets.modality[rows]] / usual, world.firms.credit)


def create(world: World, owner: np.ndarray, ordinal: np.ndarray, area: np.ndarray | None = None) -> np.ndarray:
    """New preclinical candidates of firms (rows); returns their rows."""
    firms = world.firms
    identity = (firms.firm[owner] << ASSET_BITS) | ordinal
    home = firms.home[owner]
    if area is None:
        area = targets(world, owner, identity)
    indication = choose_indication(world, identity, area)
    traits = nature(world, owner, identity, area, indication)
    rows = world.assets.append(
        len(owner), asset=identity, originator=owner, origin=home, sponsor=owner,
        holder=owner[:, None], area=area, indication=indication, started=world.month,
        phase=PRECLINICAL, phase_started=world.month, involved=REGION_BITS[home],
        filed=world.month, patents=REGION_BITS[home], **traits,
    )  # fmt: skip
    step(owner, 1, firms.candidates)
    enter_phases(world, rows, np.full(len(rows), PRECLINICAL))
    world.pipeline = np.concatenate([world.pipeline, rows])
    world.flow("entering", home)
    return rows


def targets(world: World, owner: np.ndarray, identity: np.ndarray) -> np.ndarray:
    """Disease areas that the firms choose for new candidates."""
    firms = world.firms
    kind, herd = world.draws.together(("target.kind", "target.area"), identity)
    known = TargetsKnown(
        focus=firms.focus[owner].astype(np.int64),
        second_focus=firms.second_focus[owner].astype(np.int64),
        attraction=tuple(world.state["attraction"]),
        luck=kind,
        area_luck=herd,
        focus_share=world.now["research.focus_share"],
    )
    return world.decide(Firm, "choose_targets", owner, known, "firms")


def choose_indication(world: World, identity: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Lead indication within the area, in proportion to need and to what the market pays."""
    running = np.cumsum(world.state["indication_weight"])
    return candidates.within_area(
        identity, world.draws.base("target.indication"), area, world.state["area_start"], running
    )


def nature(world: World, owner: np.ndarray, identity: np.ndarray, area: np.ndarray,
           indication: np.ndarray) -> dict[str, Any]:  # fmt: skip
    """What a candidate is: modality, novelty, orphan, biomarker, hidden quality and risk."""
    now, firms = world.now, world.firms
    traits = candidates.nature(
        identity, world.draws.bases(DECISIONS), firms.home[owner], area, indication,
        now["research.science_weight"] * firms.science[owner], world.once(modality_weights), world.once(novelty),
        world.indications.prevalence, now["area.orphan_share"], now["area.biomarker_share"],
        now["research.novel_benefit"], now["research.follower_penalty"], now["research.noise"],
    )  # fmt: skip
    return dict(zip(NATURE, traits, strict=True))


def modality_weights(world: World) -> np.ndarray:
    """Running sum of the weights of modalities among new candidates: the mix of 2000, then what matures spreads."""
    now = world.now
    age = np.clip(year_of(world.month) - now["modality.maturity_year"] + 8, 0, 30)
    young = now["modality.maturity_year"] > 1950
    spread = np.exp(now["research.modality_growth"] * age) * now["research.modality_seed"]
    return np.cumsum(now["modality.start_share"] + np.where(young, spread, 0.0))


def novelty(world: World) -> np.ndarray:
    """Share of new candidates that are first in class, by region.

    The share of 2000, moving towards the best as the science base gains on that of the US.
    """
    now = world.now
    start = now["science.first_in_class"]
    science = now["science.base"] * now["science.talent"] * world.state["talent"]
    gain = science / science[0] - world.values["science.base"][0] / world.values["science.base"][0, 0]
    share = start + (start.max() - start) * np.clip(gain, 0, 1)
    copying = now["science.follower"] / np.atleast_2d(world.values["science.follower"])[0]  # law may discourage copies
    return 1 - (1 - share) * copying
