"""Clinical programmes: where and how long they recruit in congested regions, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents import Firm
from agents.decisions.trials import TrialKnown
from model.kernels import trials as kernel
from model.labels import AREAS, FILED, PHASE1, PRECLINICAL
from model.mechanisms.alliances import effects
from model.mechanisms.contracts import pay_milestones
from model.mechanisms.costs import base_cost, lean, to_spend
from model.mechanisms.emergency import shorter_trials
from model.mechanisms.protection import file_patents
from model.mechanisms.technology import (
    DISCOVERY,
    TRIAL_PAPERS,
    at_sites,
    digital_cost,
    digital_size,
    discovery_saved,
    remote_gain,
    saved,
)  # fmt: skip
from model.mechanisms.valuation import worth
from model.world import REGION_COUNT, World

REGION_COST_BY_PHASE = np.array([0.0, 0.1, 0.3, 1.0, 0.0])
"""Share of the phase III cost of an added region, by phase (trials.csv)."""


@dataclass
class Starts:
    """Clinical programmes about to begin, arrays over assets (rows)."""

    rows: np.ndarray
    phase: np.ndarray
    sponsor: np.ndarray
    home: np.ndarray
    """Region of the sponsor."""
    rest: np.ndarray
    """Usual length of the phase without its start-up, months."""
    base: np.ndarray
    """Cost at US prices to a large firm, million US$."""
    lean: np.ndarray
    """Cost to the sponsor against that."""


def enter_phases(world: World, rows: np.ndarray, phase: np.ndarray) -> None:
    """Start a phase (rows,) for assets: preclinical work, a clinical programme or filing."""
    if not len(rows):
        return
    assets = world.assets
    assets.phase[rows], assets.phase_started[rows] = phase, world.month
    assets.waiting[rows] = False
    start_preclinical(world, rows[phase == PRECLINICAL])
    file_patents(world, rows[phase == PHASE1])
    assets.due[rows[phase == FILED]] = world.month
    clinical = (phase >= PHASE1) & (phase < FILED)
    start_trials(world, rows[clinical], phase[clinical].astype(np.int64))
    pay_milestones(world, rows)


def start_preclinical(world: World, rows: np.ndarray) -> None:
    """Let new candidates spend their time in the laboratory."""
    if not len(rows):
        return
    assets = world.assets
    now = world.now
    months = now["area.length"][PRECLINICAL, assets.area[rows]]
    luck = world.draws.normal("length", assets.asset[rows], PRECLINICAL)
    months = months * np.exp(0.45 * luck - 0.1)
    months *= 1 - discovery_saved(world, assets.sponsor[rows], now["technology.ai_effect"][DISCOVERY])
    months *= shorter_trials(world, rows)
    assets.due[rows] = world.month + np.maximum(np.rint(months), 3).astype(np.int16)


def load(world: World, rows: np.ndarray) -> np.ndarray:
    """Patients a year that the running trials of assets (rows) take from the sites of each region, (10,)."""
    trials = world.trials
    return kernel.load(
        rows, world.assets.trial, trials.regions, trials.patients, trials.enrolment, world.now["trials.capacity"]
    )


def speed(world: World, phase: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Recruitment of each region's sites against the US of 2010 with its usual congestion, (rows, 10).

    Rates per site fall as trials compete for the same patients, 1 - utilisation ** exponent, the less the more of a
    phase runs in units of its own.
    """
    now = world.now
    capacity = now["trials.capacity"] * now["trials.capacity_shift"] * world.state["sites"] * world.scale
    utilisation = now["trials.background_utilisation"] + world.state["load"] * at_sites(world) / capacity
    world.state["utilisation"] = utilisation
    power = now["trials.congestion_exponent"]
    shared = now["trials.shared_sites"][:, None]
    free = np.maximum(1 - shared * np.minimum(utilisation, 0.98) ** power, 0.03)
    usual = 1 - shared * now["trials.usual_utilisation"] ** power
    sites = np.minimum(capacity / world.scale / now["trials.full_pool"], 1) ** now["trials.pool_exponent"]
    trend = now["trials.us_rate"] / np.maximum(world.values["trials.us_rate"][120], 1e-9)
    rate = now["trials.recruitment"] * (free / usual * sites) * trend[:, None]
    return kernel.rates(phase, area, rate, remote_gain(world, np.arange(len(AREAS))))


