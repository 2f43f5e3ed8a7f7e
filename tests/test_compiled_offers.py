"""Twins in plain NumPy of the compiled loops over what is offered and what rights are worth, on random worlds."""

from __future__ import annotations

import numpy as np

from model.arrays import logistic
from model.kernels import luck, offers, routes, suitors, trials, value

FIRMS, ASSETS, REGIONS, NEVER = 40, 120, 10, 999


def traits(random: np.random.Generator) -> value.Worth:
    phase, area = random.integers(0, 6, ASSETS).astype(np.int8), random.integers(0, 16, ASSETS).astype(np.int8)
    belief, novel = random.normal(0, 2, ASSETS).astype(np.float32), random.random(ASSETS) < 0.4
    started, origin = random.integers(-9, 20, ASSETS).astype(np.int16), random.integers(0, 10, ASSETS).astype(np.int8)
    prospect, edge = random.random((6, 16)) + 0.1, random.random((20, REGIONS))
    return value.Worth(phase, area, belief, novel, started, origin, prospect, edge, 0.2, 0.5, 0.3)


def some_offers(random: np.random.Generator, size: int) -> offers.Offers:
    asset, seller = np.arange(size), random.integers(0, FIRMS, size)
    patience, cost, later, odds, abroad = random.random((5, size)) * 0.5 + 0.1
    everywhere = np.ones((size, REGIONS), bool)
    worth = random.random((size, REGIONS)) * (random.random((size, REGIONS)) < 0.8)
    return offers.Offers(asset, seller, np.zeros(size, np.int64), everywhere, worth, patience, cost, later, odds,
                         abroad, worth.sum(axis=1))  # fmt: skip


# --- what is offered


def test_fresh_and_open(random: np.random.Generator) -> None:
    rows, due = random.permutation(ASSETS)[:90], random.integers(0, 4, ASSETS).astype(np.int16)
    waiting, ended = random.random(ASSETS) < 0.5, np.where(random.random(ASSETS) < 0.8, NEVER, 3).astype(np.int16)
    np.testing.assert_array_equal(offers.fresh(rows, 2, due, waiting), rows[(due == 2)[rows] & waiting[rows]])
    identity, option = random.integers(0, 2**40, ASSETS), random.integers(-1, 1, ASSETS).astype(np.int32)
    sponsor, area = random.integers(0, FIRMS, ASSETS).astype(np.int32), random.integers(0, 3, ASSETS).astype(np.int8)
    scope, focus, second = (random.integers(0, 3, FIRMS).astype(np.int8) for _ in range(3))
    base = np.uint64(77)
    found = offers.opened(rows, 9, base, 0.6, identity, waiting, ended, option, area, sponsor, scope, focus, second,
                          NEVER)  # fmt: skip
    fits = (focus[sponsor] == area) | (second[sponsor] == area)
    ready = ((scope[sponsor] < 2) | (waiting & ~fits)) & (ended == NEVER) & (option < 0)
    ready &= np.array([luck.unit(base, who, 9) for who in identity]) < 0.6
    np.testing.assert_array_equal(found, rows[ready[rows]])


def test_approaches(random: np.random.Generator) -> None:
    """Nobody is left out whom a rate of up to twice the usual one would reach; what is on the market has no rate."""
    rows, identity, waiting = random.permutation(ASSETS)[:90], random.integers(0, 2**40, ASSETS), np.zeros(ASSETS, bool)
    waiting[::5] = True
    phase, offered = random.integers(0, 6, ASSETS).astype(np.int8), random.integers(60, 100, ASSETS).astype(np.int16)
    sponsor, scope = random.integers(0, FIRMS, ASSETS).astype(np.int32), random.integers(0, 3, FIRMS).astype(np.int8)
    ai, home = random.random(FIRMS) < 0.5, random.integers(0, 10, FIRMS).astype(np.int8)
    served, months, base = random.random(10), 6 + 10 * random.random(6), np.uint64(5)
    usual = np.array([0.6, 1.2, 0.3, 2.0, 0.9])
    found, drawn, rate = offers.approached(rows, 100, base, usual, identity, waiting, phase, offered, sponsor, scope, ai,
                                           home, served, 0.2, 0.3, months)  # fmt: skip
    saved = np.maximum(ai * served[home], 0.2) * 0.3
    length = months[np.minimum(phase + 1, 5)] * (1 - saved[sponsor])
    turn = ((identity >> 1) % 6 == 100 % 6) & ~waiting & (scope[sponsor] < 2) & (100 - offered >= length)
    chance, number = np.append(usual, 0.0)[phase] / length, np.array([luck.unit(base, who, 100) for who in identity])
    np.testing.assert_array_equal(found, rows[(turn & (number < 2 * chance))[rows]])
    np.testing.assert_array_equal(drawn, number[found])
    np.testing.assert_allclose(rate, chance[found])


