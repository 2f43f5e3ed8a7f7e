"""The tables of a run as sentences: what happened to an asset, a contract or a firm, and why, in order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

PHASES = {"preclinical": "preclinical work", "phase1": "phase I", "phase2": "phase II", "phase3": "phase III",
          "filed": "filing", "marketed": "market"}  # fmt: skip
QUIET = ("year end", "report missed", "milestone")
"""Events of alliances that only the story of the contract itself tells."""
CAUSES = {"efficacy": "it did not work well enough", "safety": "it was not safe",
          "strategy": "it was not worth its next step", "money": "nobody paid for it", "refused": "it was refused",
          "off the market": "it left the market", "preclinical failure": "it failed in the laboratory"}  # fmt: skip


@dataclass(frozen=True, order=True)
class Line:
    """One thing that happened."""

    month: str
    order: int
    text: str = field(compare=False)
    kind: str = field(compare=False)


class Run:
    """The tables of a results folder, read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def place(self) -> str:
        """Where the tables are, for messages."""
        return str(self.folder)

    def rows(self, name: str, **equal: Any) -> pd.DataFrame:
        """Rows of a table in which each named column has the value, or one of the values of a list."""
        import pyarrow.parquet as pq

        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            return pd.DataFrame(columns=list(equal))
        filters = [(column, "in", value) if isinstance(value, list) else (column, "==", value)
                   for column, value in equal.items()]  # fmt: skip
        return pq.read_table(path, filters=filters or None).to_pandas()

    def column(self, name: str, column: str) -> np.ndarray:
        """One column of a table."""
        import pyarrow.parquet as pq

        return pq.read_table(self.folder / f"{name}.parquet", columns=[column])[column].to_numpy()

    def each(self, name: str, **equal: Any) -> Iterator[Any]:
        """The same rows one by one, columns as attributes."""
        yield from self.rows(name, **equal).itertuples()

    @cached_property
    def firms(self) -> pd.DataFrame:
        """All firms by identity."""
        return self.rows("firms").set_index("firm")

    def firm(self, identity: int) -> str:
        """Name and home of a firm."""
        if identity not in self.firms.index:
            return "nobody"
        row = self.firms.loc[identity]
        return f"{row['name']} ({row['home']})"


def money(amount: float) -> str:
    """Million US$ in words."""
    return (
        f"{amount / 1000:.1f} bn"
        if abs(amount) >= 1000
        else f"{amount:.0f} m"
        if abs(amount) >= 10
        else f"{amount:.1f} m"
    )


def label(month: Any) -> str:
    """``YYYY-MM`` of a date."""
    return pd.Timestamp(month).strftime("%Y-%m")


def ordinal(share: float) -> str:
    """``71st percentile`` of a share."""
    number = min(max(round(100 * share), 1), 99)
    tail = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number not in (11, 12, 13) else 0, "th")
    return f"{number}{tail} percentile"


def places(regions: Any) -> str:
    """Regions as words."""
    names = list(regions)
    return "the world" if len(names) == 10 else ", ".join(names) or "no region"


def asset_story(run: Run, asset: int) -> list[Line]:
    """Everything about an asset."""
    deals = run.rows("deals", asset=asset)
    lines = [line for teller in ASSET_TELLERS for line in teller(run, asset)]
    for deal in deals["deal"] if len(deals) else ():
        lines += alliance_lines(run, int(deal), quiet=True)
    return sorted(lines)


def deal_story(run: Run, deal: int) -> list[Line]:
    """Everything about a contract, and what became of its asset meanwhile."""
    row = run.rows("deals", deal=deal).iloc[0]
    asset, begin = int(row["asset"]), label(row["month"])
    lines = [*signing(run, row), *payment_lines(run, deal), *alliance_lines(run, deal)]
    for teller in (offers, readouts, gates, trials, filings, launches, asset_end):
        lines += [line for line in teller(run, asset) if line.month >= begin]
    return sorted(lines)


def firm_story(run: Run, firm: int) -> list[Line]:
    """Everything about a firm: its candidates, trials, files, contracts, products, years."""
    row = run.firms.loc[firm]
    lines = []
    if pd.notna(row["founded"]):
        lines.append(Line(label(row["founded"]), 0, f"{run.firm(firm)} founded as a {row['kind']}", "founded"))
    for teller in (firm_assets, firm_trials, firm_filings, firm_offers, firm_deals, firm_launches, firm_years):
        lines += teller(run, firm)
    if pd.notna(row["exited"]):
        lines.append(Line(label(row["exited"]), 9, f"{run.firm(firm)} gone: {row['exit_reason']}", "exit"))
    return sorted(lines)


# --- tellers of an asset


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
        yield from signing(run, row)
        yield from payment_lines(run, int(row["deal"]))


def signing(run: Run, row: Any) -> Iterator[Line]:
    """Signing and end of a contract."""
    terms = f"upfront {money(row['upfront'])}, headline {money(row['headline'])}, royalty {row['royalty']:.0%}"
    parties = f"{run.firm(row['seller'])} to {run.firm(row['buyer'])}"
    text = f"{row['kind']} {row['deal']} signed, {parties}, for {places(row['territory'])}: {terms}"
    yield Line(label(row["month"]), 3, text, "deal")
    if pd.notna(row["ended"]) and row["kind"] != "acquisition":
        text = f"{row['kind']} {row['deal']} ended: {row['end_reason']}; {money(row['paid'])} were paid"
        yield Line(label(row["ended"]), 8, text, "deal")


def payment_lines(run: Run, deal: int) -> Iterator[Line]:
    """Payments under a contract; royalties and shared costs by year."""
    rows = run.rows("payments", deal=deal)
    if not len(rows):
        return
    rows["month"] = rows["month"].map(label)
    flowing = rows["trigger"].isin(["royalty", "cost share", "profit share"])
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


# --- tellers of a firm


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
            for line in signing(run, row):
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
