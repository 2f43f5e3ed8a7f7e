"""Headline facts of the deal market: how many deals, how dear, who sells to whom, how many alliances end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from experiments.fact import Fact, Tables

if TYPE_CHECKING:
    import pandas as pd

DEALFORMA = "DealForma; IQVIA Global Trends in R&D 2025"
PHARMCUBE = "NMPA/Pharmcube; NextPharma; Goodwin"
SATYABIO = "satyabio, 389 deals of 2024-25"
STAGES = ("preclinical", "phase1", "phase2", "phase3")
LATE = ("phase2", "phase3", "filed", "marketed")
ROYALTY_RANGES = {
    "preclinical": (6.0, 11.3), "phase1": (8.0, 12.0), "phase2": (10.0, 15.0), "phase3": (14.0, 20.0),
    "marketed": (18.0, 30.0),
}  # fmt: skip
"""Royalty by stage of the asset at signing, % (Recap 2012; LES survey and BioSci 2008-15)."""


def contracts(tables: Tables, first: int, last: int) -> pd.DataFrame:
    """Contracts signed in the years, takeovers left out."""
    deals = tables["deals"]
    return deals[(deals.kind != "acquisition") & deals.month.dt.year.between(first, last)]


def out_licences(tables: Tables, first: int, last: int) -> pd.DataFrame:
    """Contracts by which firms of China gave rights to firms abroad."""
    deals = contracts(tables, first, last)
    return deals[(deals.seller_home == "CN") & deals.cross_border]


def deals_a_year(first: int, last: int, tables: Tables) -> float:
    """Contracts a year."""
    return len(contracts(tables, first, last)) / (last - first + 1)


def headline(first: int, last: int, tables: Tables) -> float:
    """Headline value of contracts a year, bn US$."""
    return float(contracts(tables, first, last).headline.sum()) / (last - first + 1) / 1e3


def upfront_share(first: int, last: int, tables: Tables) -> float:
    """Upfront payments over headline value, %."""
    deals = contracts(tables, first, last)
    return 100 * float(deals.upfront.sum() / deals.headline.sum())


def upfront_steps(first: int, last: int, tables: Tables) -> float:
    """How often the upfront share rises from one stage to the next, of three (sales for good left out)."""
    deals = contracts(tables, first, last)
    deals = deals[deals.kind != "asset_sale"]
    sums = deals.groupby(deals.phase.astype(str))[["upfront", "headline"]].sum()
    shares = (sums.upfront / sums.headline).reindex(STAGES)
    return float((shares.diff().iloc[1:] > 0).sum())


def royalties_in_range(first: int, last: int, tables: Tables) -> float:
    """Contracts with a royalty whose royalty lies in the range of its stage, %."""
    deals = contracts(tables, first, last)
    deals = deals[(deals.royalty > 0) & deals.phase.isin(list(ROYALTY_RANGES))]
    low, high = (deals.phase.astype(str).map({k: v[i] for k, v in ROYALTY_RANGES.items()}) for i in (0, 1))
    royalty = 100 * deals.royalty
    return 100 * float(((royalty >= low - 1e-4) & (royalty <= high + 1e-4)).mean())


def signed_at(stages: Sequence[str], first: int, last: int, tables: Tables) -> float:
    """Contracts signed at these stages of their medicine, %."""
    return 100 * float(contracts(tables, first, last).phase.isin(stages).mean())


def takeovers_a_year(first: int, last: int, tables: Tables) -> float:
    """Takeovers a year."""
    deals = tables["deals"]
    bought = deals[(deals.kind == "acquisition") & deals.month.dt.year.between(first, last)]
    return len(bought) / (last - first + 1)


def china_headline(first: int, last: int, tables: Tables) -> float:
    """Headline value of China's out-licences over the years, bn US$."""
    return float(out_licences(tables, first, last).headline.sum()) / 1e3


def china_growth(tables: Tables) -> float:
    """Headline value of China's out-licences in 2024 over that in 2021."""
    return china_headline(2024, 2024, tables) / max(china_headline(2021, 2021, tables), 1e-9)


def china_abroad(first: int, last: int, tables: Tables) -> pd.DataFrame:
    """Launches of Chinese medicines outside China in the years."""
    launches, assets = tables["launches"], tables["assets"]
    mine = launches.asset.isin(assets[assets.origin_region == "CN"].asset) & (launches.region != "CN")
    return launches[mine & launches.month.dt.year.between(first, last)]


