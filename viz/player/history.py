"""The past of a world line, month by month, in arrays made once: going back needs nothing but a smaller number."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.labels import REGIONS
from model.market import LAST_MONTH
from model.world import World
from viz.player import columns, scenes
from viz.player.scenes import LEADERS, News

MOST_ARCS = 12
FEED = 24


class History:
    """Rows of figures, leaders, flows between regions and news of the first ``months`` months."""

    def __init__(self) -> None:
        self.months = 0
        self.rows = np.full((LAST_MONTH, len(columns.NAMES)), np.nan, np.float32)
        self.leaders = np.zeros((LAST_MONTH, LEADERS, 3))
        """Identity, home and sales of each."""
        self.flows = np.zeros((LAST_MONTH, 3, len(REGIONS), len(REGIONS)), np.float32)
        self.news: list[list[News]] = []

    def add(self, world: World) -> None:
        """Keep the month that ``world`` has just played."""
        month = self.months
        self.rows[month] = columns.row(world)
        firms, sales = scenes.leaders(world)
        self.leaders[month, : len(firms)] = np.column_stack([world.firms.firm[firms], world.firms.home[firms], sales])
        self.flows[month] = scenes.flows(world, month)
        self.news.append(scenes.news(world, month))
        self.months += 1

    def prefix(self, months: int) -> History:
        """A copy of the first ``months`` months, to go on from."""
        twin = History()
        twin.months, twin.news = months, self.news[:months]
        for name in ("rows", "leaders", "flows"):
            getattr(twin, name)[:months] = getattr(self, name)[:months]
        return twin

    def ranking(self, months: int) -> list[dict[str, Any]]:
        """The leaders of the last of ``months`` months, largest first."""
        return [
            {"firm": str(int(firm)), "name": scenes.name(int(firm)), "home": REGIONS[int(home)], "sales": float(sales)}
            for firm, home, sales in self.leaders[months - 1] if firm
        ]  # fmt: skip

    def arcs(self, months: int) -> list[dict[str, Any]]:
        """The largest flows of the trailing year between regions: deals by headline, filings by number."""
        worth, deals, filings = self.flows[max(months - 12, 0) : months].sum(axis=0)
        found = []
        for kind, sizes in (("deals", worth), ("filings", filings)):
            sizes = np.where(np.eye(len(REGIONS), dtype=bool), 0.0, sizes)
            for place in np.argsort(sizes.ravel())[::-1][: MOST_ARCS // 2].tolist():
                a, b = divmod(place, len(REGIONS))
                if sizes[a, b] > 0:
                    found.append({
                        "kind": kind, "from": REGIONS[a], "to": REGIONS[b], "size": float(sizes[a, b]),
                        "share": float(sizes[a, b] / sizes.max()), "deals": int(deals[a, b]),
                    })  # fmt: skip
        return found

    def feed(self, months: int) -> list[dict[str, Any]]:
        """The latest news up to a month, newest first."""
        found: list[dict[str, Any]] = []
        for month in range(months - 1, -1, -1):
            found += [one.record() for one in self.news[month]]
            if len(found) >= FEED:
                break
        return found[:FEED]
