"""What a comparison found, panel by panel; each fails alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pandas as pd
import solara
import solara.lab

from experiments.catalogue import MAIN, MAIN_REGIONAL
from experiments.compare import Comparison
from viz import report_texts as texts
from viz import theme
from viz.charts import fan_options, map_options
from viz.compare import rows
from viz.compare.work import Found
from viz.html import render
from viz.pages.compare_form import Pick
from viz.parts.chart import Chart
from viz.parts.guard import guarded
from viz.parts.page import Panel, Words
from viz.report import calendar

PLACES = {"world": "World", **{region: region for region in theme.REGIONS}}
FILES = {
    "report.html": "Report (HTML)", "effects.csv": "Effects (CSV)", "tables-csv.zip": "All tables (CSV)",
    "tables-parquet.zip": "All tables (Parquet)", "forest.png": "Effects (PNG)", "fans.png": "Years (PNG)",
    "gains.png": "Winners (PNG)", "fates.png": "Medicines (PNG)",
}  # fmt: skip
SECONDS_A_YEAR = 0.7
CHANGE_END = 25.0
"""Per cent at which the colours of a map of changes are full."""


@solara.component
def Results(found: Found) -> None:
    """All panels of a comparison."""
    comparison = found.comparison
    world, regional = rows.most_moved(comparison.tables["effects"], comparison.tables["regional_effects"])
    with solara.Div(classes=["pm-stack"]):
        Summary(comparison, found.files)
        Effects(comparison)
        Years(comparison, world)
        Maps(comparison, regional)
        Winners(comparison)
        Medicines(comparison)
        if len(comparison.tables["expectations"]):
            Expectations(comparison)


def source(manifest: dict[str, Any]) -> str:
    """Where the numbers of a chart come from, in a line."""
    return f"simulated, {manifest['pairs']} pairs of runs, scale {manifest['scale']:g}"


@guarded("Summary")
def Summary(comparison: Comparison, files: dict[str, bytes]) -> None:
    """What stands out, what stays the same, and everything to take away."""
    effects, manifest = comparison.tables["effects"], comparison.manifest
    words = render(
        "compare_findings.html", rows=rows.standing_out(effects), unmoved=texts.unmoved(effects),
        failed=comparison.failed, pairs=comparison.pairs,
    )  # fmt: skip
    with Panel("What stands out in B", f"{rows.periods(effects)[0]}, against A; {source(manifest)}"):
        solara.HTML(unsafe_innerHTML=words)
        Export(f"{manifest['a']['label']}-vs-{manifest['b']['label']}", files)


@solara.component
def Export(name: str, files: dict[str, bytes]) -> None:
    """Buttons that save the files of a comparison."""
    with solara.Div(classes=["pm-row", "pm-files"], attributes={"role": "group", "aria-label": "Save"}):
        for file, label in FILES.items():
            if file in files:
                with solara.FileDownload(files[file], filename=f"{name}-{file}"):
                    solara.Button(label, icon_name="mdi-download", classes=["pm-button"], text=True, small=True)


@guarded("Effects")
def Effects(comparison: Comparison) -> None:
    """The main figures with their intervals."""
    frame, manifest = comparison.tables["effects"], comparison.manifest
    names = rows.periods(frame)
    period, set_period = solara.use_state(names[0])
    note = "Blue: B is higher; orange: B is lower; grey: the interval holds zero. " + (
        "Amounts are summed, everything else averaged." if period == names[0] else "At the end of the year, or over it."
    )
    if manifest["scale"] != 1:
        note += f" Amounts are those of a world at scale {manifest['scale']:g}."
    with Panel("Main effects", f"B − A, {period}; {source(manifest)}"):
        with solara.Div(classes=["pm-fields"]):
            Pick("Period", period, {name: name for name in names}, set_period)
        solara.HTML(unsafe_innerHTML=table(rows.main_effects(frame, period), "Figure", note))


def table(effects: list[rows.Effect], head: str, note: str = "") -> str:
    """A table of effects with their strips."""
    return render(
        "compare_effects.html", rows=effects, head=head, note=note, caption=f"Effects of B against A by {head.lower()}",
        regions=tuple(theme.REGIONS),
    )  # fmt: skip


@guarded("Over the years")
def Years(comparison: Comparison, first: str) -> None:
    """One figure over the years in one place: both sides, and their difference; ``first`` is shown first."""
    by_year, manifest = comparison.tables["effects_by_year"], comparison.manifest
    place, set_place = solara.use_state("world")
    picked, set_picked = solara.use_state(first)
    names = labels(by_year[by_year.region == place], MAIN if place == "world" else MAIN_REGIONAL)
    indicator = picked if picked in names else next(iter(names))
    chosen = by_year[(by_year.region == place) & (by_year.indicator == indicator)]
    branch, origin = calendar(manifest["from"]), f"{PLACES[place]}; {source(manifest)}"
    sides = (f"A: {manifest['a']['label']}", f"B: {manifest['b']['label']}")
    words = "Left: median over seeds and the band that holds 80 % of them. Right: B − A within pairs, 95 % interval."
    with Panel("Over the years", words):
        with solara.Div(classes=["pm-fields"]):
            Pick("Figure", indicator, names, set_picked)
            Pick("Place", place, PLACES, set_place)
        with solara.Div(classes=["pm-two"]):
            Chart(fan_options.fan(chosen, branch, sides, origin), f"{names[indicator]} in A and B by year", "300px")
            Chart(fan_options.difference(chosen, branch, origin), f"{names[indicator]}, B minus A by year", "300px")


def labels(frame: pd.DataFrame, first: tuple[str, ...]) -> dict[str, str]:
    """Labels of indicators by name, the main ones first."""
    found = dict(zip(frame.indicator, frame.label))
    ordered = [name for name in first if name in found]
    return {name: found[name] for name in [*ordered, *(name for name in found if name not in ordered)]}


@guarded("Maps")
def Maps(comparison: Comparison, first: str) -> None:
    """A regional figure of both sides on maps with one clock and one scale; ``first`` is shown first."""
    frame, manifest = comparison.tables["effects_by_year"], comparison.manifest
    frame = frame[frame.region != "world"]
    names = labels(frame, MAIN_REGIONAL)
    indicator, set_indicator = solara.use_state(first)
    years = sorted(int(year) for year in frame.year.unique())
    year, set_year = solara.use_state(years[-1])
    chosen = frame[frame.indicator == indicator]
    now = chosen[chosen.year == year]
    scale, title, origin = map_options.extent(chosen), f"{names[indicator]}, {year}", source(manifest)
    unit = str(chosen.unit.iloc[0])
    with Panel("Around the world", f"{names[indicator]} ({unit}), mean over seeds, both maps on one scale"):
        with solara.Div(classes=["pm-fields"]):
            Pick("Measure", indicator, names, set_indicator)
            with solara.Div(classes=["pm-field-wide"]):
                Clock(year, years, set_year)
        with solara.Div(classes=["pm-thirds"]):
            for side in ("a", "b"):
                name = f"{side.upper()}: {manifest[side]['label']}"
                option = map_options.level(now, side, scale, f"{name}, {year}", origin)
                Chart(option, f"Map of {title}, {side.upper()}", "260px", world=True)
            option = map_options.change(now, CHANGE_END, f"B − A in % of A where clear, {year}", origin)
            Chart(option, f"Map of {title}, B minus A", "260px", world=True)
        found = rows.regional(frame, indicator, year)
        solara.HTML(unsafe_innerHTML=table(found, "Region", f"{year}; 95 % intervals over paired differences."))


@solara.component
def Clock(year: int, years: list[int], on_year: Callable[[int], None]) -> None:
    """The year that all maps show: a slider, and a button that lets it run to the last one."""
    running, set_running = solara.use_state(False)

    async def run() -> None:
        for later in range(years[0] if year == years[-1] else year + 1, years[-1] + 1) if running else ():
            on_year(later)
            await asyncio.sleep(SECONDS_A_YEAR)
        set_running(False)

    solara.lab.use_task(run, dependencies=[running])
    label = "Stop the years" if running else "Run the years"
    with solara.Div(classes=["pm-clock"]):
        solara.Button(label, on_click=lambda: set_running(not running), classes=["pm-button"], text=True)
        solara.SliderInt(f"Year {year}", value=year, min=years[0], max=years[-1], on_value=on_year)


@guarded("Winners and losers")
def Winners(comparison: Comparison) -> None:
    """Regions, kinds of firm, disease areas and modalities that gain and lose."""
    frame = comparison.tables["winners"]
    dimension, set_dimension = solara.use_state("region")
    picked, set_picked = solara.use_state(rows.LARGEST)
    figures = rows.figures_of(frame, dimension)
    figure = picked if picked in figures else rows.LARGEST
    found = rows.winners(frame, dimension, figure)
    clear = figure == rows.LARGEST
    note = (
        "Clear with regard to how many are looked at (false discovery rate 5 %)."
        if clear
        else f"The {rows.MOST_GROUPS} largest gains and losses, clear or not."
    )
    with Panel("Who gains and who loses in B", f"since {comparison.manifest['from']}; {source(comparison.manifest)}"):
        with solara.Div(classes=["pm-fields"]):
            Pick("Among", dimension, texts.DIMENSIONS, set_dimension)
            Pick("By", figure, figures, set_picked)
        if found:
            solara.HTML(unsafe_innerHTML=table(found, "Who", note))
        else:
            Words("None gains or loses by more than luck explains. Pick a figure to see all.")


@guarded("Medicines")
def Medicines(comparison: Comparison) -> None:
    """What became of medicines in both worlds, and which fared differently."""
    assets = comparison.tables["asset_differences"]
    asked, set_asked = solara.use_state(next(iter(rows.ASSET_QUESTIONS)))
    region, set_region = solara.use_state("")
    area, set_area = solara.use_state("")
    areas = {"": "all areas", **rows.names(sorted(assets.area.astype(str).unique()))}
    chosen = rows.differing(assets, asked, region, area)
    words = render("compare_assets.html", fates=rows.fates(comparison.tables["asset_counts"]))
    listed = render("compare_asset_list.html", rows=rows.asset_rows(chosen), count=len(chosen), title=asked)
    with Panel("Medicine by medicine", "assets a pair: the same candidates with the same luck in both worlds"):
        solara.HTML(unsafe_innerHTML=words)
        with solara.Div(classes=["pm-fields"]):
            Pick("Show", asked, {name: name for name in rows.ASSET_QUESTIONS}, set_asked)
            Pick("From", region, {"": "all regions", **{name: name for name in theme.REGIONS}}, set_region)
            Pick("Area", area, areas, set_area)
        solara.HTML(unsafe_innerHTML=listed)


@guarded("What the sources expect")
def Expectations(comparison: Comparison) -> None:
    """What the sources of B expect of it, and what comes out."""
    found = rows.expectations(comparison.tables["expectations"])
    with Panel("What the sources of B expect", "direction of the effect, against A"):
        solara.HTML(unsafe_innerHTML=render("compare_expectations.html", rows=found))
