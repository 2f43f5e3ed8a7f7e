"""Columns in the words of a reader: label, unit and how a cell reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from model.labels import REGIONS
from viz.numbers import money

Kind = Literal["number", "month", "choice", "text", "flag", "list", "firm", "asset", "deal"]

TABLES = {
    "indicators": "World figures by month", "regional": "Regional figures by month", "firms": "Firms of all times",
    "firm_years": "Firms by year", "assets": "Candidates and medicines", "trials": "Clinical programmes",
    "filings": "Files at regulators", "listings": "Decisions of payers", "launches": "Launches by region",
    "deals": "Contracts between firms", "payments": "Payments under contracts", "alliances": "Trust between partners",
    "sales": "Sales by medicine, region and year", "withdrawals": "Products withdrawn",
    "tensions": "Tension and measures between regions", "providers": "Service providers by year",
    "events": "Events in plain words", "readouts": "Readouts of trials", "gates": "Decisions before the next phase",
    "offers": "Offers to partners",
}  # fmt: skip
"""What each table holds."""
IDENTITIES: dict[str, Kind] = {
    **dict.fromkeys(("firm", "originator", "owner", "sponsor", "filer", "seller", "buyer", "payer", "payee", "partner"),
                    "firm"),
    "asset": "asset", "deal": "deal",
}  # fmt: skip
MONEY = {
    "upfront", "milestones", "headline", "paid", "amount", "cost", "net_sales", "income", "rd_spend", "cash", "value",
    "money", "kept", "best", "second", "generic_sales", "venture", "deal_headline", "deal_upfront", "deal_paid",
    "out_licence_headline", "out_licence_upfront",
}  # fmt: skip
"""Columns in million US$ of the month."""
SHARES = {"royalty", "chance", "luck", "discount", "utilisation", "ai_adoption", "cr4", "cr10", "review_utilisation",
          "trial_utilisation"}  # fmt: skip
UNITS = {"net_price": "US$ a patient-year", "days": "days", "signal": "s.d.", "runway": "months",
         "health_gain": "QALY", "trust": "0-1", "belief_gap": "s.d.", "level": "0-1"}  # fmt: skip
LABELS = {
    "deal_upfront": "upfront payments", "deal_headline": "headline of deals", "deal_paid": "paid under deals",
    "hhi": "concentration (HHI)", "cr4": "share of the largest four", "cr10": "share of the largest ten",
    "rd_spend": "R&D spending", "ai_adoption": "firms that use AI", "tension_us_cn": "tension US-CN",
    "phase1": "in phase I", "phase2": "in phase II", "phase3": "in phase III", "headline": "headline value",
    "kept": "worth of keeping it", "best": "best bid", "second": "second bid", "value": "worth of the step",
    "listed": "listed on an exchange", "net_sales": "net sales", "home": "home region",
}  # fmt: skip
MANY = 7
"""So many regions or more are told by those that are missing."""


@dataclass(frozen=True)
class Words:
    """A column as it is shown: what it is called, in which unit, and what kind of value it holds."""

    name: str
    label: str
    unit: str
    kind: Kind


def words(frame: pd.DataFrame, name: str) -> Words:
    """How to show a column of a table."""
    kind = kind_of(frame, name)
    unit = "year" if frame[name].dtype == "Int64" else unit_of(name) if kind == "number" else ""
    return Words(name, LABELS.get(name, name.replace("_", " ")), unit, kind)


def kind_of(frame: pd.DataFrame, name: str) -> Kind:
    """What kind of value a column holds."""
    column = frame[name]
    if name in IDENTITIES and pd.api.types.is_integer_dtype(column):
        return IDENTITIES[name]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return "choice"
    if pd.api.types.is_bool_dtype(column):
        return "flag"
    if pd.api.types.is_datetime64_any_dtype(column):
        return "month"
    if pd.api.types.is_numeric_dtype(column):
        return "number"
    first = next((value for value in column if value is not None), "")
    return "text" if isinstance(first, str) else "list"


def unit_of(name: str) -> str:
    """Unit of a numeric column, as it is shown."""
    if name in MONEY:
        return "US$"
    if name in SHARES or name.endswith("_share"):
        return "%"
    if name in UNITS:
        return UNITS[name]
    if name.endswith(("_months", "_months_median")) or name == "launch_lag_median":
        return "months"
    return "days" if "_days" in name else ""


def cell(value: object, column: Words) -> str:
    """A value as text for a reader; a dash where there is none."""
    if isinstance(value, list | tuple | np.ndarray):
        return places(list(value))
    if value is None or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return "–"
    if column.kind == "flag":
        return "yes" if value else "no"
    if column.kind == "month":
        return f"{pd.Timestamp(value):%Y-%m}"  # type: ignore[arg-type]
    if column.kind == "choice":
        return str(value).replace("_", " ")
    if column.kind != "number":
        return str(value)
    return measure(float(value), column)  # type: ignore[arg-type]


def measure(number: float, column: Words) -> str:
    """A number of a column with its unit where that makes it shorter to read."""
    if column.name == "year" or column.unit == "year":
        return f"{number:.0f}"
    if column.unit == "US$":
        return money(number)
    if column.unit == "%":
        return f"{plain(100 * number)} %"
    return plain(number)


def places(names: Sequence[object]) -> str:
    """Regions, or other members of a list, in few words."""
    known = [region for region in REGIONS if region in names]
    if len(known) == len(REGIONS):
        return "the world"
    if len(known) >= MANY:
        return "the world without " + ", ".join(region for region in REGIONS if region not in names)
    return ", ".join(map(str, names)) or "–"


def plain(number: float) -> str:
    """Three digits that matter, thousands apart, a real minus sign."""
    if number == 0 or float(number).is_integer() or abs(number) >= 100:
        text = f"{number:,.0f}"
    else:
        digits = 1 if abs(number) >= 10 else 2
        text = f"{number:.{digits}f}" if abs(number) >= 0.01 else f"{number:.2g}"
    return text.replace("-", "−")
