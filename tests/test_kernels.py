"""A second implementation of every vectorised kernel, in plain Python, one row at a time.

Each twin is written from the rule, not from the arrays: loops, lists and the math module. Inputs are random, with the
odd cases (ties, nothing affordable, nothing worth it) mixed in.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from twins import REGIONS, ROWS, logistic

from agents.decisions.coverage import NegotiationKnown, ScheduleKnown
from agents.decisions.funding import ScoreKnown, TermsKnown
from agents.decisions.partnering import RouteKnown
from agents.decisions.research import BudgetKnown, TargetsKnown, choose_targets, set_research_budget
from agents.decisions.review import APPROVE, ASK_AGAIN, REFUSE, EarlyKnown, ReviewKnown, admit_early, review
from agents.decisions.trials import (  # fmt: skip
    GO,
    STOP,
    WAIT,
    ContinueKnown,
    FilingKnown,
    TrialKnown,
    choose_filings,
    continue_development,
    plan_trial,
)
from model.mechanisms.programmes import about_to_start, duration, part_of_patients, recruitment, speed
from model.mechanisms.technology import advance
from model.world import World

# --- research and trials


def test_research_budget(random: np.random.Generator) -> None:
    known = BudgetKnown(
        cash=random.normal(50, 80, ROWS), funds=random.uniform(0, 300, ROWS), income=random.normal(40, 60, ROWS),
        trial_burn=random.uniform(0, 8, ROWS), pharma=random.random(ROWS) < 0.5, research_share=0.15,
        reinvested_share=0.4, discovery_share=0.6, runway_months=24.0, discovery_floor=0.2,
    )  # fmt: skip
    found = set_research_budget(known)
    for row in range(ROWS):
        cash, pharma = float(known.cash[row]), bool(known.pharma[row])
        income = max(float(known.income[row]), 0.0) / 12
        plan = 0.15 * income if pharma else 0.4 * income + 0.6 * float(known.funds[row]) / 24
        wanted = max(plan - float(known.trial_burn[row]), 0.2 * plan)
        if cash <= 0:
            wanted = 0.0
        elif not pharma:
            wanted = min(wanted, cash / 6)
        assert found[row] == pytest.approx(wanted)


def test_targets(random: np.random.Generator) -> None:
    attraction = tuple(random.random(16))
    known = TargetsKnown(
        focus=random.integers(0, 16, ROWS), second_focus=random.integers(0, 16, ROWS), attraction=attraction,
        luck=random.random(ROWS), area_luck=random.random(ROWS), focus_share=0.5,
    )  # fmt: skip
    for row, area in enumerate(choose_targets(known)):
        if known.luck[row] < 0.5:
            expected = known.focus[row]
        elif known.luck[row] < 0.75:
            expected = known.second_focus[row]
        else:
            level, expected = known.area_luck[row] * sum(attraction), 0
            while level >= attraction[expected]:
                level, expected = level - attraction[expected], expected + 1
        assert area == expected


@pytest.mark.parametrize("returns", [1.0, 0.5])
def test_trial_plan(random: np.random.Generator, returns: float) -> None:
    known = TrialKnown(
        home=random.integers(0, REGIONS, ROWS), speed=random.uniform(0, 3, (ROWS, REGIONS)) + 1e-3,
        option_value=random.exponential(5, (ROWS, REGIONS)), cost=random.uniform(0, 20, (ROWS, REGIONS)),
        month_value=random.exponential(1, ROWS), reference_months=random.uniform(3, 40, ROWS),
        stance=random.random(ROWS), limit=random.integers(1, 8, ROWS).astype(float),
        home_saving=np.where(random.random(ROWS) < 0.5, random.uniform(0, 30, ROWS), 0.0), returns=returns,
    )  # fmt: skip
    found = plan_trial(known)
    widths = set()
    for row in range(ROWS):
        home = int(known.home[row])
        at_home = float(known.speed[row, home])
        gains = []
        for region in range(REGIONS):
            if region == home:
                continue
            alone = float(known.reference_months[row]) / at_home**returns
            together = float(known.reference_months[row]) / (at_home + float(known.speed[row, region])) ** returns
            net = float(known.month_value[row]) * (alone - together)
            net += float(known.option_value[row, region] * known.stance[row]) - float(known.cost[row, region])
            gains.append((net, region))
        best = sorted((pair for pair in gains if pair[0] > 0), key=lambda pair: -pair[0])
        further = best[: int(known.limit[row]) - 1]
        worth = sum(net for net, _ in further) > known.home_saving[row]
        chosen = {home} | {region for _, region in further if worth}
        assert set(np.flatnonzero(found[row])) == chosen
        widths.add(len(chosen))
    assert len(widths) > 4


def test_continue(random: np.random.Generator) -> None:
    known = ContinueKnown(
        value=random.exponential(50, ROWS), cost=random.exponential(30, ROWS), cash=random.exponential(60, ROWS),
        pharma=random.random(ROWS) < 0.5, affordable_share=0.5, pharma_share=0.1,
    )  # fmt: skip
    found = continue_development(known)
    for row in range(ROWS):
        share = 0.1 if known.pharma[row] else 0.5
        if known.value[row] < known.cost[row]:
            expected = STOP
        else:
            expected = GO if known.cost[row] <= share * known.cash[row] else WAIT
        assert found[row] == expected
    assert set(found) == {STOP, GO, WAIT}


def test_duration(world: World) -> None:
    """Programmes of all phases in random sets of regions."""
    generator = np.random.default_rng(3)
    rows = world.pipeline[:ROWS]
    phase = generator.integers(1, 4, len(rows))
    regions = generator.random((len(rows), REGIONS)) < 0.3
    regions[np.arange(len(rows)), world.firms.home[world.assets.sponsor[rows]]] = True
    world.firms.ai[:] = generator.random(len(world.firms)) < 0.5
    world.month = 280
    world.now = world.values.at(280)
    advance(world)
    rate = speed(world, phase, world.assets.area[rows])
    starts = about_to_start(world, rows, phase)
    size = part_of_patients(world, starts, regions)
    found = duration(world, starts, regions, recruitment(world, starts, rate), size)
    luck = world.draws.normal("length", world.assets.asset[rows], phase)
    for index, row in enumerate(rows):
        expected = plain_duration(world, int(row), int(phase[index]), regions[index], rate[index], float(luck[index]))
        for name, months in expected.items():
            assert found[name][index] == pytest.approx(months), name


def plain_duration(
    world: World, row: int, phase: int, regions: np.ndarray, rate: np.ndarray, luck: float
) -> dict[str, float]:
    now, assets, firms = world.now, world.assets, world.firms
    sponsor = int(assets.sponsor[row])
    home, area = int(firms.home[sponsor]), int(assets.area[row])
    length = float(now["area.length"][phase, area]) * now["trials.length_ratio"]
    rest = max(length - now["trials.usual_startup"], 4.0)
    base_months = rest * now["trials.enrolment_share"]
    opens = []
    for region in range(REGIONS):
        months = now["trials.startup"][region] + now["trials.startup_shift"][region]
        months += now["regulator.authorisation_days"][region] / 30.4
        months += now["trials.foreign_startup_shift"][region] if region != home else 0.0
        opens.append(max(float(months), 1.0))
    recruiting, here = 0.0, [region for region in range(REGIONS) if regions[region]]
    for region in here:
        pace = float(rate[region])
        if region != home:
            edge = float(now["trials.recruitment"][phase, region])
            pace = pace / edge * (1 + now["trials.shared_edge"] * (edge - 1)) * now["trials.further_region"]
            pace *= 1 - world.state["data_block"][home, region]
            pace *= 1 - world.state["service_lost"][region, home]
        late = max(opens[region] - opens[home], 0.0)
        recruiting += pace * min(max(1 - late / max(base_months, 6.0), 0.0), 1.0)
    startup = min(opens[region] for region in here) + now["trials.region_startup_months"] * max(len(here) - 2, 0)
    ready = [2000 + world.month / 12 >= since for since in now["technology.ai_available_from"]]
    cuts = [float(cut) if there else 0.0 for cut, there in zip(now["technology.ai_effect"], ready, strict=True)][1:4]
    adopted = sum(bool(firms.ai[firm]) for firm in world.alive) / len(world.alive)
    level = 1.0 if firms.ai[sponsor] else now["technology.spillover"] * adopted
    saved = level * sum(cuts) / len(cuts)
    noise = math.exp(float(now["trials.length_spread"]) * luck)
    size = float(now["regulator.home_size"][home]) if len(here) == 1 else 1.0
    return {
        "startup": startup * (1.15 - 0.3 * float(firms.know_how[sponsor])),
        "enrolment": min(base_months * size / max(recruiting, 0.05), now["trials.longest_enrolment"]) * noise,
        "follow": rest * (1 - now["trials.enrolment_share"] - now["trials.paperwork_share"]) * noise,
        "paperwork": rest * now["trials.paperwork_share"] * (1 - saved),
    }


# --- filings and reviews


def test_filings(random: np.random.Generator) -> None:
    known = FilingKnown(
        value=random.normal(30, 60, (ROWS, REGIONS)), cost=random.uniform(1, 30, (ROWS, REGIONS)),
        odds=random.random((ROWS, REGIONS)), home=random.integers(0, REGIONS, ROWS),
        cash=random.normal(60, 80, ROWS), stance=random.random(ROWS), cash_share=0.4,
    )  # fmt: skip
    found = choose_filings(known)
    numbers = set()
    for row in range(ROWS):
        net = [float(known.odds[row, r] * known.value[row, r] - known.cost[row, r]) for r in range(REGIONS)]
        order = sorted(range(REGIONS), key=lambda region: -net[region])
        money, chosen = 0.4 * max(float(known.cash[row]), 0.0), set()
        for region in order:
            money -= float(known.cost[row, region])
            if net[region] <= 0 or (money < 0 and region != order[0]):
                break
            chosen.add(region)
        assert set(np.flatnonzero(found[row])) == chosen
        numbers.add(len(chosen))
    assert len(numbers) > 4


def test_admit_early(random: np.random.Generator) -> None:
    early = EarlyKnown(claim=random.normal(-1, 2, ROWS), luck=random.random(ROWS))
    for row, taken in enumerate(admit_early(early)):
        assert taken == (early.luck[row] < logistic(float(early.claim[row])))


def test_review(random: np.random.Generator) -> None:
    known = ReviewKnown(
        merit=random.normal(1, 2, ROWS), strictness=random.normal(0, 0.5, ROWS), cycles=random.integers(1, 5, ROWS),
        luck=random.random(ROWS), second_luck=random.random(ROWS), most_cycles=4, second_chance=0.4,
        first_cycle_share=random.random(ROWS),
    )  # fmt: skip
    found = review(known)
    for row in range(ROWS):
        deserved = logistic(float(known.merit[row] - known.strictness[row]))
        complete = float(known.first_cycle_share[row]) if known.cycles[row] == 1 else 1.0
        if known.luck[row] < deserved * complete:
            expected = APPROVE
        elif known.cycles[row] >= 4:
            expected = REFUSE
        elif known.luck[row] < deserved or known.second_luck[row] < 0.4:
            expected = ASK_AGAIN
        else:
            expected = REFUSE
        assert found[row] == expected
    assert set(found) == {APPROVE, ASK_AGAIN, REFUSE}


# --- all of them


def test_twins_see_every_field() -> None:
    """A decision that learns something new needs a new twin: its inputs are listed here."""
    sizes: dict[Any, int] = {BudgetKnown: 10, TrialKnown: 10, ReviewKnown: 8, EarlyKnown: 2, NegotiationKnown: 17, RouteKnown: 19,
                             FilingKnown: 7, ScheduleKnown: 10, TermsKnown: 6, ScoreKnown: 8}  # fmt: skip
    assert {kind: len(kind.__dataclass_fields__) for kind in sizes} == sizes
