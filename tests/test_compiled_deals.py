"""Twins in plain NumPy of the compiled loops over meetings, contracts and memories, on random worlds."""

from __future__ import annotations

import numpy as np

from model.kernels import contracts, luck, memory, suitors, terms
from model.kernels.pools import Pools, draw, gather

FIRMS, ASSETS, REGIONS, NEVER = 40, 120, 10, 999


# --- who meets whom


def drawn(pool: Pools, number: int, share: float) -> int:
    """Member of a pool by the compiled draw alone."""
    return int(pool.firm[draw(pool.cumulative, pool.place, pool.branch, pool.before, number, share)])


def test_meeting(random: np.random.Generator) -> None:
    """Suitors one by one: the familiar firm first, else the better fitting of two from the pool that luck names."""
    focus, second, home, kind, scope = (random.integers(0, top, 60).astype(np.int8) for top in (3, 3, 10, 2, 3))
    weight = np.where(
        np.stack([kind == 0, (kind == 1) & (scope < 2), (kind == 1) & (scope == 2)]), random.random(60), 0
    )
    place = random.integers(0, 2**63, 60).astype(np.uint64) * np.uint64(2)
    pool = gather(np.arange(60), place, weight)
    identity, area = random.integers(0, 2**40, 80), random.integers(0, 3, 80).astype(np.int8)
    seller, met = random.integers(0, 60, 80).astype(np.int32), random.integers(0, 7, 80)
    familiar, territory = random.integers(-1, 60, 80), random.random((80, 10)) < 0.5
    bases, found = [np.uint64(number) for number in (11, 12, 13)], np.full((80, 5), -1)
    suitors.meet(pool, identity, 7, *bases, 0.4, 0.2, met, area, seller, familiar, territory, focus, second, kind,
                 scope, home, found)  # fmt: skip
    for i, k in np.ndindex(80, 5):
        one, two, which = (luck.unit(base, identity[i] * 64 + k, 7) for base in bases)
        number = 0 if which < 0.4 else 1 if which < 0.4 + 0.2 else 2
        a, b = drawn(pool, number, one), drawn(pool, number, two)
        fits = [area[i] in (focus[who], second[who]) for who in (a, b)]
        who = b if fits[1] and not fits[0] else a
        who = familiar[i] if k == 0 and familiar[i] >= 0 else who
        local = kind[who] == 1 and scope[who] < 2
        wants = territory[i, home[who]] if local else territory[i].any()
        assert found[i, k] == (who if k < met[i] and who != seller[i] and wants else -1)
    kept = random.random((80, 10))
    asked, forgone = suitors.ask(territory, kept, found, kind, scope, home)
    for i, k in np.argwhere(found >= 0):
        local = kind[found[i, k]] == 1 and scope[found[i, k]] < 2
        here = np.arange(10) == home[found[i, k]] if local else np.ones(10, bool)
        np.testing.assert_array_equal(asked[i, k], territory[i] & here)
        assert forgone[i, k] == np.where(asked[i, k], kept[i], 0.0).sum()


# --- contracts and memories


def test_payments_are_booked_on_both_sides(random: np.random.Generator) -> None:
    deal, payer, payee = random.integers(0, 30, 80), random.integers(0, FIRMS, 80), random.integers(0, FIRMS, 80)
    amount, home = random.random(80), random.integers(0, REGIONS, 30).astype(np.int8)
    cash, recent, year, paid, by_region = (np.zeros(size) for size in (FIRMS, FIRMS, FIRMS, 30, REGIONS))
    contracts.book(deal, payer, payee, amount, cash, recent, year, paid, home, by_region)
    moved = np.bincount(payee, amount, FIRMS) - np.bincount(payer, amount, FIRMS)
    for column in (cash, recent, year):
        np.testing.assert_allclose(column, moved, atol=1e-12)
    np.testing.assert_allclose(paid, np.bincount(deal, amount, 30))
    np.testing.assert_allclose(by_region, np.bincount(home[deal], amount, REGIONS))


