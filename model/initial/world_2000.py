"""Build the world of January 2000 from data."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from model.data.sheet import Sheet, sheet
from model.initial.companies import found_companies
from model.initial.institutions import set_up_institutions
from model.initial.medicines import launch_medicines
from model.initial.pipeline import fill_pipeline
from model.labels import AREAS
from model.mechanisms.capital import programmes_ahead
from model.mechanisms.demand import choose_medicines, take_up
from model.mechanisms.environment import environment
from model.mechanisms.standard import update_standard
from model.mechanisms.turnover import update_gap
from model.mechanisms.valuation import pipeline_worth, update_outlook
from model.values import Values
from model.world import REGION_COUNT, Indications, World


@lru_cache(maxsize=4)
def sample(scale: float) -> tuple[Sheet, tuple[np.ndarray, ...], np.ndarray]:
    """All indications, the groups (row numbers) that stand as one each at this scale, and their cells.

    A world of a quarter the size has a quarter of the indications, each standing for four of like
    prevalence in its area: so each market keeps its rivals, and each product its patients. Every
    area keeps one indication at least. The cell is the part of a full market that is simulated.
    """
    rows = sheet("indications")
    rows = rows.rows(np.argsort(rows.numbers("prevalence_per_100k"), kind="stable"))
    groups: list[np.ndarray] = []
    cells: list[np.ndarray] = []
    for area in AREAS:
        mine = np.flatnonzero(rows.texts("area") == area)
        found = split(mine, max(int(len(mine) * scale + 0.5), 1))
        size = np.array([len(group) for group in found], float)
        groups += found
        cells.append(size * len(mine) * scale / size.sum())
    return rows, tuple(groups), np.concatenate(cells)


def split(rows: np.ndarray, number: int) -> list[np.ndarray]:
    """Rows in so many groups of neighbours; more groups than rows repeat them."""
    if number < len(rows):
        return np.array_split(rows, number)
    place = ((np.arange(number) + 0.5) / number * len(rows)).astype(int)
    return [rows[[index]] for index in place]


def indications(values: Values, scale: float) -> Indications:
    """Indications with their value price: rarer and worse diseases are worth more per patient.

    A group has the mean prevalence of its members, and the price that keeps the worth of them all.
    """
    (rows, groups, cell), now = sample(scale), values.at(0)
    patients, need = rows.numbers("prevalence_per_100k"), rows.numbers("unmet_need")
    price = now["access.price_base"] * (patients / 1000) ** -now["access.rarity_elasticity"] * (0.5 + need)
    middle = rows.rows(np.array([group[len(group) // 2] for group in groups]))
    return Indications(
        area=np.array([AREAS.index(area) for area in middle.texts("area")]), cell=cell,
        name=tuple(middle.texts("indication").tolist()), specialty=middle.texts("segment") == "specialty",
        prevalence=np.array([patients[group].mean() for group in groups]), need=middle.numbers("unmet_need"),
        price=np.array([np.average(price[group], weights=patients[group]) for group in groups]),
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
        review_load=np.ones(REGION_COUNT), allied=np.zeros(0, np.int64), tie_key=np.zeros(0, np.int64),
        tie_row=np.zeros(0, np.int64), reverted=np.zeros(0, np.int64),
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
