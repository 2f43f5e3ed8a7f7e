"""Result tables as DataFrames, with the columns and labels that the surface promises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from agents.decisions.policy import MEASURES
from model.clock import dates
from model.labels import AREAS, MODALITIES, PAYERS, REGIONS, REGULATORS, STATES
from model.mechanisms.alliances.log import EVENTS as ALLIANCE_EVENTS
from model.observation.names import firm_names
from model.observation.recorder import INDICATORS, REGIONAL
from model.observation.texts import render
from model.world import World

KINDS = ("biotech", "pharma")
EXIT_REASONS = (None, "insolvency", "acquired", "wound up")
END_REASONS = (None, "efficacy", "safety", "strategy", "money", "refused", "off the market", "preclinical failure")
TRIAL_OUTCOMES = ("running", "success", "failure", "terminated")
FILING_OUTCOMES = ("pending", "approved", "refused", "withdrawn")
LISTING_OUTCOMES = ("pending", "listed", "refused")
PATHWAYS = ("standard", "expedited", "reliance")
MODES = ("originator", "licensee", "copromotion", "acquirer")
DEAL_KINDS = ("licence", "codevelopment", "copromotion", "option", "newco", "asset_sale", "acquisition")
DEAL_ENDS = (None, "failure", "partner gone", "acquired", "expired", "terminated", "returned", "sold")
TRIGGERS = ("upfront", "development", "commercial", "royalty", "cost share", "acquisition", "exercise", "profit share",
            "equity", "reversion")  # fmt: skip
WITHDRAWALS = ("safety", "commercial")
PROVIDER_KINDS = ("cro", "cdmo", "ai")
ROUTES = ("alone", "regional", "ex-home", "global", "option", "newco", "sale")
GATE_ANSWERS = ("stop", "go", "wait")
EVENTS = ("", "approval", "launch", "withdrawal", "licence", "acquisition", "exit")


def labels(codes: np.ndarray, names: tuple[str | None, ...]) -> Any:
    """Codes as a categorical column; a code whose name is None becomes null."""
    known = [name for name in names if name is not None]
    shift = len(names) - len(known)
    return pd.Categorical.from_codes(np.asarray(codes, np.int64) - shift, categories=pd.Index(known))


def region_lists(bits: np.ndarray) -> list[list[str]]:
    """Region bits as lists of labels."""
    lists = [[name for i, name in enumerate(REGIONS) if code >> i & 1] for code in range(1024)]
    return [lists[code] for code in bits]


def months(column: np.ndarray) -> np.ndarray:
    """Month numbers as first-of-month dates, open ones null."""
    return dates(np.asarray(column))


def indicators(world: World) -> pd.DataFrame:
    """World figures, one row per month."""
    recorder = world.recorder
    frame = pd.DataFrame(recorder.indicators[: recorder.months], columns=list(INDICATORS))
    frame.insert(0, "month", dates(np.arange(recorder.months)))
    return frame


def regional(world: World) -> pd.DataFrame:
    """Regional figures, one row per month and region."""
    recorder = world.recorder
    values = recorder.regional[: recorder.months].reshape(-1, len(REGIONAL))
    frame = pd.DataFrame(values, columns=list(REGIONAL))
    frame.insert(0, "month", np.repeat(dates(np.arange(recorder.months)), len(REGIONS)))
    frame.insert(1, "region", labels(np.tile(np.arange(len(REGIONS)), recorder.months), REGIONS))
    return frame


def firms(world: World) -> pd.DataFrame:
    """Firms of all times."""
    table = world.firms
    return pd.DataFrame({
        "firm": table.firm, "name": firm_names(table.firm), "kind": labels(table.kind, KINDS),
        "home": labels(table.home, REGIONS), "founded": months(table.founded), "exited": months(table.exited),
        "exit_reason": labels(table.exit_reason, EXIT_REASONS), "listed": table.listed, "cash": table.cash,
    })  # fmt: skip


def assets(world: World) -> pd.DataFrame:
    """Assets of all times."""
    table = world.assets
    return pd.DataFrame({
        "asset": table.asset, "originator": world.firms.firm[table.originator],
        "origin_region": labels(table.origin, REGIONS), "owner": world.firms.firm[table.sponsor],
        "area": labels(table.area, AREAS), "indication": indication_names(world, table.indication),
        "modality": labels(table.modality, MODALITIES),
        "novelty": labels(table.novel.astype(int), ("follower", "first in class")), "orphan": table.orphan,
        "biomarker": table.biomarker, "started": months(table.started), "phase": labels(table.phase, STATES),
        "ended": months(table.ended), "end_reason": labels(table.end_reason, END_REASONS),
        "first_approval": months(table.first_approval),
    })  # fmt: skip


def indication_names(world: World, codes: np.ndarray) -> Any:
    """Indications by name (a large world holds several markets of one name)."""
    names = world.indications.name
    known = sorted(set(names))
    return pd.Categorical.from_codes(np.searchsorted(known, names)[codes], categories=pd.Index(known))


def trials(world: World) -> pd.DataFrame:
    """Clinical programmes: one row per asset and phase."""
    table = world.trials
    return pd.DataFrame({
        "trial": np.arange(len(table)), "asset": world.assets.asset[table.asset], "phase": labels(table.phase, STATES),
        "sponsor": world.firms.firm[table.sponsor], "started": months(table.started), "ended": months(table.ended),
        "regions": region_lists(table.regions), "patients": table.patients, "cost": table.cost,
        "startup_months": table.startup, "enrolment_months": table.enrolment, "paperwork_months": table.paperwork,
        "outcome": labels(table.outcome, TRIAL_OUTCOMES),
    })  # fmt: skip


def filings(world: World) -> pd.DataFrame:
    """One row per asset and regulator."""
    table = world.filings
    return pd.DataFrame({
        "asset": world.assets.asset[table.asset], "regulator": labels(table.regulator, REGULATORS),
        "filer": world.firms.firm[table.filer], "submitted": months(table.submitted), "decided": months(table.decided),
        "cycles": table.cycles, "pathway": labels(table.pathway, PATHWAYS), "coordinated": table.coordinated,
        "outcome": labels(table.outcome, FILING_OUTCOMES), "days": table.days,
    })  # fmt: skip


def listings(world: World) -> pd.DataFrame:
    """One row per asset and payer."""
    table = world.listings
    return pd.DataFrame({
        "asset": world.assets.asset[table.asset], "payer": labels(table.payer, PAYERS),
        "region": labels(table.region, REGIONS),
        "started": months(table.started), "decided": months(table.decided), "outcome": labels(table.outcome,
        LISTING_OUTCOMES),
        "net_price": table.price, "discount": table.discount,
    })  # fmt: skip


def launches(world: World) -> pd.DataFrame:
    """One row per asset and region on the market."""
    table = world.positions
    rows = np.flatnonzero(~table.mature)
    return pd.DataFrame({
        "asset": world.assets.asset[table.asset[rows]], "region": labels(table.region[rows], REGIONS),
        "firm": world.firms.firm[table.firm[rows]], "mode": labels(table.mode[rows], MODES),
        "month": months(table.launched[rows]),
    })  # fmt: skip


def deal_ids(world: World, rows: np.ndarray) -> np.ndarray:
    """Identity of contracts: asset and ordinal packed, -1 for none."""
    deals = world.deals
    rows = np.asarray(rows, np.int64)
    if not len(deals):
        return np.full(len(rows), -1)
    identity = (world.assets.asset[deals.asset] << 8) | deals.ordinal
    return np.where(rows >= 0, identity[np.maximum(rows, 0)], -1)


def deals(world: World) -> pd.DataFrame:
    """Contracts between firms."""
    table = world.deals
    return pd.DataFrame({
        "deal": deal_ids(world, np.arange(len(table))), "month": months(table.month), "kind": labels(table.kind,
        DEAL_KINDS),
        "seller": world.firms.firm[table.seller], "buyer": world.firms.firm[table.buyer],
        "seller_home": labels(table.seller_home, REGIONS), "buyer_home": labels(table.buyer_home, REGIONS),
        "asset": world.assets.asset[table.asset], "phase": labels(table.phase, STATES),
        "territory": region_lists(table.territory), "upfront": table.upfront,
        "milestones": table.exercise + table.development + table.commercial, "royalty": table.royalty,
        "headline": table.upfront + table.exercise + table.development + table.commercial, "paid": table.paid,
        "cross_border": table.seller_home != table.buyer_home, "ended": months(table.ended),
        "end_reason": labels(table.end_reason, DEAL_ENDS),
    })  # fmt: skip


def payments(world: World) -> pd.DataFrame:
    """Every payment under a contract."""
    log = world.logs["payments"].arrays()
    firm = world.firms.firm
    return pd.DataFrame({
        "deal": deal_ids(world, log["deal"]), "month": months(log["month"]), "trigger": labels(log["trigger"],
        TRIGGERS),
        "payer": firm[log["payer"].astype(int)], "payee": firm[log["payee"].astype(int)],
        "amount": log["amount"].astype(float),
    })  # fmt: skip


def firm_years(world: World) -> pd.DataFrame:
    """Firms by year."""
    log = world.logs["firm_years"].arrays()
    return pd.DataFrame(
        {**log, "firm": world.firms.firm[log["firm"].astype(int)], "year": log["year"].astype(np.int16)}
    )


def sales(world: World) -> pd.DataFrame:
    """Sales by asset, region and year."""
    log = world.logs["sales"].arrays()
    return pd.DataFrame({
        **log, "asset": world.assets.asset[log["asset"].astype(int)], "region": labels(log["region"], REGIONS),
        "year": log["year"].astype(np.int16), "firm": world.firms.firm[log["firm"].astype(int)],
    })  # fmt: skip


def withdrawals(world: World) -> pd.DataFrame:
    """Products that left the market."""
    log = world.logs["withdrawals"].arrays()
    return pd.DataFrame({
        "asset": world.assets.asset[log["asset"].astype(int)], "region": labels(log["region"], REGIONS),
        "month": months(log["month"]), "reason": labels(log["reason"], WITHDRAWALS),
        "patients_exposed": log["patients_exposed"].astype(float),
    })  # fmt: skip


def tensions(world: World) -> pd.DataFrame:
    """Tension and measures by pair of regions, yearly."""
    log = world.logs["tensions"].arrays()
    return pd.DataFrame({
        "month": months(log["month"]), "a": labels(log["a"], REGIONS), "b": labels(log["b"], REGIONS),
        "level": log["level"].astype(float), "measures": measures(log),
    })  # fmt: skip


def measures(log: dict[str, np.ndarray]) -> list[list[str]]:
    """Measures in force between two regions, as ``US.tariff`` (who took it, what)."""
    names = [f"{side}.{measure}" for side in "ab" for measure in MEASURES]
    found = []
    for a, b, code in zip(log["a"], log["b"], log["measures"], strict=True):
        ends = {"a": REGIONS[int(a)], "b": REGIONS[int(b)]}
        found.append([f"{ends[name[0]]}{name[1:]}" for bit, name in enumerate(names) if int(code) >> bit & 1])
    return found


def providers(world: World) -> pd.DataFrame:
    """Service providers by year."""
    log, table = world.logs["providers"].arrays(), world.providers
    rows = log["provider"].astype(int)
    return pd.DataFrame({
        "provider": rows, "home": labels(table.region[rows], REGIONS), "kind": labels(table.kind[rows], PROVIDER_KINDS),
        "year": log["year"].astype(np.int16), "clients": log["clients"].astype(float),
        "utilisation": log["utilisation"].astype(float), "price": log["price"].astype(float),
    })  # fmt: skip


def alliances(world: World) -> pd.DataFrame:
    """Alliances: their trust and belief gap at each event and at the end of each year."""
    log = world.logs["alliances"].arrays()
    return pd.DataFrame({
        "deal": deal_ids(world, log["deal"]), "month": months(log["month"]), "trust": log["trust"].astype(float),
        "belief_gap": log["belief_gap"].astype(float), "event": labels(log["event"], ALLIANCE_EVENTS),
    })  # fmt: skip


def readouts(world: World) -> pd.DataFrame:
    """Ends of phases: chance of success, luck (success where it exceeds 1 - chance), the public signal afterwards."""
    log = world.logs["readouts"].arrays()
    return pd.DataFrame({
        "asset": world.assets.asset[log["asset"].astype(int)], "month": months(log["month"]),
        "phase": labels(log["phase"], STATES), "chance": log["chance"].astype(float), "luck": log["luck"].astype(float),
        "signal": log["signal"].astype(float), "success": log["success"].astype(bool),
    })  # fmt: skip


def gates(world: World) -> pd.DataFrame:
    """Sponsors before the next phase: worth and cost of it, money at hand, million US$, and what they answered."""
    log = world.logs["gates"].arrays()
    return pd.DataFrame({
        "asset": world.assets.asset[log["asset"].astype(int)], "month": months(log["month"]),
        "phase": labels(log["phase"], STATES), "answer": labels(log["answer"], GATE_ANSWERS),
        "value": log["value"].astype(float), "cost": log["cost"].astype(float), "money": log["money"].astype(float),
    })  # fmt: skip


def offers(world: World) -> pd.DataFrame:
    """What owners offered to partners: months of cash, worth of keeping it, bids, million US$, and who got it."""
    log = world.logs["offers"].arrays()
    firm = np.append(world.firms.firm, -1)
    return pd.DataFrame({
        "month": months(log["month"]), "asset": world.assets.asset[log["asset"].astype(int)],
        "seller": firm[log["seller"].astype(int)], "route": labels(log["route"], ROUTES),
        "runway": log["runway"].astype(float), "kept": log["kept"].astype(float),
        "bidders": log["bidders"].astype(np.int16), "best": log["best"].astype(float),
        "second": log["second"].astype(float), "buyer": firm[log["buyer"].astype(int)],
    })  # fmt: skip


def events(world: World) -> pd.DataFrame:
    """What happened, with a sentence rendered from the ids."""
    log = {name: np.asarray(column) for name, column in world.logs["events"].arrays().items()}
    firm = np.append(world.firms.firm, -1)
    asset = np.append(world.assets.asset, -1)
    frame = pd.DataFrame({
        "month": months(log["month"]), "kind": labels(log["kind"], EVENTS), "region": labels(log["region"], REGIONS),
        "firm": firm[log["firm"].astype(int)], "partner": firm[log["partner"].astype(int)],
        "asset": asset[log["asset"].astype(int)], "deal": deal_ids(world, log["deal"]),
    })  # fmt: skip
    frame["text"] = render(frame)
    return frame


BUILDERS: dict[str, Callable[[World], pd.DataFrame]] = {
    "indicators": indicators, "regional": regional, "firms": firms, "firm_years": firm_years, "assets": assets,
    "trials": trials, "filings": filings, "listings": listings, "launches": launches, "deals": deals,
    "payments": payments, "alliances": alliances, "sales": sales, "withdrawals": withdrawals, "tensions": tensions,
    "providers": providers, "events": events, "readouts": readouts, "gates": gates,
    "offers": offers,
}  # fmt: skip
TABLES = tuple(BUILDERS)


def table(world: World, name: str) -> pd.DataFrame:
    """One of the tables. Raises KeyError with the known names."""
    if name not in BUILDERS:
        raise KeyError(f"no table {name!r}; there are {', '.join(TABLES)}")
    return BUILDERS[name](world)
