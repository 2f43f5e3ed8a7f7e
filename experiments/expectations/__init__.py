"""Whether a scenario does what its sources expect: the columns that it names, by paired runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments import catalogue
from experiments.effects import paired
from experiments.errors import RequestError
from experiments.yearly import mean

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.schema import Expectation

COLUMNS = ("column", "label", "unit", "direction", "from", "until", "verdict", "reason", "source")


def judge(
    expected: Sequence[Expectation], a: np.ndarray, b: np.ndarray, first: int, branch: int, stop: int
) -> pd.DataFrame:
    """One row per expectation with the effect on the mean of its months and whether the interval is on its side.

    ``a`` and ``b`` are the monthly values of the expected columns, (pairs, months, expectations) from month ``first``
    on. Months before ``branch`` do not count, nor do those from ``stop`` on.
    """
    import pandas as pd

    from model.clock import month_label

    heads, means = [], {"a": np.empty((len(a), len(expected))), "b": np.empty((len(b), len(expected)))}
    for place, one in enumerate(expected):
        begin, end = _window(one, branch, stop)
        series = column_of(one.column)
        window = slice(begin - first, end - first)
        for side, values in (("a", a), ("b", b)):
            means[side][:, place] = mean(values[:, window, place]) * series.factor
        unit = f"{series.unit} a month" if series.flows else series.unit
        heads.append((one.column, series.label, unit, one.direction, month_label(begin), month_label(end - 1)))
    stats = paired(means["a"], means["b"])
    verdicts = [_verdict(one.direction, low, high) for one, low, high in zip(expected, stats["low"], stats["high"])]
    rows = [(*head, verdict, one.reason, one.source) for head, verdict, one in zip(heads, verdicts, expected)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).assign(**stats)


def position(column: str) -> tuple[int | None, int]:
    """Where the recorder keeps ``net_sales`` or ``regional.CN.net_sales``: region, if any, and figure.

    Raises RequestError for what is no column.
    """
    from model.labels import REGIONS
    from model.observation.recorder import INDICATORS, REGIONAL

    where, _, rest = column.partition(".")
    region, _, name = rest.partition(".")
    if where == "regional" and region in REGIONS and name in REGIONAL:
        return REGIONS.index(region), REGIONAL.index(name)
    if column in INDICATORS:
        return None, INDICATORS.index(column)
    raise RequestError(f"expect: there is no column {column!r}; name one of indicators, or regional.REGION.NAME")


def values_of(column: str, indicators: np.ndarray, regional: np.ndarray) -> np.ndarray:
    """The months of a column from arrays (months, ...) as the recorder keeps them."""
    region, place = position(column)
    return indicators[:, place] if region is None else regional[:, region, place]


def column_of(column: str) -> catalogue.Series:
    """What a column means; for one of a region with the region in its label."""
    where, _, rest = column.partition(".")
    if where != "regional":
        return catalogue.described((column,), catalogue.WORLD)[0]
    region, _, name = rest.partition(".")
    series = catalogue.described((name,), catalogue.REGIONAL)[0]
    return catalogue.Series(column, f"{series.label}, {region}", series.unit, series.how, series.factor)


def _window(one: Expectation, branch: int, stop: int) -> tuple[int, int]:
    """First month of an expectation and the one after its last, within what is played."""
    from model.clock import month_index

    begin = max(month_index(one.from_), branch) if one.from_ else branch
    end = min(month_index(one.until), stop) if one.until else stop
    return min(begin, stop - 1), max(end, min(begin, stop - 1) + 1)


def _verdict(direction: str, low: float, high: float) -> str:
    up, down = low > 0, high < 0
    if not (up or down):
        return "unclear"
    return "as expected" if up == (direction == "up") else "the other way"


def relevant(rules_of_b: Sequence[Expectation], name_of_a: str) -> list[Expectation]:
    """The expectations of B that are about a comparison with this A. Raises RequestError for an unknown column."""
    chosen = [one for one in rules_of_b if one.against == name_of_a]
    for one in chosen:
        position(one.column)
    return chosen
