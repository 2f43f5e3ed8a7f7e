"""What a run says to a strategist: a few tables computed from its results, each number with its unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments import periods

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]
GLANCES = (2000, 2012, 2024, 2040)
REGIONS_YEAR = 2024
LAUNCH_YEARS = 10
MOVE_YEARS = 15

# label, unit, indicator, how twelve months become one number, factor
WORLD: tuple[tuple[str, str, str, str, float], ...] = (
    ("Companies", "at year end", "firms", "last", 1),
    ("of which pharma firms", "at year end", "pharmas", "last", 1),
    ("Candidates in development", "at year end", "pipeline_assets", "last", 1),
    ("of which preclinical", "at year end", "preclinical", "last", 1),
    ("of which Phase I", "at year end", "phase1", "last", 1),
    ("of which Phase II", "at year end", "phase2", "last", 1),
    ("of which Phase III", "at year end", "phase3", "last", 1),
    ("of which filed", "at year end", "filed", "last", 1),
    ("First approvals anywhere", "a year", "approvals_first", "sum", 1),
    ("FDA approvals", "a year", "approvals_us", "sum", 1),
    ("Net sales of the companies", "bn US$ a year", "net_sales", "sum", 1e-3),
    ("Audited market (with copies)", "bn US$ a year", "audited", "sum", 1e-3),
    ("R&D spending", "bn US$ a year", "rd_spend", "sum", 1e-3),
    ("Venture capital", "bn US$ a year", "venture", "sum", 1e-3),
    ("Deals", "a year", "deals", "sum", 1),
    ("Deals across borders", "% of deals", "cross_border_share", "last", 100),
    ("Patients treated", "million patient-years a year", "patients", "sum", 1e-6),
)

# column, unit, table column, how, factor
REGIONAL: tuple[tuple[str, str, str, str, float], ...] = (
    ("Companies", "", "firms", "last", 1),
    ("Pipeline, own", "", "pipeline_originated", "last", 1),
    ("Pipeline, involved", "", "pipeline_assets", "last", 1),
    ("Approvals", "a year", "approvals", "sum", 1),
    ("Audited market", "bn US$", "audited", "sum", 1e-3),
    ("Share", "% of world", "share", "sum", 100),
    ("Review", "days, median", "review_days_median", "last", 1),
    ("Access", "days, median", "access_days_median", "last", 1),
)


@dataclass(frozen=True)
class Section:
    """One table: column heads with units, rows of texts and numbers (None where nothing is known)."""

    title: str
    columns: list[str]
    rows: list[list[Any]]
    note: str = ""


def summarise(tables: Tables) -> dict[str, Section]:
    """All sections of the summary by name; sections without data are left out."""
    sections = {
        "world": world(tables),
        "regions": regions(tables),
        "launches_by_mode": launches(tables, "mode"),
        "launches_by_home": launches(tables, "home"),
        "durations": durations(tables),
        "firms": firm_moves(tables),
        "shares": share_moves(tables),
    }
    return {name: section for name, section in sections.items() if section.rows}


def world(tables: Tables) -> Section:
    """The world in a few years, nearest to GLANCES among those played."""
    us = tables["regional"]
    us = us[us.region == "US"][["month", "approvals"]].rename(columns={"approvals": "approvals_us"})
    frame = with_market(tables["indicators"]).merge(us, on="month", how="left")
    years = periods.nearest_years(frame.month, GLANCES)
    by_year = {year: frame[frame.month.dt.year == year] for year in years}
    rows = [
        [label, unit, *(periods.condense(by_year[year][name], how, factor) for year in years)]
        for label, unit, name, how, factor in WORLD
    ]
    return Section(
        "The world at a glance", ["", "unit", *(periods.year_name(frame.month, year) for year in years)], rows
    )


def with_market(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the audited market (sales of companies and of copies) as one more column."""
    return frame.assign(audited=frame.net_sales + frame.generic_sales)


def regions(tables: Tables) -> Section:
    """The regions in one year, largest market first."""
    frame = with_market(tables["regional"])
    year = periods.nearest_years(frame.month, (REGIONS_YEAR,))[0]
    frame = frame[frame.month.dt.year == year]
    name = periods.year_name(frame.month, year)
    frame["share"] = frame.audited / max(frame.audited.sum(), 1e-9)
    order = frame.groupby("region", observed=True).audited.sum().sort_values(ascending=False).index
    rows = [[str(region), *_region_row(frame[frame.region == region])] for region in order]
    heads = [f"{label}, {unit}" if unit else label for label, unit, *_ in REGIONAL]
    note = "Own: originated there. Involved: home of the originator or of a holder of rights, or a trial runs there."
    return Section(f"The regions in {name}", ["Region", *heads], rows, note)


def _region_row(frame: pd.DataFrame) -> list[float | None]:
    return [periods.condense(frame[name], how, factor) for _, _, name, how, factor in REGIONAL]


