"""The report of a comparison: one HTML file that needs nothing else, in light or dark as the reader's system is.

``python -m viz.report DIR`` writes it anew from the tables in a results folder of ``pharmarket compare``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure

from experiments.catalogue import MAIN
from viz import html, theme
from viz import report_texts as texts
from viz.amounts import number
from viz.charts.fates import fates
from viz.charts.intervals import forest, gains
from viz.charts.series import differences, fans, regional_differences

Tables = Mapping[str, pd.DataFrame]
Manifest = Mapping[str, Any]
REGIONS = tuple(theme.REGIONS)
REGIONAL_CHARTS = ("pipeline_originated", "approvals")
TABLES = ("effects", "effects_by_year", "regional_effects", "winners", "asset_counts", "expectations", "runs")


def render(tables: Tables, manifest: Manifest) -> str:
    """The report as HTML, from the tables and the manifest of a comparison with at least one complete pair."""
    return page(tables, manifest, drawn(tables, manifest))


def page(tables: Tables, manifest: Manifest, figures: Mapping[str, tuple[str, Figure]]) -> str:
    """The report from charts that are drawn already (see :func:`drawn`)."""
    charts = {name: Markup(theme.svg(figure, title)) for name, (title, figure) in figures.items()}
    return html.render(
        "report.html", manifest=manifest, css=Markup(theme.css()), charts=charts, **words(tables, manifest)
    )


def words(tables: Tables, manifest: Manifest) -> dict[str, Any]:
    """Everything that the page says besides charts."""
    effects = tables["effects"]
    return {
        "findings": texts.findings(effects),
        "unmoved": texts.unmoved(effects),
        "levels": texts.levels(effects),
        "horizon": effects.period.iloc[-1],
        "regional": texts.regional_table(tables["regional_effects"], REGIONS),
        "rules": texts.rules(manifest),
        "expectations": texts.expectations(tables["expectations"]),
        "failed": int(tables["runs"].failed.sum()),
        "counts": [
            {
                "question": row.question,
                "fate": row.fate,
                "assets": number(row.assets),
                "interval": texts.interval(row),
            }
            for row in tables["asset_counts"].itertuples()
        ],
    }


def drawn(tables: Tables, manifest: Manifest) -> dict[str, tuple[str, Figure]]:
    """Title and figure of each chart by name."""
    by_year = tables["effects_by_year"]
    world = by_year[by_year.region == "world"]
    shown = [name for name in MAIN if name in set(world.indicator)]
    branch = calendar(manifest["from"])
    labels = (f"A: {manifest['a']['label']}", f"B: {manifest['b']['label']}")
    wanted: dict[str, tuple[str, Callable[[], Figure]]] = {
        "forest": ("Main effects with intervals", partial(forest, texts.main_effects(tables["effects"]))),
        "fans": ("Main figures of A and B by year", partial(fans, world, shown, branch, labels)),
        "differences": ("B minus A by year", partial(differences, world, shown, branch)),
        "fates": ("What became of medicines", partial(fates, tables["asset_counts"])),
    }
    chosen = texts.chosen_winners(tables["winners"])
    if len(chosen):
        wanted["gains"] = ("Who gains and who loses", partial(gains, chosen))
    for name in REGIONAL_CHARTS:
        chart = partial(regional_differences, by_year, name, REGIONS, branch)
        wanted[f"regional_{name}"] = ("B minus A by region and year", chart)
    return {name: (title, draw()) for name, (title, draw) in wanted.items()}


def calendar(month: str) -> float:
    """A month as a point on an axis of years."""
    year, number = month.split("-")
    return int(year) + (int(number) - 1) / 12


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m viz.report", description="Write the report of a comparison anew.")
    parser.add_argument("folder", type=Path, help="results folder of `pharmarket compare`")
    folder = parser.parse_args(arguments).folder
    if not all((folder / name).is_file() for name in ("manifest.json", *(f"{name}.parquet" for name in TABLES))):
        parser.error(f"{folder} holds no comparison; `pharmarket compare` writes one")
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "report.html").write_text(render(tables, manifest), encoding="utf-8")


if __name__ == "__main__":
    main()
