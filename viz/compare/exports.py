"""A comparison as files: the report, tables as CSV and Parquet, and pictures of its main charts."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from viz import report, theme

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
    pictures = {name: figures[name] for name in PICTURES if name in figures}
    return found | {f"{name}.png": png(figure, title, manifest) for name, (title, figure) in pictures.items()}


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


def png(figure: Figure, title: str, manifest: Manifest) -> bytes:
    """A figure as a picture on white that says what it shows and where that comes from."""
    sides = f"B ({manifest['b']['label']}) against A ({manifest['a']['label']})"
    origin = (
        f"Simulated with pharmarket, {manifest['from']} to {manifest['until']}, {manifest['pairs']} pairs of runs, "
        f"scale {manifest['scale']:g}"
    )
    figure.suptitle(f"{title}: {sides}", x=0.01, ha="left", fontsize=10, fontweight="bold")
    figure.supxlabel(origin, x=0.01, ha="left", fontsize=7, color=theme.colour("quiet"))
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=PIXELS, facecolor="white")
    return buffer.getvalue()
