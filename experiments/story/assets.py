"""Sentences about one asset, from the laboratory to the market."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from experiments.story.contracts import contracts, offers
from experiments.story.reading import Line, Run
from experiments.story.words import CAUSES, PHASES, label, money, ordinal, places


def beginning(run: Run, asset: int) -> Iterator[Line]:
    """Where it comes from."""
    for row in run.each("assets", asset=asset):
        traits = [text for text, true in (("orphan", row.orphan), ("with a biomarker", row.biomarker)) if true]
        text = f"{run.firm(row.originator)} started it: {row.modality} for {row.indication} ({row.area}), {row.novelty}"
        month = label(row.started) if pd.notna(row.started) else "2000-01"
        yield Line(month, 0, ", ".join([text, *traits]), "start")


def readouts(run: Run, asset: int) -> Iterator[Line]:
    """Readouts and why they went as they did."""
    for row in run.each("readouts", asset=asset):
        needed = ordinal(1 - row.chance)
        after = f"went on, public signal {row.signal:+.1f} s.d." if row.success else "failed"
        text = f"{PHASES[row.phase]} read out at the {ordinal(row.luck)} of its luck (needed the {needed}): {after}"
        yield Line(label(row.month), 1, text, "readout")


def gates(run: Run, asset: int) -> Iterator[Line]:
    """Steps that were not taken, and what was compared."""
    for row in run.each("gates", asset=asset):
        if row.answer == "go":
            continue
        why = f"worth {money(row.value)} against a cost of {money(row.cost)}, money at hand {money(row.money)}"
        verb = "given up before" if row.answer == "stop" else "waits for money or a partner before"
        yield Line(label(row.month), 4, f"{verb} {PHASES[row.phase]}: {why}", "gate")


def trials(run: Run, asset: int) -> Iterator[Line]:
    """Programmes that began."""
    for row in run.each("trials", asset=asset):
        months = row.startup_months + row.enrolment_months + row.paperwork_months
        size = f"{row.patients:.0f} patients, {money(row.cost)}, {months:.0f} months and follow-up"
        text = f"{run.firm(row.sponsor)} began {PHASES[row.phase]} in {places(row.regions)}: {size}"
        yield Line(label(row.started), 5, text, "trial")
        if row.outcome == "terminated":
            yield Line(label(row.ended), 6, f"{PHASES[row.phase]} stopped", "trial")


def filings(run: Run, asset: int) -> Iterator[Line]:
    """Files and decisions."""
    for row in run.each("filings", asset=asset):
        how = f"{row.pathway}, coordinated" if row.coordinated else str(row.pathway)
        if pd.notna(row.submitted):
            yield Line(label(row.submitted), 5, f"{run.firm(row.filer)} filed with {row.regulator} ({how})", "filing")
        if pd.notna(row.decided):
            text = (
                f"{row.regulator}: {row.outcome} after {row.days:.0f} days, {row.cycles} cycle{'s' * (row.cycles > 1)}"
            )
            yield Line(label(row.decided), 6, text, "filing")


def listings(run: Run, asset: int) -> Iterator[Line]:
    """Decisions of payers by region and month."""
    rows = run.rows("listings", asset=asset)
    rows = rows[rows["decided"].notna()] if len(rows) else rows
    for (month, region, outcome), part in (
        rows.groupby(["decided", "region", "outcome"], observed=True) if len(rows) else ()
    ):
        price = f" at {part['net_price'].mean():,.0f} US$ a patient-year net" if outcome == "listed" else ""
        number = f"{len(part)} payer{'s' * (len(part) > 1)}"
        yield Line(label(month), 7, f"{region}: {outcome} by {number}{price}", "listing")


def launches(run: Run, asset: int) -> Iterator[Line]:
    """Launches and withdrawals."""
    for row in run.each("launches", asset=asset):
        yield Line(label(row.month), 8, f"{run.firm(row.firm)} launched it in {row.region} as {row.mode}", "launch")
    for row in run.each("withdrawals", asset=asset):
        yield Line(label(row.month), 8, f"withdrawn in {row.region}: {row.reason}", "withdrawal")


def sales(run: Run, asset: int) -> Iterator[Line]:
    """Sales by year."""
    rows = run.rows("sales", asset=asset)
    for year, part in rows.groupby("year") if len(rows) else ():
        text = (f"sold {money(part['net_sales'].sum())} in {year}: {part['patients'].sum():,.0f} patients in "
                f"{places(part['region'])}")  # fmt: skip
        yield Line(f"{year}-12", 9, text, "sales")


def asset_end(run: Run, asset: int) -> Iterator[Line]:
    """How it ended."""
    for row in run.each("assets", asset=asset):
        if pd.notna(row.ended):
            text = f"ended: {CAUSES.get(row.end_reason, row.end_reason)}; last led by {run.firm(row.owner)}"
            yield Line(label(row.ended), 9, text, "end")


Teller = Callable[[Run, int], Iterator[Line]]
ASSET_TELLERS: tuple[Teller, ...] = (beginning, readouts, offers, contracts, gates, trials, filings, listings, launches,
                                     sales, asset_end)  # fmt: skip
