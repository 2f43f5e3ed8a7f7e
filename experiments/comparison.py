"""From the measures of paired runs to the tables of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import asset_differences, catalogue, yearly
from experiments.catalogue import Series
from experiments.effects import adjusted, paired
from experiments.expectations import judge, values_of
from experiments.measures import HOME_COUNT, Measured
from model.clock import NEVER, month_label, year_of

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.schema import Expectation

WORLD = "world"
FALSE_DISCOVERIES = 0.05
LEVEL_YEARS = (2030, 2035, 2040)
QUANTILES = {"low": 0.1, "median": 0.5, "high": 0.9}
GROUP_FIGURES = {
    "firms": ("Companies at the end", "companies", 1.0),
    "pipeline_assets": ("Candidates at the end", "candidates", 1.0),
    "approvals_first": ("First approvals", "medicines", 1.0),
    "net_sales": ("Net sales", "bn US$", catalogue.BILLION),
    "rd_spend": ("R&D spending", "bn US$", catalogue.BILLION),
    "patients": ("Patients treated", "m patient-years", catalogue.MILLION),
}  # fmt: skip
REGION_FIGURES = ("pipeline_originated", "approvals", "launches", "trial_starts", "venture", "patients", "net_sales")


@dataclass(frozen=True)
class Paired:
    """Measures of both variants, equally ordered by seed, and the months of branch and end (numbers)."""

    seeds: Sequence[int]
    a: Sequence[Measured]
    b: Sequence[Measured]
    branch: int
    stop: int

    @property
    def horizon(self) -> str:
        """The months after the branch by name."""
        return f"{month_label(self.branch)} to {month_label(self.stop - 1)}"

    @property
    def first(self) -> int:
        """Number of the first month that the measures hold."""
        return self.a[0].first

    def stacked(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """``indicators`` or ``regional`` of all runs: two arrays (seeds, months, ...)."""
        return tuple(np.stack([getattr(one, name) for one in side]) for side in (self.a, self.b))  # type: ignore[return-value]


def tables(pairs: Paired, expected: Sequence[Expectation] = ()) -> dict[str, pd.DataFrame]:
    """All tables of a comparison but the list of runs; ``expected`` is what sources expect of B against A."""
    import pandas as pd

    from model.labels import REGIONS
    from model.observation.recorder import INDICATORS, REGIONAL

    world = catalogue.described(INDICATORS, catalogue.WORLD)
    regional = catalogue.described(REGIONAL, catalogue.REGIONAL)
    aligned = {s: asset_differences.align(a.assets, b.assets, NEVER) for s, a, b in zip(pairs.seeds, pairs.a, pairs.b)}
    effects = _effects(pairs, "indicators", world, ())
    regions = _effects(pairs, "regional", regional, REGIONS)
    return {
        "effects": effects,
        "effects_by_year": pd.concat(
            [_yearly(pairs, "indicators", world, ()), _yearly(pairs, "regional", regional, REGIONS)], ignore_index=True
        ),
        "regional_effects": regions,
        "winners": winners(pairs, regions),
        "asset_differences": asset_differences.frame(aligned, NEVER),
        "asset_counts": asset_differences.counts(list(aligned.values())),
        "expectations": _expectations(pairs, expected),
    }


def _expectations(pairs: Paired, expected: Sequence[Expectation]) -> pd.DataFrame:
    a, b = (np.stack([_columns(run, expected) for run in side]) for side in (pairs.a, pairs.b))
    return judge(expected, a, b, pairs.first, pairs.branch, pairs.stop)


def _columns(run: Measured, expected: Sequence[Expectation]) -> np.ndarray:
    """The expected columns of one run, (months, expectations)."""
    columns = [values_of(one.column, run.indicators, run.regional) for one in expected]
    return np.column_stack(columns) if columns else np.empty((len(run.indicators), 0))


def _effects(pairs: Paired, name: str, series: Sequence[Series], regions: Sequence[str]) -> pd.DataFrame:
    """Levels in the chosen years, and sums or means over the horizon."""
    import pandas as pd

    a, b = pairs.stacked(name)
    years, levels_a = yearly.by_year(a, pairs.first, series)
    _, levels_b = yearly.by_year(b, pairs.first, series)
    after = slice(pairs.branch - pairs.first, None)
    parts = [
        _rows(str(year), levels_a[:, index], levels_b[:, index], series, regions)
        for index, year in enumerate(years) if year in chosen_years(pairs)
    ]  # fmt: skip
    parts.append(
        _rows(pairs.horizon, yearly.over(a[:, after], series), yearly.over(b[:, after], series), series, regions)
    )
    return pd.concat(parts, ignore_index=True)


def chosen_years(pairs: Paired) -> tuple[int, ...]:
    """The years of LEVEL_YEARS that are played after the branch, and the last year."""
    first, last = year_of(pairs.branch), year_of(pairs.stop - 1)
    return tuple(sorted({year for year in LEVEL_YEARS if first <= year <= last} | {last}))


def _rows(period: str, a: np.ndarray, b: np.ndarray, series: Sequence[Series], regions: Sequence[str]) -> pd.DataFrame:
    """Effects of one period from (seeds, series) or (seeds, regions, series)."""
    import pandas as pd

    stats = paired(a, b)
    places = list(regions) or [WORLD]
    head = pd.DataFrame(
        [(one.name, one.label, one.unit, place, period) for place in places for one in series],
        columns=["indicator", "label", "unit", "region", "period"],
    )
    return head.assign(**{key: value.reshape(-1) for key, value in stats.items()})


def _yearly(pairs: Paired, name: str, series: Sequence[Series], regions: Sequence[str]) -> pd.DataFrame:
    """Every year of the measures: effects, and the spread of both variants over seeds."""
    import pandas as pd

    a, b = pairs.stacked(name)
    years, levels_a = yearly.by_year(a, pairs.first, series)
    _, levels_b = yearly.by_year(b, pairs.first, series)
    parts = []
    for index, year in enumerate(years):
        own = _rows(str(year), levels_a[:, index], levels_b[:, index], series, regions)
        for side, levels in (("a", levels_a), ("b", levels_b)):
            for quantile, share in QUANTILES.items():
                own[f"{side}_{quantile}"] = quantiles(levels[:, index], share).reshape(-1)
        parts.append(own.drop(columns="period").assign(year=int(year)))
    return pd.concat(parts, ignore_index=True)


def quantiles(values: np.ndarray, share: float) -> np.ndarray:
    """Quantile over seeds of the known values; NaN where none is."""
    known = np.isfinite(values)
    filled = np.where(known | ~known.any(axis=0), values, np.nan)
    nothing = ~known.any(axis=0)
    result = np.nanquantile(np.where(nothing, 0.0, filled), share, axis=0)
    return np.where(nothing, np.nan, result)


def winners(pairs: Paired, regions: pd.DataFrame) -> pd.DataFrame:
    """Effects over the horizon by region, kind of firm, disease area and modality.

    ``verdict`` is ``gains`` or ``loses`` where the effect is clear with regard to how many are looked at (false
    discovery rate of 5 % over the table), ``unclear`` otherwise.
    """
    import pandas as pd

    ends = regions[regions.period == pairs.horizon]
    by_region = ends[ends.indicator.isin(REGION_FIGURES)].rename(columns={"region": "group", "indicator": "figure"})
    parts = [by_region.drop(columns="period").assign(dimension="region")]
    for dimension, names in group_names().items():
        parts += [_group_rows(pairs, dimension, figure, names) for figure in pairs.a[0].groups[dimension]]
    found = pd.concat(parts, ignore_index=True)
    found["p_adjusted"] = adjusted(found.p_value.to_numpy())
    clear = found.p_adjusted < FALSE_DISCOVERIES
    found["verdict"] = np.select(
        [clear & (found.effect > 0), clear & (found.effect < 0)], ["gains", "loses"], "unclear"
    )
    front = ["dimension", "group", "figure", "label", "unit", "verdict"]
    return found[[*front, *(name for name in found.columns if name not in front)]]


def group_names() -> dict[str, list[str]]:
    """Groups of each dimension in the order of their arrays."""
    from model.labels import AREAS, MODALITIES, REGIONS

    kinds = [f"{kind}, {home}" for kind in ("biotech", "pharma") for home in REGIONS[:HOME_COUNT]]
    return {"firms": kinds, "area": list(AREAS), "modality": list(MODALITIES)}


def _group_rows(pairs: Paired, dimension: str, figure: str, names: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    label, unit, factor = GROUP_FIGURES[figure]
    a, b = (np.stack([one.groups[dimension][figure] for one in side]) * factor for side in (pairs.a, pairs.b))
    head: Mapping[str, Any] = {
        "dimension": dimension,
        "group": list(names),
        "figure": figure,
        "label": label,
        "unit": unit,
    }
    return pd.DataFrame({**head, **paired(a, b)})
