"""The tables of a run as sentences: what happened to an asset, a contract or a firm, and why, in order of time."""

from __future__ import annotations

import pandas as pd

from experiments.story.assets import ASSET_TELLERS, asset_end, filings, gates, launches, readouts, trials
from experiments.story.contracts import alliance_lines, contract, offers
from experiments.story.firms import (
    firm_assets,
    firm_deals,
    firm_filings,
    firm_launches,
    firm_offers,
    firm_trials,
    firm_years,
)
from experiments.story.reading import Line, Run
from experiments.story.words import CAUSES, PHASES, label, money, ordinal

__all__ = ["CAUSES", "PHASES", "Line", "Run", "asset_story", "deal_story", "firm_story", "money", "ordinal"]


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
    lines = [*contract(run, row), *alliance_lines(run, deal)]
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