def launches(tables: Tables, by: str) -> Section:
    """Launches outside the originator's home in the last years: origin against mode or launcher's home."""
    frame = launches_abroad(tables)
    titles = {"mode": "how they are launched abroad", "home": "home of who launches them abroad"}
    title = f"Where medicines originate and {titles[by]} (last {LAUNCH_YEARS} years, launches)"
    if frame.empty:
        return Section(title, [], [])
    counts = frame.groupby(["origin_region", by], observed=True).size().unstack(fill_value=0)
    counts = counts.loc[counts.sum(axis=1).sort_values(ascending=False).index]
    counts = counts[counts.sum().sort_values(ascending=False).index]
    rows = [[str(origin), *map(int, row)] for origin, row in zip(counts.index, counts.to_numpy())]
    return Section(title, ["Origin", *map(str, counts.columns)], rows)


def launches_abroad(tables: Tables) -> pd.DataFrame:
    """Recent launches outside the originator's home with ``origin_region``, ``mode`` and ``home``."""
    frame: pd.DataFrame = tables["launches"]
    first = tables["indicators"].month.max().year - LAUNCH_YEARS
    frame = frame[frame.month.dt.year > first]
    frame = frame.merge(tables["assets"][["asset", "origin_region"]], on="asset")
    frame = frame.merge(tables["firms"][["firm", "home"]], on="firm")
    return frame.loc[frame.region.astype(str) != frame.origin_region.astype(str)]


def durations(tables: Tables) -> Section:
    """Mean length of successful phases that ended in the last ten years, and their sum."""
    played = tables["indicators"].month.dt.year
    last, first = int(played.max()), int(max(played.min(), played.max() - 9))
    months = periods.phase_months(tables, first, last)
    rows: list[list[Any]] = [[phase, round(mean, 1), count] for phase, mean, count in months]
    title = f"From Phase I to approval ({first} to {last}, successful programmes)"
    if not rows:
        return Section(title, [], [])
    rows.append(["all together", round(sum(mean for _, mean, _ in months), 1), None])
    return Section(title, ["Phase", "Mean months", "Programmes"], rows)


def firm_moves(tables: Tables) -> Section:
    """Companies whose rank by net sales changed most over the last years, largest rise first."""
    import numpy as np

    frame, years = tables["firm_years"], periods.years_apart(tables["indicators"].month, MOVE_YEARS)
    title = f"Companies with the largest moves by net sales, {years[0]} to {years[1]}"
    before, after = (_ranks(frame[frame.year == year]) for year in years)
    top = after[after <= 20].index.union(before[before <= 20].index)
    if years[0] == years[1] or not len(top):
        return Section(title, [], [])
    was, now = before.reindex(top), after.reindex(top)
    moved = was.fillna(len(before) + 1) - now.fillna(len(after) + 1)
    chosen = moved.iloc[np.argsort(-moved.to_numpy(), kind="stable")]
    chosen = chosen[chosen != 0]
    chosen = chosen if len(chosen) <= 8 else chosen.iloc[[0, 1, 2, 3, -4, -3, -2, -1]]
    firms = tables["firms"].set_index("firm")
    rows = [
        [str(firms["name"][firm]), str(firms["home"][firm]), _rank(was[firm]), _rank(now[firm])]
        for firm in chosen.index
    ]
    return Section(title, ["Company", "Home", f"Rank {years[0]}", f"Rank {years[1]}"], rows)


def _ranks(frame: pd.DataFrame) -> pd.Series:
    """Rank by net sales of each company that sells, 1 is the largest."""
    selling = frame[frame.net_sales > 0].set_index("firm").net_sales
    return selling.rank(ascending=False, method="first")


def _rank(value: float) -> int | str:
    return "none" if value != value else int(value)


def share_moves(tables: Tables) -> Section:
    """How each region's shares moved over the last years, largest shift first."""
    years = periods.years_apart(tables["indicators"].month, MOVE_YEARS)
    title = f"Shifts between regions, {years[0]} to {years[1]}"
    if years[0] == years[1]:
        return Section(title, [], [])
    sold, origin = (_shares(tables, name, years) for name in ("audited", "pipeline_originated"))
    moved = (sold[years[1]] - sold[years[0]]).abs() + (origin[years[1]] - origin[years[0]]).abs()
    rows = [
        [str(region), *(100 * float(t[y][region]) for t in (sold, origin) for y in years)]
        for region in moved.sort_values(ascending=False).index[:6]
    ]
    heads = [f"{what} {year}" for what in ("Market, %", "Candidates originated, %") for year in years]
    return Section(title, ["Region", *heads], rows)


def _shares(tables: Tables, name: str, years: tuple[int, int]) -> dict[int, pd.Series]:
    frame = with_market(tables["regional"])
    sums = {y: frame[frame.month.dt.year == y].groupby("region", observed=True)[name].sum() for y in years}
    return {year: total / max(total.sum(), 1e-9) for year, total in sums.items()}
