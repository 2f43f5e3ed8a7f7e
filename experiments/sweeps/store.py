"""The folder of a sweep: its plan, its identity, and the chunks that are done.

======================  ====================================================================================
``plan.parquet``        one row per run: run, point, replicate, seed, scenario, one column per varied value
``sweep.json``          what the sweep is (design, model, hash) and how its runs are cut into chunks
``runs/NNNNNN.parquet``  one row per run, failed ones included; written last: where it stands, the chunk is done
``ts/NNNNNN.parquet``    series, one row per run and month
``events/NNNNNN.parquet``  events, one row each
``open/NNNNNN/``         finished runs of a chunk that is not done, and the lock of who plays it
``history/``            worlds at the branch, while runs need them
======================  ====================================================================================
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from experiments.sweeps import files, plan

FORMAT = 1
ABOUT, PLAN = "sweep.json", "plan.parquet"
RUNS, SERIES, EVENTS, OPEN, HISTORY = "runs", "ts", "events", "open", "history"
MADE = (RUNS, SERIES, EVENTS)


@dataclass(frozen=True)
class Store:
    """A sweep on disk. Cheap to make; reads what it is asked for."""

    folder: Path

    @cached_property
    def about(self) -> dict[str, Any]:
        """The content of ``sweep.json``."""
        content: dict[str, Any] = json.loads((self.folder / ABOUT).read_text("utf-8"))
        return content

    @property
    def design(self) -> dict[str, Any]:
        """The design as it was asked for, defaults filled in."""
        found: dict[str, Any] = self.about["design"]
        return found

    @cached_property
    def bounds(self) -> list[int]:
        """First run of each chunk, and the number of runs."""
        found: list[int] = self.about["chunks"]
        return found

    @property
    def chunks(self) -> range:
        """Numbers of the chunks."""
        return range(len(self.bounds) - 1)

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return self.bounds[-1]

    @cached_property
    def rules(self) -> dict[str, str]:
        """The rules of each scenario of the plan, as text."""
        return {name: json.dumps(rules) for name, rules in self.about["rules"].items()}

    @property
    def player(self) -> ModuleType:
        """The module that plays a run; see :mod:`experiments.sweeps.market`."""
        from importlib import import_module

        return import_module(self.about["player"])

    def size(self, chunk: int) -> int:
        """How many runs a chunk has."""
        return self.bounds[chunk + 1] - self.bounds[chunk]

    def rows(self, chunk: int) -> list[dict[str, Any]]:
        """The rows of the plan that a chunk plays."""
        return plan.rows_of(self.folder / PLAN, self.bounds[chunk], self.bounds[chunk + 1])

    def file(self, kind: str, chunk: int) -> Path:
        """Where a chunk has its runs, series or events."""
        return self.folder / kind / f"{chunk:06d}.parquet"

    def open_folder(self, chunk: int) -> Path:
        """Where a chunk that is not done has its finished runs."""
        return self.folder / OPEN / f"{chunk:06d}"

    def done(self, chunk: int) -> bool:
        """Whether a chunk is done."""
        return self.file(RUNS, chunk).exists()

    def notes(self, chunk: int) -> dict[str, str]:
        """What is noted of a done chunk: how many runs of each status, and the hash of its rows."""
        return files.about(self.file(RUNS, chunk))

    def whole(self, mend: bool = False) -> Iterator[tuple[int, dict[str, str]]]:
        """Number and notes of each chunk that is done.

        A damaged file counts as not there; with ``mend`` it is removed, so that its chunk is played again.
        """
        import pyarrow as pa

        for path in sorted((self.folder / RUNS).glob("*.parquet")):
            try:
                yield int(path.stem), self.notes(int(path.stem))
            except pa.ArrowInvalid:
                if mend:
                    path.unlink()


@lru_cache(maxsize=4)
def opened(folder: str) -> Store:
    """The store in a folder, read once per process."""
    return Store(Path(folder))
