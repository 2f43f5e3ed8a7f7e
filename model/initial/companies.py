"""The research companies of 2000: counts by home and kind, sizes, cash, capabilities."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import numpy as np

from model.data.sheet import sheet
from model.labels import AREAS, BIOTECH, GLOBAL, LOCAL, PHARMA, REGION_SHIFT, REGIONS
from model.ledger import SHAREHOLDERS
from model.mechanisms.turnover import character
from model.world import REGION_COUNT, World

KINDS = ("biotech", "pharma_regional", "pharma_global")
GLOBAL_REACH = np.array([0.8, 0.75, 0.75, 0.7, 0.5, 0.35, 0.4, 0.65, 0.6, 0.5])
"""Commercial capability of a global firm of 2000 by region (assumption: most regions per brand)."""


def shares(counts: np.ndarray, scale: float) -> np.ndarray:
    """Whole numbers near counts x scale that add up to the scaled total (systematic rounding)."""
    edges = np.concatenate([[0.0], np.cumsum(counts)]) * scale
    return np.diff(np.floor(edges + 0.5)).astype(int)


def company_list(scale: float) -> Iterator[tuple[str, str, float, str]]:
    """(home, kind, sales or 0, areas) of each company, top firms first within home and kind."""
    rows = sheet("initial_firms")
    counts, top = rows.where(section="count"), rows.where(section="top_firm")
    place = np.arange(len(top))
    top = top.rows(place[shares(np.ones(len(top)), scale) > 0] if scale < 1 else np.repeat(place, round(scale)))
    group = np.where(top.texts("kind") == "biotech_large", "biotech", top.texts("kind"))
    number = shares(counts.numbers("count"), scale)
    for home, kind, size in zip(counts.texts("home"), counts.texts("kind"), number, strict=True):
        known = top.rows((top.texts("home") == home) & (group == kind))
        yield from zip(repeat(home), repeat(kind), known.numbers("sales_usd_m"), known.texts("focus"))
        yield from repeat((home, kind, 0.0, ""), max(size - len(known), 0))


def found_companies(world: World) -> None:
    """Add all companies of 2000."""
    listing = sorted(company_list(world.scale), key=lambda company: REGIONS.index(company[0]))
    home = np.array([REGIONS.index(company[0]) for company in listing])
    scope = np.array([KINDS.index(company[1]) for company in listing])
    rank = np.arange(len(home)) - np.searchsorted(home, home, side="left")
    identity = (home.astype(np.int64) << REGION_SHIFT) | rank
    world.state["founded"] = np.bincount(home, minlength=REGION_COUNT).astype(float)
    world.state["attraction"] = world.now["area.start_share"].copy()
    traits = character(world, identity, home)
    traits["credit"] -= 1.0  # their candidates are counted in the pipeline of 2000
    rows = world.firms.append(len(home), firm=identity, kind=np.where(scope == LOCAL, BIOTECH, PHARMA), home=home,
                              scope=scope, founded=-founding_age(world, identity, scope), **traits)  # fmt: skip
    grown = np.flatnonzero(scope != LOCAL)
    for name, values in abilities(world, identity[grown], home[grown], scope[grown]).items():
        getattr(world.firms, name)[rows[grown]] = values
    set_focus(world, rows, [company[3] for company in listing])
    sales = company_sales(world, identity, scope, np.array([company[2] for company in listing]))
    world.state["sales_2000"] = sales
    world.firms.sales_12[rows] = sales
    world.firms.income_12[rows] = sales * 0.8
    give_cash(world, rows, identity, home, scope)
    world.refresh()


def founding_age(world: World, identity: np.ndarray, scope: np.ndarray) -> np.ndarray:
    """Months since founding: research firms are young, pharma firms are not."""
    luck = world.draws.uniform("firm.age", identity)
    return np.where(scope == LOCAL, np.minimum(-84 * np.log(luck), 240), 400 + 400 * luck).astype(int)


def abilities(world: World, identity: np.ndarray, home: np.ndarray, scope: np.ndarray) -> dict[str, np.ndarray]:
    """Capabilities by region and character of pharma firms, global ones or not, (firms, 10) or (firms,) each."""
    at_home, wide = np.arange(REGION_COUNT) == home[:, None], (scope == GLOBAL)[:, None]
    reach = np.where(wide, np.where(at_home, 0.9, GLOBAL_REACH), np.where(at_home, 0.7, 0.03))
    spread = 0.9 + 0.2 * world.draws.uniform("firm.ability", identity)[:, None]
    reach = np.clip(reach * spread, 0, 0.98)
    return {
        "commercial": reach, "access": reach, "regulatory": np.maximum(reach, 0.15), "trust": 0.85 * reach,
        "know_how": np.where(wide[:, 0], 0.75, 0.4), "bureaucracy": np.where(wide[:, 0], 0.6, 0.3),
        "reputation": np.where(wide[:, 0], 0.7, 0.4), "stance": np.where(wide[:, 0], 0.9, 0.4),
    }  # fmt: skip


def set_focus(world: World, rows: np.ndarray, focus: list[str]) -> None:
    """Disease areas of the firms of the top list."""
    for row, text in zip(rows, focus, strict=True):
        named = [AREAS.index(area) for area in text.split(";") if area in AREAS]
        if named:
            world.firms.focus[row] = named[0]
            world.firms.second_focus[row] = named[min(1, len(named) - 1)]


def company_sales(world: World, identity: np.ndarray, scope: np.ndarray, listed: np.ndarray) -> np.ndarray:
    """Sales of 2000, million US$: the top list, else a lognormal tail for pharma firms."""
    tails = sheet("initial_firm_tails").pick("key")
    median = tails["small_pharma_sales_lognormal_median"]
    sigma = tails["small_pharma_sales_lognormal_sigma"]
    tail = median * np.exp(sigma * world.draws.normal("firm.sales", identity))
    tail = np.where(scope == GLOBAL, np.maximum(tail * 8, 500), tail)
    return np.where(listed > 0, listed, np.where(scope != LOCAL, np.minimum(tail, 3000), 0.0))


def give_cash(world: World, rows: np.ndarray, identity: np.ndarray, home: np.ndarray, scope: np.ndarray) -> None:
    """Cash at hand: lognormal by home and listing; it comes from the owners' account."""
    firms = world.firms
    tails = sheet("initial_firm_tails")
    share = tails.pick("key")["biotech_public_share"]
    firms.listed[rows] = (world.draws.uniform("firm.listed", identity) < share) | (scope == GLOBAL)
    cash = tails.where(section="cash")
    known = dict(zip(zip(cash.texts("home"), cash.texts("kind")), zip(cash.numbers("value"), cash.numbers("log_sd"))))
    size = []
    for place, sort, traded in zip(home, scope, firms.listed[rows], strict=True):
        name = KINDS[sort] if sort else f"biotech_{'public' if traded else 'private'}"
        region = "ALL" if sort else REGIONS[place]
        size.append(known.get((region, name), known.get((region, "biotech_private"))))
    median, spread = np.array(size, float).T
    money = median * np.exp(spread * world.draws.normal("firm.cash", identity))
    world.ledger.receive(firms.cash, rows, money, SHAREHOLDERS)
