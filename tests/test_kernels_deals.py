"""Plain twins of what routes, bids, options, takeovers and rounds of money follow from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from twins import REGIONS, ROWS

from agents.choices import ALONE, EX_HOME, GLOBAL, NEWCO, OPTION, REGIONAL, SALE
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
from model.ledger import VENTURE
from model.mechanisms.capital import least_round, place
from model.world import World


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
            if grant > 0 and grant >= min(float(offer[index]), least_round(world)):
                given[int(rows[index])] = grant
                capital[one] -= grant
    np.testing.assert_allclose(firms.cash[rows] - cash[rows], [given[int(row)] for row in rows], atol=1e-9)
    np.testing.assert_allclose(investors.capital, capital, atol=1e-9)
    np.testing.assert_array_equal(firms.rounds[rows] - rounds[rows], [given[int(row)] > 0 for row in rows])
    assert (investors.capital >= -1e-9).all()
    assert before - world.ledger.balances[VENTURE] == pytest.approx(sum(given.values()))
