"""In which part of its space a sweep gives an outcome: boxes found by PRIM and CART of the EMA Workbench.

Friedman and Fisher (1999) for PRIM, Bryant and Lempert (2010) for its use in scenario discovery.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analysis import outcomes
from experiments.analysis.extras import load
from experiments.catalogue import figure
from experiments.errors import RequestError, RunError

if TYPE_CHECKING:
    import pandas as pd

SMALLEST = 0.05
"""Share of the points that a box holds at least, and of the cases that a further box must add."""
MOST_BOXES = 3
FEWEST_POINTS, FEWEST_CASES = 30, 5
SCENARIO = "scenarios"
"""How the column ``scenario`` is called there: the Workbench leaves out one of its own name."""
LIMITS = ("method", "box", "name", "low", "high", "values", "p_value")
BOXES = ("method", "box", "coverage", "density", "mass", "restricted")


@dataclass(frozen=True)
class Case:
    """What is looked for: an outcome above or below a bound."""

    outcome: str
    above: float | None = None
    below: float | None = None

    def __post_init__(self) -> None:
        if (self.above is None) == (self.below is None):
            raise RequestError("give either --above or --below, the bound of the outcome that you look for")

    def of(self, values: np.ndarray) -> np.ndarray:
        """Whether each value is a case."""
        return values > self.above if self.above is not None else values < self.below

    def __str__(self) -> str:
        label, unit = figure(self.outcome)
        side = f"above {self.above:g}" if self.above is not None else f"below {self.below:g}"
        return f"{label} {side} {unit}".strip()


@dataclass(frozen=True)
class Discovery:
    """Tables ``boxes``, ``limits``, ``trade_off`` (PRIM's first box while it is peeled), ``points``, and a manifest."""

    tables: dict[str, pd.DataFrame]
    manifest: dict[str, Any]


def discover(folder: Path, case: Case, *, without_failed: bool = False) -> Discovery:
    """Boxes in which the finished sweep in ``folder`` gives the case; replicates are averaged first.

    Raises RequestError where the case is too rare, too common or the sweep too small, RunError where points failed or
    gave no number, unless ``without_failed`` leaves them out.
    """
    found = outcomes.read(folder, (case.outcome,))
    values = found.means[case.outcome].to_numpy(float)
    finite = np.isfinite(values)
    if not finite.all() and not without_failed:
        raise RunError(
            f"{case.outcome}: {int((~finite).sum())} of {len(values)} points failed or gave no number; "
            "--without-failed leaves them out"
        )
    factors = _factors(found.points[finite])
    cases = _checked(case, values[finite], factors)
    peeled, trade_off = _prim(factors, cases)
    found_boxes = [("prim", *one) for one in peeled] + [("cart", *one) for one in _cart(factors, cases)]
    points = factors.assign(outcome=values[finite], case=cases)
    tables = {**_tables(found_boxes, factors), "trade_off": trade_off, "points": points}
    return Discovery(tables | {"lost": found.lost}, _manifest(found, case, cases, int((~finite).sum())))


def _factors(points: pd.DataFrame) -> pd.DataFrame:
    """The values that differ between points, and the scenario where there are several."""
    import pandas as pd

    factors = points.drop(columns="scenario").reset_index(drop=True)
    factors = factors.loc[:, factors.nunique() > 1]
    if points.scenario.nunique() > 1:
        factors[SCENARIO] = pd.Categorical(points.scenario.astype(str).to_numpy())
    return factors


def _checked(case: Case, values: np.ndarray, factors: pd.DataFrame) -> np.ndarray:
    if len(values) < FEWEST_POINTS:
        raise RequestError(f"discovery needs {FEWEST_POINTS} points at least and has {len(values)}; raise points")
    cases = case.of(values)
    count = int(cases.sum())
    if not FEWEST_CASES <= count <= len(values) - FEWEST_CASES:
        low, middle, high = np.quantile(values, [0.0, 0.5, 1.0])
        raise RequestError(
            f"{count} of {len(values)} points have {case}; take a bound with {FEWEST_CASES} points at least on each "
            f"side: {case.outcome} goes from {low:.4g} over {middle:.4g} (median) to {high:.4g}"
        )
    if not len(factors.columns):
        raise RequestError("the sweep varies no value, so that no box can be told")
    return cases


Box = tuple["pd.DataFrame", Mapping[str, list[float]], float, float, float]
"""Limits (two rows, a column per name), quasi p-values of limits, coverage, density, mass."""


def _prim(factors: pd.DataFrame, cases: np.ndarray) -> tuple[list[Box], pd.DataFrame]:
    """PRIM's boxes, each where coverage and density are best together, and the trajectory of the first."""
    prim = load("ema_workbench.analysis.prim", "discovery")
    older = "threshold" in inspect.signature(prim.Prim).parameters  # release 2, the last for Python 3.11
    search = prim.Prim(factors, cases, mass_min=SMALLEST, **({"threshold": cases.mean()} if older else {}))
    boxes: list[Box] = []
    trade_off = None
    for _ in range(MOST_BOXES):
        box = search.find_box()
        if box is None:
            break
        trajectory = box.peeling_trajectory
        trade_off = trajectory if trade_off is None else trade_off
        chosen = _best(trajectory.coverage.to_numpy(), trajectory.density.to_numpy())
        box.select(chosen)
        if box.coverage < SMALLEST or box.density <= cases.mean():
            break
        p_values = box.qp if older else box.p_values
        boxes.append((box.box_lims[chosen], p_values[chosen], box.coverage, box.density, box.mass))
    assert trade_off is not None
    return boxes, trade_off[["coverage", "density", "mass", "res_dim"]].rename(columns={"res_dim": "restricted"})


def _best(coverage: np.ndarray, density: np.ndarray) -> int:
    """The box with the largest harmonic mean of coverage and density."""
    return int(np.argmax(coverage * density / np.maximum(coverage + density, np.finfo(float).tiny)))


def _cart(factors: pd.DataFrame, cases: np.ndarray) -> list[Box]:
    """Leaves of a classification tree that hold more cases than their share, those with most cases first."""
    cart = load("ema_workbench.analysis.cart", "discovery")
    tree = cart.CART(factors, cases, mass_min=SMALLEST)
    with _same_luck():
        tree.build_tree()
    leaves: list[Box] = [
        (limits, {}, float(told["coverage"]), float(told["density"]), float(told["mass"]))
        for limits, told in zip(tree.boxes, tree.stats)
        if told["density"] > cases.mean()
    ]
    return sorted(leaves, key=lambda leaf: -leaf[2])[:MOST_BOXES]


@contextlib.contextmanager
def _same_luck() -> Iterator[None]:
    """Equally good splits are drawn by NumPy's global generator, the only one that the tree can be given."""
    before = np.random.get_state()  # noqa: NPY002
    np.random.seed(1)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002


def _tables(found: list[tuple[Any, ...]], factors: pd.DataFrame) -> dict[str, pd.DataFrame]:
    import pandas as pd

    boxes: list[tuple[Any, ...]] = []
    limits: list[tuple[Any, ...]] = []
    for method, frame, p_values, coverage, density, mass in found:
        number = sum(one[0] == method for one in boxes) + 1
        rows = [(method, number, *row) for row in _limits(frame, p_values, factors)]
        limits += rows
        boxes.append((method, number, float(coverage), float(density), float(mass), len(rows)))
    return {"boxes": pd.DataFrame(boxes, columns=list(BOXES)), "limits": pd.DataFrame(limits, columns=list(LIMITS))}


def _limits(
    frame: pd.DataFrame, p_values: Mapping[str, list[float]], factors: pd.DataFrame
) -> Iterator[tuple[Any, ...]]:
    """Name, low, high, values and p-value of each limit that leaves out points; NaN where a side is open."""
    for name in factors.columns:
        column = factors[name]
        low, high = frame[name].iloc[0], frame[name].iloc[1]
        worst = max((p for p in p_values.get(name, ()) if p >= 0), default=np.nan)
        if isinstance(low, set):
            if len(low) < column.nunique():
                yield name, np.nan, np.nan, ", ".join(sorted(map(str, low))), worst
            continue
        ends = (low if low > column.min() else np.nan, high if high < column.max() else np.nan)
        if not all(np.isnan(ends)):
            yield name, float(ends[0]), float(ends[1]), "", worst


def _manifest(found: outcomes.Outcomes, case: Case, cases: np.ndarray, left_out: int) -> dict[str, Any]:
    return {
        "kind": "discovery",
        "case": str(case),
        "outcome": case.outcome,
        "above": case.above,
        "below": case.below,
        "points": len(cases),
        "cases": int(cases.sum()),
        "left_out": left_out,
        "replicates": found.replicates,
        "design": found.about["design"],
        "sweep": found.about["identity"],
    }
