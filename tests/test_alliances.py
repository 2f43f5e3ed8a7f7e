"""Living alliances: what they do to the work on an asset, in which direction, and what the observer sees of them.

Effects are asked of small worlds whose alliances differ in one attribute only.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from allied_worlds import MONTHS, stage, under_way, world
from worlds import fork

from agents.choices import SALE_DEAL
from model.clock import NEVER
from model.labels import PHASE1, PHASE2, PHASE3
from model.mechanisms.alliances import effects, forming
from model.world import World

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
