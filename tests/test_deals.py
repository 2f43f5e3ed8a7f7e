"""The deal market: one valuation for both sides, routes that follow from it, contracts that cash-flow, rights that move."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from worlds import base, world_with_environment

from agents.choices import (
    ALONE,
    CODEVELOPMENT,
    COPROMOTION,
    GLOBAL,
    LICENCE,
    NEWCO_DEAL,
    OPTION_DEAL,
    SALE,
    SALE_DEAL,
)
from agents.decisions.partnering import RouteKnown, choose_route
from model.clock import NEVER
from model.labels import PHASE1, PHASE3
from model.mechanisms.clearing import match
from model.mechanisms.contracts import Terms, settle, sign, take_rights
from model.mechanisms.discovery import create
from model.mechanisms.licensing import take_up_options
from model.mechanisms.offers import fresh_readouts, look_at
from model.mechanisms.takeovers import merge
from model.mechanisms.terms import upfront_share, write_terms
from model.world import World

REGIONS = 10
FREE = {"alliance__contract_completeness_cost": 0.0}


def one(value: float) -> np.ndarray:
    return np.array([value])


# --- routes


def owner(**changes: np.ndarray | float) -> RouteKnown:
    """An owner to whom partners are worth a little more than going alone."""
    known: dict[str, Any] = dict(  # noqa: C408  names read better than quoted keys
        kept=np.full((1, REGIONS), 10.0), partnered=np.full((1, REGIONS), 11.0), home=np.array([0]),
        runway=one(600.0), listed=one(0.0), stuck=np.array([False]), doubt=one(0.0), confidence=one(0.0),
        next_cost=one(0.0), foreign=np.array([False]), newco=one(0.0), friction=1.0, urgency=0.6, listed_urgency=0.2,
        late_part=0.5, stuck_discount=0.5, option_premium=0.1, option_threshold=1.0, sale_share=0.9,
    )  # fmt: skip
    return RouteKnown(**(known | changes))


def test_capability_turns_the_route_from_partner_to_alone() -> None:
    assert choose_route(owner())[0] == GLOBAL
    assert choose_route(owner(kept=np.full((1, REGIONS), 12.0)))[0] == ALONE


def test_an_owner_that_cannot_pay_takes_a_partner() -> None:
    able = np.full((1, REGIONS), 12.0)
    assert choose_route(owner(kept=able))[0] == ALONE
    assert choose_route(owner(kept=able, stuck=np.array([True])))[0] == GLOBAL


def test_a_dying_owner_sells_for_cash_what_lies_outside_its_areas() -> None:
    assert choose_route(owner(runway=one(1.0), foreign=np.array([True])))[0] == SALE
    assert choose_route(owner(runway=one(600.0), foreign=np.array([True])))[0] == GLOBAL


# --- clearing


BOOK = hnp.arrays(float, st.tuples(st.integers(1, 12), st.integers(1, 5)), elements=st.floats(0, 100, width=16))


@settings(max_examples=200, deadline=None)
@given(BOOK, st.floats(0, 60), st.randoms(use_true_random=False))
def test_the_clearing_is_fair(bids: np.ndarray, least: float, random: object) -> None:
    """One contract a buyer, never below what the owner can do without, and nobody left who would pay more."""
    number, breadth = bids.shape
    suitors = np.array([[random.randrange(-1, 6) for _ in range(breadth)] for _ in range(number)])  # type: ignore[attr-defined]
    needed = np.full(bids.shape, least)
    won, place = match(bids, suitors, needed, 1.0)
    buyers = suitors[won, place]
    assert len(set(buyers.tolist())) == len(buyers) and (buyers >= 0).all()
    assert (bids[won, place] > max(least, 1.0)).all()
    for row in set(range(number)) - set(won.tolist()):
        for one_ in range(breadth):
            good = suitors[row, one_] >= 0 and bids[row, one_] > max(least, 1.0)
            assert not good or suitors[row, one_] in buyers, "a willing free buyer is never left out"


# --- terms


def terms_at(world: World, phase: int, kind: int = LICENCE, power: float = 0.6) -> Terms:
    """Terms of a price of 100 for an asset in a phase, the same one whatever the kind of the contract."""
    rows = create(world, world.alive[:1], one(6000 + phase).astype(int))
    world.assets.phase[rows] = phase
    offers = look_at(world, rows)
    everywhere = np.ones((1, REGIONS), bool)
    return write_terms(world, offers, everywhere, np.ones((1, REGIONS)), one(100.0), np.array([kind]), one(power))


def test_the_upfront_grows_with_the_phase() -> None:
    world = world_with_environment()
    shares = []
    for phase in range(PHASE3 + 1):
        terms = terms_at(world, phase)
        headline = terms.upfront + terms.development + terms.commercial
        shares.append(float(terms.upfront[0] / headline[0]))
    assert shares == sorted(shares)
    np.testing.assert_allclose(shares, upfront_share(world)[1:5])


def test_royalties_stay_in_the_ranges_of_their_stage() -> None:
    world = world_with_environment()
    ranges = {0: (0.06, 0.113), 1: (0.08, 0.12), 2: (0.10, 0.15), 3: (0.14, 0.20), 5: (0.18, 0.30)}
    for phase, (low, high) in ranges.items():
        for power in (0.1, 0.6, 0.95):
            assert low <= terms_at(world, phase, power=power).royalty[0] <= high


def test_sales_are_paid_at_once_and_options_in_two_steps() -> None:
    world = world_with_environment()
    sale, option = terms_at(world, 1, SALE_DEAL), terms_at(world, 1, OPTION_DEAL)
    assert sale.upfront[0] == pytest.approx(100.0) and not sale.development[0] and not sale.royalty[0]
    fee = world.now["deal.option_fee_share"]
    assert option.upfront[0] / (option.upfront[0] + option.exercise[0]) == pytest.approx(fee)  # type: ignore[index]


def test_equity_replaces_a_part_of_the_upfront_of_a_new_company() -> None:
    world = world_with_environment()
    plain, newco = terms_at(world, 1, LICENCE), terms_at(world, 1, NEWCO_DEAL)
    assert newco.equity[0] == world.now["deal.newco_equity"]  # type: ignore[index]
    assert newco.upfront[0] == pytest.approx(plain.upfront[0] * (1 - newco.equity[0]))  # type: ignore[index]


# --- contracts


class Signed:
    """A contract of some kind on an asset in phase I between two firms of a small world."""

    def __init__(self, kind: int, takes_over: bool = True, **terms: float) -> None:
        self.world = world = world_with_environment(**FREE)
        self.seller, self.buyer = (int(row) for row in world.alive[:2])
        self.asset = create(world, np.array([self.seller]), np.array([5000]))
        world.assets.phase[self.asset] = PHASE1
        self.territory = np.arange(REGIONS)[None, :] != 5
        money = {name: one(terms.get(name, 0.0)) for name in ("upfront", "development", "commercial", "royalty")}
        more = {name: one(terms.get(name, 0.0)) for name in ("exercise", "profit_share", "equity")}
        self.start = world.firms.cash.copy()
        self.row = sign(world, self.asset, np.array([self.seller]), np.array([self.buyer]),
                        Terms(self.territory, **money, kind=np.array([kind]), **more), np.array([takes_over]))  # fmt: skip

    def gain(self, firm: int) -> float:
        return float(self.world.firms.cash[firm] - self.start[firm])

    def holders(self) -> np.ndarray:
        return self.world.assets.holder[self.asset[0]]


def test_an_option_leaves_the_rights_until_it_is_taken_up() -> None:
    deal = Signed(OPTION_DEAL, upfront=5.0, exercise=20.0)
    assert (deal.holders() == deal.seller).all() and deal.gain(deal.seller) == pytest.approx(5.0)
    take_rights(deal.world, deal.row, deal.territory)
    assert ((deal.holders() == deal.buyer) == deal.territory[0]).all()
    assert deal.gain(deal.seller) == pytest.approx(25.0)
    assert deal.world.deals.paid[deal.row[0]] == pytest.approx(25.0)
    assert deal.world.assets.sponsor[deal.asset[0]] == deal.buyer


def test_an_option_on_a_poor_asset_lapses() -> None:
    deal = Signed(OPTION_DEAL, upfront=5.0, exercise=1e6)
    world, assets = deal.world, deal.world.assets
    world.pipeline = np.append(world.pipeline, deal.asset)
    assets.waiting[deal.asset], assets.due[deal.asset] = True, world.month + 1
    take_up_options(world, fresh_readouts(world))
    assert world.deals.ended[deal.row[0]] == world.month
    assert (deal.holders() == deal.seller).all() and assets.option[deal.asset[0]] == -1


def test_a_sale_ends_with_its_payment() -> None:
    deal = Signed(SALE_DEAL, upfront=30.0)
    assert deal.gain(deal.seller) == pytest.approx(30.0)
    assert deal.world.deals.ended[deal.row[0]] == deal.world.month
    assert (deal.world.assets.deal[deal.asset[0]] == -1).all()
    assert ((deal.holders() == deal.buyer) == deal.territory[0]).all()


def test_partners_share_the_cost_of_trials_and_the_profit() -> None:
    deal = Signed(CODEVELOPMENT, profit_share=0.4)
    world = deal.world
    world.assets.burn[deal.asset] = 2.0
    world.month = 2
    settle(world)
    assert deal.gain(deal.seller) == pytest.approx(-0.4 * 3 * 2.0)
    place = world.positions.append(
        1, asset=deal.asset, region=0, firm=deal.buyer, contract=deal.row, launched=0, protected=150
    )
    world.assets.burn[deal.asset] = 0.0
    world.positions.quarter[:] = 0.0
    world.positions.quarter[place] = 100.0
    before = deal.gain(deal.seller)
    world.month = 5
    settle(world)
    assert deal.gain(deal.seller) - before == pytest.approx(100 * 0.4 * world.now["valuation.margin"])


def test_copromoters_share_the_profit_at_home_instead_of_a_royalty() -> None:
    deal = Signed(COPROMOTION, profit_share=0.4, royalty=0.1)
    world = deal.world
    home = int(world.firms.home[deal.seller])
    shares = []
    for region in (home, (home + 1) % REGIONS):
        world.positions.quarter[:] = 0.0
        place = world.positions.append(
            1, asset=deal.asset, region=region, firm=deal.buyer, contract=deal.row, launched=0, protected=150
        )
        world.positions.quarter[place] = 10.0
        before = deal.gain(deal.seller)
        world.month = 2
        settle(world)
        shares.append(deal.gain(deal.seller) - before)
    assert shares[0] == pytest.approx(10 * 0.4 * world.now["valuation.margin"])
    assert shares[1] == pytest.approx(10 * 0.8 * 0.1)


def test_royalties_step_down_when_copies_enter() -> None:
    deal = Signed(LICENCE, royalty=0.1)
    world = deal.world
    place = world.positions.append(
        1, asset=deal.asset, region=0, firm=deal.buyer, contract=deal.row, launched=0, protected=150
    )
    paid = []
    for protected in (150, 0):
        world.positions.quarter[:] = 0.0
        world.positions.quarter[place], world.positions.protected[place] = 10.0, protected
        before, world.month = deal.gain(deal.seller), 2
        settle(world)
        paid.append(deal.gain(deal.seller) - before)
    assert paid[1] == pytest.approx(world.now["deal.royalty_stepdown"] * paid[0])


def test_licensors_share_in_the_price_of_their_new_company() -> None:
    deal = Signed(NEWCO_DEAL, equity=0.2)
    world = deal.world
    acquirer = int(world.alive[-1])
    before = float(world.firms.cash[deal.seller])
    merge(world, np.array([deal.buyer]), np.array([acquirer]), one(50.0))
    assert world.firms.cash[deal.seller] - before == pytest.approx(10.0)
    assert world.assets.sponsor[deal.asset[0]] == acquirer
    assert world.ledger.total(world.firms.cash) == pytest.approx(0.0, abs=1e-6 * np.abs(world.firms.cash).sum())


# --- the market as a whole


@pytest.fixture(scope="module")
def played() -> World:
    return base(scale=0.15, months=96, seed=3).world


def test_every_route_is_taken_by_somebody(played: World) -> None:
    kinds = set(played.deals.kind.tolist())
    assert {LICENCE, CODEVELOPMENT, OPTION_DEAL, SALE_DEAL} <= kinds


def test_deals_beat_the_outside_options_of_both(played: World) -> None:
    """No price above what the buyer would give, none below what the owner could do without it."""
    log = played.logs["offers"].arrays()
    signed = log["buyer"] >= 0
    assert signed.any() and (log["best"][signed] > 0).all()
    assert (log["bidders"][signed] > 0).all()


def test_options_are_open_only_while_their_contract_lives(played: World) -> None:
    assets, deals = played.assets, played.deals
    held = np.flatnonzero((assets.option >= 0) & (assets.ended == NEVER))
    assert (deals.asset[assets.option[held]] == held).all()
    assert (deals.kind[assets.option[held]] == OPTION_DEAL).all()