def test_terms(random: np.random.Generator) -> None:
    size = 60
    custom = terms.Custom(
        random.random((7, 6)), random.random((7, 6)), random.random(6), random.random(7) * (random.random(7) < 0.6),
        random.random(7) < 0.5, *random.random((2, 7)), *random.random((2, 6, 2, 16)), 0.3, 0.5, 0.4, 0.8,
    )  # fmt: skip
    phase, passed, area, kind = (random.integers(0, top, size).astype(np.int8) for top in (6, 2, 16, 7))
    power, price, cost = random.random((3, size))
    worth, view, territory = *random.random((2, size, 10)), random.random((size, 10)) < 0.6
    home = random.integers(0, 10, size).astype(np.int8)
    found = terms.write(phase, passed, area, kind, power, price, worth, cost, view, territory, home, custom)
    seen, stage = worth * view * territory, np.minimum(phase + 1, 5)
    value, share, wide = seen.sum(axis=1), custom.shared[kind], custom.everywhere[kind]
    joint = np.where(share > 0, np.where(wide, value, seen[np.arange(size), home]), 0.0)
    royalty = custom.royalty[kind, stage] * (1 + 0.4 * np.clip((0.5 - power) / 0.25, -1, 1))
    running = royalty * (value - joint) / 0.8 + share * (joint - np.where(wide, cost, 0.0))
    front, part, here = custom.front[kind, stage], custom.development[stage], (phase, passed, area)
    certain = front + (1 - front) * (part * custom.due[here] + (1 - part) * 0.3 * custom.sold[here])
    headline = np.maximum(price - running, 0.1 * price) / np.maximum(certain, 0.02)
    whole, later = headline * front * (1 - custom.equity[kind]), headline * (1 - front)
    expected = (whole * custom.fee[kind], later * part, later * (1 - part), whole * (1 - custom.fee[kind]), royalty,
                custom.shared[kind], custom.equity[kind])  # fmt: skip
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_signed_contracts_count(random: np.random.Generator) -> None:
    rows, (seller, buyer) = random.permutation(90)[:60], random.integers(0, REGIONS, (2, 90)).astype(np.int8)
    money, counts = random.random((4, 90)), np.zeros((8, REGIONS))
    contracts.count_signed(rows, seller, buyer, *money, *counts)
    weights = np.array([np.ones(90), money.sum(axis=0), money[0]])[:, rows]
    abroad = rows[seller[rows] != buyer[rows]]
    for found, every, far in zip(counts[[0, 1, 2]], weights, counts[[4, 5, 6]], strict=True):
        np.testing.assert_allclose(found, np.bincount(seller[rows], every, REGIONS))
        np.testing.assert_allclose(far, np.bincount(seller[rows], every * np.isin(rows, abroad), REGIONS))
    np.testing.assert_array_equal(counts[3], counts[4])
    np.testing.assert_array_equal(counts[7], np.bincount(buyer[abroad], minlength=REGIONS))


def test_what_is_due_under_running_contracts(random: np.random.Generator) -> None:
    rows, payer, payee = random.permutation(80)[:60], random.integers(0, 6, 60), random.integers(0, 6, 60)
    amount, ended = random.random(60) * (random.random(60) < 0.7), random.integers(0, 2, 80).astype(np.int16)
    due = contracts.payable(rows, payer, payee, amount, ended, 1)
    good = (amount > 0) & (ended[rows] == 1) & (payer != payee)
    for found, column in zip(due, (rows, payer, payee, amount), strict=True):
        np.testing.assert_array_equal(found, column[good])


def test_rights_move(random: np.random.Generator) -> None:
    rows, territory, asset = random.permutation(90)[:60], random.random((60, 10)) < 0.4, random.permutation(ASSETS)[:90]
    payer, kind = random.integers(0, FIRMS, 90).astype(np.int32), random.integers(0, 7, 90).astype(np.int8)
    home, bit = random.integers(0, 10, FIRMS).astype(np.int8), (1 << np.arange(10)).astype(np.int16)
    holder, deal = random.integers(0, FIRMS, (ASSETS, 10)).astype(np.int32), np.full((ASSETS, 10), -1, np.int32)
    involved, old = np.ones(ASSETS, np.int16), holder.copy()
    contracts.move_rights(rows, territory, asset, payer, kind, 5, bit, home, holder, deal, involved)
    mine, bound = asset[rows], np.where(kind[rows] == 5, -1, rows)
    np.testing.assert_array_equal(holder[mine], np.where(territory, payer[rows][:, None], old[mine]))
    np.testing.assert_array_equal(deal[mine], np.where(territory, bound[:, None], -1))
    np.testing.assert_array_equal(involved[mine], 1 | bit[home[payer[rows]]])


