"""Trials: plans, enrolment in congested regions, cost, duration, readouts."""

from __future__ import annotations

import numpy as np

from agents import Firm
from agents.decisions.trials import GO, STOP, ContinueKnown, TrialKnown
from model.arrays import logistic, logit, pack_regions, unpack_regions
from model.clock import NEVER
from model.labels import FILED, PHASE1, PRECLINICAL
from model.mechanisms.contracts import pay_milestones
from model.mechanisms.protection import file_patents
from model.mechanisms.valuation import worth
from model.world import REGION_COUNT, World

EFFICACY, SAFETY, STRATEGY, MONEY, REFUSED, OFF_MARKET, PRECLINICAL_FAILURE = range(1, 8)
SUCCESS, FAILURE, TERMINATED = 1, 2, 3
REGION_COST_BY_PHASE = np.array([0.0, 0.1, 0.3, 1.0, 0.0])
"""Share of the phase III cost of an added region, by phase (trials.csv)."""


def develop(world: World) -> None:
    """Read out what is due, then decide on what waits to enter its next phase."""
    assets = world.assets
    due = world.pipeline[assets.due[world.pipeline] == world.month]
    due = due[assets.phase[due] < FILED]
    read_out(world, due[~assets.waiting[due]])
    consider(world, due[assets.waiting[due]])


def read_out(world: World, rows: np.ndarray) -> None:
    """End the running phase of assets (rows): success waits for its next phase, failure ends."""
    if not len(rows):
        return
    assets = world.assets
    phase = assets.phase[rows]
    luck = world.draws.uniform("trial.outcome", assets.asset[rows], phase)
    won = luck < success_odds(world, rows)
    close_trials(world, rows, np.where(won, SUCCESS, FAILURE))
    clinical = phase >= PHASE1
    world.flow("readouts", assets.origin[rows[clinical]])
    world.flow("failures", assets.origin[rows[clinical & ~won]])
    sharpen_belief(world, rows[won])
    assets.waiting[rows[won]] = True
    assets.due[rows[won]] = world.month + 1
    lost = rows[~won]
    safety = world.draws.uniform("trial.reason", assets.asset[lost], assets.phase[lost])
    risky = safety < logistic(assets.risk[lost] - 0.9)
    reason = np.where(assets.phase[lost] == PRECLINICAL, PRECLINICAL_FAILURE,
                      np.where(risky, SAFETY, EFFICACY))  # fmt: skip
    end(world, lost, reason)


def success_odds(world: World, rows: np.ndarray) -> np.ndarray:
    """Probability that each asset (row) passes its phase.

    The average by area and phase (BIO, QLS, Informa 2021), moved by modality, hidden quality and
    risk, biomarker, orphan status, validated target, sponsor's know-how and the bar that rises
    with what is on the market.
    """
    assets, now, firms = world.assets, world.now, world.firms
    phase, area = assets.phase[rows].astype(np.int64), assets.area[rows]
    odds = logit(now["area.success"][phase, area])
    odds += np.log(now["modality.odds"][phase, assets.modality[rows]])
    odds += now["trials.quality_weight"][phase] * assets.quality[rows]
    odds -= now["trials.risk_weight"][phase] * assets.risk[rows]
    odds += now["trials.biomarker_weight"][phase] * assets.biomarker[rows]
    odds += now["trials.orphan_weight"][phase] * assets.orphan[rows]
    validated = (phase == 2) & ~assets.novel[rows]
    odds += validated * np.log(now["science.follower_bonus"])
    odds += now["trials.execution_weight"] * (firms.know_how[assets.sponsor[rows]] - 0.4)
    rise = world.state["standard"] - world.state["standard_2000"]
    odds -= now["trials.bar_weight"] * rise[assets.indication[rows]] * (phase >= PHASE1)
    return logistic(odds + now["trials.offset"][phase])


