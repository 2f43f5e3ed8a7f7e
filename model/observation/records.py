"""Result tables made from the records: what was paid, sold, decided and told in the course of time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from agents.decisions.policy import MEASURES
from model.labels import REGIONS, STATES
from model.mechanisms.alliances.log import EVENTS as ALLIANCE_EVENTS
from model.observation.columns import flags, labels, listed, months, numbers
from model.observation.entities import asset_of, deal_of, firm_of
from model.observation.texts import EVENTS, render
from model.world import World

TRIGGERS = ("upfront", "development", "commercial", "royalty", "cost share", "acquisition", "exercise", "profit share",
            "equity", "reversion")  # fmt: skip
WITHDRAWALS = ("safety", "commercial", "unconfirmed")
PROVIDER_KINDS = ("cro", "cdmo", "ai")
ROUTES = ("alone", "regional", "ex-home", "global", "option", "newco", "sale")
GATE_ANSWERS = ("stop", "go", "wait")


def payments(world: World) -> pa.Table:
    """Every payment under a contract."""
    log = world.logs["payments"]
    return pa.table({
        "deal": deal_of(world, log.column("deal")), "month": months(log.column("month")),
        "trigger": labels(log.column("trigger"), TRIGGERS), "payer": firm_of(world, log.column("payer")),
        "payee": firm_of(world, log.column("payee")), "amount": numbers(log.column("amount")),
    })  # fmt: skip


def firm_years(world: World) -> pa.Table:
    """Firms by year."""
    log = world.logs["firm_years"]
    plain = ("year", "net_sales", "income", "products", "rd_spend", "cash")
    return pa.table({"firm": firm_of(world, log.column("firm")), **{name: numbers(log.column(name)) for name in plain}})


def sales(world: World) -> pa.Table:
    """Sales by asset, region and year."""
    log = world.logs["sales"]
    return pa.table({
        "asset": asset_of(world, log.column("asset")), "region": labels(log.column("region"), REGIONS),
        "year": numbers(log.column("year")), "firm": firm_of(world, log.column("firm")),
        **{name: numbers(log.column(name)) for name in ("net_sales", "patients", "health_gain")},
    })  # fmt: skip


def withdrawals(world: World) -> pa.Table:
    """Products that left the market."""
    log = world.logs["withdrawals"]
    return pa.table({
        "asset": asset_of(world, log.column("asset")), "region": labels(log.column("region"), REGIONS),
        "month": months(log.column("month")), "reason": labels(log.column("reason"), WITHDRAWALS),
        "patients_exposed": numbers(log.column("patients_exposed")),
    })  # fmt: skip


def tensions(world: World) -> pa.Table:
    """Tension and measures by pair of regions, yearly."""
    log = world.logs["tensions"]
    return pa.table({
        "month": months(log.column("month")), "a": labels(log.column("a"), REGIONS),
        "b": labels(log.column("b"), REGIONS), "level": numbers(log.column("level")),
        "measures": measures(log.column("a"), log.column("b"), log.column("measures")),
    })  # fmt: skip


def measures(a: np.ndarray, b: np.ndarray, bits: np.ndarray) -> pa.Array:
    """Measures in force between two regions, as ``US.tariff`` (who took it, what)."""
    number = len(MEASURES)
    row, bit = np.nonzero(bits[:, None] >> np.arange(2 * number) & 1)
    taken_by = np.where(bit < number, a[row], b[row])
    ends = np.searchsorted(row, np.arange(len(bits) + 1))
    names = tuple(f"{region}.{measure}" for region in REGIONS for measure in MEASURES)
    return listed(ends, taken_by * number + bit % number, names)


def providers(world: World) -> pa.Table:
    """Service providers by year."""
    log, table = world.logs["providers"], world.providers
    rows = log.column("provider")
    return pa.table({
        "provider": numbers(rows.astype(np.int64)), "home": labels(table.region[rows], REGIONS),
        "kind": labels(table.kind[rows], PROVIDER_KINDS),
        **{name: numbers(log.column(name)) for name in ("year", "clients", "utilisation", "price")},
    })  # fmt: skip


def alliances(world: World) -> pa.Table:
    """Alliances: their trust and belief gap at each event and at the end of each year."""
    log = world.logs["alliances"]
    return pa.table({
        "deal": deal_of(world, log.column("deal")), "month": months(log.column("month")),
        "trust": numbers(log.column("trust").astype(float)),
        "belief_gap": numbers(log.column("belief_gap").astype(float)),
        "event": labels(log.column("event"), ALLIANCE_EVENTS),
    })  # fmt: skip


def readouts(world: World) -> pa.Table:
    """Ends of phases: chance of success, luck (success where it exceeds 1 - chance), the public signal afterwards."""
    log = world.logs["readouts"]
    return pa.table({
        "asset": asset_of(world, log.column("asset")), "month": months(log.column("month")),
        "phase": labels(log.column("phase"), STATES), "chance": numbers(log.column("chance")),
        "luck": numbers(log.column("luck")), "signal": numbers(log.column("signal").astype(float)),
        "success": flags(log.column("success")),
    })  # fmt: skip


def gates(world: World) -> pa.Table:
    """Sponsors before the next phase: worth and cost of it, money at hand, million US$, and what they answered."""
    log = world.logs["gates"]
    return pa.table({
        "asset": asset_of(world, log.column("asset")), "month": months(log.column("month")),
        "phase": labels(log.column("phase"), STATES), "answer": labels(log.column("answer"), GATE_ANSWERS),
        **{name: numbers(log.column(name)) for name in ("value", "cost", "money")},
    })  # fmt: skip


def offers(world: World) -> pa.Table:
    """What owners offered to partners: months of cash, worth of keeping it, bids, million US$, and who got it."""
    log = world.logs["offers"]
    return pa.table({
        "month": months(log.column("month")), "asset": asset_of(world, log.column("asset")),
        "seller": firm_of(world, log.column("seller")), "route": labels(log.column("route"), ROUTES),
        **{name: numbers(log.column(name)) for name in ("runway", "kept", "bidders", "best", "second")},
        "buyer": firm_of(world, log.column("buyer")),
    })  # fmt: skip


def events(world: World) -> pa.Table:
    """What happened, with a sentence rendered from the ids."""
    table = coded_events(world)
    return table.append_column("text", render(table, world.logs["events"].column("kind")))


def coded_events(world: World, first: int = 0) -> pa.Table:
    """What happened from the month ``first`` on, without sentences."""
    log = world.logs["events"]
    table = pa.table({
        "month": months(log.column("month")), "kind": labels(log.column("kind"), EVENTS),
        "region": labels(log.column("region"), REGIONS), "firm": firm_of(world, log.column("firm")),
        "partner": firm_of(world, log.column("partner")), "asset": asset_of(world, log.column("asset")),
        "deal": deal_of(world, log.column("deal")),
    })  # fmt: skip
    return table.filter(pa.array(log.column("month") >= first)) if first else table