def test_milestones_due(random: np.random.Generator) -> None:
    rows, asset = random.permutation(90)[:60], random.integers(0, ASSETS, 90)
    phase, signed = (random.integers(0, 6, size).astype(np.int8) for size in (ASSETS, 90))
    ahead, promised = np.array([1.0, 1.0, 0.9, 0.7, 0.6, 0.5, 0.0]), random.random(90)
    paid = 0.5 * promised * random.random(90)
    before, now, old = signed[rows], phase[asset[rows]], paid[rows]
    part = np.where(before < now, 1 - ahead[now + 1] / ahead[np.minimum(before + 1, 5)], 0)
    due = contracts.milestones_due(rows, asset, phase, signed, ahead, promised, paid)
    np.testing.assert_allclose(due, np.where(before < now, np.maximum(part * promised[rows] - old, 0), 0))
    np.testing.assert_allclose(paid[rows], old + due)
    once_approved = (before < now) & (now == 5)
    np.testing.assert_allclose(paid[rows][once_approved], promised[rows][once_approved])


def test_new_sponsors(random: np.random.Generator) -> None:
    rows, heir = random.permutation(ASSETS)[:60], random.integers(0, FIRMS, 60)
    burn, phase = random.random(ASSETS), random.integers(0, 6, ASSETS).astype(np.int8)
    old = random.integers(0, FIRMS, ASSETS).astype(np.int32)
    new, money, number = old.copy(), np.bincount(old, burn, FIRMS), np.bincount(old, phase < 5, FIRMS).astype(np.int32)
    contracts.hand_over(rows, heir, burn, phase, 5, new, money, number)
    np.testing.assert_array_equal(new[rows], heir)
    np.testing.assert_allclose(money, np.bincount(new, burn, FIRMS), atol=1e-12)
    np.testing.assert_array_equal(number, np.bincount(new, phase < 5, FIRMS))


def test_heirs_of_contracts(random: np.random.Generator) -> None:
    payee, payer = (random.integers(0, 6, 90).astype(np.int32) for _ in range(2))
    ended, heir = random.integers(0, 2, 90).astype(np.int16), np.array([0, 1, 0, 3, 1, 5], np.int32)
    sellers, buyers = heir[payee], heir[payer]
    joined = contracts.inherit(payee, payer, ended, 1, heir)
    np.testing.assert_array_equal([payee, payer], [sellers, buyers])
    np.testing.assert_array_equal(joined, np.flatnonzero((sellers == buyers) & (ended == 1)))


def test_ranks_of_bids(random: np.random.Generator) -> None:
    bids, forgone = np.round(random.random((50, 4)), 1) * (random.random((50, 4)) < 0.6), random.random((50, 4))
    kept, bidders, best, second = contracts.ranked(bids, forgone)
    order = np.sort(bids, axis=1)
    np.testing.assert_array_equal(kept, forgone[np.arange(50), bids.argmax(axis=1)])
    np.testing.assert_array_equal(bidders, (bids > 0).sum(axis=1))
    np.testing.assert_array_equal([best, second], [order[:, -1], order[:, -2]])
    assert (contracts.ranked(bids[:, :1], forgone[:, :1])[3] == 0).all()


def test_what_leaves_its_region(random: np.random.Generator) -> None:
    asset, region = random.integers(0, ASSETS, 200).astype(np.int32), random.integers(0, 10, 200).astype(np.int8)
    mature, origin = random.random(200) < 0.4, random.integers(0, 10, ASSETS).astype(np.int8)
    seller, buyer = (random.integers(0, 10, 90).astype(np.int8) for _ in range(2))
    found = contracts.out_of_region(asset, region, mature, origin, seller, buyer)
    launched = origin[asset][(origin[asset] != region) & ~mature]
    licensed = seller[seller != buyer]
    np.testing.assert_array_equal(found, np.bincount(launched, minlength=10) + np.bincount(licensed, minlength=10))


