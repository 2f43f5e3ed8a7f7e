"""The points of a design: scenarios x levers x samples, as columns of numbers."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.sweeps.design import Uncertainties


@dataclass(frozen=True)
class Sample:
    """Sampled points, (points, names), their ranges, and what their arrangement is good for.

    ``structure`` is ``saltelli`` (Sobol indices), ``trajectories`` (Morris) or ``plain``. ``note`` tells where the
    number of points is not what a reader of the design may expect.
    """

    names: tuple[str, ...]
    bounds: tuple[tuple[float, float], ...]
    values: np.ndarray
    structure: str = "plain"
    note: str = ""


@dataclass(frozen=True)
class Points:
    """All points: index of the scenario, (points,), and values, (points, levers and sampled names)."""

    scenarios: tuple[str, ...]
    names: tuple[str, ...]
    scenario: np.ndarray
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.scenario)


def all_points(scenarios: Sequence[str], levers: Mapping[str, Sequence[float]], sample: Sample) -> Points:
    """The product, the sampled values varying fastest."""
    chosen = list(itertools.product(*levers.values()))  # one choice of nothing where there are no levers
    combinations = np.array(chosen, float).reshape(len(chosen), len(levers))
    drawn = len(sample.values)
    values = np.hstack([np.repeat(combinations, drawn, axis=0), np.tile(sample.values, (len(chosen), 1))])
    return Points(
        tuple(scenarios),
        (*levers, *sample.names),
        np.repeat(np.arange(len(scenarios), dtype=np.int32), len(values)),
        np.tile(values, (len(scenarios), 1)),
    )


def nothing() -> Sample:
    """The sample of a design without uncertainties: one point with no values."""
    return Sample((), (), np.empty((1, 0)))


def draw(given: Uncertainties, bounds: Mapping[str, tuple[float, float]], entropy: int) -> Sample:
    """The sample of ``given`` within ``bounds``; the same for the same ``entropy``."""
    if given.method == "table":
        return table(given.rows)
    names, count = tuple(bounds), given.points or 1
    low, high = np.array(list(bounds.values())).T
    drawers = {"grid": _grid, "latin-hypercube": _latin_hypercube, "sobol": _sobol, "morris": _morris}
    unit, structure, note = drawers[given.method](count, len(names), entropy)
    return Sample(names, tuple(bounds.values()), low + unit * (high - low), structure, note)


def table(rows: Sequence[Mapping[str, float]]) -> Sample:
    """The points of a table as they stand; every row has the same names."""
    names = tuple(rows[0])
    values = np.array([[row[name] for name in names] for row in rows], float)
    return Sample(names, tuple(zip(values.min(axis=0).tolist(), values.max(axis=0).tolist())), values)


Drawn = tuple[np.ndarray, str, str]


def _grid(count: int, names: int, entropy: int) -> Drawn:
    """Evenly spaced levels from end to end of each range, as many as ``count`` allows."""
    levels = max(int(round(count ** (1 / names), 9)), 1)
    axis = np.linspace(0.0, 1.0, levels) if levels > 1 else np.array([0.5])
    unit = np.array(list(itertools.product(axis, repeat=names)))
    note = (
        "" if len(unit) == count else f"a grid of {levels} levels of {names} names has {len(unit)} points, not {count}"
    )
    return unit, "plain", note


def _latin_hypercube(count: int, names: int, entropy: int) -> Drawn:
    from scipy.stats import qmc

    return qmc.LatinHypercube(names, rng=np.random.default_rng(entropy)).random(count), "plain", ""


def _sobol(count: int, names: int, entropy: int) -> Drawn:
    base, rest = divmod(count, names + 2)
    if base >= 2 and not rest and base & (base - 1) == 0:
        from SALib.sample import sobol

        problem = {"num_vars": names, "names": list(map(str, range(names))), "bounds": [[0.0, 1.0]] * names}
        return sobol.sample(problem, base, calc_second_order=False, seed=entropy), "saltelli", ""
    from scipy.stats import qmc

    sampler = qmc.Sobol(names, rng=np.random.default_rng(entropy))
    unit = sampler.random_base2((count - 1).bit_length())[:count]
    fitting = ", ".join(str((names + 2) * 2**power) for power in range(4, 9))
    note = f"{count} points of {names} names are a plain Sobol sequence; Sobol indices need {fitting} ... points"
    return unit, "plain", note


def _morris(count: int, names: int, entropy: int) -> Drawn:
    from SALib.sample import morris

    trajectories = max(count // (names + 1), 1)
    problem = {"num_vars": names, "names": list(map(str, range(names))), "bounds": [[0.0, 1.0]] * names}
    unit = morris.sample(problem, trajectories, num_levels=4, seed=entropy)
    note = f"{trajectories} trajectories of {names} names have {len(unit)} points, not {count}"
    return unit, "trajectories", "" if len(unit) == count else note
