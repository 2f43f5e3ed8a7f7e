"""Outcomes of a finished sweep at each of its points: replicates averaged, and what cannot be used said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analysis import query
from experiments.analysis.indices import Sample
from experiments.catalogue import MAIN
from experiments.errors import RequestError, RunError
from experiments.sweeps.store import RUNS, Store
from experiments.sweeps.stream import OK

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Group:
    """Points that differ by their sampled values alone: those of one scenario and one setting of the levers.

    ``outcomes`` has one row per point in the order of ``sample``; a point of which any replicate failed or gave no
    finite number is NaN there.
    """

    label: str
    sample: Sample
    outcomes: pd.DataFrame

    def usable(self, outcome: str, method: str, without_failed: bool) -> tuple[Sample, np.ndarray, int]:
        """Sample and outcome for a method, and how many points had to be left out.

        Raises RunError if there are such, unless ``without_failed``: then they are left out with all the points
        that belong to them (their trajectory, or the exchanges of their base point).
        """
        values = self.outcomes[outcome].to_numpy(float)
        block = self.sample.block(method)
        whole = np.isfinite(values).reshape(-1, block).all(axis=1).repeat(block)
        left_out = int((~whole).sum())
        if left_out and not without_failed:
            lost = int((~np.isfinite(values)).sum())
            raise RunError(
                f"{outcome}: {lost} of {len(values)} points of {self.label} failed or gave no number; --without-failed "
                f"leaves out {left_out} points (them and what belongs to them)"
            )
        kept = Sample(self.sample.names, self.sample.bounds, self.sample.points[whole], self.sample.structure)
        return kept, values[whole], left_out


@dataclass(frozen=True)
class Outcomes:
    """All points of a sweep with what came out, and the same by groups.

    ``points`` (scenario and one column per value varied) and ``means`` (one column per outcome) have one row per point;
    ``lost`` lists runs without a number: run, point, replicate, scenario, status, outcome, error.
    """

    about: Mapping[str, Any]
    points: pd.DataFrame
    means: pd.DataFrame
    groups: tuple[Group, ...]
    lost: pd.DataFrame
    replicates: int


def read(folder: Path, outcomes: Sequence[str] = ()) -> Outcomes:
    """Outcomes (the main indicators by default) of the sweep in a folder.

    Raises RequestError where there is no sweep, a run is missing, an outcome is not known or nothing is varied.
    """
    database = query.Database(folder)
    about = Store(folder).about
    wanted = list(dict.fromkeys(outcomes)) or [name for name in MAIN if name in database.columns(RUNS)]
    chosen = ", ".join(database.quoted(RUNS, name) for name in wanted)
    rows = database.ask(f"select run, status, error, {chosen} from runs order by run")
    if len(rows) < about["runs"]:
        raise RequestError(f"{folder}: {len(rows)} of {about['runs']} runs are done; run the same sweep again first")
    plan = database.ask("select * exclude (seed) from plan order by run")
    rows[wanted] = rows[wanted].astype(float).replace([np.inf, -np.inf], np.nan)
    rows.loc[rows.status != OK, wanted] = np.nan
    means = rows[wanted].groupby(plan.point).mean(skipna=False)
    points = plan[plan.replicate == 0].drop(columns=["run", "replicate"]).set_index("point")
    groups, lost = tuple(_groups(about, points, means)), _lost(plan, rows, wanted)
    return Outcomes(about, points, means, groups, lost, about["design"]["replicates"])


def _groups(about: Mapping[str, Any], points: pd.DataFrame, means: pd.DataFrame) -> Iterator[Group]:
    """Groups in the order of the plan, in which the sampled values vary fastest."""
    sampled, levers = list(about["sample"]["names"]), list(about["levers"])
    structure, bounds = about["sample"]["structure"], [tuple(pair) for pair in about["sample"]["bounds"]]
    if not sampled:
        sampled, levers, structure = levers, [], "plain"
        bounds = [(points[name].min(), points[name].max()) for name in sampled]
    if not sampled:
        raise RequestError("the sweep varies no value, only scenarios; `pharmarket compare` tells what these do")
    for key, rows in points.groupby(["scenario", *levers], sort=False, observed=True):
        label = ", ".join([str(key[0]), *(f"{name} = {value:g}" for name, value in zip(levers, key[1:]))])
        sample = Sample(tuple(sampled), tuple(bounds), rows[sampled].to_numpy(float), structure)
        yield Group(label, sample, means.loc[rows.index].reset_index(drop=True))


def _lost(plan: pd.DataFrame, rows: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """One row per run and outcome that is no finite number: why, and the last line of what was raised."""
    import pandas as pd

    parts = []
    for name in outcomes:
        missing = rows[name].isna()
        status = rows.status[missing].where(rows.status[missing] != OK, "undefined")
        error = rows.error[missing].fillna("").str.strip().str.split("\n").str[-1]
        part = plan.loc[missing, ["run", "point", "replicate", "scenario"]]
        parts.append(part.assign(status=status, outcome=name, error=error))
    return pd.concat(parts, ignore_index=True)
