"""What an asset looks worth: risk-adjusted net present value by region (Stewart, Allison and Johnson 2001)."""

from __future__ import annotations

import numpy as np

from model.arrays import logit, total, within
from model.kernels import value as kernel
from model.kernels.offers import Offers
from model.labels import MARKETED, PHASE1, PHASE2
from model.mechanisms.emergency import pull_ahead
from model.mechanisms.payers import over_payers
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
    state["outlook"][:, 0] += pull_ahead(world)
    state["outlook_sum"] = state["outlook"].sum(axis=1)
    state["prospect"] = prospects(world, world.now["valuation.discount_rate"])
    state["research_prospect"] = prospects(world, world.now["valuation.research_rate"])
    update_attraction(world)


def update_attraction(world: World) -> None:
    """Weights of areas and indications for new candidates: the mix of 2000 moved by prospects."""
    state, now, indications = world.state, world.now, world.indications
    weight = now["valuation.need_weight"] + now["mission.need"] * now["mission.weight"] * now["mission.share"]
    prospects = state["outlook"].sum(axis=1) * (1 + weight * indications.need)
    state["indication_weight"] = prospects ** now["valuation.prospect_weight"]
    area = total(indications.area, prospects, 16) / np.bincount(indications.area, minlength=16)
    chances = now["area.success"][1:].prod(axis=0)
    pull = (area * chances) / (area * chances).mean()
    if "pull_2000" not in state:
        state["pull_2000"] = pull
    state["attraction"] = now["area.start_share"] * (pull / state["pull_2000"]) ** now["valuation.area_weight"]


def chances(world: World, rows: np.ndarray, passed: np.ndarray | int = 0) -> np.ndarray:
    """Probability as the industry sees it that assets reach approval, (rows,).

    ``passed`` is 1 where the running phase has already been passed.
    """
    assets = world.assets
    return world.once(odds_ahead)[np.minimum(assets.phase[rows] + passed, MARKETED), assets.area[rows]]


def odds_ahead(world: World) -> np.ndarray:
    """Probability of approval from the beginning of each phase, by area, (6, 16); 1 once approved."""
    by_phase = world.now["area.success"]
    return np.vstack([np.cumprod(by_phase[::-1], axis=0)[::-1], np.ones(by_phase.shape[1])])


def worth(world: World, rows: np.ndarray, passed: np.ndarray | int = 0,
          marketer: np.ndarray | None = None) -> np.ndarray:  # fmt: skip
    """Risk-adjusted value of assets by region to an able marketer, million US$, (rows, 10).

    ``passed`` is 1 where the running phase has already been passed. Followers without an edge are worth little
    outside the region that they come from, more to a firm (``marketer``, rows) that sells them at its own home.
    Development costs are not in it.
    """
    assets, outlook = world.assets, world.state["outlook"]
    factor, abroad = worth_factors(world, rows, passed)
    indication = assets.indication[rows]
    value = kernel.by_region(factor, abroad, outlook, indication, assets.origin[rows])
    if marketer is not None:
        row, home = np.arange(len(rows)), world.firms.home[marketer]
        local = outlook[indication, home] * factor * world.now["valuation.follower_local"]
        value[row, home] = np.maximum(value[row, home], local)
    return value


def total_worth(world: World, rows: np.ndarray, passed: int = 0) -> np.ndarray:
    """Sum of :func:`worth` over the regions, (rows,)."""
    state = world.state
    return kernel.summed(
        rows.astype(np.int64), passed, world.assets.indication, state["outlook"], state["outlook_sum"], traits(world)
    )