def start_trials(world: World, rows: np.ndarray, phase: np.ndarray) -> None:
    """Plan and begin clinical programmes."""
    if not len(rows):
        return
    assets, firms, now = world.assets, world.firms, world.now
    starts = about_to_start(world, rows, phase)
    rate = speed(world, phase, assets.area[rows])
    pace = recruitment(world, starts, rate)
    regions = choose_regions(world, starts, pace)
    size = part_of_patients(world, starts, regions)
    parts = effects.paced(world, rows, phase, duration(world, starts, regions, pace, size))
    cost = programme_cost(world, starts, regions, rate, size) * effects.cost(world, rows)
    hurry = shorter_trials(world, rows)
    parts = {name: months * hurry for name, months in parts.items()}
    months = np.maximum(np.rint(sum(parts.values())), 4)
    trials, flows = world.trials, world.flows
    trial = trials.append(
        len(rows), asset=rows, phase=phase, sponsor=starts.sponsor, started=world.month, cost=cost,
        startup=parts["startup"], enrolment=parts["enrolment"], paperwork=parts["paperwork"],
    )  # fmt: skip
    kernel.begin(
        rows, trial, regions, phase, months, cost, world.month, now["trials.capacity"], now["trials.tax_support"],
        now["area.patients"] * digital_size(world), size, now["trials.orphan_size"], now["trials.biomarker_size"],
        now["capability.trial_gain"], assets.area, assets.orphan, assets.biomarker, assets.origin, assets.sponsor,
        firms.home, firms.kind, trials.enrolment, trials.regions, trials.patients, assets.trial, assets.due,
        assets.burn, assets.evidence, assets.involved, firms.trial_burn, firms.know_how, world.state["load"],
        flows["trial_starts"], flows["programmes"],
    )  # fmt: skip


def about_to_start(world: World, rows: np.ndarray, phase: np.ndarray) -> Starts:
    """What sponsors know of the programmes of assets before they choose regions."""
    sponsor = world.assets.sponsor[rows]
    home = world.firms.home[sponsor].astype(np.int64)
    rest, base = after_startup(world, rows, phase), base_cost(world, rows, phase)
    return Starts(rows, phase, sponsor, home, rest, base, lean(world, sponsor))


def choose_regions(world: World, starts: Starts, pace: np.ndarray) -> np.ndarray:
    """Regions that the sponsors' trial plans name, bool (rows, 10), where regions bring ``pace`` (rows, 10)."""
    firms, now, rows, phase, sponsor = world.firms, world.now, starts.rows, starts.phase, starts.sponsor
    value, base = worth(world, rows), starts.base * starts.lean
    share = now["trials.region_variable_cost"] * base[:, None]
    fixed = now["trials.region_fixed_cost"] * REGION_COST_BY_PHASE[phase]
    early = now["trials.region_friction"] * (phase == PHASE1) * base
    held = world.assets.holder[rows] == sponsor[:, None]
    months, month_value = enrolment_base(world, starts), value.sum(axis=1) * now["trials.month_value"]
    at_home = base * now["trials.cost_per_patient"][starts.home]
    fewer = 1 - now["regulator.home_size"][starts.home]
    most = np.rint(1 + now["trials.region_limit"][phase] * reach(world, sponsor, rows))
    known = TrialKnown(
        home=starts.home, speed=pace,
        option_value=value * held * now["trials.local_data_value"],
        cost=share + (fixed + early)[:, None],
        month_value=month_value, reference_months=months, stance=firms.stance[sponsor],
        limit=np.where(at_home <= to_spend(world, sponsor), most, 1.0),
        home_saving=fewer * (at_home + month_value * months / pace[np.arange(len(rows)), starts.home]),
        returns=1.0,
    )  # fmt: skip
    return world.decide(Firm, "plan_trial", sponsor, known, "firms")


def recruitment(world: World, starts: Starts, rate: np.ndarray) -> np.ndarray:
    """Pace that regions of such a ``rate`` bring to programmes, (rows, 10).

    Abroad a region brings part of its pace, and the edge of fast regions is mostly that of
    single-country trials (GlobalData 2018: China 7 to 12 times faster there).
    """
    now = world.now
    edge = now["trials.recruitment"]
    abroad = (1 + now["trials.shared_edge"] * (edge - 1)) / edge * now["trials.further_region"]
    shared = abroad[:, None, :] * (1 - world.state["data_block"]) * (1 - world.state["service_lost"].T)
    return kernel.recruitment(
        starts.phase, starts.home, enrolment_base(world, starts), rate, shared, world.once(opening_months)
    )


