"""Calibration facts of review, access and markets, with the bands of the calibration sheet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from experiments.counts import approved, market_share
from experiments.fact import Fact, Tables

if TYPE_CHECKING:
    import pandas as pd

EFPIA = "EFPIA/IQVIA"
WAIT = "EFPIA W.A.I.T. indicator"
NHSA = "NHSA, rounds of 2020-24"
RICH = ("EU", "UK", "CH", "JP", "KR", "CA", "AU")
UPTAKE = (0.11, 0.31, 0.58, 0.76, 0.89, 1.0)
"""Sales over peak sales, years 1 to 6, US launches of 2000-02 (Robey and David 2017)."""


def first_cycle(first: int, last: int, tables: Tables) -> float:
    """FDA approvals that came in the first cycle, %."""
    return 100 * float((approved("FDA", first, last, tables).cycles == 1).mean())


def access_days(payers: str, year: int, tables: Tables) -> float:
    """Days from EMA approval to listing, approvals of the four years before: mean of the payers' means."""
    filings, listings = tables["filings"], tables["listings"]
    approved = filings[(filings.regulator == "EMA") & (filings.outcome == "approved")].groupby("asset").decided.min()
    mine = listings[listings.payer.astype(str).str.startswith(payers) & (listings.outcome == "listed")]
    since = mine.asset.map(approved)
    seen = since.dt.year.between(year - 4, year - 1) & (mine.decided.dt.year <= year)
    days = (mine.decided - since).dt.days[seen]
    return float(days.groupby(mine.payer[seen].astype(str)).mean().mean())


def _rounds(tables: Tables) -> pd.DataFrame:
    listings = tables["listings"]
    return listings[(listings.payer == "CN_NRDL") & listings.decided.dt.year.between(2020, 2024)]


def list_success(tables: Tables) -> float:
    """Negotiations for China's national list in 2020-24 that ended with a listing, %."""
    return 100 * float((_rounds(tables).outcome == "listed").mean())


def list_cut(tables: Tables) -> float:
    """Mean cut off the invoice price in what China's national list took in 2020-24, %."""
    rounds = _rounds(tables)
    return 100 * float(rounds[rounds.outcome == "listed"].discount.mean())


def top_decile(tables: Tables) -> float:
    """Share of the best-selling tenth in the sales to date of medicines first approved in 2001-08, %."""
    sales, assets = tables["sales"], tables["assets"]
    mine = assets[assets.first_approval.dt.year.between(2001, 2008) & assets.originator.notna()].asset
    sold = sales[sales.asset.isin(mine)].groupby("asset").net_sales.sum().sort_values(ascending=False)
    return 100 * float(sold.iloc[: max(len(sold) // 10, 1)].sum() / sold.sum())


def uptake_gap(tables: Tables) -> float:
    """Largest gap to the observed curve, points: mean sales over own peak in years 1 to 6 after a US launch.

    Years after the launch lie half in one calendar year and half in the next. The curve is brought to one where it is
    highest, since peaks come in different years.
    """
    launches, sales = tables["launches"], tables["sales"]
    launched = launches[launches.region == "US"].groupby("asset").month.min()
    launched = launched[launched.dt.year.between(2002, 2012)]
    sold = sales[(sales.region == "US") & sales.asset.isin(launched.index)]
    age = sold.year - sold.asset.map(launched.dt.year)
    part = sold.net_sales / sold.asset.map(sold[age <= 9].groupby("asset").net_sales.max())
    calendar = part.groupby(age).mean().reindex(range(8))
    curve = (calendar + calendar.shift()).iloc[1:7]
    return 100 * float(np.abs(curve / curve.max() - np.array(UPTAKE)).max())


def price_ratio(year: int, tables: Tables) -> float:
    """Invoice price in the US over that of other rich countries, what is sold in both, weighted by use in the US."""
    sales = tables["sales"]
    sold = sales[(sales.year == year) & (sales.patients > 0)]
    home, abroad = (
        sold[sold.region.isin(regions)].groupby("asset")[["net_sales", "patients"]].sum() for regions in (("US",), RICH)
    )
    elsewhere = (abroad.net_sales / abroad.patients * home.patients).dropna()
    return float(home.net_sales.reindex(elsewhere.index).sum() / elsewhere.sum())


MARKET_FACTS: tuple[Fact, ...] = (
    Fact("North America in the market, 2023", "%", partial(market_share, ("US", "CA"), 2023), 53, 49, 57, EFPIA,
         "V"),
    Fact("Europe in the market, 2023", "%", partial(market_share, ("EU", "UK", "CH"), 2023), 23, 19, 27, EFPIA, "V"),
    Fact("US price over other rich countries, 2022", "ratio", partial(price_ratio, 2022), 4.2, 3.8, 4.6,
         "RAND RRA788-3, brands before rebates", "V"),
    Fact("FDA approvals in the first cycle, 2015-23", "%", partial(first_cycle, 2015, 2023), 88, 80, 93,
         "impactpharma.com; US Pharmacist 2021", "V"),
    Fact("Approval to access in the EU, 2019", "days", partial(access_days, "EU_", 2019), 504, 444, 564, WAIT, "V"),
    Fact("Approval to access in the EU, 2024", "days", partial(access_days, "EU_", 2024), 578, 509, 647, WAIT, "V"),
    Fact("Approval to access in Germany, 2024", "days", partial(access_days, "EU_DE", 2024), 128, 113, 143, WAIT, "V"),
    Fact("Success in China's list rounds, 2020-24", "%", list_success, 76, 63, 85, NHSA, "V"),
    Fact("Cut in China's list rounds, 2020-24", "%", list_cut, 59, 50, 63, NHSA, "V"),
    Fact("Top tenth of medicines in sales to date", "%", top_decile, 56, 48, 65, "Grabowski and Vernon 2000", "V"),
    Fact("Uptake in the US, largest gap in years 1 to 6", "points", uptake_gap, 0, -0.1, 6, "Robey and David 2017",
         "V"),
)  # fmt: skip
"""In the order of the calibration sheet."""
