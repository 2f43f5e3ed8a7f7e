"""What the series mean: label, unit, and how the months of a year, or of a whole horizon, become one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

How = Literal["sum", "last", "mean"]


@dataclass(frozen=True)
class Series:
    """One column of ``indicators`` or ``regional``.

    ``how`` makes a year of its months: what flows is summed, what stands is read in the last month, a median or share
    is averaged. Over a horizon what flows is summed and everything else averaged. ``factor`` leads to ``unit``.
    """

    name: str
    label: str
    unit: str
    how: How
    factor: float = 1.0

    @property
    def flows(self) -> bool:
        """Whether amounts of several years add up."""
        return self.how == "sum"


BILLION, MILLION, PER_CENT = 1e-3, 1e-6, 100.0

WORLD: tuple[Series, ...] = (
    Series("firms", "Companies", "companies", "last"),
    Series("biotechs", "Research firms", "companies", "last"),
    Series("pharmas", "Pharma firms", "companies", "last"),
    Series("entries", "New companies", "companies", "sum"),
    Series("exits", "Companies that leave", "companies", "sum"),
    Series("pipeline_assets", "Candidates in development", "candidates", "last"),
    Series("preclinical", "Candidates, preclinical", "candidates", "last"),
    Series("phase1", "Candidates in Phase I", "candidates", "last"),
    Series("phase2", "Candidates in Phase II", "candidates", "last"),
    Series("phase3", "Candidates in Phase III", "candidates", "last"),
    Series("filed", "Candidates filed", "candidates", "last"),
    Series("marketed", "Medicines on the market", "medicines", "last"),
    Series("trials_active", "Trials under way", "trials", "last"),
    Series("trial_starts", "Trials started", "trials", "sum"),
    Series("approvals_first", "First approvals anywhere", "medicines", "sum"),
    Series("readouts", "Trials read out", "trials", "sum"),
    Series("failures", "Trials failed", "trials", "sum"),
    Series("deals", "Deals", "deals", "sum"),
    Series("deal_headline", "Headline value of deals", "bn US$", "sum", BILLION),
    Series("deal_upfront", "Upfront payments", "bn US$", "sum", BILLION),
    Series("deal_paid", "Paid under deals", "bn US$", "sum", BILLION),
    Series("cross_border_share", "Deals across borders", "% of deals", "mean", PER_CENT),
    Series("acquisitions", "Takeovers", "takeovers", "sum"),
    Series("alliances_active", "Alliances alive", "alliances", "last"),
    Series("alliance_trust", "Trust in alliances", "0-1", "mean"),
    Series("disputes", "Disputes", "disputes", "sum"),
    Series("terminations", "Alliances ended early", "alliances", "sum"),
    Series("venture", "Venture capital", "bn US$", "sum", BILLION),
    Series("runway_below_1y_share", "Research firms with less than a year of cash", "% of them", "mean", PER_CENT),
    Series("rd_spend", "R&D spending", "bn US$", "sum", BILLION),
    Series("net_sales", "Net sales of the companies", "bn US$", "sum", BILLION),
    Series("generic_sales", "Sales of copies", "bn US$", "sum", BILLION),
    Series("patients", "Patients treated", "m patient-years", "sum", MILLION),
    Series("health_gain", "Health gained", "m QALY", "sum", MILLION),
    Series("hhi", "Concentration of sales", "HHI", "mean"),
    Series("cr4", "Share of the largest four", "% of sales", "mean", PER_CENT),
    Series("cr10", "Share of the largest ten", "% of sales", "mean", PER_CENT),
    Series("ai_adoption", "Firms that use AI", "% of firms", "mean", PER_CENT),
    Series("good_practice", "Firms that keep to good practice in alliances", "% of firms", "mean", PER_CENT),
    Series("tension_us_cn", "Tension between US and China", "0-1", "mean"),
    Series("solo_share", "Launches abroad by the originator", "% of launches", "mean", PER_CENT),
    Series("launch_lag_median", "From first to second approval, median", "months", "mean"),
)
REGIONAL: tuple[Series, ...] = (
    Series("firms", "Companies", "companies", "last"),
    Series("pipeline_assets", "Candidates involving the region", "candidates", "last"),
    Series("pipeline_originated", "Candidates originated", "candidates", "last"),
    Series("assets_entering", "New candidates", "candidates", "sum"),
    Series("trial_starts", "Trials started", "trials", "sum"),
    Series("trials_active", "Trials under way", "trials", "last"),
    Series("enrolment_months_median", "Enrolment, median", "months", "mean"),
    Series("approvals", "Approvals", "medicines", "sum"),
    Series("review_days_median", "Review, median", "days", "mean"),
    Series("queue", "Files at the regulator", "files", "last"),
    Series("filings", "Filings", "files", "sum"),
    Series("first_cycle_share", "Approved in the first cycle", "% of approvals", "mean", PER_CENT),
    Series("access_days_median", "Approval to access, median", "days", "mean"),
    Series("listed_share", "Listed by payers", "% of decisions", "mean", PER_CENT),
    Series("net_price_index", "Net prices, US = 1", "ratio", "mean"),
    Series("net_sales", "Net sales there", "bn US$", "sum", BILLION),
    Series("generic_sales", "Sales of copies", "bn US$", "sum", BILLION),
    Series("patients", "Patients treated", "m patient-years", "sum", MILLION),
    Series("launches", "Launches", "medicines", "sum"),
    Series("out_licences", "Licences out", "deals", "sum"),
    Series("out_licence_headline", "Headline of licences out", "bn US$", "sum", BILLION),
    Series("out_licence_upfront", "Upfront of licences out", "bn US$", "sum", BILLION),
    Series("in_licences", "Licences in", "deals", "sum"),
    Series("venture", "Venture capital", "bn US$", "sum", BILLION),
    Series("entries", "New companies", "companies", "sum"),
    Series("exits", "Companies that leave", "companies", "sum"),
    Series("review_utilisation", "Use of reviewers", "% of capacity", "mean", PER_CENT),
    Series("trial_utilisation", "Use of trial sites", "% of capacity", "mean", PER_CENT),
)
MAIN = ("net_sales", "approvals_first", "pipeline_assets", "rd_spend", "venture", "deals", "deal_upfront",
        "cross_border_share", "solo_share", "firms", "patients", "health_gain")  # fmt: skip
"""World figures that tell most to most readers, in the order in which to show them."""
MAIN_REGIONAL = ("pipeline_originated", "approvals", "launches", "trial_starts", "out_licences", "venture", "firms",
                 "net_sales", "patients", "access_days_median")  # fmt: skip


def described(names: tuple[str, ...], known: tuple[Series, ...]) -> tuple[Series, ...]:
    """The series of these columns; a column that is not described is averaged and goes by its own name."""
    by_name = {series.name: series for series in known}
    return tuple(by_name.get(name) or Series(name, name.replace("_", " "), "", "mean") for name in names)


def figure(name: str) -> tuple[str, str]:
    """Label and unit of a figure of a run: an indicator, ``end.`` and one, or ``regional.REGION.NAME``."""
    first, _, rest = name.partition(".")
    if first == "regional":
        region, _, column = rest.partition(".")
        (one,) = described((column,), REGIONAL)
        return f"{one.label} ({region})", one.unit
    (one,) = described((rest if first == "end" else name,), WORLD)
    return (f"{one.label} (last year)" if first == "end" else one.label), one.unit