def china_partnered(tables: Tables) -> float:
    """Assets from China that went abroad in 2015-24 with a partner, %: licensed out, or launched by another firm."""
    abroad = china_abroad(2015, 2024, tables)
    partnered = set(out_licences(tables, 2015, 2024).asset) | set(abroad[abroad["mode"] != "originator"].asset)
    alone = set(abroad.asset) - partnered
    return 100 * len(partnered) / max(len(partnered) + len(alone), 1)


def broken_a_year(first: int, last: int, tables: Tables) -> float:
    """Alliances broken off or given back a year, % of those alive."""
    frame = tables["indicators"]
    frame = frame[frame.month.dt.year.between(first, last)]
    return 1200 * float(frame.terminations.sum() / frame.alliances_active.sum())


def failed_alliances(tables: Tables) -> float:
    """Alliances of 2005-14 that ended by 2024 without their medicine on the market, %."""
    deals = contracts(tables, 2005, 2014)
    deals = deals[~deals.kind.isin(["asset_sale"])]
    launched = deals.asset.isin(tables["launches"].asset)
    return 100 * float((deals.ended.notna() & ~launched).mean())


DEAL_FACTS: tuple[Fact, ...] = (
    Fact("Deals, mean 2018-24", "a year", partial(deals_a_year, 2018, 2024), 1_016, 800, 1_200, DEALFORMA, "V"),
    Fact("Deal headline, mean 2018-24", "bn US$ a year", partial(headline, 2018, 2024), 146, 100, 250, DEALFORMA, "V"),
    Fact("Upfront of headline, 2018-24", "%", partial(upfront_share, 2018, 2024), 11.9, 5, 14, DEALFORMA, "V"),
    Fact("Rises of that share with phase, 2018-24", "of 3", partial(upfront_steps, 2018, 2024), 3, 2.9, 3.1,
         "satyabio; Ambrosia", "V"),
    Fact("Royalties in range of their stage, 2018-24", "%", partial(royalties_in_range, 2018, 2024), None, 99, 100.1,
         "Recap; LES survey", "V/M"),
    Fact("Contracts signed before Phase I, 2018-24", "%", partial(signed_at, STAGES[:1], 2018, 2024), 34, 24, 44,
         SATYABIO, "V*"),
    Fact("Contracts signed in Phase II or later, 2018-24", "%", partial(signed_at, LATE, 2018, 2024), 43, 33, 53,
         SATYABIO, "V*"),
    Fact("Takeovers, mean 2018-24", "a year", partial(takeovers_a_year, 2018, 2024), 100, 80, 120,
         "IQVIA; DealForma; J.P. Morgan", "V"),
    Fact("China's out-licences, headline 2021-24", "bn US$", partial(china_headline, 2021, 2024), 127, 82.6, 171.5,
         PHARMCUBE, "V"),
    Fact("China's out-licences, 2024 over 2021", "ratio", china_growth, 3.7, 2.0, 6.0, PHARMCUBE, "V"),
    Fact("China's out-licences, headline 2000-14", "bn US$", partial(china_headline, 2000, 2014), None, -0.1, 10,
         "fewer than ten small deals a year before 2020 (PharmExec)", "V"),
    Fact("Chinese assets abroad with a partner, 2015-24", "%", china_partnered, None, 80, 100, "msqventures", "V"),
    Fact("Alliances broken off, 2010-24", "% a year", partial(broken_a_year, 2010, 2024), 4.8, 3, 10,
         "119 of 394 deals over 7.5 years", "A"),
    Fact("Alliances of 2005-14 that failed by 2024", "%", failed_alliances, 65, 60, 70,
         "60-70 % judged failed in all industries (Hughes and Weiss 2007)", "V*"),
)  # fmt: skip

CHINA_BY_YEAR: tuple[Fact, ...] = tuple(
    Fact(f"China's out-licences, headline {year}", "bn US$", partial(china_headline, year, year), target, 0.75 * target,
         1.25 * target, PHARMCUBE, "V")
    for year, target in ((2021, 13.9), (2022, 28.0), (2023, 36.5), (2024, 49.0))
)  # fmt: skip
"""The same sum year by year, in the narrower bands of the calibration sheet."""
