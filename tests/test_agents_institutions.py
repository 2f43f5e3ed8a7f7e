"""Decisions of regulators, payers, investors, governments and providers: what changes when one is overridden."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from own_behaviour import (
    MONTHS,
    all_of,
    busy_payer,
    contracts,
    decided,
    listed,
    negotiations,
    new,
    only,
    plain,
    play,
    research_provider,
    stage,
    started,
)
from worlds import fork

from agents import Government, Investor, Payer, Regulator, ServiceProvider
from agents.decisions.policy import MEASURES
from agents.decisions.review import APPROVE, ASK_AGAIN, REFUSE
from model.clock import NEVER
from model.ledger import GOVERNMENTS
from model.mechanisms.demand import sell
from model.mechanisms.dossiers import CONDITIONAL
from model.mechanisms.environment import environment
from model.world import World

# --- regulators


@pytest.mark.parametrize(("answer", "outcome"), [(REFUSE, 2), (APPROVE, 1)])
def test_a_regulator_that_always_says_the_same(answer: int, outcome: int) -> None:
    world = play(only(Regulator, 0, review=lambda agent, known, usual: usual * 0 + answer))
    assert set(plain().filings.outcome[decided(plain(), 0)].tolist()) >= {1}
    assert len(decided(world, 0)) and (world.filings.outcome[decided(world, 0)] == outcome).all()
    first = play(only(Regulator, 0, review=lambda agent, known, usual: usual * 0 + answer), months=1).filings
    others = first.regulator != 0
    np.testing.assert_array_equal(first.outcome[others], plain(1).filings.outcome[others])


def test_a_regulator_that_always_asks_again_never_decides() -> None:
    world = play(only(Regulator, 0, review=lambda agent, known, usual: usual * 0 + ASK_AGAIN))
    assert len(decided(plain(), 0)) > 0 == len(decided(world, 0))
    mine = world.filings.regulator == 0
    assert world.filings.cycles[mine].max() > plain().filings.cycles[plain().filings.regulator == 0].max() - 1
    assert (world.filings.cycles[mine] > 1).any()


def test_a_regulator_takes_every_file_early_or_none() -> None:
    def early(world: World) -> np.ndarray:
        """Early files since the stage by regulator."""
        filings, before = world.filings, len(stage().world.filings)
        mine = filings.pathway[before:] == CONDITIONAL
        return np.bincount(filings.regulator[before:][mine], minlength=10)

    worlds = [play(only(Regulator, 0, admit_early=lambda agent, known, usual, a=a: usual * 0 + a)) for a in (0, 1)]
    never, always = (early(world) for world in worlds)
    assert never[0] == 0 < early(plain())[0] < always[0]
    np.testing.assert_array_equal(never[1:] > 0, always[1:] > 0)


# --- payers


def test_a_payer_that_never_lists_lists_nothing() -> None:
    payer = busy_payer()
    world = play(only(Payer, payer, negotiate=lambda agent, known, answer: (answer[0] & False, answer[1])))
    assert len(listed(plain(), payer)) > 0 == len(listed(world, payer))
    assert sum(len(listed(world, other)) for other in range(48)) > 0, "others list on"


def test_a_payer_sets_the_net_price() -> None:
    payer = busy_payer()
    world = play(only(Payer, payer, negotiate=lambda agent, known, answer: (answer[0] | True, answer[1] * 0 + 5.0)))
    rows = listed(world, payer)
    assert len(rows) >= len(listed(plain(), payer)) and (world.listings.price[rows] == 5.0).all()
    assert (plain().listings.price[listed(plain(), payer)] > 5.0).all()


def test_a_payer_sets_its_calendar() -> None:
    payer = busy_payer()
    world = play(only(Payer, payer, schedule=lambda agent, known, answer: answer * 0 + known.month + 100))
    mine = negotiations(world)
    mine = mine[world.listings.payer[mine] == payer]
    assert len(mine)
    assert (world.listings.due[mine] >= world.listings.started[mine] + 100).all()


# --- investors


def test_an_investor_that_offers_nothing_funds_nobody() -> None:
    """The venture capital of the US (row 0): no round, and its money stays with it."""
    nothing = only(Investor, 0, set_terms=lambda agent, known, answer: answer * 0)
    alone = {"licensing__newco_share": 0.0}  # new companies take money of the pool on their own terms
    world, usual = play(nothing, **alone), play({}, **alone)
    before = stage().world.firms
    size = len(before)

    def private(world: World) -> np.ndarray:
        return np.flatnonzero((before.home == 0) & ~world.firms.listed[:size] & (before.exited == NEVER))

    assert (usual.firms.rounds[private(usual)] > before.rounds[private(usual)]).any()
    assert world.investors.capital[0] >= usual.investors.capital[0]
    assert (world.firms.rounds[private(world)] == before.rounds[private(world)]).all(), "a round without money is none"


def test_an_investor_chooses_whom_to_fund() -> None:
    """It offers sums from a tenth of its money to all of it: who likes small sums best funds more firms."""

    def ladder(agent: Any, known: Any, answer: np.ndarray) -> np.ndarray:
        return np.linspace(0.1, 1.0, len(answer)) * agent.capital

    def funded(sign: int) -> int:
        own = only(Investor, 0, set_terms=ladder, score=lambda agent, known, answer: sign * known.need)
        world, before = play(own, months=6, capital__asking_runway=60.0), stage().world.firms
        mine = (before.home == 0) & ~world.firms.listed[: len(before)]
        return int((world.firms.rounds[: len(before)] - before.rounds)[mine].sum())

    assert funded(-1) > funded(1) > 0


def test_an_investor_sets_its_terms() -> None:
    """Half the money for everybody: rounds of half the size as long as money is there for all."""

    def spent(factor: float) -> float:
        market = fork(
            stage(), only(Investor, 0, set_terms=lambda agent, known, answer: answer * factor), capital__supply=10.0,
            capital__asking_runway=60.0,
        )  # fmt: skip
        market.run_until(1)
        return float(market.world.flows["venture"][0])

    assert spent(1.0) > spent(0.5) > 0


# --- governments


def test_a_government_restricts() -> None:
    world = play(only(Government, 5, restrict=lambda agent, known, answer: answer | True), months=1)
    assert (plain(1).governments.measures == 0).all()
    abroad = np.arange(10) != 5
    assert (world.governments.measures[5, abroad] == 2 ** len(MEASURES) - 1).all(), "every measure, bit by bit"
    assert world.governments.measures[5, 5] == 0, "and none against its own firms"
    others = np.arange(10) != 5
    np.testing.assert_array_equal(world.governments.measures[others], plain(1).governments.measures[others])


def test_restrictions_of_all_governments_cut_the_deals_across_borders() -> None:
    def abroad(world: World) -> int:
        rows = contracts(world)
        return int((world.deals.seller_home[rows] != world.deals.buyer_home[rows]).sum())

    world = play(
        all_of(Government, restrict=lambda agent, known, answer: answer | True), 2 * MONTHS, licensing__review_cost=5.0
    )
    assert abroad(plain(2 * MONTHS)) > 2 * abroad(world)


def test_a_government_subsidises_the_research_firms_at_home() -> None:
    markets = [
        fork(stage(), only(Government, 1, subsidise=lambda agent, known, answer: answer * 0 + 1200.0)),
        fork(stage()),
    ]
    for market in markets:
        environment(market.world)
    own, standard = (market.world for market in markets)
    assert own.governments.subsidy[1] == 1200.0 != standard.governments.subsidy[1]
    firms = own.firms
    gain = firms.cash - standard.firms.cash
    mine = (firms.home == 1) & (firms.kind == 0) & (firms.exited == NEVER)
    given = standard.ledger.balances[GOVERNMENTS] - own.ledger.balances[GOVERNMENTS]
    assert 0 < given <= 1200.0 * own.scale
    np.testing.assert_allclose(gain, np.where(mine, given / mine.sum(), 0.0), atol=1e-9 * firms.cash.max())


def test_a_government_taxes_imports() -> None:
    """Half of their value, on the firms of Switzerland alone."""

    def swiss(agent: Any, known: Any, answer: np.ndarray) -> np.ndarray:
        return np.where(np.arange(10) == 3, 0.5, answer)

    markets = [fork(stage(), only(Government, 0, set_tariff=swiss)), fork(stage())]
    for market in markets:
        environment(market.world)
        sell(market.world)
    own, standard = (market.world for market in markets)
    assert own.governments.tariff[0, 3] == 0.5 and (own.governments.tariff[1:] == standard.governments.tariff[1:]).all()
    taxed = own.ledger.balances[GOVERNMENTS] - standard.ledger.balances[GOVERNMENTS]
    assert taxed > 0
    lost = standard.firms.cash - own.firms.cash
    assert lost.sum() == pytest.approx(taxed)
    assert (lost[own.firms.home != 3] == 0).all(), "other firms pay what they paid"


def test_a_government_sets_price_law() -> None:
    payer = busy_payer()
    region = int(plain().payers.region[payer])
    world = play(only(Government, region, set_price_law=lambda agent, known, answer: answer * 0 + 0.2))
    pairs = [{(int(w.listings.asset[row]), int(w.listings.payer[row])): float(w.listings.price[row])
              for row in started(w, w.listings.decided) if w.listings.outcome[row] == 1 and w.listings.region[row] == region}
             for w in (world, plain())]  # fmt: skip
    both = pairs[0].keys() & pairs[1].keys()
    assert both
    assert all(pairs[0][key] <= pairs[1][key] * (1 + 1e-9) for key in both)
    assert any(pairs[0][key] < 0.9 * pairs[1][key] for key in both)


# --- service providers


def test_a_provider_sets_its_price() -> None:
    row = research_provider(stage().world, 0)
    worlds = [
        play(only(ServiceProvider, row, set_price=lambda agent, known, answer: answer * 0 + 1.6), months=3),
        plain(3),
    ]
    own, standard = worlds
    assert own.providers.price[row] == 1.6
    rise = own.now["trials.outsourced_share"] * (1.6 - standard.providers.price[row])
    np.testing.assert_allclose(own.state["service_cost"][0] - standard.state["service_cost"][0], rise)
    np.testing.assert_array_equal(own.state["service_cost"][1:], standard.state["service_cost"][1:])
    later = [
        play(only(ServiceProvider, row, set_price=lambda agent, known, answer: answer * 0 + 1.6), months=4),
        plain(4),
    ]
    costs = [{(int(t.asset[i]), int(t.phase[i]), int(t.regions[i])): float(t.cost[i]) for i in new(w, "trials")}
             for w in later for t in [w.trials]]  # fmt: skip
    here = [key for key in costs[0].keys() & costs[1].keys() if key[2] & 1]
    assert here and all(costs[0][key] > costs[1][key] for key in here), "trials that recruit in the US cost more"


def test_a_provider_chooses_its_clients() -> None:
    row = research_provider(stage().world, 5)
    own = play(
        only(ServiceProvider, row, choose_clients=lambda agent, known, answer: answer * (np.arange(10) != 0)), months=1
    )
    now = own.now
    dearer = own.state["service_cost"][5] - plain(1).state["service_cost"][5]
    assert dearer[0] == pytest.approx(now["trials.outsourced_share"] * now["services.switch_cost"]) != 0
    assert (dearer[1:] == 0).all()


def test_providers_feel_the_work_that_they_get() -> None:
    """Clients and utilisation of the table are outcomes, not constants."""
    frame = fork(stage()).run_until(2 * MONTHS).table("providers")
    research = frame[frame["kind"] == "cro"]
    assert research["clients"].gt(0).any()
    assert research["utilisation"].nunique() > 1
