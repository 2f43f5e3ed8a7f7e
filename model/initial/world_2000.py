"""Build the world of January 2000 from data."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from model.data import table
from model.initial.companies import found_companies
from model.initial.institutions import set_up_institutions
from model.initial.medicines import launch_medicines
from model.initial.pipeline import fill_pipeline
from model.labels import AREAS
from model.mechanisms.capability import update_standard
from model.mechanisms.capital import programmes_ahead
from model.mechanisms.demand import choose_medicines, take_up
from model.mechanisms.environment import environment
from model.mechanisms.turnover import update_gap
from model.mechanisms.valuation import pipeline_worth, update_outlook
from model.values import Values
from model.world import REGION_COUNT, Indications, World


@lru_cache(maxsize=4)
def sample(scale: float) -> tuple[pd.DataFrame, np.ndarray]:
    """Indications of a world of this scale, and the part of their patients that it holds.

    A world of a quarter the size has a quarter of the indications, evenly spread over the
    prevalence of each area: so each market keeps its rivals, and each product its patients. Every
    area keeps one indication at least.
    """
    rows = table("indications").sort_values("prevalence_per_100k", kind="stable")
    chosen, cell = [], []
    for area in AREAS:
        mine = rows[rows["area"] == area]
        wanted = len(mine) * scale
        number = max(int(wanted + 0.5), 1)
        place = ((np.arange(number) + 0.5) / number * len(mine)).astype(int)
        chosen.append(mine.iloc[place])
        cell.append(np.full(number, wanted / number))
    return pd.concat(chosen), np.concatenate(cell)


def indications(values: Values, scale: float) -> Indications:
    """Indications with their value price: rarer and worse diseases are worth more per patient."""
    (rows, cell), now = sample(scale), values.at(0)
    prevalence, need = rows["prevalence_per_100k"].to_numpy(float), rows["unmet_need"].to_numpy(float)
    rarity = (prevalence / 1000) ** -now["access.rarity_elasticity"]
    return Indications(
        area=rows["area"].map(AREAS.index).to_numpy(), prevalence=prevalence,
        specialty=(rows["segment"] == "specialty").to_numpy(), need=need,
        urgency=rows["urgency"].to_numpy(float), cell=cell, name=tuple(rows["indication"]),
        price=now["access.price_base"] * rarity * (0.5 + need),
    )  # fmt: skip


def world_of_2000(values: Values, seed: int, scale: float) -> World:
    """The state at the start of January 2000, before anything is decided."""
    world = World(values, seed, scale, indications(values, scale))
    empty_state(world)
    set_up_institutions(world)
    environment(world)
    found_companies(world)
    launch_medicines(world)
    update_standard(world)
    fit_demand(world)
    update_outlook(world)
    fill_pipeline(world)
    world.refresh()
    update_gap(world)
    firms = world.firms
    firms.spend_year[:] = 0.0
    world.state["makers_2000"] = np.bincount(firms.home[firms.products > 0], minlength=REGION_COUNT).astype(float)
    world.state["pipeline_worth"] = pipeline_worth(world)
    world.state["programmes_ahead"] = programmes_ahead(world)
    return world


def empty_state(world: World) -> None:
    """Arrays that carry over from month to month and belong to no entity."""
    areas = world.indications.area
    world.state.update(
        load=np.zeros(REGION_COUNT), sites=np.ones(REGION_COUNT), spent=np.zeros(REGION_COUNT),
        pressure=np.ones(REGION_COUNT), budget_share=np.zeros(REGION_COUNT), climate=np.zeros((2, REGION_COUNT)),
        entry_credit=world.draws.uniform("entry", np.arange(REGION_COUNT)),
        founded=np.zeros(REGION_COUNT), dirty=np.ones(len(areas), bool),
        marketed=np.zeros(0, np.int64), area_start=np.searchsorted(areas, np.arange(len(AREAS) + 1)),
        review_load=np.ones(REGION_COUNT),
        review_pace=world.now["regulator.standard_days"].copy(), rivals=np.zeros((len(areas), REGION_COUNT)),
    )  # fmt: skip
    world.price_book.append(1, asset=-1)


def fit_demand(world: World) -> None:
    """Let the choice model meet the sales of 2000: products keep their reach against it."""
    positions = world.positions
    choose_medicines(world)
    rows = np.flatnonzero(~positions.mature)
    eligible = world.state["eligible"][positions.indication[rows], positions.region[rows]]
    target = np.maximum(eligible * positions.share[rows], 1e-9)
    positions.reach[rows] = positions.patients[rows] / target
    live = np.arange(len(positions))
    take_up(world, live)
    income = positions.sales[rows] * (1 - positions.discount[rows]) * 12
    world.state["spent"] = np.bincount(positions.region[rows], weights=income, minlength=REGION_COUNT)
    net = 1 - 0.5 * world.now["access.gross_to_net"]
    world.state["budget"] = world.state["protected_2000"] * net
    world.state["budget_share"] = world.state["budget"] / world.state["health_2000"]