def worth_factors(world: World, rows: np.ndarray, given: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
    """(value per expected yearly revenue at home, share of that abroad), (rows,) each."""
    return kernel.factors(rows.astype(np.int64), np.zeros(len(rows), np.int64) + given, traits(world))


def traits(world: World) -> kernel.Worth:
    """What decides the worth of assets this month, for compiled loops."""
    assets, now = world.assets, world.now
    return kernel.Worth(
        assets.phase, assets.area, assets.belief, assets.novel, assets.started, assets.origin,
        world.state["prospect"], world.once(edge_needed), now["valuation.follower_abroad"],
        now["valuation.benefit_weight"], now["valuation.novel_premium"],
    )  # fmt: skip


def edge_needed(world: World) -> np.ndarray:
    """Signal of quality at which followers have half an edge abroad, standard deviations, (months, 10).

    Who follows fast needs less of it: in proportion to the lag of the region when the candidate was started.
    """
    lag = world.values["science.follow_lag"]
    return world.now["valuation.follower_edge"] * lag / lag[0, 0]


def prospects(world: World, rate: float) -> np.ndarray:
    """Present value of a dollar of yearly revenue by phase passed and area, (6, 16).

    Odds of getting there, years to wait at the cost of capital ``rate``, years of revenue, margin.
    """
    now = world.now
    years = now["valuation.revenue_years"] * now["valuation.margin"]
    return odds_ahead(world) * (1 + rate) ** -years_ahead(world) * years


def years_ahead(world: World) -> np.ndarray:
    """Years to approval from the beginning of each phase, by area, (6, 16); 0 once approved."""
    length = world.now["area.length"]
    return np.vstack([np.cumsum(length[::-1], axis=0)[::-1], np.zeros(length.shape[1])]) / 12


def going_alone(world: World, firm: np.ndarray, value: np.ndarray, indication: np.ndarray,
                odds: np.ndarray | float = 1.0) -> np.ndarray:  # fmt: skip
    """Value of selling alone by region, million US$, (rows, 10).

    ``value`` is what an able marketer would make of it; a newcomer reaches part of that, builds a
    sales organisation first and may fail at it. ``odds`` (rows,) of ever needing it weigh its cost.
    """
    weighed = np.ones(len(firm)) * odds
    return kernel.alone(firm.astype(np.int64), segment(world, indication), value, weighed, selling(world))


def selling(world: World) -> kernel.Selling:
    """What selling takes this month, for the loops that value rights."""
    firms, now = world.firms, world.now
    peak, build, run = world.once(sales_organisation)
    listed, late, newcomer = world.once(usual_access)
    return kernel.Selling(
        firms.commercial, firms.trust, firms.home, np.exp(-world.state["presence_loss"]), now["capability.able"],
        now["capability.usual_trust"], peak, build, run, now["capability.product_cost"], firms.access,
        now["access.usual_capability"], listed, now["access.capability_weight"], late, newcomer,
        now["research.lean_cost"],
    )  # fmt: skip


def usual_access(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What firms know of payers when they value a launch, by region, (10,): log-odds of being listed, the part of
    the value that a unit of missing access capability loses to longer negotiations, and that left to newcomers."""
    now = world.now
    listed = over_payers(world, now["payer.availability"]) + now["access.coverage_shift"]
    odds = logit(within(listed, 0.02, 0.98))
    years = over_payers(world, now["payer.access_days"]) * now["access.days_ratio"] / 365
    late = now["access.capability_speed"] * years / now["valuation.revenue_years"]
    versed, weight = now["access.usual_capability"], now["access.capability_weight"]
    return odds, late, kernel.paid(now["capability.able"], versed, odds, weight, late)


def sales_organisation(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(part of the value that newcomers reach, cost of building, of running), by segment and region, (2, 10) each."""
    now, dollar = world.now, world.prices(2022)
    failure = now["capability.build_failure"]
    late = failure * now["capability.build_months"] / 12 / now["valuation.revenue_years"]
    build = now["launch.build_cost"] * (dollar * (1 + failure))
    return (now["launch.newcomer_peak"] * (1 - late), build,
            now["launch.run_cost"] * (dollar * now["capability.run_years"]))  # fmt: skip


def partners_share(world: World, offers: Offers, later: int = 0) -> np.ndarray:
    """Part of the worth of assets that a partner leaves to their owners now, or so many steps ``later``, (rows,).

    It grows with what is proven.
    """
    stage = world.assets.phase[offers.asset] + offers.passed + 1 + later
    share = world.now["licensing.seller_share"]
    return share[np.minimum(stage, len(share) - 1)]


def segment(world: World, indication: np.ndarray) -> np.ndarray:
    """Segment of indications: 0 specialty, 1 primary care."""
    return np.where(world.indications.specialty[indication], 0, 1)


def pipeline_worth(world: World) -> np.ndarray:
    """Value of each firm's own pipeline, as far as it holds the rights, million US$, (firms,); refreshed quarterly."""
    rows = world.pipeline
    assets, state = world.assets, world.state
    value = total_worth(world, rows)
    signed = np.flatnonzero(assets.deals[rows])
    own = assets.holder[rows[signed]] == assets.sponsor[rows[signed]][:, None]
    value[signed] = np.where(own, worth(world, rows[signed]), 0.0).sum(axis=1)
    worth_of, state["clinical_assets"], state["late_assets"] = kernel.by_sponsor(
        rows, value, assets.sponsor, assets.phase, PHASE1, PHASE2, len(world.firms)
    )
    return worth_of
