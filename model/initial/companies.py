"""The research companies of 2000: counts by home and kind, sizes, cash, capabilities."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import numpy as np

from model.data.sheet import sheet
from model.labels import AREAS, REGION_SHIFT, REGIONS
from model.ledger import SHAREHOLDERS
from model.mechanisms.turnover import character
from model.world import REGION_COUNT, World

KINDS = ("biotech", "pharma_regional", "pharma_global")
GLOBAL_REACH = np.array([0.8, 0.75, 0.75, 0.7, 0.5, 0.35, 0.4, 0.65, 0.6, 0.5])
"""Commercial capability of a global firm of 2000 by region (assumption: most regions per brand)."""
RESEARCH_PRODUCT_FIRM = 700.0
"""Sales, million US$, under which the largest biotechs of the table are placed by rank."""


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
    kind = np.array([KINDS.index(company[1]) for company in listing])
    rank = np.arange(len(home)) - np.searchsorted(home, home, side="left")
    identity = (home.astype(np.int64) << REGION_SHIFT) | rank
    world.state["founded"] = np.bincount(home, minlength=REGION_COUNT).astype(float)
    world.state["attraction"] = world.now["area.start_share"].copy()
    traits = character(world, identity, home)
    traits["credit"] -= 1.0  # their candidates are counted in the pipeline of 2000
    traits |= abilities(world, identity, home, kind)
    rows = world.firms.append(len(home), firm=identity, kind=(kind > 0).astype(int), home=home, scope=kind,
                              founded=-founding_age(world, identity, kind), **traits)  # fmt: skip
    set_focus(world, rows, [company[3] for company in listing])
    sales = company_sales(world, identity, kind, np.array([company[2] for company in listing]))
    world.state["sales_2000"] = sales
    world.firms.sales_12[rows] = sales
    world.firms.income_12[rows] = sales * 0.8
    give_cash(world, rows, identity, home, kind)
    world.refresh()


def founding_age(world: World, identity: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """Months since founding: research firms are young, pharma firms are not."""
    luck = world.draws.uniform("firm.age", identity)
    return np.where(kind == 0, np.minimum(-84 * np.log(luck), 240), 400 + 400 * luck).astype(int)


def abilities(world: World, identity: np.ndarray, home: np.ndarray, kind: np.ndarray) -> dict[str, np.ndarray]:
    """Capabilities by region of pharma firms (research firms keep those of newcomers)."""
    at_home = np.arange(REGION_COUNT) == home[:, None]
    reach = np.select([kind[:, None] == 2, kind[:, None] == 1],
                      [np.where(at_home, 0.9, GLOBAL_REACH), np.where(at_home, 0.7, 0.03)],
                      np.where(at_home, 0.05, 0.0))  # fmt: skip
    spread = 0.9 + 0.2 * world.draws.uniform("firm.ability", identity)[:, None]
    reach = np.clip(reach * spread, 0, 0.98)
    young = kind[:, None] == 0
    return {
        "commercial": reach, "access": np.where(young, reach * 0.5, reach),
        "regulatory": np.where(young, np.where(at_home, 0.35, 0.1), np.maximum(reach, 0.15)),
        "trust": np.where(young, np.where(at_home, world.now["capability.home_trust"], 0.03), 0.85 * reach),
        "know_how": np.array([0.3, 0.4, 0.75])[kind], "bureaucracy": np.array([0.05, 0.3, 0.6])[kind],
        "reputation": np.array([0.25, 0.4, 0.7])[kind], "stance": np.array([0.45, 0.4, 0.9])[kind],
    }  # fmt: skip


def set_focus(world: World, rows: np.ndarray, focus: list[str]) -> None:
    """Disease areas of the firms of the top list."""
    for row, text in zip(rows, focus, strict=True):
        named = [AREAS.index(area) for area in text.split(";") if area in AREAS]
        if named:
            world.firms.focus[row] = named[0]
            world.firms.second_focus[row] = named[min(1, len(named) - 1)]


def company_sales(world: World, identity: np.ndarray, kind: np.ndarray, listed: np.ndarray) -> np.ndarray:
    """Sales of 2000, million US$: the top list, else a lognormal tail for pharma firms."""
    tails = sheet("initial_firm_tails").pick("key")
    median = tails["small_pharma_sales_lognormal_median"]
    sigma = tails["small_pharma_sales_lognormal_sigma"]
    tail = median * np.exp(sigma * world.draws.normal("firm.sales", identity))
    tail = np.where(kind == 2, np.maximum(tail * 8, 500), tail)
    return np.where(listed > 0, listed, np.where(kind > 0, np.minimum(tail, 3000), 0.0))


def give_cash(world: World, rows: np.ndarray, identity: np.ndarray, home: np.ndarray, kind: np.ndarray) -> None:
    """Cash at hand: lognormal by home and listing; it comes from the owners' account."""
    firms = world.firms
    tails = sheet("initial_firm_tails")
    share = tails.pick("key")["biotech_public_share"]
    firms.listed[rows] = (world.draws.uniform("firm.listed", identity) < share) | (kind == 2)
    cash = tails.where(section="cash")
    known = dict(zip(zip(cash.texts("home"), cash.texts("kind")), zip(cash.numbers("value"), cash.numbers("log_sd"))))
    size = []
    for place, sort, traded in zip(home, kind, firms.listed[rows], strict=True):
        name = KINDS[sort] if sort else f"biotech_{'public' if traded else 'private'}"
        region = "ALL" if sort else REGIONS[place]
        size.append(known.get((region, name), known.get((region, "biotech_private"))))
    median, spread = np.array(size, float).T
    money = median * np.exp(spread * world.draws.normal("firm.cash", identity))
    world.ledger.receive(firms.cash, rows, money, SHAREHOLDERS)
