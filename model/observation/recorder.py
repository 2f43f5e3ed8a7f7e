"""Record: one row of indicators a month, one of regional figures a month and region."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from model.clock import NEVER
from model.kernels import census
from model.kernels.offers import runway
from model.labels import BIOTECH, MARKETED, PHASES, REGIONS
from model.world import REGION_COUNT, World

INDICATORS = (
    "firms", "biotechs", "pharmas", "entries", "exits", "pipeline_assets", "preclinical", "phase1",
    "phase2", "phase3", "filed", "marketed", "trials_active", "trial_starts", "approvals_first",
    "readouts", "failures", "deals", "deal_headline", "deal_upfront", "deal_paid",
    "cross_border_share", "acquisitions", "alliances_active", "alliance_trust", "disputes",
    "terminations", "venture", "runway_below_1y_share", "rd_spend", "net_sales", "generic_sales",
    "patients", "health_gain", "hhi", "cr4", "cr10", "ai_adoption", "good_practice", "tension_us_cn", "solo_share",
    "launch_lag_median",
)  # fmt: skip
REGIONAL = (
    "firms", "pipeline_assets", "pipeline_originated", "assets_entering", "trial_starts",
    "trials_active", "enrolment_months_median", "approvals", "review_days_median", "queue",
    "filings", "first_cycle_share", "access_days_median", "listed_share", "net_price_index",
    "net_sales", "generic_sales", "patients", "launches", "out_licences", "out_licence_headline",
    "out_licence_upfront", "in_licences", "venture", "entries", "exits", "review_utilisation",
    "trial_utilisation",
)  # fmt: skip
DIRECT = ("approvals_first", "readouts", "failures", "deals", "deal_headline",
          "deal_upfront", "deal_paid", "acquisitions", "venture", "net_sales", "generic_sales",
          "patients", "entries", "exits", "disputes", "terminations")  # fmt: skip
REGIONAL_FLOWS = ("trial_starts", "approvals", "filings", "net_sales", "generic_sales", "patients",
                  "launches", "out_licences", "out_licence_headline", "out_licence_upfront",
                  "in_licences", "venture", "entries", "exits")  # fmt: skip
TRAILING = ("cross_border", "deals", "solo_launches", "foreign_launches", "first_cycle", "approvals")
RENAMED = {"rd_spend": "spend", "trial_starts": "programmes", "health_gain": "health"}
"""Indicators and the flows that they sum up, where the names differ."""
LOWEST = np.array([max((bits & -bits).bit_length() - 1, 0) for bits in range(1024)])
"""The first of the regions in a set of bits."""
FIRST_AGENCIES = np.array([0, 1, 4, 5])
"""FDA, EMA, PMDA, NMPA: the second of them to approve ends the launch lag."""


def series() -> tuple[str, ...]:
    """Names of all series: indicators, and ``regional.REGION.NAME``."""
    return (*INDICATORS, *(f"regional.{region}.{name}" for region in REGIONS for name in REGIONAL))


class Recorder:
    """Series of a run: arrays (months, indicators) and (months, regions, regional figures)."""

    def __init__(self, months: int) -> None:
        self.months = 0
        self.indicators = np.full((months, len(INDICATORS)), np.nan)
        self.regional = np.full((months, REGION_COUNT, len(REGIONAL)), np.nan)
        self.trailing = np.zeros((12, len(TRAILING), REGION_COUNT))
        self.slow: dict[str, dict[str, Any]] = {}

    def copy(self) -> Recorder:
        """Independent copy."""
        twin = Recorder(0)
        twin.months, twin.slow = self.months, dict(self.slow)
        twin.indicators, twin.regional = self.indicators.copy(), self.regional.copy()
        twin.trailing = self.trailing.copy()
        return twin


def record(world: World) -> None:
    """Write the figures of the month; in December also the yearly tables."""
    recorder = world.recorder
    if recorder is None:
        return
    recorder.trailing[world.month % 12] = [world.flows[name] for name in TRAILING]
    if world.month % 3 == 2 or not recorder.slow:
        recorder.slow = slow_figures(world)
    there = count_all(world)
    figures = indicators(world, recorder, there)
    recorder.indicators[recorder.months] = [figures.get(name, np.nan) for name in INDICATORS]
    regional = regional_figures(world, recorder, there)
    recorder.regional[recorder.months] = np.array([regional[name] for name in REGIONAL]).T
    recorder.months += 1
    if world.month % 12 == 11:
        close_year(world)


class Census(NamedTuple):
    """Who is there at the end of the month."""

    homes: np.ndarray
    """Living firms by region."""
    pharmas: int
    ai_users: int
    phases: np.ndarray
    """Candidates by phase, (5,)."""
    originated: np.ndarray
    involved: np.ndarray
    on_trial: np.ndarray


def count_all(world: World) -> Census:
    """Count living firms and candidates in development; those that ended in the month leave the list."""
    firms, assets = world.firms, world.assets
    homes, pharmas, users = census.companies(world.alive, firms.home, firms.kind, firms.ai)
    world.pipeline, phases, there = census.pipeline(
        world.pipeline, assets.ended, NEVER, assets.phase, MARKETED, assets.origin, assets.involved, assets.trial,
        world.trials.regions,
    )  # fmt: skip
    return Census(homes, pharmas, users, phases[: len(PHASES)], there[0], there[1], there[2])


def indicators(world: World, recorder: Recorder, there: Census) -> dict[str, float]:
    """World figures of the month by name."""
    number, trust = float(there.homes.sum()), trust_of_living(world)
    trailing = dict(zip(TRAILING, recorder.trailing.sum(axis=(0, 2)), strict=True))
    flows = np.array([world.flows[name] for name in (*DIRECT, *RENAMED.values())]).sum(axis=1).tolist()
    figures = dict(zip((*DIRECT, *RENAMED), flows, strict=True)) | dict(zip(PHASES, there.phases.tolist(), strict=True))
    figures |= {
        "firms": number, "biotechs": number - there.pharmas, "pharmas": float(there.pharmas),
        "pipeline_assets": float(there.phases.sum()), "alliances_active": float(len(trust)),
        "alliance_trust": ratio(float(trust.sum()), len(trust)), "ai_adoption": ratio(there.ai_users, number),
        "good_practice": ratio(float(world.firms.practice[world.alive].sum()), number),
        "tension_us_cn": float(world.state["tension"][0, 5]),
        "cross_border_share": ratio(trailing["cross_border"], trailing["deals"]),
        "solo_share": ratio(trailing["solo_launches"], trailing["foreign_launches"]),
    }  # fmt: skip
    return figures | recorder.slow["world"]


def trust_of_living(world: World) -> np.ndarray:
    """Trust in each alliance whose contract runs."""
    rows = world.state["allied"]
    return world.alliances.trust[rows[world.deals.ended[world.alliances.deal[rows]] == NEVER]].astype(np.float64)


def ratio(part: float, whole: float) -> float:
    """Share, NaN of nothing."""
    return part / whole if whole else float("nan")


def regional_figures(world: World, recorder: Recorder, there: Census) -> dict[str, np.ndarray]:
    """Regional figures of the month by name, (10,) each."""
    trailing = dict(zip(TRAILING, recorder.trailing.sum(axis=0), strict=True))
    with np.errstate(invalid="ignore", divide="ignore"):
        first_cycle = trailing["first_cycle"] / trailing["approvals"]
    figures = {name: world.flows[name] for name in REGIONAL_FLOWS}
    return (
        figures
        | {
            "firms": there.homes,
            "pipeline_assets": there.involved,
            "pipeline_originated": there.originated,
            "assets_entering": world.flows["entering"],
            "trials_active": there.on_trial,
            "queue": world.regulators.queue,
            "first_cycle_share": first_cycle,
            "review_utilisation": world.regulators.utilisation,
            "trial_utilisation": world.state.get("utilisation", np.zeros(REGION_COUNT)),
        }
        | recorder.slow["regional"]
    )


def slow_figures(world: World) -> dict[str, dict[str, Any]]:
    """Figures that are renewed once a quarter: medians, concentration, prices, runway."""
    firms, alive = world.firms, world.alive
    sales = np.sort(firms.sales_12[alive])[::-1]
    share = sales / max(sales.sum(), 1e-9)
    small = alive[firms.kind[alive] == BIOTECH]
    months = runway(small, firms.cash, firms.research, firms.trial_burn, world.state["programmes_ahead"])
    positions = world.positions
    figures = {
        "marketed": float(np.count_nonzero((world.assets.phase == MARKETED) & (world.assets.ended == NEVER))),
        "trials_active": float(np.count_nonzero(world.assets.trial[world.pipeline] >= 0)),
        "hhi": float((share**2).sum() * 1e4), "cr4": float(share[:4].sum()), "cr10": float(share[:10].sum()),
        "runway_below_1y_share": float((months < 12).mean()) if len(small) else float("nan"),
        "launch_lag_median": launch_lag(world),
    }  # fmt: skip
    index = census.net_prices(
        world.month, positions.active, positions.mature, positions.protected, positions.region, positions.indication,
        positions.price, positions.discount, world.indications.price,
    )  # fmt: skip
    return {"world": figures, "regional": decisions_of_year(world) | {"net_price_index": index / max(index[0], 1e-9)}}


def launch_lag(world: World) -> float:
    """Median months from first to second approval among four agencies, unreached as infinite."""
    filings, first = world.filings, world.assets.first_approval
    lag = census.second_lag(
        first, world.month - 60, world.month - 36, filings.asset, filings.regulator, filings.decided, filings.outcome,
        1, FIRST_AGENCIES,
    )  # fmt: skip
    return float(np.median(lag)) if len(lag) else float("nan")


def decisions_of_year(world: World) -> dict[str, np.ndarray]:
    """Medians over the decisions of the trailing twelve months by region."""
    since = world.month - 12
    filings, listings, trials = world.filings, world.listings, world.trials
    decided, listed = (census.between(table.decided, since, NEVER) for table in (filings, listings))
    decided, yes = decided[filings.outcome[decided] == 1], listed[listings.outcome[listed] == 1]
    read = census.between(trials.ended, since, NEVER)
    days = (listings.decided[yes] - listings.started[yes]) * 30.4
    first_region = LOWEST[trials.regions[read]]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.bincount(listings.region[yes], minlength=REGION_COUNT) / np.bincount(
            listings.region[listed], minlength=REGION_COUNT
        )
    return {
        "review_days_median": census.medians(filings.regulator[decided], filings.days[decided]),
        "access_days_median": census.medians(listings.region[yes], days), "listed_share": share,
        "enrolment_months_median": census.medians(first_region, trials.enrolment[read]),
    }  # fmt: skip


def close_year(world: World) -> None:
    """Yearly tables of firms, sales and providers; the year's counters start again."""
    firms, positions, year = world.firms, world.positions, 2000 + world.month // 12
    rows = np.flatnonzero((firms.exited == NEVER) | (firms.spend_year > 0) | (firms.sales_year > 0))
    world.logs["firm_years"].add(
        len(rows), firm=rows, year=year, net_sales=firms.sales_year[rows], income=firms.income_year[rows],
        products=firms.products[rows], rd_spend=firms.spend_year[rows], cash=firms.cash[rows],
    )  # fmt: skip
    sold = np.flatnonzero(positions.sales_year > 0)
    world.logs["sales"].add(
        len(sold), asset=positions.asset[sold], region=positions.region[sold], year=year, firm=positions.firm[sold],
        net_sales=positions.sales_year[sold], patients=positions.patients_year[sold],
        health_gain=positions.health_year[sold],
    )  # fmt: skip
    providers = world.providers
    world.logs["providers"].add(len(providers), provider=np.arange(len(providers)), year=year,
    clients=providers.clients.copy(),
                                utilisation=providers.utilisation.copy(), price=providers.price.copy())  # fmt: skip
    for table, names in ((firms, ("sales_year", "income_year", "spend_year")),
                         (positions, ("sales_year", "patients_year", "health_year"))):  # fmt: skip
        for name in names:
            getattr(table, name)[:] = 0.0
