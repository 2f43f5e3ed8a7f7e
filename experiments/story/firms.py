"""Sentences about one firm: what it started, ran, filed, signed, launched and earned."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from experiments.story.contracts import offer_text, signing
from experiments.story.reading import Line, Run
from experiments.story.words import PHASES, label, money, places


def firm_assets(run: Run, firm: int) -> Iterator[Line]:
    """Candidates that it started."""
    for row in run.each("assets", originator=firm):
        month = label(row.started) if pd.notna(row.started) else "2000-01"
        yield Line(month, 1, f"started asset {row.asset}: {row.modality} for {row.indication}, {row.novelty}", "start")


def firm_trials(run: Run, firm: int) -> Iterator[Line]:
    """Programmes that it ran."""
    for row in run.each("trials", sponsor=firm):
        text = f"began {PHASES[row.phase]} of asset {row.asset} in {places(row.regions)} for {money(row.cost)}"
        yield Line(label(row.started), 3, text, "trial")
        if pd.notna(row.ended):
            yield Line(label(row.ended), 4, f"{PHASES[row.phase]} of asset {row.asset}: {row.outcome}", "trial")


def firm_filings(run: Run, firm: int) -> Iterator[Line]:
    """Decisions on its files."""
    for row in run.each("filings", filer=firm):
        if pd.notna(row.decided):
            yield Line(label(row.decided), 5, f"{row.regulator}: asset {row.asset} {row.outcome}", "filing")


def firm_offers(run: Run, firm: int) -> Iterator[Line]:
    """What it offered to partners."""
    for row in run.each("offers", seller=firm):
        yield Line(label(row.month), 2, f"asset {row.asset}: {offer_text(run, row)}", "offer")


def firm_deals(run: Run, firm: int) -> Iterator[Line]:
    """Its contracts, as seller and as buyer."""
    for side in ("seller", "buyer"):
        for _, row in run.rows("deals", **{side: firm}).iterrows():
            for line in signing(run, row, run.rows("payments", deal=int(row["deal"]))):
                yield Line(line.month, line.order, f"asset {row['asset']}: {line.text}", line.kind)


def firm_launches(run: Run, firm: int) -> Iterator[Line]:
    """Its launches."""
    for row in run.each("launches", firm=firm):
        yield Line(label(row.month), 8, f"launched asset {row.asset} in {row.region} as {row.mode}", "launch")


def firm_years(run: Run, firm: int) -> Iterator[Line]:
    """Its years: money in and out."""
    for row in run.each("firm_years", firm=firm):
        text = (f"sales {money(row.net_sales)}, income {money(row.income)}, research {money(row.rd_spend)}, "
                f"{row.products:.0f} products, cash {money(row.cash)}")  # fmt: skip
        yield Line(f"{row.year:.0f}-12", 10, text, "year")
