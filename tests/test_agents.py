"""Agents: one per firm and institution, and each decision of each kind can be overridden, with effect.

Every test plays the standard market and one with own behaviour from the same month with the same luck. The world is
made lively (``worlds.LIVELY``), so that every kind of event happens whatever the calibration.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest
from own_behaviour import (
    FIRMS,
    MONTHS,
    Counting,
    busiest,
    busy_payer,
    decided,
    listed,
    negotiations,
    only,
    plain,
    play,
    research_provider,
    stage,
    started,
)
from worlds import KINDS, TABLE_OF, fork, living, overriding

from agents import Biotech, Decider, Firm, Government, Investor, Payer, Pharma, Regulator, ServiceProvider
from model.storage import content_hash
from model.world import World

TAKEN: dict[type, set[str]] = {
    Biotech: {"set_research_budget", "choose_targets", "plan_trial", "continue_development", "choose_filings",
              "choose_route", "offer_firm", "launch", "set_price", "govern_alliance", "review_alliance"},
    Pharma: {"set_research_budget", "choose_targets", "plan_trial", "continue_development", "choose_filings",
             "bid_for_licence", "share_development", "exercise_option", "bid_for_firm", "launch", "set_price", "govern_alliance",
             "review_alliance", "build_plants"},
    Regulator: {"review", "admit_early", "hire_reviewers"},
    Payer: {"schedule", "negotiate"},
    Investor: {"score", "set_terms"},
    Government: {"restrict", "subsidise", "set_tariff", "set_price_law"},
    ServiceProvider: {"set_price", "choose_clients"},
}  # fmt: skip
"""Decisions that each kind takes (world.md, section 2)."""


# --- who there is


def test_every_decision_belongs_to_somebody() -> None:
    for kind, names in TAKEN.items():
        assert names <= set(kind.decisions())
    taken = {Firm: TAKEN[Biotech] | TAKEN[Pharma], **{k: v for k, v in TAKEN.items() if not issubclass(k, Firm)}}
    assert {kind: set(kind.decisions()) for kind in taken} == taken


def test_agents_are_the_living_firms_and_the_institutions_in_every_month() -> None:
    market = fork(stage())
    exited = entered = grown = 0
    for _ in range(2 * MONTHS):
        before = {(type(agent), agent.row) for agent in market.agents}
        market.step()
        firms = market.world.firms
        expected = {(Pharma if firms.kind[row] else Biotech, int(row)) for row in living(market.world)}
        for kind in KINDS[2:]:
            expected |= {(kind, row) for row in range(len(getattr(market.world, TABLE_OF[kind])))}
        assert {(type(agent), agent.row) for agent in market.agents} == expected
        assert len(market.agents) == len(expected)
        gone, come = before - expected, expected - before
        grown += len([1 for kind, row in gone if (Pharma, row) in come])
        exited, entered = exited + len(gone), entered + len(come)
    assert min(exited, entered, grown) > 0, "firms came, went and became pharma firms"
    for kind in KINDS:
        assert len(market.agents_by_type[kind]) == sum(isinstance(agent, kind) for agent in market.agents)


def test_agents_are_views_of_their_rows() -> None:
    market = fork(stage())
    for kind in KINDS:
        for agent in list(market.agents_by_type[kind])[:3]:
            table = getattr(market.world, TABLE_OF[kind])
            assert agent.table is table
            for name, column in table.columns.items():
                np.testing.assert_array_equal(getattr(agent, name), column[agent.row])
            with pytest.raises(AttributeError, match="has no attribute 'cahs'"):
                _ = agent.cahs


def test_behaviour_of_an_unknown_kind_is_refused() -> None:
    """A key that fits no agent would be ignored without a word."""
    with pytest.raises(ValueError, match="Firm"):
        fork(stage(), {Firm: overriding(Firm)})


# --- overriding without changing


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS for name in sorted(kind.decisions())],
                         ids=lambda value: getattr(value, "__name__", value))  # fmt: skip
def test_an_override_that_calls_super_changes_nothing(kind: type[Decider], name: str) -> None:
    calls = [0]

    def method(self: Any, known: Any) -> Any:
        calls[0] += 1
        return getattr(super(own, self), name)(known)

    own = type(f"Own{kind.__name__}", (kind,), {name: method})
    world = play({kind: own})
    if name in TAKEN[kind]:
        assert calls[0] > 0, "the decision was never asked for"
    assert content_hash(world) == content_hash(plain())


def test_a_condition_picks_one_agent() -> None:
    market = fork(stage(), only(Payer, 3, schedule=lambda agent, known, answer: answer))
    own = [agent.row for agent in market.agents if type(agent).__name__ == "OwnPayer"]
    assert own == [3]
    assert len(market.agents_by_type[Payer]) == 47


# --- memory and attributes


def test_what_an_agent_remembers_survives_a_branch() -> None:
    market = fork(stage(), {Payer: Counting}).run_until(MONTHS)
    seen = market.world.payers.seen.copy()
    due = plain().listings
    assert seen.sum() > 0
    assert seen.sum() >= len(started(plain(), due.decided))
    twin = market.branch()
    np.testing.assert_array_equal(twin.world.payers.seen, seen)
    assert [agent.seen for agent in twin.agents_by_type[Counting]] == seen.tolist()
    twin.run_until(MONTHS)
    assert twin.world.payers.seen.sum() > seen.sum()
    np.testing.assert_array_equal(market.world.payers.seen, seen)


def test_new_firms_start_with_the_default_memory() -> None:
    class Remembering(Biotech):
        remembers: ClassVar[dict[str, float]] = {"optimism": 0.25}

    market = fork(stage(), {Biotech: Remembering}).run_until(MONTHS)
    assert len(market.world.firms) > len(stage().world.firms)
    assert (market.world.firms.optimism == 0.25).all()
    assert {agent.optimism for agent in market.agents_by_type[Remembering]} == {0.25}


def test_memory_may_not_hide_an_attribute() -> None:
    class Confused(Biotech):
        remembers: ClassVar[dict[str, float]] = {"cash": 0.0}

    with pytest.raises(ValueError, match="cash"):
        fork(stage(), {Biotech: Confused})


def changed(kind: type, row: int, months: int = MONTHS, **attributes: float) -> World:
    """The world after writing attributes of one agent."""
    market = fork(stage())
    agent = next(one for one in market.agents_by_type[kind] if one.row == row)
    for name, value in attributes.items():
        setattr(agent, name, value)
        assert getattr(agent, name) == value
    return market.run_until(months).world


@FIRMS
def test_money_written_to_a_firm_is_spent(kind: type) -> None:
    row = busiest(plain().assets.originator[started(plain(), plain().assets.started)], kind)
    assert changed(kind, row, months=1, cash=-1.0).firms.research[row] == 0 < plain(1).firms.research[row]
    if kind is Biotech:
        assert changed(kind, row, months=1, cash=1e5).firms.research[row] > 10 * plain(1).firms.research[row]


def test_a_strict_regulator_approves_nothing() -> None:
    world = changed(Regulator, 0, strictness=10.0)
    approved = [int((w.filings.outcome[decided(w, 0)] == 1).sum()) for w in (plain(), world)]
    assert approved[0] > 0 == approved[1]


def test_fewer_reviewers_have_a_longer_queue() -> None:
    world = changed(Regulator, 0, reviewers=0.1)
    assert world.regulators.utilisation[0] > 3 * plain().regulators.utilisation[0] > 0
    assert world.state["review_load"][0] > plain().state["review_load"][0]


def test_a_regulator_that_never_hires_keeps_its_reviewers() -> None:
    never = only(Regulator, 0, hire_reviewers=lambda agent, known, usual: usual * 0 + 1)
    busy = {"regulator.capacity_shift": 0.2, "approvals.usual_load": 0.05}
    usual, own = (play(agents, **busy).regulators.reviewers for agents in ({}, never))
    assert usual[0] > 1 == own[0]
    np.testing.assert_array_equal(usual[1:], own[1:])


def test_a_stingy_payer_pays_less() -> None:
    payer = busy_payer()
    world = changed(Payer, payer, willingness=0.01)
    rows = [listed(w, payer) for w in (plain(), world)]
    most = plain().listings.price[rows[0]].max()
    assert (world.listings.price[rows[1]] < 0.1 * most).all()


def test_an_impatient_payer_decides_at_once() -> None:
    payer = busy_payer()
    worlds = [changed(Payer, payer, months=9, patience=patience) for patience in (0.01, 10.0)]
    waits = []
    for world in worlds:
        rows = negotiations(world)
        rows = rows[world.listings.payer[rows] == payer]
        waits.append((np.minimum(world.listings.due, world.listings.decided) - world.listings.started)[rows])
    assert len(waits[0]) and waits[0].max() < waits[1].min()


def test_an_investor_without_appetite_has_no_money() -> None:
    market = fork(stage())
    agent = next(one for one in market.agents_by_type[Investor] if one.row == 0)
    agent.appetite = agent.capital = 0.0
    market.run_until(1)
    assert market.world.investors.capital[0] == 0 < plain(1).investors.capital[0] + plain(1).flows["venture"][0]


def test_a_hostile_government_taxes_more() -> None:
    world = changed(Government, 0, months=1, stance=1.0)
    np.testing.assert_allclose(world.governments.subsidy[0], 2 * plain(1).governments.subsidy[0])
    assert world.governments.tariff[0] == pytest.approx(2 * plain(1).governments.tariff[0])


def test_a_busy_provider_is_dear() -> None:
    """In the second month of a quarter: in the first its work is measured anew."""
    market = fork(stage()).run_until(1)
    row = research_provider(market.world, 0)
    agent = next(one for one in market.agents_by_type[ServiceProvider] if one.row == row)
    agent.utilisation = 1.5
    world = market.run_until(1).world
    assert world.providers.price[row] > plain(2).providers.price[row]
    assert (world.state["service_cost"][0] > plain(2).state["service_cost"][0]).all()


def test_a_provider_without_capacity_is_busy() -> None:
    row = research_provider(stage().world, 0)
    world = changed(ServiceProvider, row, months=1, capacity=0.5)
    assert world.providers.utilisation[row] == pytest.approx(2 * plain(1).providers.utilisation[row])
    assert world.providers.price[row] > plain(1).providers.price[row]
