"""Headline facts of small firms: which part of trials and deals is theirs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from experiments.deal_facts import contracts
from experiments.fact import Fact, Tables

if TYPE_CHECKING:
    import pandas as pd

IQVIA = "IQVIA Global Trends in R&D 2025"
MOST_SALES, MOST_SPENDING = 500.0, 200.0
"""Million US$ a year below which IQVIA calls a firm an emerging biopharma company."""


def small_firms(tables: Tables, year: int) -> pd.Series:
    """Identities of the firms that sold and spent little in a year."""
    years = tables["firm_years"]
    small = (years.year == year) & (years.net_sales < MOST_SALES) & (years.rd_spend < MOST_SPENDING)
    return years[small].firm


def sponsored(year: int, tables: Tables) -> float:
    """Phase II trials begun in a year by small firms, %."""
    trials = tables["trials"]
    begun = trials[(trials.phase == "phase2") & (trials.started.dt.year == year)]
    return 100 * float(begun.sponsor.isin(small_firms(tables, year)).mean())


def among_themselves(year: int, tables: Tables) -> float:
    """Contracts of a year whose partners are both small, %."""
    deals, small = contracts(tables, year, year), small_firms(tables, year)
    return 100 * float((deals.seller.isin(small) & deals.buyer.isin(small)).mean())


SMALL_FIRM_FACTS: tuple[Fact, ...] = (
    Fact("Phase II trials begun by small firms, 2015", "%", partial(sponsored, 2015), 42, 32, 52, IQVIA, "V"),
    Fact("Phase II trials begun by small firms, 2024", "%", partial(sponsored, 2024), 64, 54, 74, IQVIA, "V"),
    Fact("Deals among small firms, 2024", "%", partial(among_themselves, 2024), None, 50, 100, IQVIA, "V"),
)
