"""Views on living alliances and the work on allied assets; ``year`` is that of signing or of the event."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.claims.record import Record, distinct, sizes, view, years

STATE = (
    "trust", "clarity", "transparency", "completeness", "committee", "review", "platform", "investment", "mitigation",
    "asymmetry", "distance", "skew", "gap", "disputes",
)  # fmt: skip
BY_WILL = ("terminated", "returned")
BAD_NEWS = ("setback",)


@view
def alliance_log(record: Record) -> pd.DataFrame:
    """Rows of the log of alliances: an event or the state at the end of a year."""
    frame = record.table("alliances")
    deals = record.view("deals")[["deal", "kind", "seller", "buyer", "term_years"]]
    return frame.assign(year=years(frame.month)).merge(deals, on="deal", how="left")


@view
def alliances(record: Record) -> pd.DataFrame:
    """Alliances by the year of signing: governance and state, disputes a year, how they ended."""
    world = record.market.world
    table = world.alliances
    frame = pd.DataFrame({name: np.asarray(getattr(table, name)) for name in STATE}).astype(float)
    places = record.table("deals").deal.to_numpy()
    deals = record.view("deals").set_index("deal").loc[places[table.deal]].reset_index()
    log = record.table("alliances")
    bad = log[log.event.isin(BAD_NEWS)]
    frame = pd.concat([frame, deals.drop(columns=["end_reason"])], axis=1)
    return frame.assign(
        by_will=deals.end_reason.isin(BY_WILL),
        long=deals.term_years >= 1,
        dispute_rate=frame.disputes / deals.term_years.clip(lower=0.25),
        shaken=sizes(bad, "deal", deals.deal) > 0,
        strangers=~deals.repeat,
    )


@view
def allied_trials(record: Record) -> pd.DataFrame:
    """Programmes of assets with an alliance, with the state of the alliance, by the year of their start."""
    state = record.view("alliances").drop_duplicates("asset", keep="last").set_index("asset")
    frame = record.view("trials")
    frame = frame[frame.asset.isin(state.index)]
    columns = [*STATE, "by_will", "month"]
    frame = frame.join(state[columns].rename(columns={"month": "signed", "disputes": "quarrels"}), on="asset")
    return frame[frame.started >= frame.signed].assign(joint=frame.asset.map(state.kind).isin(["codevelopment"]))


@view
def partners(record: Record) -> pd.DataFrame:
    """Firms with two deals or more: mean trust in their alliances, conduct, growth; ``year`` is that of founding."""
    known = record.view("alliances")
    both = pd.concat([known.assign(firm=known.seller), known.assign(firm=known.buyer)])
    by = both.groupby("firm").agg(trust=("trust", "mean"), deals=("deal", "size"), ended=("by_will", "mean"))
    by = by[by.deals >= 2].reset_index()
    firms = record.view("firms").set_index("firm")
    lines = record.table("firm_years")
    late = lines[lines.year > lines.year.max() - 5].groupby("firm").net_sales.mean()
    early = lines[lines.year <= lines.year.max() - 5].groupby("firm").net_sales.mean()
    table = record.market.world.firms
    conduct = pd.Series(np.asarray(table.conduct), index=np.asarray(table.firm))
    pipelines = record.view("candidates")
    return by.assign(
        year=by.firm.map(firms.year),
        conduct=by.firm.map(conduct),
        alive=by.firm.map(firms.alive),
        growth=np.log1p(by.firm.map(late).fillna(0)) - np.log1p(by.firm.map(early).fillna(0)),
        approved=distinct(pipelines[pipelines.approved], "owner", "asset", by.firm),
    )
