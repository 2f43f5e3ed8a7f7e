"""The facts that the model is compared with: how each is counted, its target, its band and its source."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from experiments import periods
from experiments.counts import approved, at_year_end, market_share, only, yearly
from experiments.deal_facts import CHINA_BY_YEAR, DEAL_FACTS
from experiments.fact import Fact, Measure, Tables
from experiments.market_facts import MARKET_FACTS
from experiments.research_facts import BIO, CITELINE, DECADE, EY, FDA, RESEARCH_FACTS, passed, short_of_cash
from experiments.small_firm_facts import SMALL_FIRM_FACTS

IQVIA = "IQVIA"
LARGE_PHARMA = "from large pharma's 161 bn at 23 % of sales (IQVIA)"
CIRS = "CIRS R&D Briefing 70"


def measure(tables: Tables) -> dict[str, float]:
    """Every fact's value in one run, by name; NaN where the run has no such events."""
    return {fact.name: fact.measure(tables) for fact in FACTS}


def involved_share(region: str, year: int, tables: Tables) -> float:
    """Share of the world's candidates with any research and development in a region, December, %."""
    frame = tables["regional"]
    frame = frame[(frame.region == region) & (frame.month.dt.year == year) & (frame.month.dt.month == 12)]
    return 100 * only(frame.pipeline_assets) / at_year_end("pipeline_assets", year, tables)


def approvals_a_year(region: str, first: int, last: int, tables: Tables) -> float:
    """Approvals of a region's regulator a year, mean of the years."""
    frame = tables["regional"]
    frame = frame[(frame.region == region) & frame.month.dt.year.between(first, last)]
    return float(frame.approvals.sum()) / (last - first + 1)


def years_to_approval(tables: Tables) -> float:
    """Years from Phase I to approval: the mean lengths of the four steps that succeeded in 2011-20, added up."""
    months = periods.phase_months(tables, 2011, 2020)
    return sum(mean for _, mean, _ in months) / 12 if len(months) == 4 else float("nan")


def audited_market(year: int, tables: Tables) -> float:
    """Sales of companies and of copies in a year, bn US$."""
    return yearly("net_sales", 1e-3, year, tables) + yearly("generic_sales", 1e-3, year, tables)


def review_days(region: str, first: int, last: int, tables: Tables) -> float:
    """Median review days of a region's regulator: mean of the year-end medians, each over twelve months."""
    frame = tables["regional"]
    frame = frame[(frame.region == region) & frame.month.dt.year.between(first, last)]
    return float(frame[frame.month.dt.month == 12].review_days_median.mean())


def oncology_review_days(regulator: str, first: int, last: int, tables: Tables) -> float:
    """Median days from submission to approval of a regulator's oncology files decided in the years."""
    assets = tables["assets"]
    files = approved(regulator, first, last, tables)
    return float(files[files.asset.isin(assets[assets.area == "oncology"].asset)].days.median())


def _fact(name: str, unit: str, how: Measure, target: float, tolerance: float, source: str, status: str = "V") -> Fact:
    """A fact whose band is ``target`` plus or minus a share ``tolerance`` of it."""
    return Fact(name, unit, how, target, target * (1 - tolerance), target * (1 + tolerance), source, status)


def _transition(label: str, phase: str, target: float) -> Fact:
    how = partial(passed, phase, DECADE)
    return Fact(f"{label} passed, 2011-20", "%", how, target, target - 5, target + 5, BIO, "V/M")


def _review(agency: str, region: str, target: float) -> Fact:
    how = partial(review_days, region, 2016, 2020)
    return _fact(f"{agency} review, median 2016-20", "days", how, target, 0.20, CIRS)


def _oncology(years: str, first: int, last: int, target: float) -> Fact:
    how = partial(oncology_review_days, "NMPA", first, last)
    return _fact(f"NMPA review in oncology, median {years}", "days", how, target, 0.20, "PMC9764065")


FACTS: tuple[Fact, ...] = (
    _fact("Candidates, end of 2012", "", partial(at_year_end, "pipeline_assets", 2012), 10_452, 0.25, CITELINE, "M"),
    _fact("Candidates, end of 2024", "", partial(at_year_end, "pipeline_assets", 2024), 22_825, 0.20, CITELINE),
    _fact("Companies, end of 2012", "", partial(at_year_end, "firms", 2012), 2_705, 0.25, CITELINE, "M"),
    _fact("Companies, end of 2024", "", partial(at_year_end, "firms", 2024), 6_124, 0.20, CITELINE),
    _fact("FDA approvals, mean 2000-09", "a year", partial(approvals_a_year, "US", 2000, 2009), 23.5, 0.25, FDA),
    _fact("FDA approvals, mean 2010-19", "a year", partial(approvals_a_year, "US", 2010, 2019), 37.8, 0.25, FDA),
    _fact("FDA approvals, mean 2015-24", "a year", partial(approvals_a_year, "US", 2015, 2024), 46.5, 0.25, FDA),
    _transition("Phase I", "phase1", 52.0),
    _transition("Phase II", "phase2", 28.9),
    _transition("Phase III", "phase3", 57.8),
    _transition("Filing", "filed", 90.6),
    Fact("Phase I to approval, 2011-20", "years", years_to_approval, 10.5, 9.0, 12.0, BIO, "V"),
    _fact("Audited market 2024", "bn US$", partial(audited_market, 2024), 1_700, 0.20, IQVIA),
    Fact("US share of the market 2024", "%", partial(market_share, ("US",), 2024), None, 40, 100, IQVIA, "V"),
    Fact("China's share of the market 2024", "%", partial(market_share, ("CN",), 2024), 7.9, 6, 13, IQVIA, "V"),
    Fact("China involved in candidates, 2013", "%", partial(involved_share, "CN", 2013), 3, 0, 12, CITELINE, "V"),
    Fact("China involved in candidates, 2024", "%", partial(involved_share, "CN", 2024), 26.7, 20, 34, CITELINE, "V"),
    Fact(
        "World R&D spending 2024", "bn US$", partial(yearly, "rd_spend", 1e-3, 2024), None, 220, 320, LARGE_PHARMA, "A"
    ),
    Fact(
        "Research firms with less than a year of cash, 2019-24",
        "%",
        partial(short_of_cash, 2019, 2024),
        31,
        21,
        41,
        EY,
        "V",
    ),
    _review("FDA", "US", 244),
    _review("EMA", "EU", 436),
    _review("PMDA", "JP", 323),
    _review("Health Canada", "CA", 348),
    _review("Swissmedic", "CH", 519),
    _review("TGA", "AU", 363),
    _oncology("2008-10", 2008, 2010, 568),
    _oncology("2018-21", 2018, 2021, 380),
    *DEAL_FACTS,
    *SMALL_FIRM_FACTS,
    *(replace(fact, headline=False) for fact in (*RESEARCH_FACTS, *CHINA_BY_YEAR, *MARKET_FACTS)),
)
