"""A comparison as files: the report, tables as CSV and Parquet, and pictures of its main charts."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from viz import report

Tables = Mapping[str, pd.DataFrame]
Manifest = Mapping[str, Any]
PICTURES = ("forest", "fans", "gains", "fates")
PIXELS = 160
"""Pixels per inch of a picture: charts are ten inches wide."""


def files(tables: Tables, manifest: Manifest) -> dict[str, bytes]:
    """All files by name."""
    figures = report.drawn(tables, manifest)
    found = {
        "report.html": report.page(tables, manifest, figures).encode(),
        "effects.csv": csv(tables["effects"]),
        "tables-csv.zip": packed({f"{name}.csv": csv(table) for name, table in tables.items()}, manifest),
        "tables-parquet.zip": packed({f"{name}.parquet": parquet(table) for name, table in tables.items()}, manifest),
    }
    return found | {f"{name}.png": png(figures[name][1]) for name in PICTURES if name in figures}


def csv(table: pd.DataFrame) -> bytes:
    """A table as CSV with a header, months as YYYY-MM-DD."""
    return table.to_csv(index=False, date_format="%Y-%m-%d").encode()


def parquet(table: pd.DataFrame) -> bytes:
    """A table as Parquet."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def packed(contents: Mapping[str, bytes], manifest: Manifest) -> bytes:
    """Files and the manifest in one archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest, indent=2, default=str))
    return buffer.getvalue()


def png(figure: Figure) -> bytes:
    """A figure as a picture on white."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=PIXELS, facecolor="white")
    return buffer.getvalue()