def sharpen_belief(world: World, rows: np.ndarray) -> None:
    """A readout moves the public signal towards the hidden quality."""
    assets = world.assets
    phase = assets.phase[rows].astype(np.int64)
    noise = world.draws.normal("belief.readout", assets.asset[rows], phase)
    spread = world.now["research.noise"] / (1 + phase)
    assets.belief[rows] = np.clip(assets.quality[rows] + spread * noise, -8, 8)


def close_trials(world: World, rows: np.ndarray, outcome: np.ndarray | int) -> None:
    """End the running trials of assets: free sites and money."""
    assets, trials, firms = world.assets, world.trials, world.firms
    np.add.at(firms.trial_burn, assets.sponsor[rows], -assets.burn[rows])
    np.maximum(firms.trial_burn, 0.0, out=firms.trial_burn)
    assets.burn[rows] = 0.0
    trial = assets.trial[rows]
    running = trial >= 0
    ran = trial[running]
    trials.ended[ran] = world.month
    trials.outcome[ran] = np.broadcast_to(outcome, rows.shape)[running]
    world.state["load"] -= load(world, ran)
    np.maximum(world.state["load"], 0.0, out=world.state["load"])
    assets.trial[rows] = -1


def load(world: World, trial: np.ndarray) -> np.ndarray:
    """Patients a year that trials take from the sites of each region, (10,)."""
    trials = world.trials
    flags = unpack_regions(trials.regions[trial]).astype(np.float64)
    flags *= world.now["trials.capacity"]
    share = flags / np.maximum(flags.sum(axis=1, keepdims=True), 1e-9)
    rate = trials.patients[trial] / np.maximum(trials.enrolment[trial], 3.0) * 12
    return rate @ share


def end(world: World, rows: np.ndarray, reason: np.ndarray | int) -> None:
    """Take assets out of development."""
    assets = world.assets
    assets.ended[rows] = world.month
    assets.end_reason[rows] = reason
    assets.due[rows] = NEVER
    assets.waiting[rows] = False
    np.add.at(world.firms.candidates, assets.sponsor[rows], -1)


def consider(world: World, rows: np.ndarray) -> None:
    """Sponsors decide whether waiting assets enter their next phase."""
    if not len(rows):
        return
    assets, firms, now = world.assets, world.firms, world.now
    sponsor = assets.sponsor[rows]
    following = assets.phase[rows] + 1
    known = ContinueKnown(
        value=worth(world, rows, 1).sum(axis=1) * now["trials.kept_value"],
        cost=expected_cost(world, rows, following), cash=funds(world, sponsor),
        pharma=firms.kind[sponsor] == 1, affordable_share=now["trials.affordable_share"],
        pharma_share=now["trials.pharma_share"],
    )  # fmt: skip
    answer = world.decide(Firm, "continue_development", sponsor, known, "firms")
    for phase in range(PHASE1, FILED + 1):
        enter_phase(world, rows[(answer == GO) & (following == phase)], phase)
    shelve(world, rows[answer != GO], answer[answer != GO] == STOP)


def funds(world: World, sponsor: np.ndarray) -> np.ndarray:
    """Money that sponsors can count on for a new programme, million US$: cash and some income."""
    firms = world.firms
    free = firms.cash[sponsor] + world.now["trials.income_years"] * firms.income_12[sponsor]
    return np.maximum(free - 12 * firms.trial_burn[sponsor], 0.0)


def shelve(world: World, rows: np.ndarray, worthless: np.ndarray) -> None:
    """What is not worth its cost ends, what cannot be paid waits for up to two years."""
    assets = world.assets
    assets.due[rows] = world.month + 6
    patience = world.month - assets.phase_started[rows] > world.now["trials.patience"] + expected_length(world, rows)
    end(world, rows[worthless], STRATEGY)
    end(world, rows[patience & ~worthless], MONEY)


def expected_length(world: World, rows: np.ndarray) -> np.ndarray:
    """Usual length of the phase of assets, months."""
    assets = world.assets
    return world.now["area.length"][assets.phase[rows], assets.area[rows]]


