"""What partners decide about an alliance, and who gets rights, money and a bad name when it ends."""

from __future__ import annotations

import math

import numpy as np
import pytest
from allied_worlds import MONTHS, stage, under_way, world
from worlds import fork, overriding

from agents import Biotech, Pharma
from agents.choices import NEWCO_DEAL
from agents.decisions import governance
from agents.decisions.governance import CONTINUE, TERMINATE, ReviewKnown, govern_alliance, review_alliance
from model import PharmaMarket
from model.arrays import unpack_regions
from model.clock import NEVER
from model.mechanisms.alliances import ending
from model.mechanisms.contracts import RETURNED, TERMINATED
from model.world import World

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
                          luck=np.array([luck]), usual_margin=2.0, margin_weight=0.3)  # fmt: skip
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