def test_looking_at_assets(random: np.random.Generator) -> None:
    worth, rows, waiting = traits(random), random.permutation(ASSETS)[:80], random.random(ASSETS) < 0.5
    sponsor = random.integers(0, FIRMS, ASSETS).astype(np.int32)
    holder = np.where(random.random((ASSETS, 10)) < 0.7, sponsor[:, None], 0).astype(np.int32)
    negotiated, kind = random.integers(0, 1024, ASSETS).astype(np.int16), random.integers(0, 9, ASSETS).astype(np.int16)
    modality, orphan, marker = random.integers(0, 13, ASSETS).astype(np.int8), *(random.random((2, ASSETS)) < 0.3)
    costs = trials.Costs(worth.area, modality, orphan, marker, random.random((5, 16)), random.random(13), 0.5, 0.7)
    outlook, research = random.random((9, REGIONS)), random.random((6, 16))
    success, chances = random.random((5, 16)), random.random((6, 16))
    found = offers.look_at(rows, waiting, sponsor, holder, negotiated, kind, worth, costs, outlook, research, success,
                           chances)  # fmt: skip
    phase, area = worth.phase[rows].astype(int), worth.area[rows]
    passed = (waiting[rows] & (phase < 5)).astype(int)
    home, abroad = value.factors(rows, passed, worth)
    free = (holder[rows] == sponsor[rows][:, None]) & ~(negotiated[rows][:, None] >> np.arange(10) & 1).astype(bool)
    whole = value.by_region(home, abroad, outlook, kind[rows], worth.origin[rows])
    reach, cost = np.where(passed == 1, 1.0, success[np.minimum(phase, 4), area]), np.zeros(len(rows))
    for later in range(1, 4):
        ahead = phase < later
        cost += ahead * reach * trials.cost(rows, np.full(len(rows), later), costs)
        reach = np.where(ahead, reach * success[later, area], reach)
    following = trials.cost(rows, np.minimum(phase + 1, 4), costs)
    step = np.minimum(phase + passed, 5), area
    for name, expected in (
        ("seller", sponsor[rows]), ("passed", passed), ("free", free), ("value", np.where(free, whole, 0.0)),
        ("research_value", research[step] / worth.prospect[step]), ("cost", cost),
        ("next_cost", np.where(waiting[rows], following, 0.0)), ("odds", chances[step]),
        ("abroad", np.maximum(abroad, 1e-3)), ("whole", np.where(free, whole, 0.0).sum(axis=1)),
    ):  # fmt: skip
        np.testing.assert_allclose(getattr(found, name), expected, err_msg=name)


def test_runway(random: np.random.Generator) -> None:
    rows, cash, (research, burn, ahead) = (
        random.permutation(FIRMS)[:20],
        random.normal(2, 4, FIRMS),
        random.random((3, FIRMS)),
    )
    expected = np.maximum(cash, 0) / np.maximum(research + burn + ahead, 0.1)
    np.testing.assert_allclose(offers.runway(rows, cash, research, burn, ahead), expected[rows])


# --- what rights are worth


def selling(random: np.random.Generator) -> value.Selling:
    """Firms, their homes, and what selling costs and reaches."""
    skill, trust = (random.random((FIRMS, REGIONS)).astype(np.float32) for _ in range(2))
    home, left = random.integers(0, REGIONS, FIRMS).astype(np.int8), random.random((10, 10))
    peak, build, run = (random.random((2, 10)) for _ in range(3))
    access, listed = random.random((FIRMS, REGIONS)).astype(np.float32), random.normal(0.5, 1.5, 10)
    late = random.random(10)
    newcomer = paid(0.4, 0.6, listed, 1.2, late)
    return value.Selling(
        skill, trust, home, left, 0.4, 0.6, peak, build, run, 0.2, access, 0.6, listed, 1.2, late, newcomer, 0.5
    )


def paid(access: np.ndarray | float, versed: float, listed: np.ndarray, weight: float, late: np.ndarray) -> np.ndarray:
    lack = np.maximum(versed - access, 0.0)
    return logistic(listed - weight * lack) / logistic(listed) * np.maximum(1 - late * lack, 0.0)


