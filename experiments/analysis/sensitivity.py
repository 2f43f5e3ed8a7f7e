"""Which of the values that a sweep varied matter for its outcomes, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analysis import outcomes
from experiments.analysis.indices import COLUMNS, MAIN_INDEX, indices, method_for
from experiments.analysis.outcomes import Group
from experiments.catalogue import figure
from experiments.errors import RequestError, RunError

if TYPE_CHECKING:
    import pandas as pd

REFUSED = ("group", "outcome", "reason")


@dataclass(frozen=True)
class Sensitivity:
    """Tables ``sensitivity`` (one row per group, outcome, index and name), ``not_analysed`` and ``lost``; a manifest.

    ``not_analysed`` says why a group and outcome have no indices, ``lost`` lists the runs without a number.
    """

    tables: dict[str, pd.DataFrame]
    manifest: dict[str, Any]


def analyse(
    folder: Path, wanted: Sequence[str] = (), method: str | None = None, *, without_failed: bool = False
) -> Sensitivity:
    """Indices of the outcomes (the main indicators by default) of the finished sweep in ``folder``.

    Replicates are averaged first. The method is the one for which the design was sampled. An outcome with a point
    that failed or gave no finite number is refused, or with ``without_failed`` analysed without the points concerned.

    Raises RequestError where the request does not fit the sweep, RunError where an outcome asked for by name, or every
    outcome, has points that cannot be used.
    """
    import pandas as pd

    found = outcomes.read(folder, wanted)
    chosen = method_for(found.groups[0].sample.structure, method)
    parts: list[pd.DataFrame] = []
    refused: list[tuple[str, str, str]] = []
    for group in found.groups:
        for name in group.outcomes.columns:
            try:
                parts.append(_indices(group, str(name), chosen, without_failed))
            except (RequestError, RunError) as error:
                if wanted:
                    raise
                refused.append((group.label, str(name), str(error)))
    if not parts:
        raise RunError(f"{folder}: no outcome can be analysed; {refused[0][2]}")
    tables = {
        "sensitivity": pd.concat(parts, ignore_index=True),
        "not_analysed": pd.DataFrame(refused, columns=list(REFUSED)),
        "lost": found.lost,
    }
    return Sensitivity(tables, _manifest(found, chosen, without_failed))


def _indices(group: Group, outcome: str, method: str, without_failed: bool) -> pd.DataFrame:
    sample, values, left_out = group.usable(outcome, method, without_failed)
    try:
        rows = indices(sample, values, method)
    except RequestError as error:
        raise RequestError(f"{outcome}: {error}") from error
    label, unit = figure(outcome)
    about = {"group": group.label, "outcome": outcome, "label": label, "unit": unit}
    return rows.assign(**about, points=len(values), left_out=left_out)[
        [*about, *COLUMNS, "points", "left_out"]
    ]  # fmt: skip


def _manifest(found: outcomes.Outcomes, method: str, without_failed: bool) -> dict[str, Any]:
    design = found.about["design"]
    return {
        "kind": "sensitivity",
        "method": method,
        "main_index": MAIN_INDEX[method],
        "without_failed": without_failed,
        "design": design,
        "replicates": found.replicates,
        "runs": found.about["runs"],
        "groups": [group.label for group in found.groups],
        "names": list(found.groups[0].sample.names),
        "sweep": found.about["identity"],
        "lost_runs": int(found.lost["run"].nunique()),
    }
