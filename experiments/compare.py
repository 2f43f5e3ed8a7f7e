"""Two variants compared over paired runs: the same seeds, the same luck, and the same past where rules agree."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.content_hash import content_hash
from experiments.errors import RequestError, RunError
from experiments.expectations import relevant
from experiments.measures import Measure
from experiments.pairs import Played, run_variants
from experiments.results import git_commit, to_arrow, usage, versions
from experiments.rule_differences import differences, first_difference
from experiments.settings import LAST_MONTH, Settings
from experiments.variants import Variant, parse

if TYPE_CHECKING:
    import pandas as pd


SIDES = ("a", "b")


@dataclass(frozen=True)
class Request:
    """What to compare: B against A, with which seeds, from the month ``branch`` through ``until``."""

    a: Variant
    b: Variant
    seeds: tuple[int, ...]
    scale: float = 1.0
    branch: str = "2025-01"
    until: str = LAST_MONTH
    workers: int | None = None
    cache: Path | None = None

    def __post_init__(self) -> None:
        """Raise RequestError for what cannot be compared, before anything is played."""
        if not self.seeds:
            raise RequestError("seeds: at least one is needed, two for intervals")
        for seed in self.seeds:
            Settings((), seed, self.scale, self.branch, self.until)
        for variant in (self.a, self.b):
            variant.values()
        relevant(self.b.rules().expect, self.a.label)

    @property
    def month(self) -> int:
        """Number of the branch month."""
        from model.clock import month_index

        return month_index(self.branch)

    @property
    def stop(self) -> int:
        """Number of the month after the last one played."""
        from model.clock import month_index

        return month_index(self.until) + 1


@dataclass(frozen=True)
class Comparison:
    """Tables by name and the manifest; ``failed`` runs are rows of the table ``runs`` with their tracebacks."""

    tables: dict[str, pd.DataFrame]
    manifest: dict[str, Any]

    @property
    def pairs(self) -> int:
        """How many pairs are complete."""
        return int(self.manifest["pairs"])

    @property
    def failed(self) -> int:
        """How many runs failed."""
        return int(self.tables["runs"]["failed"].sum())


def compare(
    a: str | Variant,
    b: str | Variant,
    seeds: int | Sequence[int] = 20,
    *,
    scale: float = 1.0,
    branch: str = "2025-01",
    until: str = LAST_MONTH,
    changes: Mapping[str, float] | None = None,
    workers: int | None = None,
) -> Comparison:
    """Compare ``b`` with ``a``: names, files or values joined by +, or variants. A number of seeds means 1, 2, ...

    Raises RequestError when the request is wrong; a run that fails is a row of the table ``runs``.
    """
    chosen = tuple(range(1, seeds + 1)) if isinstance(seeds, int) else tuple(seeds)
    variants = [parse(one, branch, changes) if isinstance(one, str) else one for one in (a, b)]
    return play(Request(variants[0], variants[1], chosen, scale, branch, until, workers))


def play(request: Request, on_run: Callable[[Played], None] | None = None) -> Comparison:
    """Play all pairs and make the tables; ``on_run`` hears of each run when its seed is done."""
    began = time.perf_counter()
    asked = question(request)
    runs: list[Played] = []
    for run in run_variants(
        (request.a, request.b), request.seeds, measure=Measure(request.month), scale=request.scale,
        branch=request.branch, until=request.until, workers=request.workers, cache=request.cache,
    ):  # fmt: skip
        runs.append(run)
        if on_run:
            on_run(run)
    runs.sort(key=lambda one: (request.seeds.index(one.seed), one.variant))
    tables, pairs = _tables(request, runs)
    return Comparison(tables, asked | answer(tables, pairs) | usage(began))


def _tables(request: Request, runs: Sequence[Played]) -> tuple[dict[str, pd.DataFrame], int]:
    """All tables, and how many pairs are complete; without any there is only the list of runs."""
    from experiments.comparison import Paired, tables

    found = {(run.seed, run.variant): run.measures for run in runs if not run.error}
    seeds = [seed for seed in request.seeds if (seed, 0) in found and (seed, 1) in found]
    listed = {"runs": _runs(request, runs)}
    if not seeds:
        return listed, 0
    a, b = ([found[seed, side] for seed in seeds] for side in (0, 1))
    expected = relevant(request.b.rules().expect, request.a.label)
    return tables(Paired(seeds, a, b, request.month, request.stop), expected) | listed, len(seeds)


def _runs(request: Request, runs: Sequence[Played]) -> pd.DataFrame:
    """One row per run, failures included."""
    import pandas as pd

    rows = [
        (number, run.seed, SIDES[run.variant], (request.a, request.b)[run.variant].label, bool(run.error), run.error,
         round(run.seconds, 4))
        for number, run in enumerate(runs)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["run", "seed", "side", "scenario", "failed", "traceback", "seconds"])


def question(request: Request) -> dict[str, Any]:
    """The part of the manifest that is known before anything is played: what is compared and how the rules differ."""
    from experiments.comparison import LEVEL_YEARS
    from experiments.effects import LEVEL

    years = [year for year in (int(request.branch[:4]), *LEVEL_YEARS) if year <= int(request.until[:4])]
    a, b = (_rules(variant) for variant in (request.a, request.b))
    b["own_title"] = _own(a["title"], b["title"], " + ")
    b["own_story"] = _own(a["story"], b["story"], "\n\n")
    return {
        "kind": "comparison", "a": a, "b": b, "difference_years": years,
        "differences": differences(request.a, request.b, years), "history": history_note(request),
        "seeds": list(request.seeds), "scale": request.scale, "from": request.branch, "until": request.until,
        "confidence": LEVEL, "interval": "Student's t over paired differences",
        "versions": versions(), "git_commit": git_commit(),
    }  # fmt: skip


def answer(tables: Mapping[str, pd.DataFrame], pairs: int) -> dict[str, Any]:
    """The part of the manifest that tells what came out. The list of runs holds times, so it is not digested."""
    arrow = to_arrow(tables)
    lasting = {name: table for name, table in arrow.items() if name != "runs"}
    rows = {name: table.num_rows for name, table in arrow.items()}
    return {"pairs": pairs, "rows": rows, "content_hash": content_hash(lasting)}


def history_note(request: Request) -> str:
    """Empty where both share their past; else since when their rules differ and in what."""
    from model.clock import month_label

    found = first_difference(request.a, request.b, request.month)
    if found is None:
        return ""
    month, families = found
    listed = ", ".join(families[:4]) + (f" and {len(families) - 4} more" if len(families) > 4 else "")
    return (
        f"the rules differ already from {month_label(month)} on ({listed}), so each has a past of its own; "
        f"date changes from {request.branch} on, or take an earlier --from, to compare futures of one past"
    )


def _rules(variant: Variant) -> dict[str, Any]:
    rules = variant.rules()
    return {
        "label": variant.label, "title": rules.title, "story": rules.story, "sources": rules.sources,
        "watch": rules.watch, "changed_for_the_whole_run": dict(variant.changes),
        "scenario": rules.model_dump(mode="json", by_alias=True, exclude_defaults=True),
    }  # fmt: skip


def _own(a: str, b: str, joint: str) -> str:
    """What B says that A does not: the parts of the scenarios that only B has."""
    said = {part.strip() for part in a.split(joint)}
    return joint.join(part for part in map(str.strip, b.split(joint)) if part not in said)


def check_complete(comparison: Comparison, folder: str) -> None:
    """Raise RunError when no pair is complete."""
    if not comparison.pairs:
        first = comparison.tables["runs"].query("failed").iloc[0]
        raise RunError(
            f"no pair of runs is complete; the tracebacks are in {folder}/runs.parquet, "
            f"the first: seed {first.seed}, {first.scenario}: {first.traceback.strip().splitlines()[-1]}"
        )
