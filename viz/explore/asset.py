"""The page of an asset: its way from the laboratory to the market, who holds it where, what it sells."""

from __future__ import annotations

from typing import Any

import pandas as pd

from experiments.story import CAUSES, PHASES, asset_story
from model.labels import REGIONS, REGULATORS
from viz.explore import figures, lanes
from viz.explore.contracts import contract_listing
from viz.explore.source import Source
from viz.explore.views import Fact, Figure, Listing, Ref, View, label, words
from viz.explore.words import places, plain
from viz.numbers import money

REGION_OF = dict(zip(REGULATORS, REGIONS))
SHARED = ("licence", "codevelopment", "newco", "option", "copromotion")
"""Contracts by which another firm than the owner sells, or may."""
EXIT_OF_THE_UK = 2021
LANES = (
    "Programmes (green went on, orange failed, grey stopped), files at regulators, regions on the market, contracts; "
    "from the tables trials, filings, launches, deals"
)
FATES = {"success": "@s2", "failure": "@s1", "terminated": "@still", "running": "@s5"}


def asset_view(source: Source, asset: int) -> View:
    """Everything about an asset that is in the tables."""
    row = source.rows("assets", asset=asset).iloc[0]
    deals, launches = source.rows("deals", asset=asset), source.rows("launches", asset=asset)
    sales = source.rows("sales", asset=asset)
    return View(
        "asset", asset, f"Asset {asset}", _subtitle(row), _facts(source, row, sales),
        (*_timeline(source, row, deals, launches), *_sales(sales)),
        (rights(source, row, deals, launches, sales), contract_listing(source, deals)),
        tuple(asset_story(source, asset)),
    )  # fmt: skip


def name(row: Any) -> str:
    """An asset in few words."""
    return f"{words(row.modality)} for {row.indication}"


def _subtitle(row: Any) -> str:
    traits = [text for text, true in (("orphan", row["orphan"]), ("with a biomarker", row["biomarker"])) if true]
    return ", ".join([f"{words(row['modality'])} for {row['indication']} ({words(row['area'])})", str(row["novelty"]),
                      *traits])  # fmt: skip


def _facts(source: Source, row: Any, sales: pd.DataFrame) -> tuple[Fact, ...]:
    fate = words(row["phase"]) if pd.isna(row["ended"]) else f"ended {label(row['ended'])}"
    facts = [
        Fact("State", fate),
        *(
            [Fact("Why it ended", CAUSES.get(row["end_reason"], words(row["end_reason"])))]
            if pd.notna(row["ended"])
            else []
        ),
        Fact("Started by", source.firm(row["originator"]), Ref("firm", int(row["originator"]), "")),
        Fact("Led by", source.firm(row["owner"]), Ref("firm", int(row["owner"]), "")),
        Fact("Started", label(row["started"])),
        Fact("First approval", label(row["first_approval"])),
    ]
    if len(sales):
        peak = sales.groupby("year")["net_sales"].sum()
        facts.append(Fact("Best year", f"{money(peak.max())} in {peak.idxmax()}"))
    return tuple(facts)


def _timeline(source: Source, row: Any, deals: pd.DataFrame, launches: pd.DataFrame) -> list[Figure]:
    now = lanes.number(source.months()[1])
    asset = int(row["asset"])
    spans = [*_development(source, asset, now), *_reviews(source, asset, now), *_markets(source, asset, launches, now),
             *_contracts(source, deals, now)]  # fmt: skip
    known = [one for one in spans if one is not None]
    if not known:
        return []
    return [Figure("Timeline", LANES, lanes.option(known, now), lanes.height(known))]


def _development(source: Source, asset: int, now: float) -> list[lanes.Span | None]:
    found = []
    for one in source.each("trials", asset=asset):
        fate = f"{one.outcome}, {plain(one.patients)} patients"
        text = f"{PHASES[one.phase]}, {label(one.started)} to {label(one.ended)}: {fate}"
        found.append(lanes.span("Trials", one.started, one.ended, now, text, FATES[str(one.outcome)]))
    return found


def _reviews(source: Source, asset: int, now: float) -> list[lanes.Span | None]:
    found = []
    for one in source.each("filings", asset=asset):
        region = REGION_OF[str(one.regulator)]
        text = f"{one.regulator}, {label(one.submitted)} to {label(one.decided)}: {one.outcome}, {one.pathway}"
        found.append(lanes.span(f"Review {region}", one.submitted, one.decided, now, text, f"@{region}"))
    return found


