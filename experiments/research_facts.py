"""Calibration facts of research, firms and money, with the bands of the calibration sheet."""

from __future__ import annotations

import math
from functools import partial
from itertools import combinations

from experiments import periods
from experiments.counts import approved, at_year_end, decided, over_years, yearly
from experiments.fact import Fact, Tables

CITELINE = "Citeline, Pharma R&D Annual Review"
BIO = "BIO, QLS and Informa, Clinical Development Success Rates 2011-2020"
FDA = "FDA, novel drug approvals"
JPM = "J.P. Morgan, rounds announced"
EY = "EY, Beyond Borders"
DECADE = (2011, 2020)
"""Years of the table of success rates that the model starts from."""
STEPS = ("phase1", "phase2", "phase3", "filed")
AREAS = ("haematology", "rare_genetic", "neurology", "oncology", "cardiovascular", "urology_renal")
"""Areas in the order of their likelihood of approval in the source, the highest first."""


def dispersion(first: int, last: int, tables: Tables) -> float:
    """Variance over mean of the FDA's approvals a year."""
    frame = tables["regional"]
    frame = frame[(frame.region == "US") & frame.month.dt.year.between(first, last)]
    counts = frame.groupby(frame.month.dt.year).approvals.sum()
    return float(counts.var() / counts.mean())


def passed(phase: str, years: tuple[int, int], tables: Tables, area: str | None = None) -> float:
    """Share of a phase's programmes ended in the years that went on, %; terminated ones count as failed.

    ``filed`` counts final decisions of the FDA, whose applications the source follows. Those of one ``area`` or of all.
    """
    assets, trials = tables["assets"], tables["trials"]
    mine = assets.asset if area is None else assets[assets.area == area].asset
    if phase == "filed":
        files = decided("FDA", *years, tables)
        return 100 * float((files[files.asset.isin(mine)].outcome == "approved").mean())
    ended = trials[(trials.phase == phase) & trials.ended.dt.year.between(*years) & trials.asset.isin(mine)]
    return 100 * float((ended.outcome == "success").mean())


def likelihood(years: tuple[int, int], tables: Tables, area: str | None = None) -> float:
    """Approval of what begins Phase I, %: product of the transitions of the years, the last that of the FDA's files."""
    return 100 * math.prod(passed(phase, years, tables, area) / 100 for phase in STEPS)


def order_of_areas(tables: Tables) -> float:
    """Kendall's tau of the likelihood of approval of six areas against the order in the source."""
    found = [likelihood(DECADE, tables, area) for area in AREAS]
    signs = [(high > low) - (high < low) for high, low in combinations(found, 2)]
    return sum(signs) / len(signs)


def fastest(share: float, first: int, last: int, tables: Tables) -> float:
    """Years from Phase I to the first approval anywhere that only this ``share`` of the approved fall below."""
    trials, assets = tables["trials"], tables["assets"]
    begun = periods.month_count(trials[trials.phase == "phase1"].groupby("asset").started.min())
    approved = assets[assets.first_approval.dt.year.between(first, last)]
    months = periods.month_count(approved.first_approval) - approved.asset.map(begun)
    return float(months.quantile(share)) / 12


def cost_per_approval(first: int, last: int, tables: Tables) -> float:
    """Cost of the trials begun in the years, failures included, over first approvals anywhere, million US$."""
    trials, assets = tables["trials"], tables["assets"]
    spent = trials[trials.started.dt.year.between(first, last)].cost.sum()
    return float(spent / max(assets.first_approval.dt.year.between(first, last).sum(), 1))


def growth(column: str, tables: Tables) -> float:
    """Yearly growth of an indicator from the end of 2000 to the end of 2024, %."""
    return 100 * float((at_year_end(column, 2024, tables) / at_year_end(column, 2000, tables)) ** (1 / 24) - 1)


def candidates_per_company(year: int, tables: Tables) -> float:
    """Candidates over companies, December."""
    return at_year_end("pipeline_assets", year, tables) / at_year_end("firms", year, tables)


def companies_at_home(region: str, year: int, tables: Tables) -> float:
    """Share of the companies whose home is a region, December, %."""
    frame = tables["regional"]
    frame = frame[(frame.month.dt.year == year) & (frame.month.dt.month == 12)]
    return 100 * float(frame[frame.region == region].firms.sum() / frame.firms.sum())


def conditional(regulator: str, first: int, last: int, tables: Tables) -> float:
    """Approvals of a regulator that were conditional, %."""
    return 100 * float((approved(regulator, first, last, tables).pathway == "conditional").mean())


