"""Who meets whom on the deal market, and what the suitors bid."""

from __future__ import annotations

import numpy as np

from agents import Firm
from agents.decisions.partnering import BidKnown
from model.kernels import contracts as kernel
from model.kernels import pools as trees
from model.labels import FILED
from model.ledger import PROVIDERS
from model.mechanisms.alliances import memory
from model.mechanisms.geopolitics import border
from model.mechanisms.offers import Offers, held_value
from model.mechanisms.standing import view_from_abroad
from model.world import REGION_COUNT, World


def find_suitors(world: World, offers: Offers, territory: np.ndarray) -> np.ndarray:
    """Firms that each seller meets, (offers, breadth), -1 where there is none.

    Global pharma firms, regional ones, and research firms with money and room; of two that come into question the one
    with a fitting area is met. Sellers of repute meet more of them, and often a trusted partner of earlier.
    """
    firms, now, assets = world.firms, world.now, world.assets
    breadth = int(now["licensing.search_breadth"])
    slot = assets.asset[offers.asset][:, None] * 64 + np.arange(breadth)
    luck, other, kind = (
        world.draws.uniform(f"deal.search.{name}", slot, world.month) for name in ("first", "second", "kind")
    )
    area = assets.area[offers.asset]
    researchers, regionals = now["licensing.research_suitors"], now["licensing.regional_suitors"]
    which = (kind >= researchers).astype(np.int8) + (kind >= researchers + regionals)
    found = np.full(kind.shape, -1)
    for index, pool in enumerate(pools(world)):
        found = np.maximum(found, better_fit(world, pool, luck, other, area, which == index))
    again = world.draws.uniform("deal.familiar", assets.asset[offers.asset], world.month)
    found[:, 0] = memory.familiar(world, offers.seller, again, found[:, 0])
    met = np.arange(breadth) < np.rint(breadth * (0.6 + 0.8 * firms.reputation[offers.seller]))[:, None]
    able = asked_territory(world, territory, found).any(axis=2)
    return np.where(met & able & (found != offers.seller[:, None]), found, -1)


def asked_territory(world: World, territory: np.ndarray, suitors: np.ndarray) -> np.ndarray:
    """What each suitor asks for of the territory on offer, bool (offers, breadth, 10): regional firms their home."""
    firms = world.firms
    home = np.arange(REGION_COUNT) == firms.home[suitors][:, :, None]
    regional = (firms.kind[suitors] == 1) & (firms.scope[suitors] < 2)
    return territory[:, None, :] & (home | ~regional[:, :, None])


Pool = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Rows of firms, the running sum of their weights, and their places, in the order of places."""


def in_place(world: World, rows: np.ndarray, weights: np.ndarray) -> Pool:
    """A pool from which draws hardly change when somebody joins or leaves it."""
    place = trees.places(world.firms.firm[rows])
    order = np.argsort(place)
    return rows[order], np.cumsum(weights[order]), place[order]


def pools(world: World) -> tuple[Pool, Pool, Pool]:
    """Research firms by the money they can spare, regional and global pharma firms by presence and size."""
    firms, alive = world.firms, world.alive
    pharma, scope = firms.kind[alive] == 1, firms.scope[alive]
    return research_buyers(world), pharma_pool(world, alive[pharma & (scope < 2)]), pharma_pool(
        world, alive[pharma & (scope == 2)])  # fmt: skip


def pharma_pool(world: World, rows: np.ndarray) -> Pool:
    """Pharma firms (rows) by the square root of their sales."""
    return in_place(world, rows, np.sqrt(world.firms.sales_12[rows] + 20.0))


def research_buyers(world: World) -> Pool:
    """Research firms with money for one more programme, by their cash."""
    firms, now = world.firms, world.now
    rows = world.alive[firms.kind[world.alive] == 0]
    cash = firms.cash[rows] - now["licensing.buyer_reserve"] * (firms.research[rows] + firms.trial_burn[rows])
    able = cash > 0
    return in_place(world, rows[able], np.sqrt(cash[able]))


def better_fit(world: World, pool: Pool, first: np.ndarray, second: np.ndarray, area: np.ndarray,
               wanted: np.ndarray | None = None) -> np.ndarray:  # fmt: skip
    """Of two firms drawn from a pool the one with the asset among its areas, (rows, breadth).

    -1 from an empty pool and where none is ``wanted``.
    """
    (rows, cumulative, place), firms, found = pool, world.firms, np.full(first.shape, -1)
    if len(rows) and cumulative[-1] > 0:
        wanted = np.ones(first.shape, bool) if wanted is None else wanted
        kernel.better_fit(rows, cumulative, place, wanted, first, second, area, firms.focus, firms.second_focus, found)
    return found


def fits(world: World, firm: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Whether an area is one of those of a firm, bool."""
    return (world.firms.focus[firm] == area) | (world.firms.second_focus[firm] == area)


