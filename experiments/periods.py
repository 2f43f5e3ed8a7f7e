"""Months into years, and lengths of programmes: what the summary and the facts both count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

CLINICAL = ("phase1", "phase2", "phase3")


def complete_years(months: pd.Series) -> list[int]:
    """Years of which all twelve months were played; all years played when none is complete."""
    counts = months.drop_duplicates().dt.year.value_counts()
    full = counts[counts == 12]
    return sorted(int(year) for year in (full if len(full) else counts).index)


def nearest_years(months: pd.Series, wanted: Iterable[int]) -> list[int]:
    """The complete year nearest to each wanted one, without repeats, in order."""
    years = complete_years(months)
    return sorted({min(years, key=lambda year: abs(year - goal)) for goal in wanted})


def year_name(months: pd.Series, year: int) -> str:
    """The year, with the number of months played where that is not twelve."""
    count = months[months.dt.year == year].nunique()
    return str(year) if count == 12 else f"{year} ({count} months)"


def years_apart(months: pd.Series, distance: int) -> tuple[int, int]:
    """The last complete year and the one ``distance`` years before, or the first there is."""
    years = complete_years(months)
    return max(years[-1] - distance, years[0]), years[-1]


def condense(series: pd.Series, how: str, factor: float) -> float | None:
    """Twelve months as one number (sum, mean or last) times ``factor``; None when unknown."""
    value = series.iloc[-1] if how == "last" else getattr(series, how)()
    return None if value is None or value != value else float(value) * factor


def month_count(dates: pd.Series) -> pd.Series:
    """Months since year 0 of each date; unknown dates stay unknown."""
    count: pd.Series = dates.dt.year * 12 + dates.dt.month
    return count


def phase_months(tables: Mapping[str, pd.DataFrame], first: int, last: int) -> list[tuple[str, float, int]]:
    """Phase, mean months and count of successful programmes ended from year ``first`` to ``last``.

    The clinical phases come from ``trials``; ``filed`` is the time from an asset's first submission
    to its first approval. Phases without any programme are left out.
    """
    trials = tables["trials"]
    trials = trials[(trials.outcome == "success") & trials.ended.dt.year.between(first, last)]
    lengths = month_count(trials.ended) - month_count(trials.started)
    rows = [(phase, lengths[trials.phase == phase]) for phase in CLINICAL]
    rows.append(("filed", filing_months(tables["filings"], first, last)))
    return [(phase, float(found.mean()), len(found)) for phase, found in rows if len(found)]


def filing_months(filings: pd.DataFrame, first: int, last: int) -> pd.Series:
    """Months from first submission to first approval of assets first approved in these years."""
    submitted = filings.groupby("asset").submitted.min()
    approved = filings[filings.outcome == "approved"].groupby("asset").decided.min()
    approved = approved[approved.dt.year.between(first, last)]
    months: pd.Series = month_count(approved) - month_count(submitted.reindex(approved.index))
    return months.dropna()
