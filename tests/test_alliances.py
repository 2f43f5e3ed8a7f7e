"""Living alliances: what moves trust, hazards and work, and in which direction; rights, money and memory.

Effects are asked of small worlds whose alliances differ in one attribute only, and of plain twins of the compiled loops.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from worlds import base, fork, overriding

from agents import Biotech, Pharma
from agents.choices import NEWCO_DEAL, SALE_DEAL
from agents.decisions import governance
from agents.decisions.governance import CONTINUE, TERMINATE, ReviewKnown, govern_alliance, review_alliance
from model import PharmaMarket
from model.arrays import unpack_regions
from model.clock import NEVER
from model.kernels import alliances as kernel
from model.labels import FILED, PHASE1, PHASE2, PHASE3
from model.mechanisms.alliances import effects, ending, forming, living, log, memory, trouble
from model.mechanisms.contracts import RETURNED, TERMINATED
from model.mechanisms.takeovers import merge
from model.storage import content_hash
from model.world import World

MONTHS = 60


@cache
def stage() -> PharmaMarket:
    """A market with some hundred living alliances. Never play it."""
    return base(scale=0.15, months=MONTHS)


def world() -> World:
    """A copy of its world."""
    return stage().world.copy()


def under_way(w: World) -> np.ndarray:
    """Living alliances (rows) whose licensee develops the asset before it is filed."""
    rows = w.state["allied"]
    asset, deal = w.alliances.asset[rows], w.alliances.deal[rows]
    mine = (w.assets.phase[asset] < FILED) & (w.assets.sponsor[asset] == w.deals.payer[deal])
    mine &= w.deals.ended[deal] == NEVER  # ended contracts leave the lists at the end of the quarter
    return rows[mine & (w.assets.alliance[asset] == rows) & (w.deals.kind[deal] < 3)]


# --- what an alliance does to the work


def test_without_alliance_nothing_is_touched() -> None:
    w = world()
    w.assets.alliance[:] = -1
    rows = w.pipeline[:200]
    phase = np.full(len(rows), PHASE2)
    parts = {"startup": np.ones(200), "paperwork": np.ones(200)}
    assert effects.paced(w, rows, phase, parts) is parts
    assert effects.odds(w, rows, phase) == 0.0
    assert effects.cost(w, rows) == effects.persistence(w, rows) == 1.0
    firm, region = w.assets.sponsor[rows], np.arange(200) % 10
    own = effects.skill(w, rows, firm, region, "regulatory")
    np.testing.assert_array_equal(own, w.firms.regulatory[firm, region])


def test_among_allied_assets_the_others_are_left_exactly() -> None:
    w = world()
    rows = w.pipeline
    alone = w.assets.alliance[rows] < 0
    assert alone.any() and not alone.all()
    phase = np.full(len(rows), PHASE2)
    assert (np.asarray(effects.odds(w, rows, phase))[alone] == 0).all()
    assert (np.asarray(effects.cost(w, rows))[alone] == 1).all()
    assert (np.asarray(effects.persistence(w, rows))[alone] == 1).all()
    months = effects.paced(w, rows, phase, {"startup": np.full(len(rows), 7.0), "follow": np.full(len(rows), 9.0)})
    assert (months["startup"][alone] == 7.0).all() and (months["follow"][alone] == 9.0).all()
    assert (months["startup"][~alone] != 7.0).any()


def work(w: World, phase: int = PHASE3) -> tuple[np.ndarray, np.ndarray]:
    """(months, log-odds) of a phase of the assets under way in alliances."""
    rows = w.alliances.asset[under_way(w)]
    phases = np.full(len(rows), phase)
    parts = {name: np.full(len(rows), 10.0) for name in ("startup", "enrolment", "follow", "paperwork")}
    return sum(effects.paced(w, rows, phases, parts).values()), np.asarray(effects.odds(w, rows, phases))


def changed(change: Callable[[World, np.ndarray], None]) -> World:
    """A copy of the world in which the alliances under way differ."""
    w = world()
    change(w, under_way(w))
    return w


def quiet(w: World, rows: np.ndarray) -> None:
    """Alliances that cost their work no time: clear goals, no committee, no dispute, no long contract."""
    a = w.alliances
    a.clarity[rows], a.committee[rows], a.troubled[rows], a.platform[rows] = 1.0, False, -100, False
    a.completeness[rows], a.started[rows], a.mitigation[rows] = 0.2, 0, 1.0
    a.asymmetry[rows] = 12.0


def partners_know(level: float) -> Callable[[World, np.ndarray], None]:
    """All partners of the sponsors have this much trial know-how, the sponsors 0.4."""

    def change(w: World, rows: np.ndarray) -> None:
        quiet(w, rows)
        deal = w.alliances.deal[rows]
        w.firms.know_how[:] = 0.4
        w.firms.know_how[np.setdiff1d(w.deals.payee[deal], w.deals.payer[deal])] = level

    return change


def test_skills_that_the_sponsor_lacks_shorten_the_work_and_raise_the_odds() -> None:
    able, plain = work(changed(partners_know(0.9))), work(changed(partners_know(0.4)))
    assert (able[0] <= plain[0] + 1e-9).all() and (able[0] < plain[0]).any()
    assert (able[1] >= plain[1] - 1e-9).all() and (able[1] > plain[1]).any()


def test_a_sponsor_who_lacks_nothing_only_loses() -> None:
    months, odds = work(changed(partners_know(0.2)))
    assert (months >= 40.0 - 1e-4).all(), "no quicker than alone"
    assert (odds <= 1e-9).all() and (odds < 0).any(), "and with worse odds off the optimum of structure"


def setting(**values: float) -> Callable[[World, np.ndarray], None]:
    """Quiet alliances with attributes set."""

    def change(w: World, rows: np.ndarray) -> None:
        quiet(w, rows)
        for name, value in values.items():
            getattr(w.alliances, name)[rows] = value

    return change


@pytest.mark.parametrize(("slower", "quicker"), [
    ({"clarity": 0.2}, {"clarity": 0.9}),
    ({"committee": 1, "trust": 0.2, "clarity": 0.5}, {"committee": 1, "trust": 0.8, "clarity": 0.5}),
    ({"troubled": MONTHS - 1}, {"troubled": -100}),
    ({"platform": 0}, {"platform": 1}),
    ({"completeness": 0.9, "started": MONTHS}, {"completeness": 0.3, "started": MONTHS}),
])  # fmt: skip
def test_what_delays_the_next_phase(slower: dict[str, float], quicker: dict[str, float]) -> None:
    late, early = work(changed(setting(**slower)))[0], work(changed(setting(**quicker)))[0]
    assert (late > early).all()


def test_equal_partners_can_block_each_other() -> None:
    def side_by_side(w: World, rows: np.ndarray) -> None:
        w.deals.kind[w.alliances.deal[rows]] = 1
        w.alliances.mitigation[rows] = 0.0

    def apart(size: float) -> np.ndarray:
        w = changed(setting(asymmetry=size))
        side_by_side(w, under_way(w))
        w.now = type(w.now)({**w.now, "alliance.deadlock_probability": 1.0})
        return work(w)[0]

    assert (apart(0.0) > apart(12.0)).mean() > 0.9


def test_structure_has_an_optimum_inside() -> None:
    """Odds against how structured the work is: an inverted U."""
    means = []
    for level in np.linspace(0, 0.8, 11):
        w = changed(setting(completeness=level, committee=level > 0.5))
        w.firms.bureaucracy[:] = level
        means.append(float(work(w)[1].mean()))
    best = int(np.argmax(means))
    assert 0 < best < 10
    assert (np.diff(means[: best + 1]) > 0).all() and (np.diff(means[best:]) < 0).all()


def test_joint_development_does_some_work_twice_less_on_a_platform() -> None:
    def cost(platform: bool) -> np.ndarray:
        w = changed(setting(platform=platform))
        rows = under_way(w)
        w.deals.kind[w.alliances.deal[rows]] = 1
        return np.asarray(effects.cost(w, w.alliances.asset[rows]))

    assert (cost(False) > cost(True)).all() and (cost(True) > 1).all()


def test_dossiers_borrow_the_partners_skill() -> None:
    w = changed(setting())
    rows = under_way(w)
    deal = w.alliances.deal[rows]
    w.firms.regulatory[:] = 0.2
    w.firms.regulatory[np.setdiff1d(w.deals.payee[deal], w.deals.payer[deal])] = 0.8
    asset = w.alliances.asset[rows]
    found = effects.skill(w, asset, w.deals.payer[deal], np.zeros(len(rows), int), "regulatory")
    assert (found >= np.float32(0.2)).all() and found.max() > 0.4
    stranger = np.full(len(rows), np.setdiff1d(w.alive, np.concatenate([w.deals.payer, w.deals.payee]))[0])
    outside = effects.skill(w, asset, stranger, np.zeros(len(rows), int), "regulatory")
    np.testing.assert_array_equal(outside, w.firms.regulatory[stranger, 0])


# --- trust and trouble


def quarter(change: Callable[[World, np.ndarray], None], months: int = 3) -> World:
    """Play the alliances alone for some months from a world in which all of them differ."""
    w = world()
    change(w, w.state["allied"])
    for _ in range(months):
        living.live(w)
        w.month += 1
    return w


def uniform(**values: float) -> Callable[[World, np.ndarray], None]:
    """All alliances with these attributes, no news and no milestones."""

    def change(w: World, rows: np.ndarray) -> None:
        w.alliances.seen[rows] = w.assets.belief[w.alliances.asset[rows]]
        w.alliances.milestones[rows] = w.deals.development_paid[w.alliances.deal[rows]]
        for name, value in values.items():
            getattr(w.alliances, name)[rows] = value

    return change


def kept(w: World) -> np.ndarray:
    """Alliances of the start, ended ones included."""
    return stage().world.state["allied"]


def test_open_reports_build_trust_and_close_gaps() -> None:
    open_, closed = (quarter(uniform(transparency=level, trust=0.4, gap=1.0)) for level in (0.97, 0.5))
    rows = kept(open_)
    assert open_.alliances.trust[rows].mean() > 0.4 > closed.alliances.trust[rows].mean()
    assert open_.alliances.gap[rows].mean() < closed.alliances.gap[rows].mean() < 1.2


def test_effort_for_the_relationship_builds_trust() -> None:
    keen, idle = (quarter(uniform(transparency=0.97, trust=0.4, investment=level)) for level in (1.0, 0.0))
    assert keen.alliances.trust[kept(keen)].mean() > idle.alliances.trust[kept(idle)].mean()


def bad_news(openness: float) -> World:
    def change(w: World, rows: np.ndarray) -> None:
        uniform(transparency=openness, trust=0.5, gap=0.2)(w, rows)
        w.alliances.seen[rows] += 2.0

    return quarter(change)


def test_openness_softens_bad_news_and_surprise_opens_gaps() -> None:
    told, hidden = bad_news(0.95), bad_news(0.6)
    plain = quarter(uniform(transparency=0.95, trust=0.5, gap=0.2))
    rows = kept(told)
    assert told.alliances.trust[rows].mean() > hidden.alliances.trust[rows].mean()
    assert told.alliances.trust[rows].mean() < plain.alliances.trust[rows].mean()
    assert told.alliances.gap[rows].mean() > plain.alliances.gap[rows].mean()
    record = told.logs["alliances"].arrays()
    events = record["event"][record["month"] >= told.month - 3]
    assert (events == log.SETBACK).any() and (events == log.RENEGOTIATED).any()


@pytest.mark.parametrize(("rough", "smooth"), [
    ({"clarity": 0.0}, {"clarity": 1.0}), ({"distance": 1.2}, {"distance": 0.0}),
    ({"completeness": 0.0}, {"completeness": 1.0}), ({"gap": 2.0}, {"gap": 0.0}),
    ({"trust": 0.1}, {"trust": 0.9}), ({"committee": 0, "asymmetry": 2.0}, {"committee": 1, "asymmetry": 2.0}),
    ({"asymmetry": 4.0, "committee": 0}, {"asymmetry": 0.0, "committee": 0}),
])  # fmt: skip
def test_what_makes_partners_quarrel(rough: dict[str, float], smooth: dict[str, float]) -> None:
    usual = {"clarity": 0.5, "distance": 0.5, "completeness": 0.5, "gap": 0.3, "trust": 0.4, "asymmetry": 2.0,
             "committee": 0, "transparency": 0.8}  # fmt: skip
    noisy, calm = (quarter(uniform(**{**usual, **values}), 24) for values in (rough, smooth))
    assert noisy.flows["disputes"].sum() > calm.flows["disputes"].sum()


def test_committees_shield_the_smaller_partner() -> None:
    """Power leads to disputes, with a committee to fewer."""
    base_ = {"clarity": 0.5, "distance": 0.5, "completeness": 0.5, "trust": 0.4, "transparency": 0.8}
    ratio = {}
    for committee in (0, 1):
        high, low = (quarter(uniform(**base_, committee=committee, asymmetry=a), 36).flows["disputes"].sum()
                     for a in (6.0, 0.0))  # fmt: skip
        ratio[committee] = high / low
    assert ratio[0] > ratio[1]


def rate(**values: float) -> float:
    """Mean hazard of leaving with attributes set."""
    w = world()
    rows = w.state["allied"]
    for name, value in values.items():
        getattr(w.alliances, name)[rows] = value
    return float(trouble.ending_rate(w, rows).mean())


@pytest.mark.parametrize(("more", "less"), [
    ({"gap": 1.0}, {"gap": 0.0}), ({"trust": 0.2}, {"trust": 0.8}), ({"review": 0}, {"review": 1}),
    ({"skew": 0.9}, {"skew": 0.5}), ({"inexperience": 2.0}, {"inexperience": -1.0}),
])  # fmt: skip
def test_what_makes_partners_leave(more: dict[str, float], less: dict[str, float]) -> None:
    assert rate(**more) > rate(**less)


def test_mediation_and_trust_save_contracts_after_disputes() -> None:
    w = world()
    rows = w.state["allied"]
    w.alliances.trust[rows], w.alliances.mitigation[rows] = 0.5, 0.0
    assert trouble.breaking_chance(w, rows) == pytest.approx(w.now["alliance.dispute_ends_deal"])
    w.alliances.mitigation[rows] = 1.0
    assert (trouble.breaking_chance(w, rows) < w.now["alliance.dispute_ends_deal"]).all()
    w.alliances.trust[rows] = 0.2
    assert (trouble.breaking_chance(w, rows) > trouble.breaking_chance(world(), rows) * 0.1).all()


# --- plain twins


def test_reports_equal_a_plain_second_implementation() -> None:
    w = world()
    rows = w.state["allied"]
    a, now = w.alliances.copy(), w.now
    luck, change, met = living.report(w, rows)
    acting = 0
    for i, row in enumerate(rows):
        if w.deals.ended[a.deal[row]] < NEVER:
            assert w.alliances.trust[row] == a.trust[row]
            continue
        acting += 1
        draw = float(w.draws.uniform("alliance.quarter", a.identity[[row]], w.month)[0])
        trust, gap, openness = float(a.trust[row]), float(a.gap[row]), float(a.transparency[row])
        if draw > openness:
            trust -= now["alliance.trust_loss_missed_report"]
        else:
            effort = 1 + now["alliance.investment_gain"] * float(a.investment[row])
            trust += now["alliance.trust_gain_per_report"] * effort * (1 - trust)
            gap *= 1 - now["alliance.gap_closing"] * openness
        gap += now["alliance.gap_drift"] * (1 - openness)
        if w.deals.development_paid[a.deal[row]] > a.milestones[row]:
            trust += now["alliance.trust_gain_milestone"]
        news = float(w.assets.belief[a.asset[row]]) - float(a.seen[row])
        if abs(news) > kernel.LEAST_NEWS:
            gap += now["alliance.surprise_weight"] * abs(news) * (1 - openness / 2)
            if news < -now["alliance.setback"]:
                trust -= now["alliance.trust_loss_trial_failure"] * (1 - openness / 2)
        assert luck[i] == draw
        assert w.alliances.trust[row] == pytest.approx(min(max(trust, 0), 1), abs=1e-6)
        assert w.alliances.gap[row] == pytest.approx(gap, abs=1e-6)
        quarrels = bool(met[i] & kernel.QUARRELS)
        assert quarrels == (kernel.THINKING <= draw < kernel.QUARREL
                            and draw - kernel.THINKING < dispute_rate(w, int(row)) / 4)  # fmt: skip
    assert acting > 20 and len(change) == len(rows)


def dispute_rate(w: World, row: int) -> float:
    """Disputes a year, written once more."""
    a, now = w.alliances, w.now
    committee = bool(a.committee[row])
    strain = now["culture.dispute_elasticity"] * float(a.distance[row])
    strain += (0.4 if committee else 1.0) * now["alliance.power_asymmetry_dispute"] * float(a.asymmetry[row])
    strain += now["alliance.clarity_dispute"] * float(a.clarity[row])
    strain += now["alliance.contract_completeness_dispute"] * float(a.completeness[row])
    strain += now["alliance.gap_dispute"] * float(a.gap[row])
    strain += now["alliance.skew_dispute"] * float(a.skew[row])
    strain += now["alliance.trust_hazard_elasticity"] * (float(a.trust[row]) - now["alliance.usual_trust"])
    ratio = now["alliance.jsc_dispute_hazard_ratio"] if committee else 1.0
    return float(now["alliance.dispute_hazard_base"] * ratio * math.exp(strain))


def test_learning_closes_part_of_the_gap_and_stops_short_of_the_partner() -> None:
    know, level = np.array([0.2, 0.9]), np.array([[0.1], [0.8]])
    skills = [level.copy() for _ in range(3)]
    rates = np.array([0.08, 0.1, 0.06, 0.05])
    kernel.learn(np.array([0]), np.array([1]), np.ones(1), rates, 0.85, 0.28, know, *skills)
    assert know[0] == pytest.approx(0.2 + 0.08 * (0.85 * 0.9 - 0.2)) and know[1] == 0.9
    assert skills[0][0, 0] == pytest.approx(0.1 + 0.1 * (0.85 * 0.8 - 0.1))
    for _ in range(200):
        kernel.learn(np.array([0]), np.array([1]), np.full(1, 2.0), rates, 0.85, 0.28, know, *skills)
    assert know[0] == pytest.approx(0.85 * 0.9) and skills[1][0, 0] == pytest.approx(0.85 * 0.8)
    assert skills[2][0, 0] == pytest.approx(0.28), "no sales organisation without building one"


# --- endings


def ended(reason: int) -> tuple[World, np.ndarray]:
    """The world after all alliances under way were ended at once."""
    w = world()
    rows = under_way(w)
    rows = rows[ending.can_end(w, rows)]
    _, first = np.unique(w.alliances.asset[rows], return_index=True)
    rows = rows[np.sort(first)]
    w.alliances.leaver[rows] = ending.LICENSEE if reason == RETURNED else ending.LICENSOR
    ending.end_alliances(w, rows)
    ending.leave(w, rows)
    return w, rows


@pytest.mark.parametrize("reason", [TERMINATED, RETURNED])
def test_rights_return_to_the_licensor(reason: int) -> None:
    w, rows = ended(reason)
    deal, asset = w.alliances.deal[rows], w.alliances.asset[rows]
    assert len(rows) > 20
    assert (w.deals.end_reason[deal] == reason).all() and (w.deals.ended[deal] == w.month).all()
    assert not np.isin(deal, w.assets.deal).any() and not np.isin(rows, w.state["allied"]).any()
    inside = unpack_regions(w.deals.territory[deal]) & (stage().world.assets.deal[asset] == deal[:, None])
    back = w.assets.holder[asset] == w.deals.payee[deal][:, None]
    assert back[inside].all()
    assert (w.assets.sponsor[asset] == w.deals.payee[deal]).mean() > 0.9
    assert (w.assets.alliance[asset] != rows).all()


def test_about_half_of_the_returned_assets_go_on() -> None:
    w, rows = ended(RETURNED)
    gone = w.assets.ended[w.alliances.asset[rows]] == w.month
    spread = 4 * math.sqrt(0.25 / len(rows))
    assert abs(gone.mean() - 0.5) < spread + 0.1
    assert not (w.assets.trial[w.alliances.asset[rows[gone]]] >= 0).any()


def test_endings_conserve_money_and_the_leaver_pays_for_running_trials() -> None:
    w, rows = ended(RETURNED)
    before = stage().world
    assert w.ledger.total(w.firms.cash) == pytest.approx(before.ledger.total(before.firms.cash), abs=1e-3)
    deal, asset = w.alliances.deal[rows], w.alliances.asset[rows]
    costly = (before.assets.burn[asset] > 0) & (w.assets.ended[asset] == NEVER)
    costly &= (before.assets.due[asset] > w.month) & (w.assets.sponsor[asset] != before.assets.sponsor[asset])
    assert costly.any()
    assert (w.deals.paid[deal[costly]] > before.deals.paid[deal[costly]]).all()


def test_whoever_ends_loses_standing() -> None:
    w, rows = ended(RETURNED)
    leaver = np.unique(w.deals.payer[w.alliances.deal[rows]])
    assert (w.firms.conduct[leaver] < stage().world.firms.conduct[leaver]).all()
    stayed = np.setdiff1d(w.alive, leaver)
    np.testing.assert_array_equal(w.firms.conduct[stayed], stage().world.firms.conduct[stayed])


def test_what_is_sold_is_not_given_back() -> None:
    w = world()
    rows = w.state["allied"]
    able = rows[ending.can_end(w, rows)]
    w.assets.position[w.alliances.asset[able]] = 0
    assert not ending.can_end(w, able).any()


def test_returned_medicines_owe_a_royalty() -> None:
    from model.mechanisms.alliances.reversion import pay_reversions

    w = world()
    live = np.flatnonzero(w.positions.active & ~w.positions.mature)[:1]
    row = int(w.state["allied"][0])
    deal = int(w.alliances.deal[row])
    other = int(np.setdiff1d(w.alive, w.positions.firm[live])[0])
    asset, region = int(w.positions.asset[live[0]]), int(w.positions.region[live[0]])
    w.alliances.asset[row], w.alliances.reversion[row] = asset, 0.03
    w.deals.payer[deal], w.deals.territory[deal] = other, 1 << region
    w.assets.position[asset] = -1
    w.assets.position[asset, region] = live[0]
    w.positions.quarter[live] = 100.0
    w.state["reverted"] = np.array([row])
    before = w.firms.cash.copy()
    pay_reversions(w)
    moved = w.firms.cash - before
    assert moved[other] == pytest.approx(3.0) and moved[w.positions.firm[live[0]]] == pytest.approx(-3.0)


# --- memory and reputation


def test_pairs_remember() -> None:
    w = world()
    rows = w.state["allied"]
    deal = w.alliances.deal[rows]
    one, other = w.deals.payee[deal], w.deals.payer[deal]
    stranger = w.now["alliance.initial_trust_stranger"]
    w.firms.conduct[:] = memory.FAIR
    for trust, sign in ((0.9, 1), (0.0, -1)):
        memory.keep(w, w.alliances.tie[rows], np.full(len(rows), trust))
        expected = memory.expected_trust(w, one, other)
        assert (sign * (expected - stranger) > 0).all()
        np.testing.assert_allclose(expected, memory.expected_trust(w, other, one), err_msg="a pair has no direction")
        assert (sign * (memory.appeal(w, one, other) - 1) > 0).all()
        w.month += 240
        faded = memory.expected_trust(w, one, other)
        assert (np.abs(faded - stranger) < np.abs(expected - stranger)).all()
        w.month -= 240


def test_what_is_said_of_a_firm_counts_with_strangers_and_is_forgotten() -> None:
    w = world()
    one, other = w.alive[:1], w.alive[-1:]
    assert memory.find(w, one, other)[0] < 0
    fair = memory.expected_trust(w, one, other)[0]
    w.firms.conduct[other] = 0.1
    bad = memory.expected_trust(w, one, other)[0]
    assert bad < fair
    for _ in range(30):
        memory.forgive(w)
    assert bad < memory.expected_trust(w, one, other)[0] < fair + 0.05


def test_heirs_take_over_memories() -> None:
    w = world()
    rows = w.state["allied"]
    deal = w.alliances.deal[rows]
    target = np.array([w.deals.payee[deal[0]]])
    partner = w.deals.payer[deal[0]]
    buyer = np.array([next(firm for firm in w.alive[::-1] if firm not in (target[0], partner)
                           and memory.find(w, np.array([firm]), np.array([partner]))[0] < 0)])  # fmt: skip
    number = len(w.state["tie_key"])
    old = w.alliances.tie[rows[0]]
    trust, deals = w.ties.trust[old], w.ties.deals[old]
    merge(w, target, buyer, np.array([1.0]))
    assert memory.find(w, buyer, np.array([partner]))[0] == old
    assert {int(w.ties.low[old]), int(w.ties.high[old])} == {int(buyer[0]), int(partner)}
    assert (w.ties.trust[old], w.ties.deals[old]) == (trust, deals)
    assert memory.find(w, target, np.array([partner]))[0] == -1
    assert len(w.state["tie_key"]) <= number
    key = w.state["tie_key"]
    assert (np.diff(key) > 0).all(), "sorted, each pair once"
    live = w.state["tie_row"]
    np.testing.assert_array_equal(key, memory.pair_key(w.ties.low[live], w.ties.high[live]))


def pair(one: int, other: int) -> tuple[np.ndarray, np.ndarray]:
    return np.array([one]), np.array([other])


def heirs(w: World, **bought: int) -> np.ndarray:
    """Who is whose heir after takeovers, target by target."""
    heir = np.arange(len(w.firms), dtype=np.int32)
    for target, buyer in bought.items():
        heir[int(target.lstrip("f"))] = buyer
    return heir


def test_what_was_joined_once_stays_joined() -> None:
    """Firms 1 and 2 know firm 9, 1 more lately; 2 buys 1, then 3 buys 2: the later trust and each deal once remain."""
    w = world()
    w.state["tie_key"], w.state["tie_row"] = np.zeros(0, np.int64), np.zeros(0, np.int64)
    rows = memory.tie(w, np.array([1, 2]), np.array([9, 9]))
    w.ties.trust[rows], w.ties.month[rows], w.ties.deals[rows] = [0.8, 0.3], [w.month, w.month - 60], [4, 1]
    w.ties.years[rows] = [5.0, 2.0]
    for bought in ({"f1": 2}, {"f2": 3}):
        memory.inherit(w, heirs(w, **bought))
    heir = memory.find(w, *pair(3, 9))
    assert len(w.state["tie_row"]) == 1 and heir[0] >= 0
    assert (w.ties.trust[heir[0]], w.ties.deals[heir[0]], w.ties.years[heir[0]]) == (np.float32(0.8), 5, 7.0)


@pytest.mark.parametrize("ages", [(0, 10, 20), (20, 10, 0), (20, 0, 10)])
def test_of_several_memories_the_latest_counts(ages: tuple[int, int, int]) -> None:
    """Firms 1, 2 and 3 know firm 9 and are bought by one firm in one month."""
    w = world()
    w.state["tie_key"], w.state["tie_row"] = np.zeros(0, np.int64), np.zeros(0, np.int64)
    rows = memory.tie(w, np.array([1, 2, 3]), np.full(3, 9))
    w.ties.trust[rows], w.ties.month[rows] = 0.5 - 0.01 * np.array(ages), w.month - np.array(ages)
    memory.inherit(w, heirs(w, f1=4, f2=4, f3=4))
    assert w.ties.trust[memory.find(w, *pair(4, 9))[0]] == np.float32(0.5)


def test_memory_is_branched_and_saved_with_the_state(tmp_path: pytest.TempPathFactory) -> None:
    market = fork(stage()).run_until(6)
    twin = fork(market)
    twin.world.ties.trust[:] = 0.0
    assert market.world.ties.trust.any()
    market.save(tmp_path / "state")  # type: ignore[operator]
    again = PharmaMarket.load(tmp_path / "state")  # type: ignore[operator]
    assert content_hash(again.run_until(6).world) == content_hash(market.run_until(6).world)


# --- decisions


def known(**changes: object) -> governance.GovernKnown:
    """What a partner in a usual alliance knows."""
    usual: dict[str, object] = {
        "stake": np.array([200.0]), "harm": np.array([1.5]), "joint": np.array([True]),
        "double_work": np.array([3.0]), "trust": np.array([0.35]), "distance": np.array([0.5]),
        "cash": np.array([500.0]), "practice": np.array([False]), "years": 5.0, "ending": 0.05, "committee_cost": 0.8, "committee_ratio": 0.65,
        "committee_delay": 0.005, "completeness_cost": 0.15, "completeness_effect": -0.8, "reporting_cost": 0.4,
        "review_ratio": 0.85, "platform_cost": 0.8, "platform_saving": 0.5, "investment_cost": 0.4,
        "mitigation_cost": 0.3, "mitigation_effect": 0.5, "openness": 0.3,
    }  # fmt: skip
    return governance.GovernKnown(**{**usual, **changes})  # type: ignore[arg-type]


def test_more_at_stake_buys_more_governance() -> None:
    small, large = (govern_alliance(known(harm=np.array([h]), stake=np.array([s]))) for h, s in ((0.05, 5.0),
                                                                                                 (8.0, 800.0)))  # fmt: skip
    assert not small[0][0] and large[0][0], "committee"
    for place in (1, 2, 5, 6):
        assert small[place][0] < large[place][0]
    poor = govern_alliance(known(cash=np.array([1.0]), harm=np.array([8.0])))
    assert not poor[0][0] and poor[5][0] == poor[6][0] == 0


def test_partners_leave_what_is_worth_less_than_it_costs() -> None:
    def answer(value: float, luck: float = 0.02) -> int:
        one = ReviewKnown(value=np.array([value]), cost=np.array([50.0]), hazard=np.array([0.02]), trust=np.array([0.4]),
                          gap=np.array([0.2]), luck=np.array([luck]), usual_margin=2.0, margin_weight=0.3)  # fmt: skip
        return int(review_alliance(one)[0])

    assert answer(10.0) == TERMINATE and answer(5000.0) == CONTINUE
    assert answer(10.0, luck=0.5) == CONTINUE


def committees(market: PharmaMarket) -> np.ndarray:
    """Committees of the alliances formed since the behaviour differs (companies founded for a deal follow the rest)."""
    w = market.world
    return w.alliances.committee[(w.alliances.started >= MONTHS) & (w.deals.kind[w.alliances.deal] != NEWCO_DEAL)]


def test_an_own_governance_changes_the_alliances() -> None:
    def formal(agent: object, known: object, answer: governance.Governance) -> governance.Governance:
        return (answer[0] | True, *answer[1:])

    both = {kind: overriding(kind, govern_alliance=formal) for kind in (Biotech, Pharma)}
    plain, own = fork(stage()).run_until(4), fork(stage(), both).run_until(4)
    assert len(committees(own)) > 5 and committees(own).all()
    assert not committees(plain).all()
    one_sided = fork(stage(), {Biotech: both[Biotech]}).run_until(4)
    assert committees(one_sided).sum() < len(committees(one_sided)), "a committee needs both partners"


def test_partners_who_never_leave_give_no_notice() -> None:
    def loyal(agent: object, known: object, answer: np.ndarray) -> np.ndarray:
        return answer * 0 + CONTINUE

    own = fork(stage(), {kind: overriding(kind, review_alliance=loyal) for kind in (Biotech, Pharma)}).run_until(24)
    plain = fork(stage()).run_until(24)
    said = stage().world.alliances.leaves < NEVER
    for market, expected in ((own, False), (plain, True)):
        leaves = market.world.alliances.leaves < NEVER
        assert (leaves[: len(said)] & ~said).any() == expected
        assert leaves[len(said) :].any() == expected


# --- what the observer sees


def test_indicators_and_the_record_agree() -> None:
    market = fork(stage()).run_until(24)
    indicators = market.indicators.set_index("month")
    record, deals = market.table("alliances"), market.table("deals")
    for name, events in (("disputes", ["dispute", "ownership dispute"]), ("terminations", ["terminated", "returned"])):
        monthly = record[record["event"].isin(events)].groupby("month").size()
        pd.testing.assert_series_equal(monthly.reindex(indicators.index, fill_value=0).astype(float),
                                       indicators[name], check_names=False)  # fmt: skip
    last = indicators.iloc[-1]
    told = record[record["month"] == indicators.index[-1]]
    listed = market.world.state["allied"]
    living_ = listed[forming.is_living(market.world, listed)]  # some end later in the month, in takeovers
    later = (told["event"] == "formed").sum()  # the deal market, too, comes after the alliances' part of the month
    assert (told["event"] == "year end").sum() + later == len(listed)
    assert last["alliances_active"] == len(living_) > 0
    assert last["alliance_trust"] == pytest.approx(market.world.alliances.trust[living_].mean(), rel=1e-5)
    ends = record[record["event"].isin(["terminated", "returned"])].set_index("deal")["event"].astype(str)
    reasons = deals.set_index("deal").loc[ends.index, "end_reason"].astype(str)
    assert (reasons == ends).all()


def test_every_living_contract_that_is_no_sale_is_an_alliance() -> None:
    w = fork(stage()).run_until(12).world
    running = np.flatnonzero((w.deals.ended == NEVER) & (w.deals.kind < SALE_DEAL))
    known_ = w.alliances.deal[w.state["allied"]]
    late = np.setdiff1d(known_, running)
    assert np.isin(running, known_).all()
    assert (w.deals.ended[late] == w.month - 1).all(), "contracts that ended after the alliances' part of the month"


def test_an_asset_knows_its_alliance() -> None:
    w = fork(stage()).run_until(12).world
    rows = np.flatnonzero((w.assets.alliance >= 0) & (w.assets.ended == NEVER))
    assert (w.alliances.asset[w.assets.alliance[rows]] == rows).all()
    assert np.isin(w.assets.alliance[rows], w.state["allied"]).all()
    assert (w.assets.phase[rows] >= PHASE1).any()
