"""Plain twins of what payers, prices, launches and sales follow from."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from twins import ROWS, logistic

from agents.decisions.coverage import LIST_ROUND, NegotiationKnown, ScheduleKnown, negotiate, schedule
from agents.decisions.selling import LaunchKnown, PriceKnown, launch, set_price
from model.mechanisms.demand import choose_medicines
from model.mechanisms.protection import EXCLUSIVITY_CLASS, erode_sales
from model.world import World


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
