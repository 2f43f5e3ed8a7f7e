"""Views on access, sales, deals and firms: tables of a run with what experiments select by, and a ``year``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.claims.record import Record, born, distinct, months_between, sizes, view, years
from experiments.claims.views_research import traits
from model.labels import REGIONS
from model.mechanisms.credit import mission
from model.observation.entities import launched


@view
def launches(record: Record) -> pd.DataFrame:
    """Launches by year, with mode and how long after the first approval."""
    frame = record.table("launches").assign(protected_years=_protected(record)).merge(traits(record), on="asset")
    firms = record.table("firms").set_index("firm")
    return frame.assign(
        year=years(frame.month),
        abroad=frame.region != frame.origin_region,
        solo=frame["mode"] == "originator",
        after=months_between(frame.first_approval, frame.month),
        firm_home=frame.firm.map(firms.home),
        firm_born=frame.firm.map(born(firms)),
        partnered=frame["mode"] != "originator",
    )


def _protected(record: Record) -> np.ndarray:
    """Years from launch to the end of protection, in the order of the table of launches."""
    world = record.market.world
    positions = world.positions
    rows = launched(world)
    return np.maximum(positions.protected[rows] - positions.launched[rows], 0) / 12


@view
def listings(record: Record) -> pd.DataFrame:
    """Negotiations with payers by the year of their decision."""
    nature, launches = traits(record), record.view("launches")
    frame = record.table("listings").merge(nature, on="asset")
    launched = launches.drop_duplicates(["asset", "region"]).set_index(["asset", "region"])
    keys = pd.MultiIndex.from_frame(frame[["asset", "region"]])
    known = record.market.world.indications
    value = pd.Series(known.price, index=list(known.name)).groupby(level=0).mean()
    rivals = launches[["region", "asset", "month"]].merge(nature[["asset", "indication"]], on="asset")
    return frame.assign(
        year=years(frame.decided),
        months=months_between(frame.started, frame.decided),
        abroad=frame.region != frame.origin_region,
        rivals=_earlier(frame, rivals),
        relative_price=frame.net_price / frame.indication.map(value),
        listed=frame.outcome == "listed",
        done=frame.outcome.isin(["listed", "refused"]),
        partnered=launched.partnered.reindex(keys).to_numpy(),
    )


def _earlier(frame: pd.DataFrame, rivals: pd.DataFrame) -> np.ndarray:
    """Medicines launched in the same indication and region before each decision."""
    number = np.zeros(len(frame))
    known = {key: np.sort(dates.to_numpy()) for key, dates in rivals.groupby(["region", "indication"]).month}
    for key, rows in frame.reset_index(drop=True).groupby(["region", "indication"]).decided:
        if key in known:
            number[rows.index] = np.searchsorted(known[key], rows.to_numpy())
    return number


@view
def coverage(record: Record) -> pd.DataFrame:
    """Medicines by region: months from the first negotiation to the listing with the last payer that covers them."""
    frame = record.view("listings")
    frame = frame[frame.listed & (frame.payer.map(_public))]
    by = frame.groupby(["asset", "region"])
    spans = by.agg(
        begun=("started", "min"), first=("decided", "min"), ended=("decided", "max"), payers=("payer", "size")
    )
    spans = spans.reset_index()
    return spans.assign(
        year=years(spans["first"]),
        full_months=months_between(spans.begun, spans.ended),
        months=months_between(spans.begun, spans["first"]),
    )


def _public(payer: str) -> bool:
    """Payers that negotiate: those who pay for themselves do not."""
    return "selfpay" not in payer


@view
def sales(record: Record) -> pd.DataFrame:
    """Yearly sales by asset and region with origin, age and marketer."""
    frame = record.table("sales").merge(traits(record), on="asset")
    firms = record.view("firms").set_index("firm")
    return frame.assign(
        abroad=frame.region != frame.origin_region,
        firm_home=frame.firm.map(firms.home),
        firm_born=frame.firm.map(firms.born),
        firm_caring=frame.firm.map(firms.caring).astype(bool),
        solo=frame.firm == frame.originator,
        price=frame.net_sales / frame.patients.clip(lower=1e-9) * 1e6,
    )


def _of_headline(record: Record) -> pd.Series:
    """By deal, what was paid of what its headline announces; royalties and shared costs and profits are not in it."""
    paid = record.table("payments")
    return paid[paid.trigger.isin(["upfront", "development", "commercial"])].groupby("deal").amount.sum()


@view
def deals(record: Record) -> pd.DataFrame:
    """Deals by the year of signing."""
    frame = record.table("deals").merge(traits(record), on="asset", how="left")
    firms = record.table("firms").set_index("firm")
    frame = frame.sort_values(["month", "deal"])
    end = record.table("indicators").month.max()
    term = months_between(frame.month, frame.ended.fillna(end))
    pair = pd.Series(list(zip(frame.seller, frame.buyer, strict=True)), index=frame.index)
    signed, begun = firms.founded, record.table("assets").set_index("asset").started
    return frame.assign(
        year=years(frame.month),
        rank=frame.groupby("seller").cumcount(),
        regions=frame.territory.map(len),
        seller_born=frame.seller.map(born(firms)),
        buyer_born=frame.buyer.map(born(firms)),
        term_years=term / 12,
        over=frame.ended.notna(),
        repeat=pair.groupby(pair).cumcount() > 0,
        seller_age=months_between(frame.seller.map(signed), frame.month) / 12,
        asset_age=months_between(frame.asset.map(begun), frame.month) / 12,
        headline_paid=frame.deal.map(_of_headline(record)).fillna(0.0),
        licence=frame.kind != "acquisition",
        strategic=frame.kind.isin(["codevelopment", "copromotion", "option", "newco"]),
    )


@view
def oncology_buyers(record: Record) -> pd.DataFrame:
    """Pharma firms that licensed oncology assets: partners, approved medicines among them; year of the first deal."""
    frame = record.view("deals")
    mine = frame[frame.licence & (frame.area == "oncology") & (frame.buyer_born == "pharma")]
    by = mine.assign(good=mine.first_approval.notna()).groupby("buyer")
    return by.agg(year=("year", "min"), sellers=("seller", "nunique"), approved=("good", "sum")).reset_index()


@view
def payments(record: Record) -> pd.DataFrame:
    """Payments between partners by year."""
    frame = record.table("payments")
    return frame.assign(year=years(frame.month))


@view
def firms(record: Record) -> pd.DataFrame:
    """Firms of all times, with what they did over their lives; ``year`` is that of founding."""
    frame = record.table("firms")
    end = record.table("indicators").month.max()
    files, assets, lines = record.view("filings"), record.view("candidates"), record.table("firm_years")
    last = lines.sort_values("year").drop_duplicates("firm", keep="last").set_index("firm")
    placed = record.view("launches")
    table = record.market.world.firms
    return frame.assign(
        caring=mission(record.market.world, np.arange(len(table))) > 0,
        rounds=table.rounds,
        alliances=table.alliances,
        practice=table.practice,
        year=years(frame.founded),
        born=born(frame),
        alive=frame.exited.isna(),
        exit_year=years(frame.exited),
        age=months_between(frame.founded, frame.exited.fillna(end)) / 12,
        filed=distinct(files, "originator", "regulator", frame.firm),
        started=sizes(assets, "originator", frame.firm),
        approved=sizes(assets[assets.approved], "originator", frame.firm),
        footprint=distinct(placed, "firm", "region", frame.firm),
        sales=frame.firm.map(last.net_sales).fillna(0.0),
        sold=sizes(record.table("deals"), "seller", frame.firm),
        failed=frame.exit_reason.isin(["insolvency", "wound up"]),
    )


@view
def firm_years(record: Record) -> pd.DataFrame:
    """Yearly accounts of firms with home, and rank by sales of the year."""
    frame = record.table("firm_years")
    known = record.table("firms").set_index("firm")
    sold = sizes(record.table("deals"), "seller", frame.firm)
    rank = frame.groupby("year").net_sales.rank(ascending=False, method="min")
    return frame.assign(home=frame.firm.map(known.home), born=frame.firm.map(born(known)), sold=sold, rank=rank)


@view
def withdrawals(record: Record) -> pd.DataFrame:
    """Withdrawals by year."""
    frame = record.table("withdrawals")
    return frame.assign(year=years(frame.month))


@view
def capabilities(record: Record) -> pd.DataFrame:
    """Capabilities of firms alive at the end, one row a firm and region; ``year`` is the last played."""
    table, alive = record.market.world.firms, record.market.world.alive
    regions = list(REGIONS)
    levels = {name: getattr(table, name)[alive].ravel() for name in ("regulatory", "access", "commercial", "trust")}
    frame = pd.DataFrame(
        {"firm": np.repeat(table.firm[alive], len(regions)), "region": np.tile(regions, len(alive)), **levels}
    )
    known = record.view("firms").set_index("firm")
    for name in ("home", "kind", "born", "age", "sold"):
        frame[name] = frame.firm.map(known[name])
    for name in ("know_how", "reputation"):
        frame[name] = np.repeat(getattr(table, name)[alive], len(regions))
    return frame.assign(year=float(record.table("indicators").month.max().year))


@view
def providers(record: Record) -> pd.DataFrame:
    """Service providers by year."""
    return record.table("providers")


@view
def tensions(record: Record) -> pd.DataFrame:
    """Tension of pairs of regions by year."""
    frame = record.table("tensions")
    return frame.assign(year=years(frame.month), measured=frame.measures.map(bool))
