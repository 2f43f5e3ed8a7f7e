"""What pairs of firms remember of each other, what is said of a firm, and who inherits both."""

from __future__ import annotations

import numpy as np
import pytest
from allied_worlds import stage, world
from worlds import fork

from model import PharmaMarket
from model.mechanisms.alliances import memory
from model.mechanisms.takeovers import merge
from model.storage import content_hash
from model.world import World


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