def sold_alone(firm: np.ndarray, segment: np.ndarray, worth: np.ndarray, odds: np.ndarray,
               s: value.Selling) -> np.ndarray:  # fmt: skip
    new = s.skill[firm] < s.able
    trusted = 0.5 + 0.5 * np.minimum(s.trust[firm].astype(float) / s.usual, 1.0)
    reached = worth * trusted * s.left[s.home[firm]] * np.where(new, s.peak[segment], 1.0)
    cost = np.where(new, s.run[segment] + s.build[segment], s.share * s.run[segment])
    access = s.access[firm].astype(float)
    access = np.where(new, np.maximum(access, s.able), access)
    return reached * paid(access, s.versed, s.listed, s.weight, s.late) - cost * odds[:, None]


def held(own: np.ndarray, sold: np.ndarray, cost: np.ndarray, next_cost: np.ndarray, rest: np.ndarray,
         resold: np.ndarray | float, later: np.ndarray) -> np.ndarray:  # fmt: skip
    part = own / np.maximum(own.sum(axis=1, keepdims=True), 1e-9)
    partners = later[:, None] * np.maximum(own * resold - part * rest[:, None], 0.0)
    return np.maximum(np.maximum(sold - part * cost[:, None], partners - part * next_cost[:, None]), 0.0)


def test_what_payers_leave_to_newcomers(random: np.random.Generator) -> None:
    listed, late = random.normal(0.5, 1.5, 10), random.random(10)
    for access in (0.0, 0.3, 0.9):
        np.testing.assert_allclose(value.paid(access, 0.6, listed, 1.2, late), paid(access, 0.6, listed, 1.2, late))


def test_selling_alone_or_one_step_on(random: np.random.Generator) -> None:
    book, firm, terms = some_offers(random, 70), random.integers(0, FIRMS, 70), selling(random)
    segment, kind = random.integers(0, 2, 70), random.integers(0, 2, FIRMS).astype(np.int8)
    sold = sold_alone(firm, segment, book.value, book.odds, terms)
    np.testing.assert_allclose(value.alone(firm, segment, book.value, book.odds, terms), sold)
    share, seen, resold = random.random(70), random.random((70, 10)), random.random((70, 10))
    later, thrift = random.random(70), np.where(kind[firm] == 0, 0.5, 1.0)
    found = offers.held(book, firm, kind, segment, seen, share, resold, later, terms)
    own = book.value * seen * np.where(kind[firm] == 0, book.research_value, 1.0)[:, None]
    sold = sold_alone(firm, segment, own, book.odds, terms)
    bill = share * thrift
    rest = (book.cost - book.next_cost) * share
    best = held(own, sold, book.cost * bill, book.next_cost * bill, rest, resold, later)
    np.testing.assert_allclose(found, best)


def test_what_owners_compare(random: np.random.Generator) -> None:
    book, terms, share = some_offers(random, 70), selling(random), np.array([0.1, 0.2, 0.3, 0.5])
    phase, area = random.integers(0, 6, ASSETS).astype(np.int8), random.integers(0, 3, ASSETS).astype(np.int8)
    indication, specialty = random.integers(0, 9, ASSETS).astype(np.int16), random.random(9) < 0.5
    kind, listed = random.integers(0, 2, FIRMS).astype(np.int8), random.random(FIRMS) < 0.5
    focus, second = (random.integers(0, 3, FIRMS).astype(np.int8) for _ in range(2))
    firms = routes.Owners(kind, listed, focus, second, *random.random((4, FIRMS)))
    raisable, view, sight = random.random(70) * 0.3, random.random(70) * 2, random.random((10, 10))
    found = routes.compare(book, raisable, 0.2, view, 0.7, sight, share, phase, area, indication, specialty, firms,
                           terms)  # fmt: skip
    asset, who, stage = book.asset, book.seller, phase[book.asset] + 1
    home, small = terms.home[who], kind[who] == 0
    now, later = share[np.minimum(stage, 3)], share[np.minimum(stage + 1, 3)]
    segment, thrift = np.where(specialty[indication[asset]], 0, 1), np.where(small, 0.5, 1.0)
    kept = offers.held(book, who, kind, segment, np.ones((70, 10)) * view[:, None], np.ones(70), sight[home], later,
                       terms)  # fmt: skip
    part = book.value / np.maximum(book.value.sum(axis=1), 1e-9)[:, None]
    partnered = np.maximum(book.value * sight[home] - part * book.cost[:, None], 0) * now[:, None]
    money = 0.2 * np.maximum(firms.cash - 6 * firms.trial_burn, 0)[who] + raisable
    early = (phase[asset] <= 2) & (phase[asset] < 5)
    months = offers.runway(who, firms.cash, firms.research, firms.trial_burn, firms.ahead)
    for name, expected in (
        ("kept", kept), ("partnered", partnered), ("home", home), ("runway", months), ("listed", listed[who]),
        ("stuck", book.next_cost * thrift > money), ("doubt", early * 0.7 / (1 + phase[asset].astype(float))),
        ("next_cost", book.next_cost * thrift),
        ("foreign", (focus[who] != area[asset]) & (second[who] != area[asset])),
    ):  # fmt: skip
        np.testing.assert_allclose(getattr(found, name), expected, err_msg=name)