def approved_of(origin: str, first: int, last: int, tables: Tables) -> float:
    """Medicines discovered in a region and first approved anywhere, a year."""
    assets = tables["assets"]
    mine = assets[(assets.origin_region == origin) & assets.first_approval.dt.year.between(first, last)]
    return len(mine) / (last - first + 1)


def short_of_cash(first: int, last: int, tables: Tables) -> float:
    """Research firms whose cash lasts less than a year for what they run and have ahead, mean of the years, %."""
    return over_years("runway_below_1y_share", "mean", 100, first, last, tables)


def _likelihood(first: int, last: int, target: float, low: float, high: float, source: str, status: str) -> Fact:
    how = partial(likelihood, (first, last))
    return Fact(f"Approval from Phase I, {first}-{last % 100:02d}", "%", how, target, low, high, source, status)


def _short_of_cash(year: int, target: float) -> Fact:
    name, how = f"Research firms with less than a year of cash, {year}", partial(short_of_cash, year, year)
    return Fact(name, "%", how, target, 0.8 * target, 1.2 * target, EY, "V")


def _venture(year: int, target: float) -> Fact:
    how = partial(yearly, "venture", 1e-3, year)
    return Fact(f"Venture money, {year}", "bn US$", how, target, 0.8 * target, 1.2 * target, JPM, "V")


RESEARCH_FACTS: tuple[Fact, ...] = (
    Fact("Variance over mean of FDA approvals, 2015-24", "ratio", partial(dispersion, 2015, 2024), 2.4, 1.3, 3.5, FDA,
         "C"),
    _likelihood(2006, 2015, 9.6, 8.0, 11.3, "BIO, Biomedtracker and Amplion 2016", "V"),
    _likelihood(*DECADE, 7.9, 6.5, 9.6, BIO, "V"),
    _likelihood(2014, 2023, 6.7, 5.4, 8.1, "Citeline and Norstella", "V*"),
    Fact("Order of six areas by odds of approval", "tau", order_of_areas, None, 0.7, 1.0, BIO, "V/M"),
    Fact("Phase I to approval, the fastest tenth, 2011-20", "years", partial(fastest, 0.1, 2011, 2020), 4.5, 2.5, 5.0,
         "Brown et al. 2022, NRDD 21:793", "V"),
    Fact("Trials per first approval, 2009-18", "million US$", partial(cost_per_approval, 2009, 2018), None, 516, 1_395,
         "Sertkaya et al. 2024; DiMasi et al. 2016", "V"),
    Fact("Candidates, growth 2001-24", "% a year", partial(growth, "pipeline_assets"), 5.9, 4.9, 6.9, CITELINE, "V"),
    Fact("Companies, growth 2001-24", "% a year", partial(growth, "firms"), 7.4, 5.9, 8.9, CITELINE, "V"),
    Fact("Candidates per company, end of 2000", "", partial(candidates_per_company, 2000), 5.0, 4.4, 5.6, CITELINE,
         "C"),
    Fact("Candidates per company, end of 2024", "", partial(candidates_per_company, 2024), 3.7, 3.1, 4.3, CITELINE,
         "C"),
    Fact("Companies at home in the US, 2022", "%", partial(companies_at_home, "US", 2022), 44, 41, 47, CITELINE, "V"),
    Fact("Companies at home in the US, 2024", "%", partial(companies_at_home, "US", 2024), 39, 36, 42, CITELINE, "V"),
    Fact("Companies at home in China, 2024", "%", partial(companies_at_home, "CN", 2024), 16, 13, 19, CITELINE, "V"),
    Fact("Conditional among FDA approvals, 2018-24", "%", partial(conditional, "FDA", 2018, 2024), 14, 9, 19,
         "fdamap.com, novel drugs of 2024", "V"),
    Fact("Conditional among NMPA approvals, 2018-24", "%", partial(conditional, "NMPA", 2018, 2024), 23, 15, 31,
         "China Daily, new drugs of 2024", "V/C"),
    Fact("Chinese medicines first approved, 2019-24", "a year", partial(approved_of, "CN", 2019, 2024), 31, 12, 48,
         "CDE annual reports, class 1 medicines a year", "V/M"),
    _short_of_cash(2019, 35), _short_of_cash(2021, 18), _short_of_cash(2023, 31), _short_of_cash(2024, 39),
    _venture(2019, 18.8), _venture(2021, 44.0), _venture(2023, 23.3), _venture(2024, 26.0),
)  # fmt: skip
"""In the order of the calibration sheet."""
