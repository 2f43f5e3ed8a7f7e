"""A design becomes a store: checked, its points drawn, its plan written, its identity noted."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.cache import ABANDONED
from experiments.errors import RequestError, RunError
from experiments.sweeps import checks, files, plan, points
from experiments.sweeps.design import Design, read
from experiments.sweeps.market import rules_of
from experiments.sweeps.store import ABOUT, FORMAT, MADE, PLAN, Store, opened

MARKET = "experiments.sweeps.market"
LARGEST_KEPT = 20_000
"""Runs of which series and events are kept unless the design says which to keep."""
PARTS = {
    "model": "code or data of the model",
    "configuration": "the scenarios' rules",
    "design": "the design",
    "entropy": "the entropy",
    "player": "what plays the runs",
}


@dataclass(frozen=True)
class Request:
    """A design that has been checked, and who plays its runs."""

    design: Design
    bounds: Mapping[str, tuple[float, float]]
    player: str = MARKET

    @cached_property
    def sample(self) -> points.Sample:
        """The sampled points."""
        given = self.design.uncertainties
        try:
            return points.draw(given, self.bounds, self.design.entropy) if given else points.nothing()
        except ModuleNotFoundError as error:
            raise RequestError(f"{error.name} is not installed; `pip install pharmarket[sweep]` brings it") from error

    @cached_property
    def points(self) -> points.Points:
        """All points."""
        return points.all_points(self.design.scenarios, self.design.levers, self.sample)

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return len(self.points) * self.design.replicates

    @property
    def keep(self) -> str:
        """Of which runs series and events are kept."""
        return self.design.keep.runs or ("all" if self.runs <= LARGEST_KEPT else "none")

    @property
    def notes(self) -> list[str]:
        """What a reader of the design may not expect."""
        dead = checks.dead_after_branch(self.design)
        late = [f"{name} is {checks.AT_START}: set from the branch on it changes nothing" for name in dead]
        return [note for note in (self.sample.note, *late) if note]

    @cached_property
    def identity(self) -> dict[str, str]:
        """Digests of all that decides the runs, and ``hash``, the digest of these."""
        from experiments.code_digest import code_digest

        rules = [checks.variant(text, self.design).values().digest() for text in self.design.scenarios]
        parts = {
            "model": code_digest(),
            "configuration": _digest(rules),
            "design": _digest([FORMAT, self.keep, self.design.model_dump(exclude={"entropy"})]),
            "entropy": str(self.design.entropy),
            "player": self.player,
        }
        return {**parts, "hash": _digest(parts)}


def requested(path: Path, player: str = MARKET) -> Request:
    """The design of a file, checked. Raises RequestError with all its mistakes."""
    return checked(read(path), path, player)


def checked(design: Design, path: Path = Path("design"), player: str = MARKET) -> Request:
    """A design, checked. Raises RequestError with all its mistakes, by line of the file ``path`` if it is one."""
    return Request(design, checks.check(design, path), player)


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def store_for(request: Request, folder: Path, workers: int) -> Store:
    """The store of a request in ``folder``: as it stands there, or made.

    Raises RequestError when the folder belongs to something else, RunError when it cannot be written.
    """
    target = Path(os.path.realpath(folder))
    try:
        if not (target / ABOUT).exists():
            _check_free(target, folder)
            _make(request, target, workers)
        _probe(target)
    except OSError as error:
        raise RunError(f"cannot write {folder}: {error.strerror or error}; choose another --out") from error
    opened.cache_clear()
    store = opened(str(target))
    _check_same(request, store, folder)
    return store


def check_place(folder: Path) -> None:
    """Raise RequestError for a folder that cannot hold a sweep, before anything is played for it."""
    target = Path(os.path.realpath(folder))
    _check_free(target, folder)
    there = next(place for place in (target, *target.parents) if place.exists())
    if not os.access(there, os.W_OK):
        raise RequestError(f"out: {folder} cannot be written; choose another --out")


def _check_free(target: Path, folder: Path) -> None:
    if target.exists() and not target.is_dir():
        raise RequestError(f"out: {folder} is a file; name a folder")
    if target.exists() and any(target.iterdir()) and not (target / ABOUT).exists():
        raise RequestError(f"out: {folder} holds other files and no {ABOUT}; name a new folder or empty it")


def _make(request: Request, target: Path, workers: int) -> None:
    """Put plan and description in place together, as one folder; who comes second finds those of the first."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{target.name}.partial-*"):
        with contextlib.suppress(FileNotFoundError):  # somebody has just finished it
            if time.time() - left.stat().st_mtime > ABANDONED:
                shutil.rmtree(left, ignore_errors=True)
    design = request.design

    def fill(place: Path) -> None:
        common = design.common_random_numbers
        files.put(place / PLAN, lambda p: plan.write(p, request.points, design.replicates, design.entropy, common))
        for kind in MADE:
            (place / kind).mkdir()
        files.put_text(place / ABOUT, json.dumps(describe(request, workers)) + "\n")

    files.put_folder(target, fill)


def describe(request: Request, workers: int) -> dict[str, Any]:
    """The content of ``sweep.json``."""
    from importlib import import_module

    from experiments.results import git_commit, versions

    player, sample = import_module(request.player), request.sample
    rules = {text: rules_of(checks.variant(text, request.design)) for text in request.design.scenarios}
    return {
        "format": FORMAT,
        "identity": request.identity,
        "design": request.design.model_dump(),
        "rules": rules,
        "keep": request.keep,
        "points": len(request.points),
        "runs": request.runs,
        "names": list(request.points.names),
        "levers": list(request.design.levers),
        "sample": {
            "names": sample.names,
            "bounds": sample.bounds,
            "structure": sample.structure,
            "rows": len(sample.values),
        },
        "player": request.player,
        "figures": player.figures(),
        "series": player.series(),
        "chunks": plan.chunk_bounds(request.runs, workers),
        "versions": versions(),
        "git_commit": git_commit(),
    }


def _probe(target: Path) -> None:
    """Raise OSError unless files can be made in ``target``."""
    probe = target / f".probe.partial-{os.getpid()}"
    probe.touch()
    probe.unlink()


def _check_same(request: Request, store: Store, folder: Path) -> None:
    """Raise RequestError if the store belongs to another request."""
    kept, asked = store.about["identity"], request.identity
    differing = [words for part, words in PARTS.items() if kept.get(part) != asked[part]]
    if differing:
        what = " and ".join(differing)
        raise RequestError(
            f"out: {folder} holds a sweep that cannot go on: {what} changed since it began; "
            "name a new folder, or go back to what it began with"
        )
