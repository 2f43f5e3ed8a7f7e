"""Sentences of events, rendered when a table is read."""

from __future__ import annotations

from string import Formatter
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

TEMPLATES = {
    "approval": "{region}: asset {asset} of firm {firm} approved",
    "launch": "{region}: firm {firm} launched asset {asset}",
    "withdrawal": "{region}: asset {asset} of firm {firm} withdrawn for safety",
    "licence": "firm {firm} licensed asset {asset} to firm {partner}",
    "acquisition": "firm {partner} acquired firm {firm}",
    "exit": "{region}: firm {firm} closed",
}


def render(events: pd.DataFrame) -> np.ndarray:
    """One sentence per event row, (rows,), kind by kind."""
    texts = np.empty(len(events), object)
    for kind, rows in events.groupby("kind", observed=True).indices.items():
        texts[rows] = sentences(TEMPLATES[str(kind)], events.iloc[rows])
    return texts


def sentences(template: str, events: pd.DataFrame) -> np.ndarray:
    """A template filled in for all rows, as whole columns of text, (rows,)."""
    parts: list[Any] = []
    for text, name, _, _ in Formatter().parse(template):
        parts.append(text)
        if name:
            parts.append(pa.array(events[name]).cast(pa.string()))
    return pc.binary_join_element_wise(*parts, "").to_numpy(zero_copy_only=False)
