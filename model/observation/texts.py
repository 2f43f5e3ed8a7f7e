"""Sentences of events, rendered when a table is read."""

from __future__ import annotations

from string import Formatter
from typing import Any

import numpy as np
import pyarrow as pa

from model.observation.columns import numbers, texts

EVENTS: tuple[str | None, ...] = (None, "approval", "launch", "withdrawal", "licence", "acquisition", "exit")
TEMPLATES = (
    "{region}: asset {asset} of firm {firm} approved",
    "{region}: firm {firm} launched asset {asset}",
    "{region}: asset {asset} of firm {firm} withdrawn for safety",
    "firm {firm} licensed asset {asset} to firm {partner}",
    "firm {partner} acquired firm {firm}",
    "{region}: firm {firm} closed",
)
"""What an event of each kind but the first (which is never told) says."""


def render(events: pa.Table, kinds: np.ndarray) -> pa.Array:
    """One sentence per event row, (rows,), kind by kind."""
    by_kind = [np.flatnonzero(kinds == kind) for kind in range(1, len(EVENTS))]
    told = [sentences(template, events.take(numbers(rows))) for template, rows in zip(TEMPLATES, by_kind) if len(rows)]
    return pa.concat_arrays([texts([]), *told]).take(numbers(np.argsort(np.concatenate(by_kind))))


def sentences(template: str, events: pa.Table) -> pa.Array:
    """A template filled in for all rows, as whole columns of text, (rows,)."""
    import pyarrow.compute as pc

    parts: list[Any] = []
    for text, name, _, _ in Formatter().parse(template):
        parts.append(texts([text])[0])
        if name:
            parts.append(events[name].cast(pa.large_string()).combine_chunks())
    return pc.binary_join_element_wise(*parts, texts([""])[0])
