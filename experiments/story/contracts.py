"""Sentences about offers, contracts, their payments and the alliances under them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pandas as pd

from experiments.story.reading import Line, Run
from experiments.story.words import label, money, places

QUIET = ("year end", "report missed", "milestone")
"""Events of alliances that only the story of the contract itself tells."""


def offers(run: Run, asset: int) -> Iterator[Line]:
    """What was offered to partners, and what came of it."""
    for row in run.each("offers", asset=asset):
        yield Line(label(row.month), 2, offer_text(run, row), "offer")


def offer_text(run: Run, row: Any) -> str:
    """Runway, bids and the best alternative of one offer."""
    bids = f"{row.bidders} bid{'s' if row.bidders != 1 else ''}"
    best = f", best {money(row.best)}" + (f", second {money(row.second)}" if row.second > 0 else "")
    taken = f"taken by {run.firm(row.buyer)}" if row.buyer >= 0 else "none taken"
    runway = "long runway" if row.runway >= 120 else f"runway {row.runway:.0f} months"
    return (f"{run.firm(row.seller)} offered it ({row.route}): {runway}; {bids}{best if row.bidders else ''}; "
            f"best alternative alone {money(row.kept)}; {taken}")  # fmt: skip


def contracts(run: Run, asset: int) -> Iterator[Line]:
    """Contracts on it, their payments and ends."""
    for _, row in run.rows("deals", asset=asset).iterrows():
        yield from contract(run, row)


def contract(run: Run, row: Any) -> Iterator[Line]:
    """Signing, payments and end of a contract."""
    paid = run.rows("payments", deal=int(row["deal"]))
    yield from signing(run, row, paid)
    yield from payment_lines(run, paid)


def signing(run: Run, row: Any, payments: pd.DataFrame) -> Iterator[Line]:
    """Signing and end of a contract, with what the partners had paid each other until then."""
    terms = f"upfront {money(row['upfront'])}, headline {money(row['headline'])}, royalty {row['royalty']:.0%}"
    parties = f"{run.firm(row['seller'])} to {run.firm(row['buyer'])}"
    text = f"{row['kind']} {row['deal']} signed, {parties}, for {places(row['territory'])}: {terms}"
    yield Line(label(row["month"]), 3, text, "deal")
    if pd.notna(row["ended"]) and row["kind"] != "acquisition":
        paid = float(payments.amount[payments.month <= row["ended"]].sum()) if len(payments) else 0.0
        text = f"{row['kind']} {row['deal']} ended: {row['end_reason']}; {money(paid)} had been paid under it"
        yield Line(label(row["ended"]), 8, text, "deal")


def payment_lines(run: Run, payments: pd.DataFrame) -> Iterator[Line]:
    """Payments under a contract; what flows every quarter by year."""
    if not len(payments):
        return
    rows = payments.assign(month=payments["month"].map(label))
    flowing = rows["trigger"].isin(["royalty", "cost share", "profit share", "reversion"])
    once: Iterator[Any] = rows[~flowing].itertuples()
    for row in once:
        yield Line(row.month, 7, f"{run.firm(row.payer)} paid {money(row.amount)} ({row.trigger})", "payment")
    for (year, trigger, payer), part in rows[flowing].groupby(
        [rows["month"].str[:4], "trigger", "payer"], observed=True
    ):
        text = f"{run.firm(cast(int, payer))} paid {money(part['amount'].sum())} in {year} ({trigger})"
        yield Line(f"{year}-12", 7, text, "payment")


def alliance_lines(run: Run, deal: int, quiet: bool = False) -> Iterator[Line]:
    """How the partners fared."""
    for row in run.each("alliances", deal=deal):
        if not (quiet and row.event in QUIET):
            text = f"alliance {deal}: {row.event} (trust {row.trust:.2f}, belief gap {row.belief_gap:.2f})"
            yield Line(label(row.month), 7, text, "alliance")
