"""Reports for people, made by what lies above the experiments and is found by name: they never import it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

COMPARISON, SENSITIVITY, DISCOVERY = "pharmarket.reports", "pharmarket.sensitivity", "pharmarket.discovery"
"""Groups of entry points; each is a function of the tables and the manifest of a results folder that returns HTML."""
Report = Callable[[Mapping[str, "pd.DataFrame"], Mapping[str, Any]], str]


def made(group: str, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> dict[str, str]:
    """The reports that installed packages can make, by file name; the report of this project is one of them."""
    found = {}
    for entry in metadata.entry_points(group=group):
        render: Report = entry.load()
        found[f"{entry.name}.html"] = render(tables, manifest)
    return found
