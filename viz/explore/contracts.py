"""The page of a deal, and lists of contracts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from experiments.story import deal_story
from viz.explore import figures, lanes
from viz.explore.source import Source
from viz.explore.views import Fact, Figure, Listing, Ref, View, label, words
from viz.explore.words import places, plain
from viz.numbers import money, per_cent

COLUMNS = ("Signed", "Contract", "Seller", "Buyer", "Asset", "At", "For", "Upfront", "Headline", "Paid", "Ended")
LONGEST = 25
"""Contracts that a page lists; the Tables tab has them all."""
QUIET = ("formed", "year end", "report missed", "milestone")
"""Events of an alliance that its chart does not mark."""


def contract_listing(source: Source, deals: pd.DataFrame) -> Listing:
    """Contracts, the latest first."""
    rows = [_contract(source, row) for _, row in deals.sort_values("month", ascending=False).head(LONGEST).iterrows()]
    more = f"; the latest {LONGEST} of {len(deals)}" if len(deals) > LONGEST else ""
    return Listing("Contracts", f"Money in US$ of the month{more}", COLUMNS, rows, frozenset(COLUMNS[7:10]))


def _contract(source: Source, row: Any) -> tuple[str | Ref, ...]:
    ended = "in force" if pd.isna(row["ended"]) else f"{label(row['ended'])}, {words(row['end_reason'])}"
    return (
        label(row["month"]), Ref("deal", int(row["deal"]), words(row["kind"])),
        Ref("firm", int(row["seller"]), source.firm(row["seller"])),
        Ref("firm", int(row["buyer"]), source.firm(row["buyer"])),
        Ref("asset", int(row["asset"]), str(row["asset"])), words(row["phase"]), places(list(row["territory"])),
        money(row["upfront"]), money(row["headline"]), money(row["paid"]), ended,
    )  # fmt: skip


def deal_view(source: Source, deal: int) -> View:
    """Everything about a contract that is in the tables."""
    row = source.rows("deals", deal=deal).iloc[0]
    both = source.rows("deals", seller=int(row["seller"]), buyer=int(row["buyer"]))
    others = contract_listing(source, both[both["deal"] != deal])
    same = Listing("Further contracts of the two", others.words, others.columns, others.rows, others.numeric)
    return View(
        "deal", deal, f"{words(row['kind']).capitalize()} {deal}",
        f"{source.firm(row['seller'])} to {source.firm(row['buyer'])}, for {places(list(row['territory']))}",
        _facts(source, row), (*_trust(source, deal), *_payments(source, deal)), (same,) if same.rows else (),
        tuple(deal_story(source, deal)),
    )  # fmt: skip


def _facts(source: Source, row: Any) -> tuple[Fact, ...]:
    return (
        Fact("Signed", label(row["month"])),
        Fact("Seller", source.firm(row["seller"]), Ref("firm", int(row["seller"]), "")),
        Fact("Buyer", source.firm(row["buyer"]), Ref("firm", int(row["buyer"]), "")),
        Fact("Asset", str(row["asset"]), Ref("asset", int(row["asset"]), "")),
        Fact("At signing", words(row["phase"])),
        Fact("Upfront", money(row["upfront"])),
        Fact("Headline", money(row["headline"])),
        Fact("Royalty", per_cent(row["royalty"])),
        *_paid(source, row),
        Fact("State", "in force" if pd.isna(row["ended"]) else f"{words(row['end_reason'])}, {label(row['ended'])}"),
    )


def _paid(source: Source, row: Any) -> tuple[Fact, Fact]:
    """What was paid under the contract, and what a seller that has its rights back owes to the former licensee."""
    rows = source.rows("payments", deal=int(row["deal"]))
    back = float(rows.amount[rows.trigger == "reversion"].sum()) if len(rows) else 0.0
    return Fact("Paid so far", money(row["paid"] - back)), Fact("Paid back from sales after the return", money(back))


def _trust(source: Source, deal: int) -> list[Figure]:
    rows = source.rows("alliances", deal=deal)
    if len(rows) < 2:
        return []
    curves = {"trust": list(zip(map(lanes.number, rows["month"]), rows["trust"].astype(float)))}
    option = figures.lines(curves, unit="trust, 0-1", low=0.0, high=1.0)
    marks = [{"xAxis": lanes.number(row.month), "name": str(row.event)} for row in rows.itertuples()
             if row.event not in QUIET]  # fmt: skip
    option["series"][0]["markLine"] = {
        "symbol": "none", "data": marks,
        "label": {"formatter": "{b}", "color": "@quiet", "rotate": 90, "position": "insideEndTop"},
        "lineStyle": {"color": "@still", "type": "dotted"},
    }  # fmt: skip
    low = plain(float(rows["trust"].min()))
    return [
        Figure("Trust between the partners", f"0 none, 1 full; lowest {low}; from the table alliances", option, "240px")
    ]


def _payments(source: Source, deal: int) -> list[Figure]:
    rows = source.rows("payments", deal=deal)
    if not len(rows):
        return []
    table = rows.assign(year=rows["month"].dt.year).pivot_table(
        index="year", columns="trigger", values="amount", aggfunc="sum", observed=True
    )
    option = figures.columns(
        table.reindex(range(int(table.index.min()), int(table.index.max()) + 1)), unit="US$", number="fn:money"
    )
    return [
        Figure(
            "Payments", "By year and what triggered them; US$ of the month; from the table payments", option, "240px"
        )
    ]
