"""The charts of the stage as data: which columns, in which colours and units, under which title."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from model.labels import REGIONS, REGULATORS
from viz.player.columns import MODES, PLACE
from viz.shapes import anchors

NAMES = {"US": "United States", "EU": "European Union", "UK": "United Kingdom", "CH": "Switzerland", "JP": "Japan",
         "CN": "China", "KR": "South Korea", "CA": "Canada", "AU": "Australia", "ROW": "Rest of the world"}  # fmt: skip
LARGE = ("US", "EU", "JP", "CN")
"""Regions whose regulators set the pace."""


@dataclass(frozen=True)
class Series:
    """One line or area: a column times ``factor`` in a colour of the theme; ``axis`` 1 is that on the right."""

    name: str
    column: int
    colour: str
    factor: float = 1.0
    axis: int = 0


@dataclass(frozen=True)
class Board:
    """One chart: ``words`` say unit and source; ``unit`` is the format of its axis; areas are stacked."""

    key: str
    title: str
    words: str
    kind: Literal["line", "area"]
    series: tuple[Series, ...]
    unit: str = "short"
    right: str = ""
    """What the axis on the right counts, where there is one."""


def series(name: str, column: str, colour: str, factor: float = 1.0, axis: int = 0) -> Series:
    """A series by the name of its column."""
    return Series(name, PLACE[column], colour, factor, axis)


def regions(figure: str, factor: float = 1.0) -> tuple[Series, ...]:
    """The same figure of several regions."""
    return tuple(series(NAMES[region], f"regional.{region}.{figure}", f"@{region}", factor) for region in REGIONS)


def agencies(figure: str, factor: float = 1.0) -> tuple[Series, ...]:
    """The same figure of the large regions under the names of their regulators; the map has those of the others."""
    names = dict(zip(REGIONS, REGULATORS))
    return tuple(series(names[region], f"regional.{region}.{figure}", f"@{region}", factor) for region in LARGE)


PHASES = (("Preclinical", "preclinical"), ("Phase I", "phase1"), ("Phase II", "phase2"), ("Phase III", "phase3"),
          ("Filed", "filed"))  # fmt: skip
WHO = ("Originator", "Licensee", "Copromotion", "Acquirer")
PER_CENT, DAYS, MILLION = 100.0, 12 / 365.25, 1e6
BOARDS: tuple[Board, ...] = (
    Board("origin", "Where new medicines come from", "candidates in development by region of origin", "area",
          regions("pipeline_originated")),
    Board("phases", "How far they are", "candidates in development by phase", "area",
          tuple(series(name, column, f"@s{place}") for place, (name, column) in enumerate(PHASES))),
    Board("approvals", "Who approves", "approvals of the trailing 12 months", "line", agencies("approvals")),
    Board("lag", "How long it takes", "median months", "line",
          (*agencies("review_days_median", DAYS),
           series("From a first to a second approval", "launch_lag_median", "@ink"))),
    Board("deals", "Deals: promised and paid", "US$ of the trailing 12 months", "line",
          (series("Headline", "deal_headline", "@s0", MILLION), series("Paid", "deal_paid", "@s1", MILLION),
           series("Upfront", "deal_upfront", "@s2", MILLION)), unit="dollars"),
    Board("launchers", "Who launches", "launches of the trailing 12 months, by whom", "area",
          tuple(series(name, mode, f"@s{place}") for place, (name, mode) in enumerate(zip(WHO, MODES)))),
    Board("sales", "Net sales", "US$ of 12 months by region, copies left out", "area",
          regions("net_sales", factor=MILLION), unit="dollars"),
    Board("prices", "Net prices", "index, patented medicines, US = 1", "line",
          regions("net_price_index")),
    Board("concentration", "Concentration", "% of sales of the largest firms", "line",
          (series("Largest 10", "cr10", "@s0", PER_CENT), series("Largest 4", "cr4", "@s1", PER_CENT)), unit="percent"),
    Board("trust", "Partners", "trust, 0 to 1; quarrels, endings a year", "line",
          (series("Trust", "alliance_trust", "@s0"), series("Terminations", "terminations", "@s1", axis=1),
           series("Disputes", "disputes", "@s4", axis=1)), right="a year"),
    Board("capital", "Venture capital", "US$ of 12 months by home of the firm", "area",
          regions("venture", factor=MILLION), unit="dollars"),
    Board("borders", "Across borders", "each in % of its maximum", "line",
          (series("Deals across borders", "cross_border_share", "@s0", PER_CENT),
           series("US–China tension", "tension_us_cn", "@s1", PER_CENT),
           series("Firms that use AI", "ai_adoption", "@s2", PER_CENT)), unit="percent"),
)  # fmt: skip
MEASURES = {
    "pipeline_originated": ("Candidates by origin", "short", 1.0), "approvals": ("Approvals a year", "short", 1.0),
    "launches": ("Launches a year", "short", 1.0), "net_sales": ("Net sales a year", "dollars", MILLION),
    "net_price_index": ("Net price, US = 1", "short", 1.0), "venture": ("Venture capital a year", "dollars", MILLION),
    "out_licences": ("Licences granted a year", "short", 1.0), "trial_starts": ("Trials begun a year", "short", 1.0),
    "firms": ("Companies", "short", 1.0), "review_days_median": ("Review, median days", "short", 1.0),
}  # fmt: skip
"""What the map may show: title, format, factor."""


def for_page() -> dict[str, Any]:
    """Everything that the stage needs to know before the first frame."""
    return {
        "boards": [asdict(board) for board in BOARDS],
        "measures": [
            {"key": key, "title": title, "unit": unit, "factor": factor,
             "columns": {region: PLACE[f"regional.{region}.{key}"] for region in REGIONS}}
            for key, (title, unit, factor) in MEASURES.items()
        ],
        "regions": [{"key": region, "name": NAMES[region], "anchor": place} for region, place in anchors().items()],
        "width": len(PLACE),
    }  # fmt: skip
