"""Decisions of firms: what changes when one of them is overridden."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from own_behaviour import (
    FIRMS,
    MONTHS,
    NOW,
    all_of,
    busiest,
    contracts,
    negotiations,
    new,
    only,
    plain,
    play,
    stage,
    started,
)
from worlds import KINDS, overriding

from agents import Biotech, Pharma
from agents.choices import ACQUIRED_FIRM, ALONE, EX_HOME, OPTION_DEAL
from agents.decisions.partnering import CODEVELOPMENT, COPROMOTION, LICENCE
from agents.decisions.trials import STOP
from model.mechanisms.trials import STRATEGY
from model.mechanisms.turnover import ACQUIRED
from model.world import World

VACCINES = 7
EVERYWHERE = 1023


# --- firms: research and development


@FIRMS
def test_a_firm_that_spends_nothing_starts_nothing(kind: type) -> None:
    known = plain().assets
    row = busiest(known.originator[started(plain(), known.started)], kind)
    first = play(only(kind, row, set_research_budget=lambda agent, known, answer: answer * 0), months=1).firms
    others = np.arange(len(first)) != row
    standard = plain(1).firms.research
    assert first.research[row] == 0 < standard[row]
    np.testing.assert_array_equal(first.research[others], standard[others])
    world = play(only(kind, row, set_research_budget=lambda agent, known, answer: answer * 0))
    assert world.firms.research[row] == 0
    assert not (world.assets.originator[started(world, world.assets.started)] == row).any()


@FIRMS
def test_a_firm_chooses_its_areas(kind: type) -> None:
    row = busiest(plain().assets.originator[started(plain(), plain().assets.started)], kind)
    areas = []
    for world in (plain(), play(only(kind, row, choose_targets=lambda agent, known, answer: answer * 0 + VACCINES))):
        rows = started(world, world.assets.started)
        areas.append(world.assets.area[rows[world.assets.originator[rows] == row]])
    assert (areas[0] != VACCINES).any()
    assert len(areas[1]) and (areas[1] == VACCINES).all()


@FIRMS
@pytest.mark.parametrize("everywhere", [True, False])
def test_a_firm_chooses_where_to_run_trials(kind: type, everywhere: bool) -> None:
    def plan(agent: Any, known: Any, answer: np.ndarray) -> np.ndarray:
        return answer | True if everywhere else np.arange(10) == known.home[:, None]

    world = play(all_of(kind, plan_trial=plan))
    trials = world.trials
    mine = new(world, "trials")
    mine = mine[(trials.started[mine] > NOW) & (world.firms.kind[trials.sponsor[mine]] == KINDS.index(kind))]
    home = np.left_shift(1, world.firms.home[trials.sponsor[mine]].astype(int))
    standard = plain().trials.regions[new(plain(), "trials")]
    assert len(set(standard.tolist())) > 3
    assert len(mine) > 5
    if kind is Pharma:  # a research firm that launched something counts as pharma now, so leave out who grew
        grown = stage().world.firms.kind[np.minimum(trials.sponsor[mine], len(stage().world.firms) - 1)] == 0
        mine, home = mine[~grown], home[~grown]
    assert (trials.regions[mine] == (EVERYWHERE if everywhere else home)).all()


@FIRMS
def test_a_firm_that_gives_up_takes_nothing_into_the_clinic(kind: type) -> None:
    row = busiest(plain().trials.sponsor[new(plain(), "trials")], kind)
    world = play(only(kind, row, continue_development=lambda agent, known, answer: answer * 0 + STOP))
    handed_over = world.assets.originator[world.trials.asset] != row
    assert not ((world.trials.sponsor == row) & ~handed_over)[new(world, "trials")].any()
    ended = started(world, world.assets.ended)
    assert ((world.assets.sponsor[ended] == row) & (world.assets.end_reason[ended] == STRATEGY)).any()


@FIRMS
def test_a_firm_that_files_nowhere_has_no_files(kind: type) -> None:
    def filers(world: World) -> np.ndarray:
        """Of assets that they led before behaviour differed, so not of files that came with another firm."""
        rows = new(world, "filings")
        rows = rows[world.filings.asset[rows] < len(stage().world.assets)]
        filer = world.filings.filer[rows]
        return filer[stage().world.assets.sponsor[world.filings.asset[rows]] == filer]

    row = busiest(filers(plain()), kind, later=False)
    nowhere: dict[Any, Any] = {}
    for own in (Biotech, Pharma):  # a biotech that has a medicine approved is a pharma firm
        nowhere |= only(own, row, choose_filings=lambda agent, known, answer: answer & False)
    assert (filers(plain()) == row).any()
    assert not (filers(play(nowhere)) == row).any()


def test_firms_choose_where_to_file() -> None:
    korea = np.arange(10) == 6
    own = {
        kind: overriding(kind, choose_filings=lambda agent, known, answer: (answer | True) & korea)
        for kind in (Biotech, Pharma)
    }
    world = play(own)
    assert len(set(plain().filings.regulator[new(plain(), "filings")].tolist())) > 3
    assert len(new(world, "filings")) and (world.filings.regulator[new(world, "filings")] == 6).all()


# --- firms: partners


def test_a_biotech_that_goes_alone_signs_nothing() -> None:
    rows = contracts(plain(2 * MONTHS))
    row = busiest(plain(2 * MONTHS).deals.seller[rows], Biotech)
    alone = {"choose_route": lambda agent, known, answer: answer * 0 + ALONE}
    who_launches_becomes_pharma = only(Biotech, row, **alone) | only(Pharma, row, **alone)
    world = play(who_launches_becomes_pharma, 2 * MONTHS)
    assert (plain(2 * MONTHS).deals.seller[rows] == row).any()
    assert not (world.deals.seller[contracts(world)] == row).any()


def test_biotechs_that_keep_their_home_never_license_it() -> None:
    def territories(world: World) -> np.ndarray:
        deals, rows = world.deals, contracts(world)
        rows = rows[world.firms.exited[deals.seller[rows]] > deals.month[rows]]
        return (deals.territory[rows] >> deals.seller_home[rows]) & 1

    world = play({kind: overriding(kind, choose_route=lambda agent, known, answer: answer * 0 + EX_HOME)
                  for kind in (Biotech, Pharma)}, 2 * MONTHS)  # fmt: skip
    assert territories(plain(2 * MONTHS)).any()
    assert len(contracts(world)) and not territories(world).any()


def test_a_biotech_that_is_not_for_sale_is_not_bought() -> None:
    bought = plain().firms.exit_reason == ACQUIRED
    row = int(np.flatnonzero(bought & (plain().firms.exited >= NOW) & (plain().firms.founded < NOW))[0])
    world = play(only(Biotech, row, offer_firm=lambda agent, known, answer: answer & False))
    assert world.firms.exit_reason[row] != ACQUIRED
    first = play(only(Biotech, row, offer_firm=lambda agent, known, answer: answer & False), months=2)
    before = (first.firms.exit_reason == ACQUIRED)[np.arange(len(first.firms)) != row]
    standard = (plain(2).firms.exit_reason == ACQUIRED)[np.arange(len(first.firms)) != row]
    assert before.sum() >= standard.sum() - 1, "others are bought as before"


def test_biotechs_that_are_not_for_sale_are_not_bought() -> None:
    world = play(all_of(Biotech, offer_firm=lambda agent, known, answer: answer & False))
    assert (plain().firms.exit_reason == ACQUIRED).sum() > (stage().world.firms.exit_reason == ACQUIRED).sum()
    assert (world.firms.exit_reason == ACQUIRED).sum() == (stage().world.firms.exit_reason == ACQUIRED).sum()


def licences(world: World) -> np.ndarray:
    """New contracts that are no takeovers."""
    rows = contracts(world)
    return rows[world.deals.kind[rows] < ACQUIRED_FIRM]


def test_a_pharma_firm_that_does_not_bid_gets_no_licence() -> None:
    rows = licences(plain(2 * MONTHS))
    row = busiest(plain(2 * MONTHS).deals.buyer[rows], Pharma)
    world = play(only(Pharma, row, bid_for_licence=lambda agent, known, answer: answer * 0), 2 * MONTHS)
    assert not (world.deals.buyer[licences(world)] == row).any()


def test_pharma_firms_that_outbid_everybody_get_more() -> None:
    rows = licences(plain(2 * MONTHS))
    buyers, number = np.unique(plain(2 * MONTHS).deals.buyer[rows], return_counts=True)
    old = (buyers < len(stage().world.firms)) & (number <= MONTHS)  # the busiest sign all that they may
    old[old] = stage().world.firms.kind[buyers[old]] == 1
    middling = buyers[old][np.argsort(number[old], kind="stable")[old.sum() // 2 - 4 : old.sum() // 2 + 5]]
    gained = 0
    for row in middling.tolist():
        world = play(only(Pharma, row, bid_for_licence=lambda agent, known, answer: 4 * answer), 2 * MONTHS)
        signed = (world.deals.buyer[licences(world)] == row).sum()
        assert signed >= (plain(2 * MONTHS).deals.buyer[rows] == row).sum()
        gained += signed - (plain(2 * MONTHS).deals.buyer[rows] == row).sum()
    assert gained > 0


@pytest.mark.parametrize("form", [LICENCE, CODEVELOPMENT, COPROMOTION])
def test_pharma_firms_choose_forms_of_sharing(form: int) -> None:
    world = play(all_of(Pharma, share_development=lambda agent, known, answer: answer * 0 + form), 2 * MONTHS)
    rows = contracts(world)
    firms = stage().world.firms
    buyer = np.minimum(world.deals.buyer[rows], len(firms) - 1)
    pharma = (firms.kind[buyer] == 1) & (buyer == world.deals.buyer[rows])
    rows = rows[pharma & (world.deals.kind[rows] <= COPROMOTION) & (world.deals.phase[rows] < 5)]
    assert len(rows) and (world.deals.kind[rows] == form).all()


def test_partners_that_never_take_up_options_get_no_rights_by_them() -> None:
    def taken(world: World) -> np.ndarray:
        deals = world.deals
        rows = contracts(world)
        return rows[
            (deals.kind[rows] == OPTION_DEAL) & (deals.paid[rows] >= deals.upfront[rows] + deals.exercise[rows])
        ]

    eager = {"licensing__option_threshold": -3.0}
    never = {kind: overriding(kind, exercise_option=lambda agent, known, answer: answer & False)
             for kind in (Biotech, Pharma)}  # fmt: skip
    always = {kind: overriding(kind, exercise_option=lambda agent, known, answer: answer | True)
              for kind in (Biotech, Pharma)}  # fmt: skip
    assert len(taken(play(always, 2 * MONTHS, **eager)))
    assert not len(taken(play(never, 2 * MONTHS, **eager)))


def test_a_pharma_firm_that_buys_no_firm_has_none() -> None:
    def acquirers(world: World) -> np.ndarray:
        events = world.logs["events"].arrays()
        return events["partner"][(events["kind"] == 5) & (events["month"] >= NOW)]

    row = busiest(acquirers(plain()), Pharma)
    world = play(only(Pharma, row, bid_for_firm=lambda agent, known, answer: answer & False))
    assert (acquirers(plain()) == row).any()
    assert not (acquirers(world) == row).any()


# --- firms: selling


@FIRMS
def test_firms_that_do_not_launch_open_no_negotiations(kind: type) -> None:
    def marketers(world: World) -> np.ndarray:
        filer = world.listings.filer[negotiations(world)]
        filer = filer[filer < len(stage().world.firms)]
        return filer[stage().world.firms.kind[filer] == KINDS.index(kind)]

    own = all_of(kind, launch=lambda agent, known, answer: answer & False)
    world = play(own, takeover__rate=0.0)  # a buyer of firms takes over what they negotiate
    assert len(marketers(plain()))
    assert not (world.firms.kind[marketers(world)] == KINDS.index(kind)).any()


def test_nobody_launches_nothing_is_negotiated() -> None:
    own = {kind: overriding(kind, launch=lambda agent, known, answer: answer & False) for kind in (Biotech, Pharma)}
    assert len(negotiations(play(own))) == 0 < len(negotiations(plain()))


@FIRMS
def test_firms_set_their_prices(kind: type) -> None:
    def launched(world: World) -> np.ndarray:
        rows = new(world, "positions")
        early = world.positions.firm[rows] < len(stage().world.firms)
        return rows[
            early
            & (
                stage().world.firms.kind[np.minimum(world.positions.firm[rows], len(stage().world.firms) - 1)]
                == KINDS.index(kind)
            )
        ]

    world = play(all_of(kind, set_price=lambda agent, known, answer: answer * 0 + 7.0))
    standard, own = plain().positions, world.positions
    assert len(launched(plain())) and (standard.reference_price[launched(plain())] > 7.0).all()
    assert len(launched(world))
    first = launched(world)[own.launched[launched(world)] <= NOW + 1] if kind is Biotech else launched(world)
    assert (own.reference_price[first] == 7.0).all()
