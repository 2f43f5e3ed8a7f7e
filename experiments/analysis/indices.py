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
LEVEL, SIGMAS = 0.95, 1.96
SLIDES = (10, 8, 7, 5, 4, 3, 2)
"""Numbers of slides into which PAWN may cut the range of a factor, best first."""
FEWEST_PER_SLIDE = 5
FEWEST = {"morris": 3, "sobol": 8, "pawn": 20}
"""Trajectories, base points or points below which the intervals would mean nothing."""
UNITS = {"morris": "trajectories", "sobol": "base points", "pawn": "points"}
LEVELS = 4
"""Levels of the trajectories, as sampled by sweeps."""
OWN_METHOD = {"saltelli": "sobol", "trajectories": "morris", "plain": "pawn"}
NEEDS = {
    "morris": 'a design of trajectories (method = "morris")',
    "sobol": 'a design with method = "sobol" and names + 2 times a power of two points',
}
MAIN_INDEX = {"morris": "mu_star", "sobol": "total", "pawn": "median"}
"""The index by which to rank."""
COLUMNS = ("method", "index", "name", "value", "low", "high")


@dataclass(frozen=True)
class Sample:
    """Points of one design: ``points`` is (points, names) in the order in which the sampler made them.

    ``structure`` is what their arrangement is good for: ``saltelli`` (Sobol), ``trajectories`` (Morris) or ``plain``.
    """

    names: tuple[str, ...]
    bounds: tuple[tuple[float, float], ...]
    points: np.ndarray
    structure: str = "plain"

    @property
    def problem(self) -> dict[str, Any]:
        """The same as SALib wants it."""
        return {"num_vars": len(self.names), "names": list(self.names), "bounds": [list(pair) for pair in self.bounds]}

    def block(self, method: str) -> int:
        """How many consecutive points belong together: a trajectory, or a base point with its exchanges."""
        return {"morris": len(self.names) + 1, "sobol": len(self.names) + 2}.get(method, 1)


def method_for(structure: str, asked: str | None = None) -> str:
    """The method that suits a structure, or the one asked for. Raises RequestError where the design cannot give it."""
    own = OWN_METHOD[structure]
    if asked in (None, own) or (asked == "pawn" and structure == "saltelli"):
        return asked or own
    if asked == "pawn":
        raise RequestError("method: trajectories do not fill their space, as PAWN needs; leave --method out for morris")
    if asked not in NEEDS:
        raise RequestError(f"method: {asked!r} is not known; take morris, sobol or pawn")
    raise RequestError(f"method: {asked} needs {NEEDS[asked]}; this one can be analysed by {own}")


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
    blocks, needed = len(outcome) // sample.block(method), FEWEST[method]
    if blocks < needed:
        raise RequestError(f"{method} needs {needed} {UNITS[method]} at least and has {blocks}; raise points")
    if np.ptp(outcome) == 0:
        raise RequestError("the outcome is the same at every point: no index tells anything")


def _morris(sample: Sample, outcome: np.ndarray, seed: int) -> list[tuple[Any, ...]]:
    """Mean absolute elementary effect with its interval, and the spread of effects (interaction, curvature)."""
    analyse = load("SALib.analyze.morris", "sweep").analyze
    found = analyse(
        sample.problem, sample.points, outcome, RESAMPLES, LEVEL, num_levels=LEVELS, seed=seed
    )  # fmt: skip
    rows = [_around("mu_star", *one, least=0.0) for one in zip(sample.names, found["mu_star"], found["mu_star_conf"])]
    for index in ("mu", "sigma"):
        rows += [("", index, name, float(value), np.nan, np.nan) for name, value in zip(sample.names, found[index])]
    return rows


def _sobol(sample: Sample, outcome: np.ndarray, seed: int) -> list[tuple[Any, ...]]:
    """Shares of the variance: with all interactions (total), and alone (first)."""
    analyse = load("SALib.analyze.sobol", "sweep").analyze
    found = analyse(sample.problem, outcome, False, RESAMPLES, LEVEL, seed=seed)
    rows: list[tuple[Any, ...]] = []
    for index, key in (("total", "ST"), ("first", "S1")):
        rows += [_around(index, *one) for one in zip(sample.names, found[key], found[f"{key}_conf"])]
    return rows


def _around(index: str, name: str, value: float, half: float, least: float = -np.inf) -> tuple[Any, ...]:
    """A row with its interval, which does not go below the ``least`` that an index can be."""
    return "", index, name, float(value), max(float(value - half), least), float(value + half)


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
        rows.append(
            _around("median", name, _distance(column, outcome, slides), SIGMAS * float(np.std(spread)), least=0.0)
        )
        low, high = np.quantile(idle[slides], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        rows.append(("", "idle", name, float(np.median(idle[slides])), float(low), float(high)))
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


METHODS: dict[str, Callable[[Sample, np.ndarray, int], list[tuple[Any, ...]]]] = {
    "morris": _morris, "sobol": _sobol, "pawn": _pawn,
}  # fmt: skip
