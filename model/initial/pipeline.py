"""The candidates of 2000 by home, kind of originator, phase, area and modality."""

from __future__ import annotations

import numpy as np

from model.arrays import REGION_BITS
from model.clock import NEVER
from model.data.sheet import Sheet, sheet
from model.initial.companies import shares
from model.labels import AREAS, FILED, GLOBAL, MODALITIES, PHARMA, PHASES, PRECLINICAL, REGIONS, US
from model.ledger import SHAREHOLDERS
from model.mechanisms.approvals import file_ready
from model.mechanisms.discovery import ASSET_BITS, choose_indication, nature
from model.mechanisms.programmes import enter_phases
from model.world import World

KIND_LABELS = ("biotech", "pharma_regional", "pharma_global")
UNIFORM_SPREAD = np.sqrt(3.0)
"""Half the width of a uniform distribution over its standard deviation."""
SURVIVOR_QUALITY = 0.25
"""Standard deviations by which each passed phase raises the mean hidden quality (selection)."""


def fill_pipeline(world: World) -> None:
    """Give the firms of 2000 their candidates, each part-way through its phase."""
    rows = sheet("initial_pipeline")
    owner = originators(world, rows)
    firms = world.firms
    firms.discoveries[:] = np.bincount(owner, minlength=len(firms))
    firms.candidates[:] = firms.discoveries
    ordinal = np.arange(len(owner)) - np.searchsorted(owner, owner, side="left")
    identity = (firms.firm[owner] << ASSET_BITS) | ordinal
    home = firms.home[owner]
    phase = world.draws.choice("initial.phase", identity, rows.where(section="phase").along("phase", PHASES))
    area = weighted(world, rows, "area", AREAS, identity, home)
    traits = nature(world, owner, identity, area, choose_indication(world, identity, area))
    modality = weighted(world, rows, "modality", MODALITIES, identity, home)
    traits["modality"] = np.where(area == AREAS.index("vaccines"), 6, np.where(modality == 6, 0, modality))
    traits["quality"] = np.clip(traits["quality"] + SURVIVOR_QUALITY * phase, -6, 6)
    indication = choose_indication(world, identity, area)
    assets = world.assets.append(
        len(owner), asset=identity, originator=owner, origin=home, sponsor=owner, holder=owner[:, None],
        area=area, indication=indication, involved=REGION_BITS[home], patents=REGION_BITS[home], **traits,
    )  # fmt: skip
    start_part_way(world, rows, assets, phase)
    review_under_way(world)
    fund_trials(world)


def review_under_way(world: World) -> None:
    """Files of 2000 were handed in before: their decisions come within the usual remaining time."""
    file_ready(world)
    filings = world.filings
    back = 4 + (8 * world.draws.uniform("initial.review", world.assets.asset[filings.asset])).astype(int)
    filings.submitted[:] = filings.submitted - back
    filings.due[:] = np.maximum(filings.due - back, 1)
    world.flows["filings"][:] = 0.0


def fund_trials(world: World) -> None:
    """Firms of 2000 have the money for their running trials: the usual runway at least."""
    firms = world.firms
    runway = np.nanmedian(sheet("initial_firm_tails").where(section="cash").numbers("runway_months"))
    luck = np.exp(0.4 * world.draws.normal("firm.runway", firms.firm))
    short = np.maximum(firms.trial_burn * runway * luck - firms.cash, 0.0)
    world.ledger.pay_all(firms.cash, -short, SHAREHOLDERS)


def originators(world: World, rows: Sheet) -> np.ndarray:
    """Firm (row) of each candidate, sorted: at least one each, more for large firms."""
    firms = world.firms
    total = rows.where(section="total").numbers("value")[0] * world.scale
    home = rows.where(section="home").pick("home")
    kinds = {region: rows.where(section="origin_kind", home=region).pick("kind") for region in REGIONS}
    luck = np.exp(1.0 * world.draws.normal("firm.size", firms.firm))
    size = np.where(firms.kind == PHARMA, world.state["sales_2000"] ** 0.7 + 1, luck)
    owned = []
    for index, region in enumerate(REGIONS):
        for scope, label in enumerate(KIND_LABELS):
            members = np.flatnonzero((firms.home == index) & (firms.scope == scope))
            if not len(members):
                continue
            number = max(total * home[region] * kinds[region].get(label, 0.0), len(members))
            spare = number - len(members)
            owned.append(np.repeat(members, 1 + shares(size[members] / size[members].sum() * spare, 1.0)))
    return np.sort(np.concatenate(owned))


def weighted(
    world: World, rows: Sheet, name: str, labels: tuple[str, ...], identity: np.ndarray, home: np.ndarray
) -> np.ndarray:
    """Draw areas or modalities by the margin times the multipliers of the home region."""
    weight = np.tile(rows.where(section=name).along(name, labels), (len(REGIONS), 1))
    special = rows.where(section=f"{name}_by_home_multiplier")
    for region, label, factor in zip(special.texts("home"), special.texts(name), special.numbers("value")):
        weight[REGIONS.index(region), labels.index(label)] *= factor
    return world.draws.choice(f"initial.{name}", identity, weight[home])


def start_part_way(world: World, rows: Sheet, assets: np.ndarray, phase: np.ndarray) -> None:
    """Start the phase of each candidate, then move its start into the past."""
    left = rows.where(section="remaining_months")
    mean, low = left.pick("phase", "value"), left.pick("phase", "low")
    world.pipeline = assets
    for number, label in enumerate(PHASES):
        mine = assets[phase == number]
        luck = world.draws.uniform("initial.remaining", world.assets.asset[mine])
        if number == FILED:
            world.assets.phase[mine] = FILED
            wide = world.firms.scope[world.assets.sponsor[mine]] == GLOBAL
            at_home = REGION_BITS[world.assets.origin[mine]]
            world.assets.evidence[mine] |= at_home | np.where(wide, REGION_BITS[US], 0)
            shift_back(world, mine, np.zeros(len(mine), int), np.full(len(mine), 9.0))
            continue
        enter_phases(world, mine, np.full(len(mine), number))
        length = world.assets.due[mine].astype(float)
        spread = UNIFORM_SPREAD * (mean[label] - low[label])
        remaining = luck * length if number == PRECLINICAL else np.maximum(mean[label] + spread * (2 * luck - 1), 0.0)
        shift_back(world, mine, remaining.astype(int), length)


def shift_back(world: World, rows: np.ndarray, remaining: np.ndarray, length: np.ndarray) -> None:
    """Let phases end after the remaining months and begin as long before as they last."""
    assets, trials = world.assets, world.trials
    begun = np.minimum(remaining - length, 0).astype(int)
    assets.due[rows], assets.phase_started[rows] = remaining, begun
    assets.started[rows] = begun - 31 * np.minimum(assets.phase[rows], 1) - 20 * assets.phase[rows]
    assets.filed[rows] = assets.started[rows]
    trial = assets.trial[rows]
    trials.started[trial[trial >= 0]] = begun[trial >= 0]
    assert (assets.due[rows] < NEVER).all()
