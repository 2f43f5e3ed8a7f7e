"""Agents: one per firm and institution, and each decision of each kind can be overridden, with effect.

Every test plays the standard market and one with own behaviour from the same month with the same luck. The world is
made lively (``worlds.LIVELY``), so that every kind of event happens whatever the calibration.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

import numpy as np
import pytest
from worlds import KINDS, LIVELY, TABLE_OF, base, fork, living, overriding

from agents import Biotech, Decider, Firm, Government, Investor, Payer, Pharma, Regulator, ServiceProvider
from agents.choices import ACQUIRED_FIRM, ALONE, EX_HOME, OPTION_DEAL
from agents.decisions.partnering import CODEVELOPMENT, COPROMOTION, LICENCE
from agents.decisions.policy import MEASURES
from agents.decisions.review import APPROVE, ASK_AGAIN, REFUSE, WITHDRAWN
from agents.decisions.trials import STOP
from model import PharmaMarket
from model.clock import NEVER
from model.ledger import GOVERNMENTS
from model.mechanisms.demand import sell
from model.mechanisms.dossiers import CONDITIONAL
from model.mechanisms.environment import environment
from model.mechanisms.trials import STRATEGY
from model.mechanisms.turnover import ACQUIRED
from model.storage import content_hash
from model.world import World

NOW, MONTHS = 18, 12
VACCINES = 7
EVERYWHERE = 1023

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


def stage() -> PharmaMarket:
    """The market at the month from which behaviour differs."""
    return base(scale=0.3, months=NOW, changes=LIVELY)


@cache
def plain(months: int = MONTHS) -> World:
    """The unmodified world, played on."""
    return fork(stage()).run_until(months).world


def play(agents: dict[Any, Any], months: int = MONTHS, **changes: float) -> World:
    """The world with own behaviour, played on."""
    return fork(stage(), agents, **changes).run_until(months).world


def only(kind: type, row: int, **decisions: Callable[..., Any]) -> dict[Any, Any]:
    """Own behaviour of the one agent in this row."""
    return {kind: (overriding(kind, **decisions), lambda agent: agent.row == row)}


def all_of(kind: type, **decisions: Callable[..., Any]) -> dict[Any, Any]:
    """Own behaviour of all agents of a kind."""
    return {kind: overriding(kind, **decisions)}


def busiest(firms: np.ndarray, kind: type, later: bool = True) -> int:
    """The firm that occurs most often among those of this kind, all the time or (not ``later``) at first."""
    number = np.bincount(firms, minlength=1).astype(float)
    for world in (stage().world, plain(), plain(2 * MONTHS)) if later else (stage().world,):
        state = np.full(len(number), -1)
        known = min(len(number), len(world.firms))
        state[:known] = np.where(world.firms.exited == NEVER, world.firms.kind, -1)[:known]
        number[state != KINDS.index(kind)] = 0
    assert number.max() > 0, f"no {kind.__name__} does it in the standard market: nothing to compare with"
    return int(number.argmax())


def started(world: World, column: np.ndarray) -> np.ndarray:
    """Rows of what began since the behaviour differs."""
    return np.flatnonzero((column >= NOW) & (column < NEVER))


def new(world: World, table: str) -> np.ndarray:
    """Rows appended since the behaviour differs."""
    return np.arange(len(getattr(stage().world, table)), len(getattr(world, table)))


def negotiations(world: World) -> np.ndarray:
    """Negotiations with payers opened since then; who is refused begins another one, which is no new one."""
    rows = new(world, "listings")
    return rows[world.listings.rounds[rows] == 1]


def contracts(world: World) -> np.ndarray:
    """Contracts between firms signed since the behaviour differs, takeovers apart."""
    rows = new(world, "deals")
    return rows[world.deals.kind[rows] != ACQUIRED_FIRM]


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


# --- firms: research and development


FIRMS = pytest.mark.parametrize("kind", [Biotech, Pharma])


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


# --- regulators


def decided(world: World, regulator: int) -> np.ndarray:
    filings = world.filings
    done = (filings.decided >= NOW) & (filings.decided < NEVER) & (filings.outcome != WITHDRAWN)
    return np.flatnonzero(done & (filings.regulator == regulator))


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


def busy_payer() -> int:
    listings = plain().listings
    rows = started(plain(), listings.decided)
    return int(np.bincount(listings.payer[rows[listings.outcome[rows] == 1]]).argmax())


def listed(world: World, payer: int) -> np.ndarray:
    listings = world.listings
    rows = started(world, listings.decided)
    return rows[(listings.payer[rows] == payer) & (listings.outcome[rows] == 1)]


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


def research_provider(world: World, region: int) -> int:
    """Row of the contract research organisation at home in a region."""
    return int(np.flatnonzero((world.providers.kind == 0) & (world.providers.region == region))[0])


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


# --- memory and attributes


class Counting(Payer):
    """A payer that counts its negotiations."""

    remembers: ClassVar[dict[str, float]] = {"seen": 0.0}

    def negotiate(self, known: Any) -> Any:
        self.seen += len(known.asked)
        return super().negotiate(known)


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
