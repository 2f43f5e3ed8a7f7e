"""What facts count on the tables alike: figures of a year, shares of regions, decisions of a regulator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.fact import Tables

if TYPE_CHECKING:
    import pandas as pd


def only(series: pd.Series) -> float:
    """The one number of a series, NaN of none."""
    return float(series.iloc[0]) if len(series) else float("nan")


def at_year_end(column: str, year: int, tables: Tables) -> float:
    """An indicator in December of a year."""
    frame = tables["indicators"]
    return only(frame[(frame.month.dt.year == year) & (frame.month.dt.month == 12)][column])


def over_years(column: str, how: str, factor: float, first: int, last: int, tables: Tables) -> float:
    """An indicator over the months of the years, put together as ``how`` says (mean, median, sum), times ``factor``."""
    frame = tables["indicators"]
    return factor * float(frame[frame.month.dt.year.between(first, last)][column].agg(how))


def yearly(column: str, factor: float, year: int, tables: Tables) -> float:
    """The sum of an indicator over a year, times ``factor``."""
    return over_years(column, "sum", factor, year, year, tables)


def market_share(regions: Sequence[str], year: int, tables: Tables) -> float:
    """Share of regions in the audited market of a year, %."""
    frame = tables["regional"]
    frame = frame[frame.month.dt.year == year]
    audited = frame.net_sales + frame.generic_sales
    return 100 * float(audited[frame.region.isin(regions)].sum()) / float(audited.sum())


def decided(regulator: str, first: int, last: int, tables: Tables) -> pd.DataFrame:
    """Files that a regulator decided in the years, withdrawn ones included."""
    filings = tables["filings"]
    filings = filings[(filings.regulator == regulator) & (filings.outcome != "pending")]
    return filings[filings.decided.dt.year.between(first, last)]


def approved(regulator: str, first: int, last: int, tables: Tables) -> pd.DataFrame:
    """Files that a regulator approved in the years."""
    filings = decided(regulator, first, last, tables)
    return filings[filings.outcome == "approved"]