def opening_months(world: World) -> np.ndarray:
    """Months from final protocol to first patient by home of the sponsor and region, (10, 10)."""
    now = world.now
    start = now["trials.startup"] + now["trials.startup_shift"] + now["regulator.authorisation_days"] / 30.4
    foreign = ~np.eye(REGION_COUNT, dtype=bool)
    return np.maximum(start + foreign * now["trials.foreign_startup_shift"], 1.0)


def reach(world: World, sponsor: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """How widely a sponsor can run trials, 0-1: scope, know-how, and need in rare diseases."""
    firms, now = world.firms, world.now
    rare = world.indications.prevalence[world.assets.indication[rows]] < 50
    wide = firms.scope[sponsor] / 2 * now["trials.reach_scope"] + now["trials.reach_know_how"] * firms.know_how[sponsor]
    wide += now["trials.reach_rare"] * rare
    return np.minimum(wide, 1.0)


def enrolment_base(world: World, starts: Starts) -> np.ndarray:
    """Months of enrolment at speed 1: the recruiting share of the usual phase length."""
    return starts.rest * world.now["trials.enrolment_share"]


def after_startup(world: World, rows: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """Usual length of a phase without its start-up, months."""
    now = world.now
    length = now["area.length"][phase, world.assets.area[rows]] * now["trials.length_ratio"]
    return np.maximum(length - now["trials.usual_startup"], 4)


def part_of_patients(world: World, starts: Starts, regions: np.ndarray) -> np.ndarray:
    """Patients of the programmes against those of international ones, (rows,): one country may ask for fewer."""
    return np.where(regions.sum(axis=1) == 1, world.now["regulator.home_size"][starts.home], 1.0)


def duration(world: World, starts: Starts, regions: np.ndarray, pace: np.ndarray,
             size: np.ndarray) -> dict[str, np.ndarray]:  # fmt: skip
    """Start-up, enrolment, follow-up and paperwork of programmes of such a ``size`` (rows,), months, (rows,) each."""
    firms, now, sponsor = world.firms, world.now, starts.sponsor
    luck = world.draws.normal("length", world.assets.asset[starts.rows], starts.phase)
    noise = np.exp(now["trials.length_spread"] * luck)
    parts = kernel.timing(
        regions, starts.home, pace, world.once(opening_months), now["trials.region_startup_months"],
        firms.know_how[sponsor], starts.rest, size, now["trials.enrolment_share"], now["trials.paperwork_share"],
        saved(world, sponsor, TRIAL_PAPERS), noise, now["trials.longest_enrolment"], now["trials.skill_startup"],
    )  # fmt: skip
    return dict(zip(("startup", "enrolment", "follow", "paperwork"), parts, strict=True))


def programme_cost(world: World, starts: Starts, regions: np.ndarray, rate: np.ndarray,
                   size: np.ndarray) -> np.ndarray:  # fmt: skip
    """Cost of programmes of such a ``size`` (rows,), million US$: patients where they are recruited, coordination."""
    now, home = world.now, starts.home
    local = (now["trials.cost_per_patient"] * now["trials.cost_shift"])[:, None] * world.state["service_cost"]
    price = kernel.site_price(regions, home, rate, local)
    added = regions.sum(axis=1) - 1.0
    overhead = 1 + now["trials.region_variable_cost"] * added ** now["trials.region_cost_exponent"]
    fixed = now["trials.region_fixed_cost"] * added * REGION_COST_BY_PHASE[starts.phase]
    width = now["trials.cost_spread"]
    spread = np.exp(width * world.draws.normal("cost", world.assets.asset[starts.rows], starts.phase) - width**2 / 2)
    apart = (regions * world.state["data_block"][home]).sum(axis=1) / (added + 1)  # data kept twice where not pooled
    overhead = overhead * (1 + now["trials.data_block_cost"] * apart)
    overhead = overhead * starts.lean
    patients = digital_size(world) * size
    return starts.base * price * overhead * spread * digital_cost(world) * patients + fixed
