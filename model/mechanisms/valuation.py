"""What an asset looks worth: risk-adjusted net present value by region (Stewart, Allison and Johnson 2001)."""

from __future__ import annotations

import numpy as np

from model.arrays import total
from model.labels import MARKETED
from model.world import REGION_COUNT, World


def update_outlook(world: World) -> None:
    """Yearly revenue that a new entrant of usual quality can expect, million US$ (indications, 10).

    Eligible patients times the region's value price, shared with the rivals of today; next to it
    the weights with which firms choose areas and indications.
    """
    state, now, positions = world.state, world.now, world.positions
    live = positions.active & ~positions.mature
    count = len(world.indications.area)
    cell = positions.indication[live].astype(np.int64) * REGION_COUNT + positions.region[live]
    rivals = np.bincount(cell, minlength=count * REGION_COUNT).reshape(count, REGION_COUNT)
    cell = world.indications.cell[:, None]
    state["rivals"] = rivals / cell
    price = world.indications.price[:, None] * state["region_price"] * world.prices(2024)
    full = state["eligible"] / cell * price / 1e6
    state["outlook"] = full * now["valuation.entrant_share"] / (1 + now["valuation.rivalry"] * state["rivals"])
    update_attraction(world)


def update_attraction(world: World) -> None:
    """Weights of areas and indications for new candidates: the mix of 2000 moved by prospects."""
    state, now, indications = world.state, world.now, world.indications
    prospects = state["outlook"].sum(axis=1) * (1 + now["valuation.need_weight"] * indications.need)
    state["indication_weight"] = prospects ** now["valuation.prospect_weight"]
    area = total(indications.area, prospects, 16) / np.bincount(indications.area, minlength=16)
    chances = now["area.success"][1:].prod(axis=0)
    pull = (area * chances) / (area * chances).mean()
    if "pull_2000" not in state:
        state["pull_2000"] = pull
    state["attraction"] = now["area.start_share"] * (pull / state["pull_2000"]) ** now["valuation.area_weight"]


def chances(world: World, rows: np.ndarray) -> np.ndarray:
    """Probability as the industry sees it that assets reach approval from their phase, (rows,)."""
    assets = world.assets
    by_phase = world.now["area.success"]
    ahead = np.cumprod(by_phase[::-1], axis=0)[::-1]
    ahead = np.vstack([ahead, np.ones(16)])
    return ahead[np.minimum(assets.phase[rows], MARKETED), assets.area[rows]]


def years_to_market(world: World, rows: np.ndarray) -> np.ndarray:
    """Usual years from the phase of each asset to approval, (rows,)."""
    length = world.now["area.length"]
    ahead = np.vstack([np.cumsum(length[::-1], axis=0)[::-1], np.zeros(16)]) / 12
    phase = np.minimum(world.assets.phase[rows], MARKETED)
    return ahead[phase, world.assets.area[rows]]


def worth(world: World, rows: np.ndarray, given_success: np.ndarray | int = 0) -> np.ndarray:
    """Risk-adjusted value of assets by region to an able marketer, million US$, (rows, 10).

    ``given_success`` is 1 where the running phase has already been passed.
    """
    assets, now = world.assets, world.now
    passed = np.minimum(assets.phase[rows] + given_success, MARKETED)
    by_phase = np.vstack([np.cumprod(now["area.success"][::-1], axis=0)[::-1], np.ones(16)])
    odds = by_phase[passed, assets.area[rows]]
    wait = years_to_market(world, rows)
    signal = np.clip(assets.belief[rows], -2, 3) * reliability(world, passed)
    revenue = world.state["outlook"][assets.indication[rows]]
    novel = np.where(assets.novel[rows], 1.0, -1.0) * now["valuation.novel_premium"]
    revenue = revenue * np.exp(now["valuation.benefit_weight"] * signal + novel)[:, None]
    edge = 1 / (1 + np.exp(-2.5 * (signal - now["valuation.follower_edge"])))
    abroad = np.where(assets.novel[rows], 1.0, now["valuation.follower_abroad"] * (1 - edge) + edge)
    home = np.arange(REGION_COUNT) == world.firms.home[assets.sponsor[rows]][:, None]
    revenue = np.where(home, revenue, revenue * abroad[:, None])
    discount = (1 + now["valuation.discount_rate"]) ** -wait
    years = now["valuation.revenue_years"] * now["valuation.margin"]
    return revenue * (odds * discount * years)[:, None]


def reliability(world: World, phase: np.ndarray) -> np.ndarray:
    """How far the public signal about quality can be believed, by phase, 0-1."""
    return np.minimum(0.35 + 0.15 * phase, 1.0)


def pipeline_worth(world: World) -> np.ndarray:
    """Value of each firm's own pipeline, million US$, (firms,); refreshed quarterly."""
    rows = world.pipeline
    value = worth(world, rows).sum(axis=1)
    sponsor, phase = world.assets.sponsor[rows], world.assets.phase[rows]
    size = len(world.firms)
    world.state["clinical_assets"] = np.bincount(sponsor[phase >= 1], minlength=size).astype(np.float64)
    world.state["late_assets"] = np.bincount(sponsor[phase >= 2], minlength=size).astype(np.float64)
    return total(sponsor, value, size)


