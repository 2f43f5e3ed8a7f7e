"""What of a month is no figure: who leads, who dealt with whom, and what is worth a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from model.clock import NEVER, month_label
from model.labels import AREAS, MODALITIES, REGIONS, REGULATORS, STATES
from model.observation.entities import DEAL_KINDS, deal_of
from model.observation.names import firm_names
from model.world import World
from viz.numbers import money

LEADERS = 10
MOST_NEWS = 4
"""Events of a month that are told."""
ACQUISITION = DEAL_KINDS.index("acquisition")
DEALS = {
    "licence": "{seller} licenses {what} to {buyer}", "codevelopment": "{seller} and {buyer} develop {what} together",
    "copromotion": "{seller} and {buyer} are to sell {what} together",
    "option": "{buyer} takes an option on {what} of {seller}",
    "newco": "{seller} puts {what} into a new company, {buyer}", "asset_sale": "{seller} sells {what} to {buyer}",
}  # fmt: skip
PHASES = {"phase1": " in Phase I", "phase2": " in Phase II", "phase3": " in Phase III", "filed": " under review"}
KINDS = {"small_molecule": "small molecule", "mab": "antibody", "adc": "ADC", "mrna": "mRNA", "other": "medicine"}
FIELDS = {"other_pain_msk_womens": "pain and women's health", "autoimmune_immunology": "immunology",
          "metabolic_endocrine": "metabolism", "urology_renal": "urology", "rare_genetic": "rare disease"}  # fmt: skip


@dataclass(frozen=True)
class News:
    """One thing that happened; ``about`` names whose causal log tells why (``deal:12``), ``weight`` how large it is."""

    month: str
    kind: str
    text: str
    about: str
    weight: float

    def record(self) -> dict[str, Any]:
        """For the page."""
        return asdict(self)


@lru_cache(maxsize=20_000)
def name(identity: int) -> str:
    """Name of a firm."""
    return firm_names(np.array([identity]))[0]


def firm(world: World, row: int) -> str:
    """Name and home of a firm by its row."""
    return f"{name(int(world.firms.firm[row]))} ({REGIONS[world.firms.home[row]]})"


def medicine(world: World, row: int, phase: str = "") -> str:
    """What a candidate is, in words, and in which phase."""
    assets = world.assets
    kind, field = MODALITIES[assets.modality[row]], AREAS[assets.area[row]]
    words = [KINDS.get(kind, kind.replace("_", " "))]
    if field != "vaccines":
        words.insert(0, FIELDS.get(field, field.replace("_", " ")))
    if phase == "preclinical":
        words.insert(0, phase)
    text = " ".join(words)
    return f"{'an' if text[0] in 'aeiouA' else 'a'} {text}{PHASES.get(phase, '')}"


def leaders(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the firms with the largest sales of a year, largest first, and the sales in million US$."""
    alive = np.flatnonzero(world.firms.exited == NEVER)
    sales = world.firms.sales_12[alive]
    best = np.argsort(sales)[::-1][:LEADERS]
    return alive[best], sales[best]


def flows(world: World, month: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Between regions in a month, (from, to): headline of deals (million US$), their number, filings abroad."""
    deals, filings = world.deals, world.filings
    signed = slice(*np.searchsorted(deals.month, [month, month + 1]))
    pair = deals.seller_home[signed].astype(int) * 10 + deals.buyer_home[signed]
    headline = (deals.upfront + deals.exercise + deals.development + deals.commercial)[signed]
    filed = np.flatnonzero(filings.submitted == month)
    route = world.assets.origin[filings.asset[filed]].astype(int) * 10 + filings.regulator[filed]
    worth = np.bincount(pair, weights=headline, minlength=100)
    return tuple(part.reshape(10, 10) for part in (worth, np.bincount(pair, minlength=100),
                                                   np.bincount(route, minlength=100)))  # type: ignore[return-value]  # fmt: skip


def news(world: World, month: int) -> list[News]:
    """The most important events of a month, at most :data:`MOST_NEWS`."""
    found = [*deals_told(world, month), *approvals_told(world, month), *withdrawals_told(world, month)]
    return sorted(found, key=lambda one: -one.weight)[:MOST_NEWS]


def deals_told(world: World, month: int) -> Iterator[News]:
    """The largest contracts and takeovers."""
    deals = world.deals
    first, stop = np.searchsorted(deals.month, [month, month + 1])
    headline = (deals.upfront + deals.exercise + deals.development + deals.commercial)[first:stop]
    for place in np.argsort(headline)[::-1][:MOST_NEWS].tolist():
        row, worth = first + place, float(headline[place])
        about = f"deal:{deal_of(world, np.array([row]))[0]}"
        seller, buyer = firm(world, deals.seller[row]), firm(world, deals.buyer[row])
        if deals.kind[row] == ACQUISITION:
            text = f"{buyer} buys {seller} for {money(worth)}"
            yield News(month_label(month), "acquisition", text, about, worth)
        else:
            what = medicine(world, deals.asset[row], STATES[deals.phase[row]])
            text = DEALS[DEAL_KINDS[deals.kind[row]]].format(seller=seller, buyer=buyer, what=what)
            terms = f"{money(worth)} headline, {money(float(deals.upfront[row]))} upfront"
            yield News(month_label(month), "deal", f"{text}: {terms}", about, worth)


def approvals_told(world: World, month: int) -> Iterator[News]:
    """Medicines approved somewhere for the first time."""
    assets, filings = world.assets, world.filings
    for row in np.flatnonzero(assets.first_approval == month)[:MOST_NEWS].tolist():
        where = filings.regulator[(filings.asset == row) & (filings.decided == month) & (filings.outcome == 1)]
        agency = REGULATORS[where[0]] if len(where) else "A regulator"
        text = f"{agency} is the first to approve {medicine(world, row)} of {firm(world, assets.sponsor[row])}"
        weight = 900.0 if assets.novel[row] else 300.0
        yield News(month_label(month), "approval", text, f"asset:{assets.asset[row]}", weight)


def withdrawals_told(world: World, month: int) -> Iterator[News]:
    """Medicines that left a market for safety."""
    log = world.logs["withdrawals"]
    for place in np.flatnonzero((log.column("month") == month) & (log.column("reason") == 0))[:1].tolist():
        asset, region = (int(log.column(name)[place]) for name in ("asset", "region"))
        text = f"{medicine(world, asset).capitalize()} is withdrawn for safety in {REGIONS[region]}"
        yield News(month_label(month), "withdrawal", text, f"asset:{world.assets.asset[asset]}", 700.0)
