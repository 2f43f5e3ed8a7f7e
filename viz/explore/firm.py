"""The page of a firm: money, candidates, products, contracts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from experiments.story import firm_story
from model.labels import STATES
from viz.explore import figures
from viz.explore.contracts import contract_listing
from viz.explore.source import Source
from viz.explore.views import Fact, Figure, Listing, Ref, View, label, words
from viz.numbers import money

COLUMNS = ("Asset", "What", "Area", "Phase", "State", "First approval", "Started by")
LONGEST = 20
"""Assets that a page lists."""


def firm_view(source: Source, firm: int) -> View:
    """Everything about a firm that is in the tables."""
    row = source.firms.loc[firm]
    years = source.rows("firm_years", firm=firm).sort_values("year")
    led = source.rows("assets", owner=firm)
    deals = pd.concat([source.rows("deals", seller=firm), source.rows("deals", buyer=firm)])
    return View(
        "firm", firm, str(row["name"]), f"{words(row['kind'])} of {row['home']}", _facts(row, years, led),
        (*_money(years), *_sales(source, firm)), (assets_listing(source, led, firm), contract_listing(source, deals)),
        tuple(firm_story(source, firm)),
    )  # fmt: skip


def _facts(row: Any, years: pd.DataFrame, led: pd.DataFrame) -> tuple[Fact, ...]:
    alive = led[led["ended"].isna()]
    facts = [
        Fact("Home", str(row["home"])), Fact("Kind", words(row["kind"])), Fact("Founded", _founded(row)),
        Fact("State", "active" if pd.isna(row["exited"]) else f"{words(row['exit_reason'])}, {label(row['exited'])}"),
        Fact("Listed on an exchange", "yes" if row["listed"] else "no"), Fact("Cash", money(row["cash"])),
        Fact("In development", str(int((alive["phase"] != "marketed").sum()))),
        Fact("Medicines on the market", str(int((alive["phase"] == "marketed").sum()))),
    ]  # fmt: skip
    if len(years) and years["net_sales"].iloc[-1] > 0:
        facts.append(Fact(f"Net sales {years['year'].iloc[-1]}", money(years["net_sales"].iloc[-1])))
    return tuple(facts)


def _founded(row: Any) -> str:
    return "before 2000" if pd.isna(row["founded"]) or row["founded"].year < 2000 else label(row["founded"])


def _money(years: pd.DataFrame) -> list[Figure]:
    if not len(years):
        return []
    table = years.set_index("year")[["net_sales", "rd_spend", "cash"]]
    table.columns = pd.Index(["net sales", "R&D spending", "cash at year end"])
    table = table.loc[:, (table != 0).any()]
    option = figures.columns(table, unit="US$", number="fn:money", stacked=False, line=["cash at year end"])
    return [Figure("Money", "By year; US$ of the year, sales at invoice level; from the table firm_years", option)]


def _sales(source: Source, firm: int) -> list[Figure]:
    sales = source.rows("sales", firm=firm)
    if not len(sales):
        return []
    table = sales.pivot_table(index="year", columns="region", values="net_sales", aggfunc="sum", observed=True)
    words_ = "By year; US$ of the year, at invoice level, before rebates; from the table sales"
    return [Figure("Net sales by region", words_,
                   figures.columns(table, unit="US$", number="fn:money"))]  # fmt: skip


def assets_listing(source: Source, led: pd.DataFrame, firm: int) -> Listing:
    """Assets that the firm leads: those alive first, the most advanced on top."""
    rank = led["phase"].astype(str).map(STATES.index) - 100 * led["ended"].notna()
    rows = led.assign(rank=rank).sort_values(["rank", "asset"], ascending=[False, True]).head(LONGEST)
    more = (
        f"the {LONGEST} most advanced of {len(led)}" if len(led) > LONGEST else f"{len(led)} that it leads or led last"
    )
    return Listing(
        "Assets", more[0].upper() + more[1:], COLUMNS,
        [_asset(source, row) for row in rows.itertuples()],
        more={"table": "assets", "where": f"owner:is:{firm}"} if len(led) > LONGEST else {},
    )  # fmt: skip


def _asset(source: Source, row: Any) -> tuple[str | Ref, ...]:
    state = "alive" if pd.isna(row.ended) else f"{words(row.end_reason)}, {label(row.ended)}"
    return (
        Ref("asset", int(row.asset), str(row.asset)), f"{words(row.modality)} for {row.indication}", words(row.area),
        words(row.phase), state, label(row.first_approval),
        Ref("firm", int(row.originator), source.firm(row.originator)),
    )  # fmt: skip
