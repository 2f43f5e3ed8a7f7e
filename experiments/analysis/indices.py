"""Sensitivity indices of one outcome over a design of points, computed by SALib, with bootstrap intervals.

Morris (1991) for elementary effects, Saltelli et al. (2010) for variance shares, Pianosi and Wagener (2018) for PAWN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analysis.extras import load
from experiments.errors import RequestError

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES, RESAMPLES_PAWN = 200, 60
LEVEL = 0.95
SLIDES = (10, 8, 7, 5, 4, 3, 2)
"""Numbers of slides into which PAWN may cut the range of a factor, best first."""
FEWEST_PER_SLIDE = 5
FEWEST_BLOCKS = {"morris": 3, "sobol": 8}
"""Trajectories or base points below which the intervals would mean nothing."""
COLUMNS = ("method", "index", "name", "value", "low", "high")


@dataclass(frozen=True)
class Sample:
    """Points of one design: ``points`` is (points, names) in the order in which the sampler made them.

    ``sampler`` is grid, latin-hypercube, sobol, morris or table; ``block`` the number of consecutive points that
    belong together (a Morris trajectory, or a Saltelli base point with its exchanges), 1 where each stands alone.
    """

    sampler: str
    names: tuple[str, ...]
    bounds: tuple[tuple[float, float], ...]
    points: np.ndarray
    block: int = 1
    levels: int = 4

    @property
    def problem(self) -> dict[str, Any]:
        """The same as SALib wants it."""
        return {"num_vars": len(self.names), "names": list(self.names), "bounds": [list(pair) for pair in self.bounds]}


def method_for(sampler: str, asked: str | None = None) -> str:
    """The method of a sampler, or the one asked for. Raises RequestError where the design cannot give it."""
    own = sampler if sampler in ("morris", "sobol") else "pawn"
    if asked in (None, own) or asked == "pawn" and sampler != "morris":
        return asked or own
    raise RequestError(
        f"method: {asked} needs a design sampled for it, and this one is {sampler}; "
        + ("take --method " + own if own in ("morris", "sobol") else f'set method = "{asked}" in the design, or')
        + ("" if own in ("morris", "sobol") else " take --method pawn")
    )


def indices(sample: Sample, outcome: np.ndarray, method: str, seed: int = 1) -> pd.DataFrame:
    """All indices of ``outcome`` (one finite number per point) as rows of :data:`COLUMNS`.

    Raises RequestError where the design is too small, where a number is not finite, or where the outcome is the same
    everywhere: there is nothing to share out.
    """
    import pandas as pd

    check(sample, outcome, method)
    rows = METHODS[method](sample, np.asarray(outcome, float), seed)
    return pd.DataFrame(rows, columns=list(COLUMNS)).assign(method=method)


def check(sample: Sample, outcome: np.ndarray, method: str) -> None:
    """Raise RequestError unless the indices mean something."""
    if not np.isfinite(outcome).all():
        raise RequestError(f"{int((~np.isfinite(outcome)).sum())} of {len(outcome)} points have no finite outcome")
    blocks = len(outcome) // sample.block
    needed = FEWEST_BLOCKS.get(method, 2 * FEWEST_PER_SLIDE)
    if blocks < needed:
        raise RequestError(f"{method} needs {needed} {_unit(method)} at least and has {blocks}; raise points")
    if np.ptp(outcome) == 0:
        raise RequestError("the outcome is the same at every point: no index tells anything")


def _unit(method: str) -> str:
    return {"morris": "trajectories", "sobol": "base points"}.get(method, "points")


def _morris(sample: Sample, outcome: np.ndarray, seed: int) -> list[tuple[Any, ...]]:
    """Mean absolute elementary effect with its interval, and the spread of effects (interaction, curvature)."""
    analyse = load("SALib.analyze.morris", "sweep").analyze
    found = analyse(
        sample.problem, sample.points, outcome, RESAMPLES, LEVEL, num_levels=sample.levels, seed=seed
    )  # fmt: skip
    rows = [_around("mu_star", *one) for one in zip(sample.names, found["mu_star"], found["mu_star_conf"])]
    for index in ("mu", "sigma"):
        rows += [("", index, name, float(value), np.nan, np.nan) for name, value in zip(sample.names, found[index])]
    return rows


def _sobol(sample: Sample, outcome: np.ndarray, seed: int) -> list[tuple[Any, ...]]:
    """Shares of variance: alone (first), with all interactions (total), and of pairs where the design has them."""
    count = len(sample.names)
    second = sample.block == 2 * count + 2
    analyse = load("SALib.analyze.sobol", "sweep").analyze
    found = analyse(sample.problem, outcome, second, RESAMPLES, LEVEL, seed=seed)
    rows: list[tuple[Any, ...]] = []
    for index, key in (("first", "S1"), ("total", "ST")):
        rows += [_around(index, *one) for one in zip(sample.names, found[key], found[f"{key}_conf"])]
    if second:
        for i, j in zip(*np.triu_indices(count, 1)):
            pair = f"{sample.names[i]} & {sample.names[j]}"
            rows.append(_around("second", pair, found["S2"][i, j], found["S2_conf"][i, j]))
    return rows


def _around(index: str, name: str, value: float, half: float) -> tuple[Any, ...]:
    return "", index, name, float(value), float(value - half), float(value + half)


def _pawn(sample: Sample, outcome: np.ndarray, seed: int) -> list[tuple[Any, ...]]:
    """Distance of distributions (median over slides), and that of a factor that does nothing, for each name."""
    generator = np.random.default_rng(seed)
    idle: dict[int, np.ndarray] = {}
    rows: list[tuple[Any, ...]] = []
    for name, column in zip(sample.names, sample.points.T):
        slides = _slides(column)
        draws = generator.integers(0, len(outcome), (RESAMPLES_PAWN, len(outcome)))
        spread = [_distance(column[draw], outcome[draw], slides) for draw in draws]
        if slides not in idle:
            mixed = [generator.permutation(column) for _ in range(RESAMPLES_PAWN)]
            idle[slides] = np.array([_distance(other, outcome, slides) for other in mixed])
        rows.append(("", "median", name, _distance(column, outcome, slides), *_interval(np.array(spread))))
        rows.append(("", "idle", name, float(np.median(idle[slides])), *_interval(idle[slides])))
    return rows


def _distance(column: np.ndarray, outcome: np.ndarray, slides: int) -> float:
    """SALib's median over slides for one factor; equal values are spread evenly, so that no slide cuts a level."""
    analyse = load("SALib.analyze.pawn", "sweep").analyze
    place = np.argsort(np.argsort(column, kind="stable"), kind="stable").astype(float)
    problem = {"num_vars": 1, "names": ["one"], "bounds": [[0.0, float(len(place))]]}
    return float(analyse(problem, place[:, None], outcome, S=slides)["median"][0])


def _slides(column: np.ndarray) -> int:
    """As many slides as there are points for; whole levels where the factor has few."""
    levels = len(np.unique(column))
    most = max(len(column) // FEWEST_PER_SLIDE, 2)
    fitting = [slides for slides in SLIDES if slides <= most]
    return next((slides for slides in fitting if levels <= SLIDES[0] and levels % slides == 0), fitting[0])


def _interval(values: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


METHODS: dict[str, Callable[[Sample, np.ndarray, int], list[tuple[Any, ...]]]] = {
    "morris": _morris, "sobol": _sobol, "pawn": _pawn,
}  # fmt: skip
