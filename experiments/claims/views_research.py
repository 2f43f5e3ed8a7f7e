"""Views on research, approvals and the world: tables of a run with what experiments select by, and a ``year``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.claims.record import Record, born, distinct, months_between, sizes, view, years
from model.labels import REGIONS, REGULATORS

SMALL_GROUPS = ("gene_therapy", "cell_therapy", "oligonucleotide", "radioligand")
"""Modalities whose medicines serve few patients each."""
MAJOR = ("FDA", "EMA", "PMDA", "NMPA")
HOME_OF = dict(zip(REGULATORS, REGIONS, strict=True))


@view
def world(record: Record) -> pd.DataFrame:
    """Indicators, one row a month."""
    frame = record.table("indicators")
    return frame.assign(year=years(frame.month), december=frame.month.dt.month == 12)


@view
def regional(record: Record) -> pd.DataFrame:
    """Regional figures, one row a month and region."""
    frame = record.table("regional")
    whole = frame.groupby("month").pipeline_originated.transform("sum")
    return frame.assign(
        year=years(frame.month),
        december=frame.month.dt.month == 12,
        scale=record.market.scale,
        pipeline_share=frame.pipeline_originated / whole.clip(lower=1),
    )


@view
def by_region(record: Record) -> pd.DataFrame:
    """Regions over the whole run: licences taken, and pharma firms at home at the end."""
    frame = record.view("regional").groupby("region").sum(numeric_only=True).reset_index()
    firms = record.view("firms")
    at_home = firms[firms.alive & (firms.kind == "pharma")].groupby("home").size()
    return frame.assign(pharmas=frame.region.map(at_home).fillna(0))


@view
def cn_lead(record: Record) -> pd.DataFrame:
    """Trials active in China over those in the US, one row a December."""
    frame = record.view("regional")
    frame = frame[frame.december].pivot(index="year", columns="region", values="trials_active").reset_index()
    return frame.assign(lead=frame["CN"] / frame["US"].clip(lower=1))


@view
def by_year(record: Record) -> pd.DataFrame:
    """World figures by year: approvals, spending, deals, cost of the programmes started."""
    frame = record.view("world").groupby("year").sum(numeric_only=True).reset_index()
    cost = record.view("trials").groupby("year").cost.sum()
    return frame.assign(programme_cost=frame.year.map(cost))


@view
def candidates(record: Record) -> pd.DataFrame:
    """Assets by the year in which they were started."""
    frame = record.table("assets")
    firms = record.table("firms").set_index("firm")
    rare = frame.orphan | frame.modality.isin(SMALL_GROUPS)
    deals = record.table("deals")
    return frame.assign(
        year=years(frame.started),
        small=rare,
        home=frame.origin_region,
        novel=frame.novelty == "first in class",
        born=frame.originator.map(born(firms)),
        owner_home=frame.owner.map(firms.home),
        ended_year=years(frame.ended),
        approved=frame.first_approval.notna(),
        deals=sizes(deals, "asset", frame.asset),
        external=frame.owner != frame.originator,
        clinical=~frame.phase.isin(["preclinical"]),
    )


def traits(record: Record) -> pd.DataFrame:
    columns = [
        "asset",
        "originator",
        "origin_region",
        "area",
        "indication",
        "started",
        "modality",
        "novelty",
        "orphan",
        "biomarker",
        "deals",
        "small",
        "born",
        "first_approval",
        "external",
    ]
    return record.view("candidates")[columns].rename(columns={"started": "asset_started"})


@view
def trials(record: Record) -> pd.DataFrame:
    """Programmes by the year of their start, with what their assets and sponsors are."""
    frame = record.table("trials").merge(traits(record), on="asset")
    firms = record.table("firms").set_index("firm")
    place = frame.regions.map(lambda names: names[0] if len(names) == 1 else "several")
    return frame.assign(
        year=years(frame.started),
        ended_year=years(frame.ended),
        number=frame.regions.map(len),
        place=place,
        sponsor_home=frame.sponsor.map(firms.home),
        sponsor_born=frame.sponsor.map(born(firms)),
        months=months_between(frame.started, frame.ended),
        abroad=[
            any(name != home for name in names)
            for names, home in zip(frame.regions, frame.sponsor.map(firms.home), strict=True)
        ],
        cn=frame.regions.map(lambda names: "CN" in names),
        cost_per_patient=frame.cost / frame.patients * 1e6,
        other_months=frame[["startup_months", "paperwork_months"]].max(axis=1),
        decided=frame.outcome.isin(["success", "failure"]),
        won=frame.outcome == "success",
    )


@view
def filings(record: Record) -> pd.DataFrame:
    """Files by the year of their final decision."""
    frame = record.table("filings").merge(traits(record), on="asset")
    programmes = record.table("trials")[["asset", "regions"]].explode("regions")
    firms = record.table("firms").set_index("firm")
    home = frame.filer.map(firms.home)
    return frame.assign(
        year=years(frame.decided),
        submitted_year=years(frame.submitted),
        filer_home=home,
        filer_born=frame.filer.map(born(firms)),
        abroad=home != frame.regulator.map(HOME_OF),
        own=frame.filer == frame.originator,
        studied=distinct(programmes, "asset", "regions", frame.asset),
        approved=frame.outcome == "approved",
        decided_yes_no=frame.outcome.isin(["approved", "refused"]),
        lag=months_between(frame.first_approval, frame.decided).where(frame.outcome == "approved"),
        sent_lag=months_between(frame.first_approval, frame.submitted),
        months=months_between(frame.submitted, frame.decided),
    )


@view
def approvals(record: Record) -> pd.DataFrame:
    """Assets by the year of their first approval: how widely, how soon, by whom they were filed and launched."""
    frame = record.view("candidates")
    frame = frame[frame.approved]
    files = record.table("filings")
    granted = files[files.outcome == "approved"]
    dates = granted.pivot_table(index="asset", columns="regulator", values="decided", aggfunc="min")
    dates = dates.reindex(index=frame.asset, columns=list(HOME_OF)).set_index(frame.index)
    major = pd.DataFrame({name: months_between(frame.first_approval, dates[name]) for name in MAJOR})
    spent = record.table("trials").groupby("asset").cost.sum()
    ordered = np.sort(major.fillna(np.inf).to_numpy(), axis=1)
    launches, files_seen = record.view("launches"), record.view("filings")
    early = files_seen[files_seen.sent_lag <= 0]
    return frame.assign(
        year=years(frame.first_approval),
        regulators=distinct(granted, "asset", "regulator", frame.asset),
        filed=distinct(files, "asset", "regulator", frame.asset),
        second_lag=np.minimum(ordered[:, 1], 240),
        launched=distinct(launches, "asset", "region", frame.asset),
        simultaneous=ordered[:, 1] <= 3,
        early_files=sizes(early, "asset", frame.asset),
        early_launches=sizes(launches[launches.after <= 24], "asset", frame.asset),
        fda_ema=(months_between(dates["FDA"], dates["EMA"])).abs(),
        after_fda=_after_fda(dates),
        partners=distinct(record.table("deals"), "asset", "buyer", frame.asset),
        spent=frame.asset.map(spent).fillna(0.0),
        path=months_between(frame.started, frame.first_approval),
    )


def _after_fda(dates: pd.DataFrame) -> pd.Series:
    """Mean months by which other regulators follow the FDA, NaN where none does."""
    gaps = pd.DataFrame({name: months_between(dates["FDA"], dates[name]) for name in dates.columns if name != "FDA"})
    return gaps.where(gaps >= 0).mean(axis=1)