def collect_bids(world: World, offers: Offers, asked: np.ndarray, suitors: np.ndarray) -> np.ndarray:
    """Most that each suitor gives for the rights it asks for, bool (offers, breadth, 10), million US$; 0 for none."""
    number, breadth = suitors.shape
    row, buyer = np.repeat(np.arange(number), breadth), suitors.ravel()
    real = np.flatnonzero(buyer >= 0)
    row, buyer = row[real], buyer[real]
    firms, assets, now = world.firms, world.assets, world.now
    book = offers.take(row)
    value = value_to_suitors(world, book, asked.reshape(-1, REGION_COUNT)[real], buyer)
    signal = np.exp(now["valuation.benefit_weight"] * np.clip(assets.belief[book.asset], -2, 3))
    stage = np.minimum(assets.phase[book.asset] + book.passed, FILED + 1)
    known = BidKnown(
        value=value, replacement=own_research_cost(world)[stage] * signal,
        cash=firms.cash[buyer] - 0.1 * firms.income_12[buyer], gap=world.state["gap"][buyer],
        fit=fits(world, buyer, assets.area[book.asset]).astype(float),
        fit_weight=now["licensing.fit_weight"], gap_weight=now["licensing.gap_weight"],
        cash_share=now["licensing.cash_share"],
    )  # fmt: skip
    bid = world.decide(Firm, "bid_for_licence", buyer, known, "firms")
    cost = now["deal.diligence_cost"][np.minimum(assets.phase[book.asset] + 1, 5)] * 0.5 * (bid > 0)
    world.ledger.pay(firms.cash, buyer, cost, PROVIDERS)
    bids = np.zeros(number * breadth)
    bids[real] = bid
    return bids.reshape(number, breadth)


def value_to_suitors(world: World, book: Offers, territory: np.ndarray, buyer: np.ndarray) -> np.ndarray:
    """Worth of the territories to suitors as they see it, one row each, million US$, (rows,)."""
    firms, assets, now = world.firms, world.assets, world.now
    noise = world.draws.normal("bid.noise", assets.asset[book.asset], firms.firm[buyer])
    belief = np.exp(now["licensing.buyer_noise"] * noise) * memory.appeal(world, book.seller, buyer)
    unproven = firms.licensed[book.seller] == 0
    belief = belief / np.where(unproven, now["deal.validation"][np.minimum(assets.phase[book.asset] + 1, 5)], 1.0)
    local = np.maximum(now["valuation.follower_local"] / book.abroad, 1.0)
    at_home = np.arange(REGION_COUNT) == firms.home[buyer][:, None]
    foreign = firms.home[book.seller] != firms.home[buyer]
    seen = seen_by(world, book.seller, buyer) * np.where(at_home & foreign[:, None], local[:, None], 1.0)
    share = np.where(takes_development(territory), 1.0, now["deal.regional_licensee_cost_share"])
    held = held_value(world, book, buyer, np.where(territory, seen * belief[:, None], 0.0), share)
    return np.where(territory, held, 0.0).sum(axis=1)


def seen_by(world: World, seller: np.ndarray, buyer: np.ndarray) -> np.ndarray:
    """What buyers see of the worth of what sellers offer, by region of the rights, (rows, 10): all of it at home."""
    home = world.firms.home[seller]
    foreign = home != world.firms.home[buyer]
    view = np.where(foreign[:, None], view_from_abroad(world, home), 1.0)
    return view * border(world, seller, buyer)[:, None]


def takes_development(territory: np.ndarray) -> np.ndarray:
    """Whether who takes a territory also takes over the development, bool (rows,)."""
    return territory.sum(axis=1) >= REGION_COUNT // 2


def own_research_cost(world: World) -> np.ndarray:
    """Cost of an asset that has passed so many phases, by own research in the US, million US$, (6,).

    What went into it and into those that failed on the way, at mean odds.
    """
    now = world.now
    odds = now["area.success"] @ now["area.start_share"]
    spent = world.state["candidate_cost"][0]
    costs = [spent]
    for phase in range(FILED + 1):
        spent = (spent + (now["trials.entry_cost"][phase] * world.prices(2013) if phase else 0.0)) / odds[phase]
        costs.append(spent)
    return np.array(costs)