def expected_cost(world: World, rows: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """Cost of a phase in the sponsor's home region, million US$ (filing counts as phase 4)."""
    assets, now = world.assets, world.now
    home = world.firms.home[assets.sponsor[rows]]
    return base_cost(world, rows, phase) * now["trials.cost_per_patient"][home]


def base_cost(world: World, rows: np.ndarray, phase: np.ndarray | int) -> np.ndarray:
    """Cost of a phase at US prices, failed studies and overhead included, million US$.

    Mean out-of-pocket cost per candidate entering the phase (DiMasi, Grabowski and Hansen 2016),
    spread over areas by patients times cost per patient (Sertkaya et al. 2024), over modalities.
    """
    assets, now = world.assets, world.now
    area, modality = assets.area[rows], assets.modality[rows]
    size = now["area.patients"] * now["area.cost_per_patient"]
    mix = now["area.start_share"]
    relative = (size / (size @ mix)[:, None].clip(1e-9)) ** now["trials.area_cost_spread"]
    relative /= np.maximum((relative @ mix)[:, None], 1e-9)
    small = np.where(assets.orphan[rows], now["trials.orphan_size"], 1.0)
    small = small * np.where(assets.biomarker[rows], now["trials.biomarker_size"], 1.0)
    price = now["trials.entry_cost"] * world.prices(2013)
    return price[phase] * relative[phase, area] * now["modality.trial_cost"][modality] * small


def enter_phase(world: World, rows: np.ndarray, phase: int) -> None:
    """Start a phase for assets: plan, cost, duration, trial row, due month."""
    if not len(rows):
        return
    assets = world.assets
    assets.phase[rows], assets.phase_started[rows] = phase, world.month
    assets.waiting[rows] = False
    if phase == PRECLINICAL:
        months = world.now["area.length"][0, assets.area[rows]]
        luck = world.draws.normal("length", assets.asset[rows], 0)
        months = months * np.exp(0.45 * luck - 0.1)
        assets.due[rows] = world.month + np.maximum(np.rint(months), 3).astype(np.int16)
        return
    if phase == PHASE1:
        file_patents(world, rows)
    if phase == FILED:
        assets.due[rows] = world.month
    else:
        start_trials(world, rows, phase)
    pay_milestones(world, rows, phase)


def speed(world: World, phase: int) -> np.ndarray:
    """Recruitment of each region's sites against the US of 2010 with its usual congestion, (10,).

    Rates per site fall as trials compete for the same patients: 1 - utilisation ** exponent.
    """
    now = world.now
    capacity = now["trials.capacity"] * now["trials.capacity_shift"] * world.scale
    utilisation = now["trials.background_utilisation"] + world.state["load"] / capacity
    world.state["utilisation"] = utilisation
    power = now["trials.congestion_exponent"]
    free = np.maximum(1 - np.minimum(utilisation, 0.98) ** power, 0.03)
    usual = 1 - now["trials.usual_utilisation"] ** power
    sites = np.minimum(capacity / world.scale / now["trials.full_pool"], 1) ** now["trials.pool_exponent"]
    trend = now["trials.us_rate"][phase] / world.values["trials.us_rate"][120, phase]
    remote = 1 + now["trials.decentralised_share"] * now["technology.decentralised_enrolment"]
    return now["trials.recruitment"][phase] * free / usual * sites * trend * remote


def start_trials(world: World, rows: np.ndarray, phase: int) -> None:
    """Plan and begin clinical programmes of one phase."""
    assets, firms, now = world.assets, world.firms, world.now
    sponsor = assets.sponsor[rows]
    rate = speed(world, phase)
    regions = choose_regions(world, rows, phase, rate)
    parts = duration(world, rows, phase, regions, rate)
    cost = programme_cost(world, rows, phase, regions, rate)
    months = np.maximum(np.rint(sum(parts.values())), 4)
    trial = world.trials.append(
        len(rows), asset=rows, phase=phase, sponsor=sponsor, started=world.month,
        regions=pack_regions(regions), patients=patients(world, rows, phase), cost=cost,
        startup=parts["startup"], enrolment=parts["enrolment"], paperwork=parts["paperwork"],
    )  # fmt: skip
    assets.trial[rows] = trial
    assets.due[rows] = world.month + months.astype(np.int16)
    assets.burn[rows] = cost / months * (1 - now["trials.tax_support"][firms.home[sponsor]] * (firms.kind[sponsor] == 0))
    np.add.at(firms.trial_burn, sponsor, assets.burn[rows])
    assets.evidence[rows] |= world.trials.regions[trial]
    assets.involved[rows] |= world.trials.regions[trial]
    world.state["load"] += load(world, trial)
    world.flows["trial_starts"] += regions.sum(axis=0)
    world.flow("programmes", assets.origin[rows])
    firms.know_how[sponsor] += 0.01 * (1 - firms.know_how[sponsor])


def patients(world: World, rows: np.ndarray, phase: int) -> np.ndarray:
    """Patients that a programme needs."""
    assets, now = world.assets, world.now
    planned = now["area.patients"][phase, assets.area[rows]]
    planned = planned * np.where(assets.orphan[rows], now["trials.orphan_size"], 1.0)
    return planned * np.where(assets.biomarker[rows], now["trials.biomarker_size"], 1.0)


def choose_regions(world: World, rows: np.ndarray, phase: int, rate: np.ndarray) -> np.ndarray:
    """Regions that the sponsors' trial plans name, bool (rows, 10)."""
    assets, firms, now = world.assets, world.firms, world.now
    sponsor = assets.sponsor[rows]
    value = worth(world, rows)
    base = base_cost(world, rows, phase)
    share = now["trials.region_variable_cost"] * base[:, None]
    fixed = now["trials.region_fixed_cost"] * REGION_COST_BY_PHASE[phase]
    held = assets.holder[rows] == sponsor[:, None]
    known = TrialKnown(
        home=firms.home[sponsor].astype(np.int64),
        speed=shared_rate(world, phase, rate, firms.home[sponsor]) * in_time(world, firms.home[sponsor], enrolment_base(world, rows, phase)),
        option_value=value * held * now["trials.local_data_value"],
        cost=share + fixed + now["trials.region_friction"] * (phase == PHASE1) * base[:, None],
        month_value=value.sum(axis=1) * now["trials.month_value"],
        reference_months=enrolment_base(world, rows, phase), stance=firms.stance[sponsor],
        limit=np.rint(1 + now["trials.region_limit"][phase] * reach(world, sponsor, rows)),
        returns=1.0,
    )  # fmt: skip
    return world.decide(Firm, "plan_trial", sponsor, known, "firms")


def shared_rate(world: World, phase: int, rate: np.ndarray, home: np.ndarray) -> np.ndarray:
    """Recruitment that regions bring to trials of sponsors at ``home``, (rows, 10).

    Abroad a region brings part of its pace, and the edge of fast regions is mostly that of
    single-country trials (GlobalData 2018: China 7 to 12 times faster there).
    """
    now = world.now
    edge = now["trials.recruitment"][phase]
    abroad = rate / edge * (1 + now["trials.shared_edge"] * (edge - 1)) * now["trials.further_region"]
    return np.where(np.arange(REGION_COUNT) == home[:, None], rate, abroad)


def opening_months(world: World, home: np.ndarray) -> np.ndarray:
    """Months from final protocol to first patient by region for sponsors at home, (rows, 10)."""
    now = world.now
    start = now["trials.startup"] + now["trials.startup_shift"] + now["regulator.authorisation_days"] / 30.4
    foreign = np.arange(REGION_COUNT) != home[:, None]
    return np.maximum(start + foreign * now["trials.foreign_startup_shift"], 1.0)


def in_time(world: World, home: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Part of the recruitment that regions can still give when they open later than home, (rows, 10)."""
    opening = opening_months(world, home)
    late = opening - opening[np.arange(len(home)), home][:, None]
    return np.clip(1 - np.maximum(late, 0) / np.maximum(months, 6)[:, None], 0.0, 1.0)


def reach(world: World, sponsor: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """How widely a sponsor can run trials, 0-1: scope, know-how, and need in rare diseases."""
    firms = world.firms
    rare = world.indications.prevalence[world.assets.indication[rows]] < 50
    wide = firms.scope[sponsor] / 2 * 0.6 + 0.4 * firms.know_how[sponsor] + 0.2 * rare
    return np.minimum(wide, 1.0)


def enrolment_base(world: World, rows: np.ndarray, phase: int) -> np.ndarray:
    """Months of enrolment at speed 1: the recruiting share of the usual phase length."""
    now, assets = world.now, world.assets
    length = now["area.length"][phase, assets.area[rows]] * now["trials.length_ratio"]
    return np.maximum(length - now["trials.usual_startup"], 4) * now["trials.enrolment_share"]


def duration(world: World, rows: np.ndarray, phase: int, regions: np.ndarray,
             rate: np.ndarray) -> dict[str, np.ndarray]:  # fmt: skip
    """Start-up, enrolment, follow-up and paperwork, months, (rows,) each."""
    assets, firms, now = world.assets, world.firms, world.now
    sponsor = assets.sponsor[rows]
    home = firms.home[sponsor]
    opening = opening_months(world, home)
    number = regions.sum(axis=1)
    startup = np.where(regions, opening, 99).min(axis=1) + now["trials.region_startup_months"] * np.maximum(number - 2, 0)
    startup = startup * (1.15 - 0.3 * firms.know_how[sponsor])
    base = enrolment_base(world, rows, phase)
    recruiting = (regions * shared_rate(world, phase, rate, home) * in_time(world, home, base)).sum(axis=1)
    enrolment = base / np.maximum(recruiting, 0.05)
    enrolment = np.minimum(enrolment, now["trials.longest_enrolment"])
    length = now["area.length"][phase, assets.area[rows]] * now["trials.length_ratio"]
    rest = np.maximum(length - now["trials.usual_startup"], 4)
    paperwork = rest * now["trials.paperwork_share"] * (1 - firms.ai[sponsor] * ai_cut(world))
    noise = np.exp(0.25 * world.draws.normal("length", assets.asset[rows], phase))
    follow = rest * (1 - now["trials.enrolment_share"] - now["trials.paperwork_share"])
    return {"startup": startup, "enrolment": enrolment * noise, "follow": follow * noise,
            "paperwork": paperwork}  # fmt: skip


def ai_cut(world: World) -> float:
    """Share of trial paperwork that AI platforms save an adopter this month."""
    now = world.now
    ready = now["technology.ai_available_from"] <= 2000 + world.month / 12
    tasks = now["technology.ai_effect"] * ready
    return float(tasks[1:6].mean())


def programme_cost(world: World, rows: np.ndarray, phase: int, regions: np.ndarray,
                   rate: np.ndarray) -> np.ndarray:  # fmt: skip
    """Cost of the programmes, million US$: patients where they are recruited, plus coordination."""
    now, firms = world.now, world.firms
    home = firms.home[world.assets.sponsor[rows]]
    local = now["trials.cost_per_patient"][:, None] * world.state["service_cost"]
    weight = regions * rate
    share = weight / weight.sum(axis=1, keepdims=True)
    price = (share * local.T[home]).sum(axis=1)
    added = regions.sum(axis=1) - 1.0
    overhead = 1 + now["trials.region_variable_cost"] * added ** now["trials.region_cost_exponent"]
    fixed = now["trials.region_fixed_cost"] * added * REGION_COST_BY_PHASE[phase]
    spread = np.exp(0.3 * world.draws.normal("cost", world.assets.asset[rows], phase) - 0.045)
    return base_cost(world, rows, phase) * price * overhead * spread + fixed


