"""What moves trust, gaps, disputes and the hazard of leaving, in which direction; plain twins of the compiled loops."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from allied_worlds import stage, world

from model.clock import NEVER
from model.kernels import alliances as kernel
from model.mechanisms.alliances import living, log, trouble
from model.world import World

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
        draw, thought, quarrel = (
            float(w.draws.uniform(f"alliance.{name}", a.identity[[row]], w.month)[0])
            for name in ("report", "thought", "quarrel")
        )
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
        waiting = a.leaves[row] < NEVER  # who has given notice neither thinks nor quarrels
        assert bool(met[i] & kernel.THINKS) == (thought < kernel.THINKING and not waiting)
        assert luck[i] == (1.0 if waiting else thought)
        assert w.alliances.trust[row] == pytest.approx(min(max(trust, 0), 1), abs=1e-6)
        assert w.alliances.gap[row] == pytest.approx(gap, abs=1e-6)
        assert bool(met[i] & kernel.QUARRELS) == (quarrel < dispute_rate(w, int(row)) / 4 and not waiting)
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
