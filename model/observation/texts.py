"""Sentences of events, rendered when a table is read."""

from __future__ import annotations

import pandas as pd

TEMPLATES = {
    "approval": "{region}: asset {asset} of firm {firm} approved",
    "launch": "{region}: firm {firm} launched asset {asset}",
    "withdrawal": "{region}: asset {asset} of firm {firm} withdrawn for safety",
    "licence": "firm {firm} licensed asset {asset} to firm {partner}",
    "acquisition": "firm {partner} acquired firm {firm}",
    "exit": "{region}: firm {firm} closed",
}


def render(events: pd.DataFrame) -> list[str]:
    """One sentence per event row."""
    columns = zip(*(events[name] for name in ("kind", "region", "firm", "partner", "asset")), strict=True)
    return [
        TEMPLATES[kind].format(region=region, firm=firm, partner=partner, asset=asset)
        for kind, region, firm, partner, asset in columns
    ]