def test_shared_costs(random: np.random.Generator) -> None:
    asset, sponsor = random.integers(0, ASSETS, 900).astype(np.int32), random.integers(0, 6, ASSETS).astype(np.int32)
    payer, payee = (random.integers(0, 6, 900).astype(np.int32) for _ in range(2))
    kind, over = random.integers(0, 3, 900).astype(np.int8), random.random(900) < 0.3
    ended = np.where(random.random(900) < 0.8, NEVER, 3).astype(np.int16)
    burn, part = random.random(ASSETS) * (random.random(ASSETS) < 0.7), random.random(900).astype(np.float32)
    rows, owing, owed, amount = contracts.shared_costs(ended, NEVER, asset, kind, payer, payee, over, part, burn, sponsor,
                                                       0, 1, np.float32(0.4))  # fmt: skip
    expected = []
    for row in np.flatnonzero((ended == NEVER) & (burn[asset] > 0)):
        runs, due = sponsor[asset[row]], 3 * burn[asset[row]]
        if kind[row] == 1 and runs == payer[row]:
            expected.append((row, payee[row], runs, part[row] * due))
        elif kind[row] == 0 and not over[row] and runs == payee[row]:
            expected.append((row, payer[row], runs, 0.4 * due))
    assert len(expected) > 20
    np.testing.assert_allclose(np.array([rows, owing, owed, amount]).T, expected)


def index(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Keys of pairs of firms 0-39, sorted, and the rows of their memories."""
    keys = np.unique(random.integers(0, 20, 60) << 32 | random.integers(20, 40, 60))
    return keys, random.permutation(len(keys))


def test_pairs_of_firms(random: np.random.Generator) -> None:
    keys, rows = index(random)
    known = {(int(key >> 32), int(key & 0xFFFFFFFF)): int(row) for key, row in zip(keys, rows, strict=True)}
    one, other = random.integers(0, 40, 200), random.integers(0, 40, 200)
    found = memory.find_pairs(one, other, keys, rows)
    expected = [known.get((min(a, b), max(a, b)), -1) for a, b in zip(one.tolist(), other.tolist(), strict=True)]
    assert found.tolist() == expected and (found >= 0).any()
    assert (memory.find_pairs(one, other, keys[:0], rows[:0]) == -1).all()


def test_trust_of_pairs(random: np.random.Generator) -> None:
    keys, rows = index(random)
    one, other = random.integers(0, 40, 300), random.integers(0, 40, 300)
    conduct, left = random.random(40).astype(np.float32), random.random(len(keys)).astype(np.float32)
    met, fade = random.integers(-20, 50, len(keys)).astype(np.int16), np.exp(-0.02 * np.arange(100))
    numbers = [np.float32(number) for number in (0.4, 0.3, 0.7, 0.5)]
    found = memory.expected_trust(one, other, keys, rows, conduct, left, met, 50, *numbers, fade)
    trust = 0.4 + 0.3 * (0.5 * (conduct[one] + conduct[other]) - 0.5)
    row = memory.find_pairs(one, other, keys, rows)
    known = row >= 0
    level = 0.5 * (0.7 + left[row[known]])
    trust[known] += fade[50 - met[row[known]]] * (level - trust[known])
    assert found.dtype == np.float32 and known.any()
    np.testing.assert_allclose(found, np.clip(trust, 0, 1), rtol=1e-5)


def test_pairs_enter_the_index_and_have_heirs(random: np.random.Generator) -> None:
    keys, rows = index(random)
    new = np.setdiff1d(random.integers(0, 20, 30) << 32 | random.integers(20, 40, 30), keys)
    found = memory.entered(keys, rows, new, 100 + np.arange(len(new)))
    order = np.argsort(np.concatenate([keys, new]))
    np.testing.assert_array_equal(found[0], np.concatenate([keys, new])[order])
    np.testing.assert_array_equal(found[1], np.concatenate([rows, 100 + np.arange(len(new))])[order])
    low, high = (random.integers(0, 40, len(keys)).astype(np.int32) for _ in range(2))
    heir = np.arange(40, dtype=np.int32)
    heir[[3, 25]] = 7
    expected = np.isin(low[rows], [3, 25]) | np.isin(high[rows], [3, 25])
    np.testing.assert_array_equal(memory.touched(rows, low, high, heir), expected)
