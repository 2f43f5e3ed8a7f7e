"""Sentences and tables of a comparison's report, from its tables and manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from experiments import compare_summary
from experiments.catalogue import MAIN, MAIN_REGIONAL
from experiments.compare_summary import horizon
from viz.amounts import number, per_cent, span
from viz.strips import verdict

Manifest = Mapping[str, Any]
MOST_FINDINGS, MOST_GROUPS, MOST_RULES = 5, 6, 40
SPELLED = {
    "adc": "ADC", "mab": "mAb", "mrna": "mRNA", "other_pain_msk_womens": "pain, bones, women's health",
    "autoimmune_immunology": "immunology", "metabolic_endocrine": "metabolism", "urology_renal": "urology, kidney",
}  # fmt: skip
DIMENSIONS = {"region": "Regions", "firms": "Kinds of firm", "area": "Disease areas", "modality": "Modalities"}


def interval(row: Any) -> str:
    """Ends of an interval, or a dash."""
    return span(row.low, row.high)


def main_effects(effects: pd.DataFrame) -> pd.DataFrame:
    """The main figures of the world over the horizon, in their order."""
    rows = horizon(effects)
    rows = rows[rows.indicator.isin(MAIN)]
    return rows.set_index("indicator").loc[[name for name in MAIN if name in set(rows.indicator)]].reset_index()


def findings(effects: pd.DataFrame) -> list[dict[str, Any]]:
    """The largest effects among the main figures whose intervals leave out zero."""
    rows = main_effects(effects)
    clear = rows[((rows.low > 0) | (rows.high < 0)) & (rows.mean_a != 0)]
    clear = clear.reindex(clear.relative.abs().sort_values(ascending=False).index)
    return [_finding(row) for row in clear.head(MOST_FINDINGS).itertuples()]


def _finding(row: Any) -> dict[str, Any]:
    low, high = (per_cent(end / abs(row.mean_a)) for end in (row.low, row.high))
    return {
        "label": row.label, "relative": per_cent(row.relative), "verdict": verdict(row.low, row.high),
        "detail": f"{low} to {high}; from {number(row.mean_a)} to {number(row.mean_b)} {row.unit}",
    }  # fmt: skip


def unmoved(effects: pd.DataFrame) -> list[str]:
    """Main figures that did not move over the horizon."""
    return [str(label) for label in compare_summary.unmoved(main_effects(effects)).label]


def levels(effects: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Rows of the table of main effects by period."""
    rows = effects[effects.indicator.isin(MAIN)]
    order = {name: place for place, name in enumerate(MAIN)}
    return {
        str(period): [_effect(row) for row in part.sort_values("indicator", key=lambda c: c.map(order)).itertuples()]
        for period, part in rows.groupby("period", sort=False)
    }


def _effect(row: Any) -> dict[str, Any]:
    return {
        "label": row.label, "unit": row.unit, "a": number(row.mean_a), "b": number(row.mean_b),
        "effect": number(row.effect), "interval": interval(row), "relative": per_cent(row.relative),
        "unpaired": span(row.unpaired_low, row.unpaired_high),
        "saved": number(row.variance_saved), "verdict": verdict(row.low, row.high),
    }  # fmt: skip


def chosen_winners(winners: pd.DataFrame) -> pd.DataFrame:
    """Per dimension the largest clear gains and losses in per cent, one figure for each group."""
    clear = winners[(winners.verdict != "unclear") & (winners.mean_a > 0)]
    clear = clear.reindex(clear.relative.abs().sort_values(ascending=False).index)
    clear = clear.drop_duplicates(["dimension", "group"]).sort_values("relative", ascending=False)
    parts = []
    for dimension, title in DIMENSIONS.items():
        rows = clear[clear.dimension == dimension]
        ends = rows if len(rows) <= 2 * MOST_GROUPS else pd.concat([rows.head(MOST_GROUPS), rows.tail(MOST_GROUPS)])
        parts.append(ends.assign(dimension=title, group=[spelled(name) for name in ends.group]))
    return pd.concat(parts, ignore_index=True)


def spelled(name: str) -> str:
    """A group as people write it."""
    return SPELLED.get(name, name.replace("_", " "))


def expectations(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """What the sources of B expect of it, and what comes out."""
    return [
        {
            "label": row.label, "direction": row.direction, "unit": row.unit, "effect": number(row.effect),
            "interval": interval(row), "verdict": row.verdict, "why": row.reason or row.source,
            "months": f"{row.begin} to {row.until}",
        }
        for row in frame.rename(columns={"from": "begin"}).itertuples()
    ]  # fmt: skip


def regional_table(effects: pd.DataFrame, regions: Sequence[str]) -> dict[str, Any]:
    """Regions by main figures: effects in per cent of A with their verdict and interval."""
    rows = horizon(effects)
    cells = {(row.region, row.indicator): row for row in rows.itertuples()}
    names = [name for name in MAIN_REGIONAL if (regions[0], name) in cells]
    return {
        "heads": [cells[regions[0], name].label for name in names],
        "rows": [(region, [_cell(cells[region, name]) for name in names]) for region in regions],
    }


def _cell(row: Any) -> dict[str, Any]:
    strength = 0.0 if row.relative != row.relative else min(abs(row.relative), 0.25) / 0.25
    detail = f"{row.label}, {row.region}: {number(row.effect)} {row.unit} (95 % interval {interval(row)})"
    return {
        "text": per_cent(row.relative),
        "verdict": verdict(row.low, row.high),
        "strength": round(12 + 48 * strength),
        "title": detail,
    }


def rules(manifest: Manifest) -> list[dict[str, Any]]:
    """The changes that only one variant has."""
    years = manifest["difference_years"]
    return [
        {
            **row, "amount": number(row["amount"]), "when": _when(row),
            "path": [(number(row[f"a_{year}"]), number(row[f"b_{year}"])) for year in years],
        }
        for row in manifest["differences"][:MOST_RULES]
    ]  # fmt: skip


def _when(row: Mapping[str, Any]) -> str:
    begin, end = row["from"], row["until"]
    if not begin and not end:
        return "always"
    return f"{begin or 'start'} to {end}" if end else f"from {begin}"