def test_what_new_companies_see(random: np.random.Generator) -> None:
    book, home, phase = some_offers(random, 90), random.integers(0, 10, 90), random.integers(0, 5, 90).astype(np.int8)
    sight, share = random.random((10, 10)) * ~np.eye(10, dtype=bool), random.random(4)
    found = routes.newco_value(book, home, phase, sight, share, 0.5, 0.1, 0.3, 0)
    value = (book.value * sight[home]).sum(axis=1) * book.research_value
    bill, left = book.next_cost * 0.5, share[np.minimum(phase + 2, 3)]
    ready = (bill > 0) & (bill + 0.1 < 0.3) & (left * value > bill) & (home != 0)
    assert 0 < ready.sum() < 90
    np.testing.assert_array_equal(found, np.where(ready, value, 0.0))


def test_what_a_route_offers(random: np.random.Generator) -> None:
    shape, home, route = (200, REGIONS), random.integers(0, 10, 200), random.integers(0, 4, 200)
    kept, partnered, free = random.random(shape), random.random(shape), random.random(shape) < 0.3
    paid = random.random(200)
    found = routes.territories(route > 0, route == 1, route == 2, home, partnered, paid, kept, free)
    away = np.arange(REGIONS) != home[:, None]
    best = np.where(away & free, partnered * paid[:, None] - kept, -np.inf).argmax(axis=1)
    one = free & (np.arange(REGIONS) == best[:, None])
    expected = np.select([(route == number)[:, None] for number in range(4)], [free & False, one, free & away, free])
    np.testing.assert_array_equal(found, expected)


def test_worth_to_suitors(random: np.random.Generator) -> None:
    terms, kind = selling(random), random.integers(0, 2, FIRMS).astype(np.int8)
    row, place, buyer = np.repeat(np.arange(30), 2), np.tile(np.arange(2), 30), random.integers(0, FIRMS, 60)
    asked, book = random.random((30, 2, 10)) < 0.5, some_offers(random, 30)
    belief, segment, (view, border) = random.random(60) * 2, random.integers(0, 2, 30), random.random((2, 10, 10))
    later = random.random(30)
    found = suitors.worth_to(
        row, place, buyer, belief, asked, book, segment, kind, view, border, 0.3, 0.4, later, terms
    )
    here, there, wants = terms.home[book.seller[row]], terms.home[buyer], asked[row, place]
    foreign, at_home = (here != there)[:, None], np.arange(10) == there[:, None]
    seen = np.where(foreign, view[here], 1.0) * border[here, there][:, None]
    seen = seen * np.where(foreign & at_home, np.maximum(0.3 / book.abroad[row], 1.0)[:, None], 1.0)
    own = book.value[row] * np.where(wants, seen * belief[:, None], 0.0)
    own = own * np.where(kind[buyer] == 0, book.research_value[row], 1.0)[:, None]
    share = np.where(wants.sum(axis=1) >= 5, 1.0, 0.4)
    bill = share * np.where(kind[buyer] == 0, 0.5, 1.0)
    rest = (book.cost - book.next_cost)[row] * share
    sold = sold_alone(buyer, segment[row], own, book.odds[row], terms)
    best = held(own, sold, book.cost[row] * bill, book.next_cost[row] * bill, rest, 1.0, later[row])
    np.testing.assert_allclose(found, np.where(wants, best, 0.0).sum(axis=1))


def test_weights_of_suitors(random: np.random.Generator) -> None:
    rows, kind, scope = np.arange(5, FIRMS), *(random.integers(0, top, FIRMS).astype(np.int8) for top in (2, 3))
    sold, cash, research, burn = random.random((4, FIRMS)) * 3
    found = suitors.weigh(rows, kind, scope, sold, cash, research, burn, 0.5)
    expected = [np.where(kind == 0, np.sqrt(np.maximum(cash - 0.5 * (research + burn), 0)), 0),
                *(np.where((kind == 1) & wide, np.sqrt(sold + 20), 0) for wide in (scope < 2, scope == 2))]  # fmt: skip
    np.testing.assert_allclose(found, np.array(expected)[:, rows])