def _markets(source: Source, asset: int, launches: pd.DataFrame, now: float) -> list[lanes.Span | None]:
    gone = source.rows("withdrawals", asset=asset)
    left = dict(zip(gone["region"].astype(str), gone["month"])) if len(gone) else {}
    found = []
    one: Any
    for one in launches.sort_values("month").itertuples():
        end = left.get(str(one.region), pd.NaT)
        text = f"{one.region}: launched {label(one.month)} by {source.firm(one.firm)} as {one.mode}"
        found.append(lanes.span(f"Market {one.region}", one.month, end, now, text, f"@{one.region}"))
    return found


def _contracts(source: Source, deals: pd.DataFrame, now: float) -> list[lanes.Span | None]:
    found = []
    for _, one in deals.iterrows():
        text = (f"{words(one['kind'])} with {source.firm(one['buyer'])} for {places(list(one['territory']))}, "
                f"{label(one['month'])} to {label(one['ended'])}")  # fmt: skip
        found.append(lanes.span("Contracts", one["month"], one["ended"], now, text, "@s3"))
    return found


def _sales(sales: pd.DataFrame) -> list[Figure]:
    if not len(sales):
        return []
    table = sales.pivot_table(index="year", columns="region", values="net_sales", aggfunc="sum", observed=True)
    words_ = "By region and year; US$ of the year, at invoice level, before rebates; from the table sales"
    return [Figure("Net sales", words_, figures.columns(table, unit="US$", number="fn:money"))]


RIGHTS = ("Region", "Held by", "Under", "Approved", "Payers that list it", "Launched", "As", "Net sales")


def rights(source: Source, row: Any, deals: pd.DataFrame, launches: pd.DataFrame, sales: pd.DataFrame) -> Listing:
    """Region by region: who may sell it, since when it is approved, paid for and sold, and how much."""
    filings, listings = source.rows("filings", asset=row["asset"]), source.rows("listings", asset=row["asset"])
    rows = [_right(source, region, row, deals, launches, sales, filings, listings) for region in REGIONS]
    last = f", sales of {sales['year'].max()}" if len(sales) else ""
    return Listing("Rights by region", f"Who holds it by contracts in force{last}",
                   RIGHTS, rows, frozenset(["Net sales"]))  # fmt: skip


def _right(source: Source, region: str, row: Any, deals: pd.DataFrame, launches: pd.DataFrame, sales: pd.DataFrame,
           filings: pd.DataFrame, listings: pd.DataFrame) -> tuple[str | Ref, ...]:  # fmt: skip
    contract = holder(region, deals)
    firm = int(row["owner"] if contract is None else contract["buyer"])
    under: str | Ref = "own" if contract is None else Ref("deal", int(contract["deal"]), words(contract["kind"]))
    decided = filings[(filings["regulator"].map(REGION_OF.get) == region) & (filings["outcome"] == "approved")]
    asked = listings[listings["region"] == region]
    started = launches[launches["region"] == region]
    sold = sales[(sales["region"] == region) & (sales["year"] == sales["year"].max())]["net_sales"].sum()
    return (
        region, Ref("firm", firm, source.firm(firm)), under,
        approved(region, decided, filings),
        f"{int((asked['outcome'] == 'listed').sum())} of {len(asked)}" if len(asked) else "–",
        label(started["month"].min()) if len(started) else "–",
        str(started["mode"].iloc[0]) if len(started) else "–", money(sold) if sold else "–",
    )  # fmt: skip


def approved(region: str, own: pd.DataFrame, filings: pd.DataFrame) -> str:
    """The month of approval; until 2020 that of the EU held for the UK too."""
    if len(own):
        return label(own["decided"].min())
    european = filings[(filings["regulator"] == "EMA") & (filings["outcome"] == "approved")]["decided"]
    inherited = region == "UK" and len(european) and european.min().year < EXIT_OF_THE_UK
    return f"{label(european.min())}, with the EU" if inherited else "–"


def holder(region: str, deals: pd.DataFrame) -> Any | None:
    """The contract in force that gives the rights of a region to another firm: the latest, shared ones last."""
    if not len(deals):
        return None
    there = deals[deals["territory"].map(lambda regions: region in list(regions))]
    alive = there[there["ended"].isna() & there["kind"].isin(SHARED)]
    alone = alive[alive["kind"] != "copromotion"]
    best = alive if alone.empty else alone
    return None if best.empty else best.sort_values("month").iloc[-1]
