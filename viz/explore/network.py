"""The network of alliances at a month: firms in the places of their regions, lines where contracts are in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from experiments.errors import RequestError
from model.clock import month_label, year_of
from model.labels import REGIONS
from viz.explore.source import Source
from viz.numbers import money

ALLIANCES = ("licence", "codevelopment", "copromotion", "option", "newco")
"""Contracts that make partners; a purchase ends with its payment."""
MOST = 70
"""Firms that are drawn: those with the most alliances in the month."""
FAR = 10_000
"""A month after every run: contracts in force have not ended."""
STRAINED = 0.3
"""Mean trust below which a line is marked."""
CENTRES = {"US": (-3.6, 0.2), "CA": (-3.4, 2.5), "UK": (-0.75, 2.1), "EU": (0.1, 0.2), "CH": (0.55, 2.45),
           "CN": (3.4, 0.5), "KR": (3.3, 2.6), "JP": (5.1, 1.6), "AU": (4.7, -1.7), "ROW": (-0.6, -2.3)}  # fmt: skip
"""Where the firms of a region stand: roughly as on a map."""
GOLDEN = np.pi * (3 - np.sqrt(5))
FRAME = ((-6.2, -3.4), (6.4, 3.4))
"""Corners of the picture, so that it does not move as firms come and go."""
NAMED = 10
"""Firms whose names are written."""


@dataclass(frozen=True)
class Moment:
    """The network in one month.

    ``firms`` by identity: name, home, alliances, partners, abroad (share of alliances with another region), net_sales
    (million US$ of the year), x, y. ``links``: a, b, alliances, trust. The totals count all firms.
    """

    month: int
    firms: pd.DataFrame
    links: pd.DataFrame
    alliances: int
    abroad: float
    trust: float


class Network:
    """All alliances of a run; ask it for a month."""

    def __init__(self, source: Source) -> None:
        deals = source.frame("deals")
        self.deals = deals[deals["kind"].isin(ALLIANCES)].reset_index(drop=True)
        self.begin, self.end = since_2000(self.deals["month"]), since_2000(self.deals["ended"])
        self.firms = source.firms
        self.trust_log = source.frame("alliances") if "alliances" in source.names else None
        years = source.frame("firm_years")
        self.sales = years.set_index(["year", "firm"])["net_sales"]
        first, last = (int(since_2000(pd.Series([pd.Timestamp(text)]))[0]) for text in source.months())
        self.first, self.last = first, last

    def alive(self, month: int) -> pd.DataFrame:
        """Contracts in force in a month."""
        return self.deals[(self.begin <= month) & (month < self.end)]

    @cached_property
    def places(self) -> pd.DataFrame:
        """Where each firm that is ever large stands: x, y by identity, the largest of a region in its middle."""
        counts: dict[int, int] = {}
        for month in range(self.first, self.last + 1, 24):
            for firm, count in degrees(self.alive(month)).head(MOST).items():
                counts[int(str(firm))] = counts.get(int(str(firm)), 0) + count
        ranked = pd.Series(counts, dtype=float).sort_values(ascending=False, kind="stable")
        homes = self.firms.loc[ranked.index, "home"].astype(str)
        rank = homes.groupby(homes).cumcount().to_numpy()
        centre = np.array([CENTRES[home] for home in homes]).reshape(-1, 2)
        radius = 0.24 * np.sqrt(rank)
        place = centre + np.column_stack([radius * np.cos(rank * GOLDEN), radius * np.sin(rank * GOLDEN)])
        return pd.DataFrame(place, index=ranked.index, columns=["x", "y"])

    def at(self, month: int) -> Moment:
        """The network in a month since January 2000. Raises RequestError for one that was not played."""
        if not self.first <= month <= self.last:
            raise RequestError(
                f"month: {month_label(month)} is outside {month_label(self.first)} to {month_label(self.last)}"
            )
        alive = self.alive(month)
        counts = degrees(alive)
        shown = counts[counts.index.isin(self.places.index)].head(MOST)
        foreign = (alive["seller_home"].astype(str) != alive["buyer_home"].astype(str)).to_numpy()
        trust = self._trust(alive, month)
        drawn = alive["seller"].isin(shown.index) & alive["buyer"].isin(shown.index)
        return Moment(
            month, self._firms(shown, alive, foreign, month), _links(alive[drawn], trust[drawn.to_numpy()]), len(alive),
            mean(foreign), mean(trust[np.isfinite(trust)]),
        )  # fmt: skip

    def _trust(self, alive: pd.DataFrame, month: int) -> np.ndarray:
        """Trust of each contract when it was last written down, nan where it never was."""
        if self.trust_log is None or not len(alive):
            return np.full(len(alive), np.nan)
        log = self.trust_log[self.trust_log["deal"].isin(alive["deal"])]
        log = log[since_2000(log["month"]) <= month]
        return alive["deal"].map(log.groupby("deal")["trust"].last()).to_numpy(float)

    def _firms(self, shown: pd.Series, alive: pd.DataFrame, foreign: np.ndarray, month: int) -> pd.DataFrame:
        sides = pd.concat([
            pd.DataFrame({"firm": alive["seller"], "partner": alive["buyer"], "abroad": foreign}),
            pd.DataFrame({"firm": alive["buyer"], "partner": alive["seller"], "abroad": foreign}),
        ]).groupby("firm")  # fmt: skip
        frame = self.firms.loc[shown.index, ["name", "home"]].assign(
            alliances=shown,
            partners=sides["partner"].nunique().reindex(shown.index),
            abroad=sides["abroad"].mean().reindex(shown.index),
            net_sales=self._sales(month).reindex(shown.index).fillna(0.0),
        )
        return frame.join(self.places)

    def _sales(self, month: int) -> pd.Series:
        """Net sales of the last whole year by firm."""
        year = year_of(month + 1) - 1
        known = self.sales.index.get_level_values("year")
        return self.sales.xs(year, level="year") if (known == year).any() else pd.Series(dtype=float)


def mean(values: np.ndarray) -> float:
    """The mean, nan of nothing."""
    return float(values.mean()) if len(values) else np.nan


def since_2000(dates: pd.Series) -> np.ndarray:
    """Months from January 2000, ``FAR`` where there is no date."""
    number = (dates.dt.year - 2000) * 12 + dates.dt.month - 1
    return number.fillna(FAR).to_numpy(int)


def degrees(alive: pd.DataFrame) -> pd.Series:
    """Number of contracts of each firm, the most first."""
    both = pd.concat([alive["seller"], alive["buyer"]])
    return both.value_counts().sort_index(kind="stable").sort_values(ascending=False, kind="stable")


def _links(alive: pd.DataFrame, trust: np.ndarray) -> pd.DataFrame:
    ends = np.sort(alive[["seller", "buyer"]].to_numpy(), axis=1)
    pairs = pd.DataFrame({"a": ends[:, 0], "b": ends[:, 1], "trust": trust})
    return pairs.groupby(["a", "b"]).agg(alliances=("trust", "size"), trust=("trust", "mean")).reset_index()


def option(moment: Moment) -> dict[str, Any]:
    """The network as an ECharts graph: size by alliances, colour by home, orange where trust is low."""
    firms = moment.firms
    largest = max(float(firms["alliances"].max()) if len(firms) else 1.0, 1.0)
    nodes = [_node(row, largest) for row in firms.itertuples()]
    (left, bottom), (right, top) = FRAME
    hidden = {"type": "value", "show": False}
    return {
        "legend": {"data": list(REGIONS), "top": 0, "type": "scroll", "icon": "circle"},
        "tooltip": {"trigger": "item", "confine": True},
        "grid": {"left": 8, "right": 8, "top": 36, "bottom": 8},
        "xAxis": {**hidden, "min": left, "max": right}, "yAxis": {**hidden, "min": bottom, "max": top},
        "series": [{
            "type": "graph", "coordinateSystem": "cartesian2d",
            "categories": [{"name": region, "itemStyle": {"color": f"@{region}"}} for region in REGIONS],
            "data": nodes, "links": [_line(row) for row in moment.links.itertuples()],
            "tooltip": {"formatter": "{b}"}, "emphasis": {"focus": "adjacency", "lineStyle": {"width": 3}},
        }, {
            "type": "scatter", "data": [_name(node, row) for node, row in zip(nodes, firms.head(NAMED).itertuples())],
            "z": 5, "silent": True, "labelLayout": {"hideOverlap": True},
        }],
    }  # fmt: skip


def _node(row: Any, largest: float) -> dict[str, Any]:
    size = 6 + 30 * (row.alliances / largest) ** 0.5
    words = f"{row.name}, {row.home}: {row.alliances} alliances with {row.partners} firms, {row.abroad:.0%} abroad"
    return {
        "id": str(row.Index), "name": words + (f", net sales {money(row.net_sales)}" if row.net_sales else ""),
        "value": [row.x, row.y], "symbolSize": size, "category": REGIONS.index(row.home),
    }  # fmt: skip


def _name(node: Mapping[str, Any], row: Any) -> dict[str, Any]:
    """The name beside a node, above all nodes."""
    return {
        "value": node["value"], "symbolSize": node["symbolSize"], "itemStyle": {"opacity": 0},
        "label": {"show": True, "formatter": str(row.name), "position": "right", "opacity": 1,
                  "color": "@ink", "fontSize": 11, "backgroundColor": "@card", "padding": [1, 3], "borderRadius": 3},
    }  # fmt: skip


def _line(row: Any) -> dict[str, Any]:
    strained = row.trust < STRAINED
    words = f"{row.alliances} alliance{'s' * (row.alliances > 1)}"
    return {
        "source": str(row.a), "target": str(row.b), "value": row.alliances,
        "name": words + (f", trust {row.trust:.2f}" if row.trust == row.trust else ""),
        "lineStyle": {"width": min(0.6 + 0.5 * row.alliances, 5), "color": "@loss" if strained else "@still",
                      "opacity": 0.6 if strained else 0.35, "curveness": 0.18},
    }  # fmt: skip
