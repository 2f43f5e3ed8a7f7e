"""Statistics that turn the rows of a view into one number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from experiments.claims import views_alliances, views_market, views_research
from experiments.claims.ledger import Observable
from experiments.claims.record import Record

Statistic = Callable[[Observable, pd.DataFrame], float]
LEAST_PAIRS = 8
"""Fewest rows over which a correlation or a slope is taken."""


MODULES = (views_research, views_market, views_alliances)
"""Importing them registers their views."""


def observe(observable: Observable, record: Record) -> float:
    """The value of an observable in a run, NaN where the run has no such events."""
    rows = record.view(observable.view)
    for bound, kept in ((observable.first, rows.year.__ge__), (observable.last, rows.year.__le__)):
        rows = rows if bound is None else rows[kept(bound).reindex(rows.index)]
    if observable.where:
        rows = rows.query(observable.where, engine="python")
    return float(STATISTICS[observable.statistic](observable, rows))


def evaluate(expression: str, rows: pd.DataFrame) -> pd.Series:
    """An expression over the columns of the rows, as numbers without unknowns."""
    found = rows.eval(expression, engine="python")
    return pd.Series(found, index=rows.index).astype(float)


def count(observable: Observable, rows: pd.DataFrame) -> float:
    """Rows, a year where years are given."""
    if observable.first is None or observable.last is None:
        return len(rows)
    return len(rows) / (observable.last - observable.first + 1)


def share(observable: Observable, rows: pd.DataFrame) -> float:
    """Share of the rows for which the expression is true."""
    return float("nan") if rows.empty else float(evaluate(observable.of, rows).mean())


def ratio(observable: Observable, rows: pd.DataFrame) -> float:
    """Sum of one expression over the sum of another."""
    whole = evaluate(observable.per, rows).sum()
    return float(evaluate(observable.of, rows).sum() / whole) if whole else float("nan")


def _pairs(observable: Observable, rows: pd.DataFrame) -> pd.DataFrame:
    both = pd.DataFrame({"x": evaluate(observable.per, rows), "y": evaluate(observable.of, rows)})
    return both.replace([np.inf, -np.inf], np.nan).dropna()


def correlation(observable: Observable, rows: pd.DataFrame) -> float:
    """Rank correlation (Spearman) of two expressions over the rows."""
    both = _pairs(observable, rows).rank()
    known = len(both) >= LEAST_PAIRS and (both.nunique() > 1).all()
    return float(both.x.corr(both.y)) if known else float("nan")


def slope(observable: Observable, rows: pd.DataFrame) -> float:
    """Least-squares slope of one expression over another."""
    both = _pairs(observable, rows)
    known = len(both) >= LEAST_PAIRS and both.x.nunique() > 1
    return float(np.polyfit(both.x, both.y, 1)[0]) if known else float("nan")


def hhi(observable: Observable, rows: pd.DataFrame) -> float:
    """Herfindahl index (0-1) of an expression over groups."""
    by = evaluate(observable.of, rows).groupby(rows[observable.by]).sum()
    return float(((by / by.sum()) ** 2).sum()) if by.sum() else float("nan")


def growth(observable: Observable, rows: pd.DataFrame) -> float:
    """Yearly growth of a sum from the first to the last year."""
    if observable.first is None or observable.last is None:
        raise ValueError("growth needs a first and a last year")
    by = evaluate(observable.of, rows).groupby(rows.year).sum()
    begin, end = by.get(observable.first, 0.0), by.get(observable.last, 0.0)
    if begin <= 0 or end <= 0:
        return float("nan")
    return float((end / begin) ** (1 / (observable.last - observable.first)) - 1)


def variation(observable: Observable, rows: pd.DataFrame) -> float:
    """Standard deviation over mean."""
    values = evaluate(observable.of, rows)
    return float(values.std() / values.mean()) if len(values) > 1 and values.mean() else float("nan")


def variation_by(observable: Observable, rows: pd.DataFrame) -> float:
    """Standard deviation over mean of the mean of each group."""
    by = evaluate(observable.of, rows).groupby(rows[observable.by]).mean()
    return float(by.std() / by.mean()) if len(by) > 1 and by.mean() else float("nan")


def gap(observable: Observable, rows: pd.DataFrame) -> float:
    """Mean of an expression where ``by`` is true, less the mean where it is not."""
    true = evaluate(observable.by, rows).astype(bool)
    values = evaluate(observable.of, rows)
    return float(values[true].mean() - values[~true].mean()) if len(values) else float("nan")


def ratio_of_means(observable: Observable, rows: pd.DataFrame) -> float:
    """Mean of an expression where ``by`` is true, over the mean where it is not."""
    true = evaluate(observable.by, rows).astype(bool)
    values = evaluate(observable.of, rows)
    return float(values[true].mean() / values[~true].mean()) if len(values) else float("nan")


def ratio_of_medians(observable: Observable, rows: pd.DataFrame) -> float:
    """Median of an expression where ``by`` is true, over the median where it is not."""
    true = evaluate(observable.by, rows).astype(bool)
    values = evaluate(observable.of, rows)
    return float(values[true].median() / values[~true].median()) if len(values) else float("nan")


def first_year(observable: Observable, rows: pd.DataFrame) -> float:
    """First year with such a row."""
    return float(rows.year.min())


STATISTICS: dict[str, Statistic] = {
    "count": count,
    "sum": lambda observable, rows: float(evaluate(observable.of, rows).sum()),
    "mean": lambda observable, rows: float(evaluate(observable.of, rows).mean()),
    "median": lambda observable, rows: float(evaluate(observable.of, rows).median()),
    "smallest": lambda observable, rows: float(evaluate(observable.of, rows).min()),
    "largest": lambda observable, rows: float(evaluate(observable.of, rows).max()),
    "share": share,
    "ratio": ratio,
    "correlation": correlation,
    "slope": slope,
    "hhi": hhi,
    "growth": growth,
    "variation": variation,
    "variation_by": variation_by,
    "gap": gap,
    "ratio_of_means": ratio_of_means,
    "ratio_of_medians": ratio_of_medians,
    "first_year": first_year,
}
