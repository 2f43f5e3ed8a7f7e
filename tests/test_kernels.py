"""A second implementation of every vectorised kernel, in plain Python, one row at a time.

Each twin is written from the rule, not from the arrays: loops, lists and the math module. Inputs are random, with the
odd cases (ties, nothing affordable, nothing worth it) mixed in.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from worlds import LIVELY, base, fork

from agents.choices import ALONE, EX_HOME, GLOBAL, NEWCO, OPTION, REGIONAL, SALE
from agents.decisions.coverage import LIST_ROUND, NegotiationKnown, ScheduleKnown, negotiate, schedule
from agents.decisions.funding import ScoreKnown, TermsKnown, score, set_terms
from agents.decisions.partnering import (
    CODEVELOPMENT,
    COPROMOTION,
    LICENCE,
    BidKnown,
    ExerciseKnown,
    FirmOfferKnown,
    RouteKnown,
    SharingKnown,
    TakeoverKnown,
    bid_for_firm,
    bid_for_licence,
    choose_route,
    exercise_option,
    offer_firm,
    share_development,
)
from agents.decisions.research import BudgetKnown, TargetsKnown, choose_targets, set_research_budget
from agents.decisions.review import APPROVE, ASK_AGAIN, REFUSE, EarlyKnown, ReviewKnown, admit_early, review
from agents.decisions.selling import LaunchKnown, PriceKnown, launch, set_price
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
from model.ledger import VENTURE
from model.mechanisms.capital import place
from model.mechanisms.demand import choose_medicines
from model.mechanisms.programmes import about_to_start, duration, part_of_patients, recruitment, speed
from model.mechanisms.protection import EXCLUSIVITY_CLASS, erode_sales
from model.mechanisms.technology import advance
from model.world import World

ROWS, REGIONS = 400, 10


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(20)


@pytest.fixture
def world() -> World:
    """A lively world of 18 months, to be changed at will."""
    return fork(base(scale=0.2, months=18, changes=LIVELY)).world


def logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


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


# --- payers, prices, launches


def test_schedule(random: np.random.Generator) -> None:
    known = ScheduleKnown(
        month=100, days=random.uniform(10, 900, ROWS), capability=random.random(ROWS), rule=random.integers(0, 9, ROWS),
        luck=random.normal(size=ROWS), capability_weight=0.6, usual_capability=0.7, spread=random.uniform(0.1, 0.5, ROWS),
        round_month=1, rounds=2.0,
    )  # fmt: skip
    for row, due in enumerate(schedule(known)):
        months = (
            known.days[row]
            / 30.4
            * (1 + 0.6 * (0.7 - known.capability[row]))
            * math.exp(known.spread[row] * known.luck[row])
        )
        expected = 100 + max(round(float(months)), 1)
        while known.rule[row] == LIST_ROUND and expected % 12 not in (1, 7):
            expected += 1
        assert due == expected


def test_negotiation(random: np.random.Generator) -> None:
    reference = random.uniform(1e3, 1e5, ROWS)
    reference[random.random(ROWS) < 0.4] = np.inf
    abroad = random.uniform(1e2, 1e4, ROWS)
    abroad[random.random(ROWS) < 0.4] = np.inf
    known = NegotiationKnown(
        abroad=abroad, abroad_weight=random.random(ROWS),
        asked=random.uniform(1e3, 1e5, ROWS), value_price=random.uniform(1e3, 1e5, ROWS), reference=reference,
        rule=random.integers(0, 9, ROWS), pressure=random.uniform(0.05, 3, ROWS), discount=random.uniform(0, 0.8, ROWS),
        availability=random.random(ROWS), capability=random.random(ROWS), benefit=random.normal(size=ROWS),
        price_law=random.uniform(0.5, 1.0, ROWS), luck=random.random(ROWS), pressure_weight=0.5, benefit_weight=0.5,
        capability_weight=1.0, usual_capability=0.7,
    )  # fmt: skip
    listed, net = negotiate(known)
    for row in range(ROWS):
        pressure = max(float(known.pressure[row]), 0.2)
        offered = float(known.asked[row] * (1 - known.discount[row]) * known.price_law[row])
        lowest = min(offered, float(known.reference[row]), float(known.value_price[row]))
        agreed = min(lowest * min(pressure**-0.5, 1.3), float(known.asked[row]))
        link = float(known.abroad_weight[row]) * (agreed - min(agreed, float(known.abroad[row])))
        assert net[row] == pytest.approx(agreed - link)
        usual = min(max(float(known.availability[row]), 0.02), 0.98)
        odds = math.log(usual / (1 - usual)) + 0.5 * float(known.benefit[row]) + float(known.capability[row]) - 0.7
        odds -= min(max(math.log(offered / float(known.value_price[row])), -1.0), 3.0) + math.log(pressure)
        assert listed[row] == (known.luck[row] < logistic(odds))
    assert 0 < listed.sum() < ROWS


def test_price_and_launch(random: np.random.Generator) -> None:
    price = PriceKnown(
        value_price=random.uniform(1e3, 1e5, ROWS), rivals=random.integers(0, 9, ROWS),
        benefit=random.normal(size=ROWS) * 2, mission=random.random(ROWS), premium=0.25, rival_discount=0.03,
        restraint=0.3,
    )  # fmt: skip
    for row, asked in enumerate(set_price(price)):
        premium = math.exp(0.25 * min(max(float(price.benefit[row]), -1.5), 1.5))
        usual = float(price.value_price[row]) * premium / (1 + 0.03 * int(price.rivals[row]))
        assert asked == pytest.approx(usual * (1 - 0.3 * float(price.mission[row])))
    known = LaunchKnown(
        revenue=random.exponential(20, ROWS), cost=random.exponential(8, ROWS), outlay=random.exponential(8, ROWS),
        money=random.normal(10, 10, ROWS), reference_loss=random.exponential(2, ROWS),
    )  # fmt: skip
    for row, go in enumerate(launch(known)):
        pays = known.revenue[row] > known.cost[row] + known.reference_loss[row]
        assert go == (pays and known.outlay[row] <= known.money[row])


def test_shares_of_the_market(world: World) -> None:
    """Multinomial logit by indication and region, copies in the outside option."""
    positions = world.positions
    generator = np.random.default_rng(4)
    positions.covered[:] = generator.random(len(positions))
    world.state["dirty"][:] = True
    world.month += 60  # some have lost protection
    before = positions.share.copy()
    choose_medicines(world)
    now, firms = world.now, world.firms
    markets: dict[tuple[int, int], list[int]] = {}
    for row in range(len(positions)):
        if positions.active[row] and not positions.mature[row]:
            markets.setdefault((int(positions.indication[row]), int(positions.region[row])), []).append(row)
    several = old = 0
    for (indication, region), rows in markets.items():
        usual = world.indications.price[indication] * world.state["region_price"][region] * world.prices(2024)
        usual /= 1 - now["access.gross_to_net"][region]
        weight = {}
        for row in rows:
            firm = positions.firm[row]
            dear = math.log(max(float(positions.price[row]), 1.0) / max(float(usual), 1.0))
            utility = now["demand.benefit"] * min(max(float(positions.benefit[row]), -2.5), 3.0)
            utility += -now["demand.price"] * min(max(dear, -2.0), 3.0) - now["demand.order"] * math.log(
                positions.order[row]
            )
            utility += (
                now["demand.trust"] * firms.trust[firm, region]
                + now["demand.promotion"] * firms.commercial[firm, region]
            )
            weight[row] = math.exp(utility) * float(positions.covered[row])
        fresh = [row for row in rows if positions.protected[row] > world.month]
        copies = sum(weight[row] for row in rows if row not in fresh)
        outside = math.exp(now["demand.outside"]) * world.indications.cell[indication] + now["demand.copies"] * copies
        whole = outside + sum(weight[row] for row in fresh)
        for row in rows:
            assert positions.share[row] == pytest.approx(weight[row] / whole if row in fresh else before[row], rel=1e-5)
        several, old = several + (len(fresh) > 1), old + (len(fresh) < len(rows))
        assert sum(positions.share[row] for row in fresh) < 1
    assert several > 3 and old > 3


def test_only_a_third_of_the_indications_is_due_each_month(world: World) -> None:
    positions = world.positions
    world.state["dirty"][:] = False
    positions.covered[:] = 0.123
    before = positions.share.copy()
    choose_medicines(world)
    changed = np.unique(positions.indication[positions.share != before])
    assert len(changed) and set(changed % 3) == {world.month % 3}


def curve(years: float, points: tuple[float, float, float]) -> float:
    """Straight lines through 1 now and the points after one, two and five years."""
    known = [(0.0, 1.0), (1.0, points[0]), (2.0, points[1]), (5.0, points[2])]
    for (left, low), (right, high) in pairwise(known):
        if years <= right:
            return low + (high - low) * (years - left) / (right - left)
    return points[2]


def test_erosion(world: World) -> None:
    generator, positions = np.random.default_rng(5), world.positions
    rows = generator.choice(len(positions), ROWS, replace=False)
    months = np.concatenate([generator.integers(0, 108, ROWS - 5), [0, 12, 24, 60, 240]])
    positions.protected[rows], positions.sales[rows] = world.month - months, 1.0
    erode_sales(world, rows)
    kept, copies, years = positions.sales[rows], positions.copies[rows], months / 12
    assets, region = positions.asset[rows], positions.region[rows]
    for index in range(ROWS):
        kind, here, age = (
            int(EXCLUSIVITY_CLASS[world.assets.modality[assets[index]]]),
            int(region[index]),
            float(years[index]),
        )
        volume, price = (
            curve(age, tuple(float(world.now[f"protection.{name}_kept_{y}y"][kind, here]) for y in (1, 2, 5)))  # type: ignore[arg-type]
            for name in ("volume", "price")
        )
        molecule = price * (1 - world.now["protection.copy_price_cut"][here])
        original, fade = min(volume, 0.9 * molecule), math.exp(-0.06 * max(age - 5, 0))
        assert kept[index] == pytest.approx(original * fade)
        assert copies[index] == pytest.approx((molecule - original) * fade)
    assert (kept >= 0).all() and (copies >= 0).all()


# --- partners and money


def route_values(known: RouteKnown, row: int) -> dict[int, float]:
    """Gain of every route that is open, in plain arithmetic."""
    short, home = 0.8 * math.exp(-float(known.runway[row]) / 12), int(known.home[row])
    pressure = short + 0.3 * float(known.listed[row]) + 0.4 * bool(known.stuck[row])
    keep = [(1 - min(max(pressure, 0.0), 0.95)) * float(value) for value in known.kept[row]]
    paid = [float(value) for value in known.partnered[row]]
    gain = [(1 - 0.5 * short) * paid[region] - keep[region] for region in range(REGIONS)]
    abroad = [gain[region] for region in range(REGIONS) if region != home]
    values = {REGIONAL: max(abroad), EX_HOME: sum(abroad), GLOBAL: sum(gain)}
    if known.doubt[row] > 0 and not known.stuck[row]:
        better = 0.2 * float(known.doubt[row]) * (float(known.confidence[row]) - 1.0)
        values[OPTION] = sum(gain) + better * sum(paid) - float(known.next_cost[row])
    if known.newco[row] > 0:
        values[NEWCO] = float(known.newco[row]) - (sum(keep) - keep[home])
    if known.foreign[row]:
        values[SALE] = 0.9 * sum(paid) - sum(keep)
    return {ALONE: 0.0} | {route: value - 5.0 for route, value in values.items()}


def test_route(random: np.random.Generator) -> None:
    rows = 20 * ROWS
    known = RouteKnown(
        kept=random.normal(10, 20, (rows, REGIONS)), partnered=random.normal(10, 15, (rows, REGIONS)),
        home=random.integers(0, REGIONS, rows), runway=random.exponential(20, rows),
        listed=(random.random(rows) < 0.3).astype(float), stuck=random.random(rows) < 0.3,
        doubt=np.maximum(random.normal(0, 1, rows), 0), confidence=random.normal(0, 1, rows),
        next_cost=random.exponential(5, rows), foreign=random.random(rows) < 0.3,
        newco=np.maximum(random.normal(0, 100, rows), 0), friction=5.0, urgency=0.8, listed_urgency=0.3, late_part=0.5,
        stuck_discount=0.4, option_premium=0.2, option_threshold=1.0, sale_share=0.9,
    )  # fmt: skip
    found = choose_route(known)
    for row in range(rows):
        values = route_values(known, row)
        assert values[int(found[row])] == pytest.approx(max(values.values()))
    assert set(found.tolist()) == {ALONE, REGIONAL, EX_HOME, GLOBAL, OPTION, NEWCO, SALE}


def test_bids(random: np.random.Generator) -> None:
    known = BidKnown(
        value=random.normal(40, 60, ROWS), replacement=random.exponential(60, ROWS), cash=random.normal(100, 150, ROWS),
        gap=random.random(ROWS), fit=(random.random(ROWS) < 0.3).astype(float), fit_weight=0.2, gap_weight=0.5,
        attention=random.exponential(5, ROWS), cash_share=0.4,
    )  # fmt: skip
    for row, bid in enumerate(bid_for_licence(known)):
        most = min(float(known.value[row]), float(known.replacement[row]))
        most *= 1 + 0.5 * float(known.gap[row]) + (0.2 if known.fit[row] else 0.0)
        most -= float(known.attention[row])
        assert bid == pytest.approx(max(min(most, 0.4 * max(float(known.cash[row]), 0.0)), 0.0))


def test_sharing_offering_and_buying(random: np.random.Generator) -> None:
    sharing = SharingKnown(
        know_how=random.random(ROWS), at_home=random.random(ROWS), cash=random.exponential(40, ROWS),
        cost=random.exponential(20, ROWS), passed=random.integers(0, 5, ROWS), wide=random.random(ROWS) < 0.7,
        home_sold=random.random(ROWS) < 0.7, trust=random.random(ROWS), know_how_needed=0.5, presence_needed=0.4,
        trust_needed=0.4,
    )  # fmt: skip
    for row, form in enumerate(share_development(sharing)):
        passed = int(sharing.passed[row])
        close = sharing.wide[row] and sharing.trust[row] >= 0.4
        together = close and sharing.home_sold[row] and passed >= 2 and sharing.at_home[row] > 0.4
        able = sharing.know_how[row] > 0.5 and sharing.cash[row] > 2 * sharing.cost[row]
        shared = close and able and 1 <= passed < 3
        assert form == (COPROMOTION if together else CODEVELOPMENT if shared else LICENCE)
    option = ExerciseKnown(value=random.exponential(20, ROWS), price=random.exponential(20, ROWS),
                           cash=random.normal(20, 20, ROWS), upfront=random.exponential(8, ROWS), cash_share=0.6)  # fmt: skip
    for row, taken in enumerate(exercise_option(option)):
        payable = option.upfront[row] < 0.6 * max(float(option.cash[row]), 0.0)
        assert taken == (option.value[row] > option.price[row] and payable)
    offer = FirmOfferKnown(
        runway=random.exponential(10, ROWS), pipeline_value=random.normal(5, 10, ROWS),
        clinical_assets=random.integers(0, 2, ROWS), runway_limit=9.0,
    )  # fmt: skip
    for row, offered in enumerate(offer_firm(offer)):
        something = offer.runway[row] < 9 or offer.clinical_assets[row] > 0
        assert offered == (offer.pipeline_value[row] > 0 and something)
    takeover = TakeoverKnown(
        value=random.exponential(20, ROWS), price=random.exponential(20, ROWS), cash=random.exponential(90, ROWS),
        gap=random.random(ROWS), gap_weight=0.5, cash_share=0.3,
    )  # fmt: skip
    for row, bought in enumerate(bid_for_firm(takeover)):
        worth = takeover.value[row] * (1 + 0.5 * takeover.gap[row])
        assert bought == (worth > takeover.price[row] and takeover.price[row] < 0.3 * takeover.cash[row])


def test_terms_and_scores(random: np.random.Generator) -> None:
    terms = TermsKnown(burn=random.exponential(3, ROWS), value=random.exponential(80, ROWS), runway_months=24.0,
                       least=4.0, value_share=0.5, plenty=1 + random.random(ROWS))  # fmt: skip
    for row, money in enumerate(set_terms(terms)):
        assert money == pytest.approx(max(terms.plenty[row] * min(24 * terms.burn[row], 0.5 * terms.value[row]), 4.0))
    known = ScoreKnown(
        value=random.normal(50, 80, ROWS), need=random.exponential(20, ROWS), late_share=random.random(ROWS),
        footprint=random.random(ROWS), reputation=random.random(ROWS), luck=random.normal(size=ROWS),
        footprint_weight=random.random(ROWS), stage_weight=0.7,
    )  # fmt: skip
    for row, liked in enumerate(score(known)):
        expected = math.log(1 + max(float(known.value[row]), 0.0) / max(float(known.need[row]), 1.0))
        expected += 0.7 * known.late_share[row] + known.footprint_weight[row] * known.footprint[row]
        assert liked == pytest.approx(expected + known.reputation[row] + known.luck[row])


@pytest.mark.parametrize("money", [0.0, 30.0, 300.0, 1e5])
def test_capital_is_placed_in_the_order_of_liking(world: World, money: float) -> None:
    """Each pool pays from its best firm on; the last one takes what is left, if that is a round at all."""
    generator = np.random.default_rng(6)
    firms, investors = world.firms, world.investors
    rows = np.sort(generator.choice(world.alive, 120, replace=False))
    pool = generator.integers(0, 6, len(rows))
    offer, liked = generator.exponential(20, len(rows)), generator.normal(size=len(rows))
    offer[:10] = 0.0
    investors.capital[:] = money
    cash, capital, rounds = firms.cash.copy(), investors.capital.copy(), firms.rounds.copy()
    before = world.ledger.balances[VENTURE]
    place(world, rows, pool, offer, liked, VENTURE)
    given = {int(row): 0.0 for row in rows}
    for one in range(6):
        asked, queue = 0.0, sorted((i for i in range(len(rows)) if pool[i] == one), key=lambda i: -liked[i])
        for index in queue:
            left = money - asked
            asked += float(offer[index])
            grant = min(float(offer[index]), left)
            if grant > 0 and grant >= min(float(offer[index]), world.now["capital.least_round"]):
                given[int(rows[index])] = grant
                capital[one] -= grant
    np.testing.assert_allclose(firms.cash[rows] - cash[rows], [given[int(row)] for row in rows], atol=1e-9)
    np.testing.assert_allclose(investors.capital, capital, atol=1e-9)
    np.testing.assert_array_equal(firms.rounds[rows] - rounds[rows], [given[int(row)] > 0 for row in rows])
    assert (investors.capital >= -1e-9).all()
    assert before - world.ledger.balances[VENTURE] == pytest.approx(sum(given.values()))


def test_twins_see_every_field() -> None:
    """A decision that learns something new needs a new twin: its inputs are listed here."""
    sizes: dict[Any, int] = {BudgetKnown: 10, TrialKnown: 10, ReviewKnown: 8, EarlyKnown: 2, NegotiationKnown: 17, RouteKnown: 19,
                             FilingKnown: 7, ScheduleKnown: 10, TermsKnown: 6, ScoreKnown: 8}  # fmt: skip
    assert {kind: len(kind.__dataclass_fields__) for kind in sizes} == sizes
