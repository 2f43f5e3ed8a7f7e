"""Rows of the page Compare: effects, winners, medicines and expectations as words and strips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from experiments.catalogue import MAIN, MAIN_REGIONAL
from experiments.compare_summary import horizon
from viz import report_texts as texts
from viz.amounts import number, per_cent, readable, span
from viz.strips import Strip, around_zero, scale, verdict

MOST_GROUPS, MOST_ASSETS = 8, 60
LARGEST = "largest"
"""Instead of a figure: for each group the figure that moves most."""
ASSET_QUESTIONS = {
    "Approved only in A": ("approval", "only A"), "Approved only in B": ("approval", "only B"),
    "Approved earlier in B": ("approval", "earlier in B"), "Approved later in B": ("approval", "later in B"),
    "Another route to market": ("route", ""), "Another first partner": ("partner", "another"),
    "First deal only in A": ("partner", "only A"), "First deal only in B": ("partner", "only B"),
}  # fmt: skip


@dataclass(frozen=True)
class Effect:
    """One figure of B against A in words, amounts in ``unit``, with its strip in per cent of A."""

    name: str
    label: str
    unit: str
    a: str
    b: str
    effect: str
    interval: str
    relative: str
    share: float
    verdict: str
    strip: Strip
    who: str = ""
    region: str = ""


def effects(frame: pd.DataFrame) -> list[Effect]:
    """Rows of a table of effects in their order, strips on one scale; those without a mean to refer to are left out."""
    rows = frame[np.isfinite(frame.effect) & (frame.mean_a != 0)]
    base = rows.mean_a.abs()
    ends = scale(list(zip(rows.low / base, rows.effect / base, rows.high / base)))
    return [_effect(row, ends) for row in rows.itertuples()]


def _effect(row: Any, ends: tuple[float, float]) -> Effect:
    base = abs(row.mean_a)
    factor, unit = readable(max(base, abs(row.mean_b)), row.unit)
    return Effect(
        name=str(getattr(row, "indicator", getattr(row, "figure", ""))), label=row.label, unit=unit,
        a=number(row.mean_a * factor), b=number(row.mean_b * factor), effect=number(row.effect * factor, signed=True),
        interval=span(row.low * factor, row.high * factor), relative=per_cent(row.relative), share=row.relative,
        verdict=verdict(row.low, row.high), who=str(getattr(row, "group", "")), region=str(getattr(row, "region", "")),
        strip=around_zero(row.low / base, row.effect / base, row.high / base, ends),
    )  # fmt: skip


def main_effects(frame: pd.DataFrame, period: str) -> list[Effect]:
    """The main figures of the world in one period."""
    return effects(texts.main_effects(frame[frame.period == period]))


def periods(frame: pd.DataFrame) -> list[str]:
    """Periods of a table of effects, the whole time after the branch first."""
    found = [str(name) for name in dict.fromkeys(frame.period)]
    return [found[-1], *found[:-1]]


def regional(by_year: pd.DataFrame, indicator: str, year: int) -> list[Effect]:
    """Every region in one year, in the order of regions."""
    rows = by_year[(by_year.indicator == indicator) & (by_year.year == year) & (by_year.region != "world")]
    return effects(rows)


def figures_of(winners: pd.DataFrame, dimension: str) -> dict[str, str]:
    """Figures that a dimension has with their labels, after the choice of the largest."""
    rows = winners[winners.dimension == dimension].drop_duplicates("figure")
    return {LARGEST: "what moves most in each", **dict(zip(rows.figure, rows.label))}


def winners(frame: pd.DataFrame, dimension: str, figure: str) -> list[Effect]:
    """Groups of a dimension from the largest gain to the largest loss in per cent.

    With the figure :data:`LARGEST` those with a clear effect, each by the figure that moves most; else all groups.
    """
    rows = frame[(frame.dimension == dimension) & (frame.mean_a > 0) & np.isfinite(frame.relative)]
    if figure == LARGEST:
        rows = rows[rows.verdict != "unclear"]
        rows = rows.reindex(rows.relative.abs().sort_values(ascending=False).index).drop_duplicates("group")
    else:
        rows = rows[rows.figure == figure]
    rows = rows.sort_values("relative", ascending=False)
    if len(rows) > 2 * MOST_GROUPS:
        rows = pd.concat([rows.head(MOST_GROUPS), rows.tail(MOST_GROUPS)])
    return effects(rows.assign(group=[texts.spelled(name) for name in rows.group]))


@dataclass(frozen=True)
class Fate:
    """How many medicines of a pair had this fate, and how long its bar is in per cent."""

    name: str
    count: str
    interval: str
    width: float
    side: str


def fates(counts: pd.DataFrame) -> dict[str, list[Fate]]:
    """Fates by question."""
    return {
        str(question): [_fate(row, float(rows.assets.max()) or 1.0) for row in rows.itertuples()]
        for question, rows in counts.groupby("question", sort=False)
    }


def _fate(row: Any, largest: float) -> Fate:
    side = "still" if "same" in row.fate else "a" if row.fate.endswith(("only in A", "later in B")) else "b"
    return Fate(
        row.fate, number(round(row.assets, 1)), span(row.low, row.high), round(100 * row.assets / largest, 1), side
    )


def differing(assets: pd.DataFrame, question: str, region: str = "", area: str = "") -> pd.DataFrame:
    """The assets of a question in ASSET_QUESTIONS, of a region of origin and a disease area if they are named."""
    column, value = ASSET_QUESTIONS[question]
    chosen = assets.route_a.astype(str) != assets.route_b.astype(str) if column == "route" else assets[column] == value
    if region:
        chosen &= assets.origin_region == region
    if area:
        chosen &= assets.area == area
    return assets[chosen]


def asset_rows(assets: pd.DataFrame) -> list[dict[str, str]]:
    """The first assets as words."""
    return [
        {
            "seed": str(row.seed), "asset": str(row.asset), "region": str(row.origin_region),
            "area": texts.spelled(str(row.area)), "modality": texts.spelled(str(row.modality)),
            "approval_a": _month(row.first_approval_a), "approval_b": _month(row.first_approval_b),
            "route_a": str(row.route_a), "route_b": str(row.route_b), "partner": str(row.partner),
        }
        for row in assets.head(MOST_ASSETS).itertuples()
    ]  # fmt: skip


def _month(date: Any) -> str:
    return "–" if pd.isna(date) else f"{date:%Y-%m}"


def standing_out(frame: pd.DataFrame, most: int = 4) -> list[Effect]:
    """The main figures of the whole time whose intervals leave out zero, the largest in per cent first."""
    found = [row for row in effects(texts.main_effects(frame)) if row.verdict != "still"]
    return sorted(found, key=lambda row: -abs(row.share))[:most]


def most_moved(effects: pd.DataFrame, regional: pd.DataFrame) -> tuple[str, str]:
    """The figure of the world that moves most, and the one that moves in most regions: what to show first."""
    world = standing_out(effects, most=1)
    ends = horizon(regional)
    clear = ends[((ends.low > 0) | (ends.high < 0)) & ends.indicator.isin(MAIN_REGIONAL)]
    counts = clear.groupby("indicator").size()
    region = max(MAIN_REGIONAL, key=lambda name: int(counts.get(name, 0)))
    return world[0].name if world else MAIN[0], region


def expectations(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """What the sources of B expect of it, and what comes out."""
    return texts.expectations(frame)


def names(values: Sequence[str]) -> dict[str, str]:
    """Names as people write them, by name."""
    return {name: texts.spelled(name) for name in values}
