"""The finished runs of an open chunk, as Arrow streams that survive the end of their writer at any moment.

Each attempt at a chunk writes streams of its own: events and series of a run first, its row of figures last, so that
a run whose row can be read is complete. Before a run is played its number is noted: a note without a row is a run
during which the writer ended.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.sweeps.store import EVENTS, MADE, RUNS, SERIES

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.sweeps.market import Outcome

OK, FAILED, CRASHED = "ok", "failed", "crashed"
BEGUN, NOTE = ".begun", struct.Struct("<qq")


@dataclass(frozen=True)
class Ended:
    """A run that has ended: its row, and what it gave if all went well."""

    run: int
    status: str
    error: str = ""
    seconds: float = 0.0
    host: str = ""
    outcome: Outcome | None = None


@dataclass
class Finished:
    """Batches of the runs that are finished, by kind of file, and how often a writer ended during a run."""

    batches: dict[str, list[pa.RecordBatch]] = field(default_factory=lambda: {kind: [] for kind in MADE})
    runs: set[int] = field(default_factory=set)
    deaths: Counter[int] = field(default_factory=Counter)
    attempts: int = 0

    def add(self, run: int, batches: dict[str, pa.RecordBatch]) -> None:
        """One more finished run."""
        self.runs.add(run)
        for kind, batch in batches.items():
            self.batches[kind].append(batch)


class Writer:
    """Appends runs to the streams of one attempt."""

    def __init__(self, folder: Path, attempt: int) -> None:
        self.folder, self.attempt = folder, attempt
        self.streams: dict[str, Any] = {}
        self.files: list[Any] = []
        self.note = (folder / f"{attempt}{BEGUN}").open("xb", buffering=0)
        self.files.append(self.note)
        self.ended = 0

    def begin(self, run: int) -> None:
        """Note that ``run`` is being played."""
        self.note.seek(0)
        self.note.write(NOTE.pack(run, self.ended))

    def append(self, batches: dict[str, pa.RecordBatch]) -> None:
        """Store a finished run; its row of figures last."""
        for kind in (EVENTS, SERIES, RUNS):
            if kind in batches:
                self._stream(kind, batches[kind].schema).write_batch(batches[kind])
        self.ended += 1

    def _stream(self, kind: str, schema: pa.Schema) -> Any:
        import pyarrow as pa

        if kind not in self.streams:
            file = pa.OSFile(str(self.folder / f"{self.attempt}.{kind}"), "wb")
            self.files.append(file)
            self.streams[kind] = pa.ipc.new_stream(file, schema)
        return self.streams[kind]

    def close(self) -> None:
        """Close all files; a full disk has been told before."""
        for file in self.files:
            file.close()


def salvage(folder: Path) -> Finished:
    """What earlier attempts at a chunk have finished, whatever ended them."""
    found = Finished()
    for note in sorted(folder.glob(f"*{BEGUN}"), key=lambda path: int(path.stem)):
        attempt = int(note.stem)
        found.attempts = attempt + 1
        new = {int(b.column("run")[0].as_py()): b for b in _batches(folder / f"{attempt}.{RUNS}")}
        for kind in (SERIES, EVENTS):
            known = (b for b in _batches(folder / f"{attempt}.{kind}") if b.num_rows)
            found.batches[kind] += [b for b in known if int(b.column("run")[0].as_py()) in new]
        found.batches[RUNS] += new.values()
        found.runs |= set(new)
        run = begun(note)[0]
        if run is not None and run not in new:
            found.deaths[run] += 1
    return found


def begun(note: Path) -> tuple[int | None, int]:
    """The run that an attempt plays (None before the first), and how many it has finished."""
    try:
        content = note.read_bytes()
    except OSError:
        return None, 0
    return NOTE.unpack(content) if len(content) == NOTE.size else (None, 0)


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    """The whole batches of a stream; what its writer could not finish is left out."""
    import pyarrow as pa

    if not path.exists():
        return
    with path.open("rb") as file:
        try:
            reader = pa.ipc.open_stream(file)
            while True:
                yield reader.read_next_batch()
        except (StopIteration, pa.ArrowInvalid, EOFError, OSError):
            return


# --- a run as batches


def batches_of(ended: Ended, names: int) -> dict[str, pa.RecordBatch]:
    """The batches of a run that has ended, by kind; ``names`` is how many figures a run has."""
    batches = {RUNS: _row(ended, names)}
    outcome = ended.outcome
    if outcome is not None and outcome.series is not None:
        batches[SERIES] = _series(ended.run, outcome.first, outcome.series)
    if outcome is not None and outcome.events is not None and outcome.events.num_rows:
        batches[EVENTS] = _events(ended.run, outcome.events)
    return batches


def _row(ended: Ended, names: int) -> pa.RecordBatch:
    import pyarrow as pa

    given = ended.outcome.figures if ended.outcome else np.full(names, np.nan, np.float32)
    figures = np.asarray(given, np.float32)
    missing = int(np.count_nonzero(~np.isfinite(figures)))
    return pa.record_batch({
        "run": pa.array([ended.run], pa.int64()), "status": [ended.status], "error": [ended.error],
        "undefined": pa.array([missing], pa.int32()), "seconds": pa.array([ended.seconds], pa.float32()),
        "host": [ended.host], "figures": pa.FixedSizeListArray.from_arrays(pa.array(figures), len(figures)),
    })  # fmt: skip


def _series(run: int, first: int, values: np.ndarray) -> pa.RecordBatch:
    import pyarrow as pa

    months, names = values.shape
    dates = np.datetime64("2000-01", "M") + np.arange(first, first + months)
    flat = pa.array(np.ascontiguousarray(values, np.float32).reshape(-1))
    return pa.record_batch({
        "run": pa.array(np.full(months, run)), "month": pa.array(dates.astype("datetime64[D]")),
        "series": pa.FixedSizeListArray.from_arrays(flat, names),
    })  # fmt: skip


def _events(run: int, events: pa.Table) -> pa.RecordBatch:
    """Texts stay coded, each run by a dictionary of its own."""
    import pyarrow as pa

    columns = {name: events.column(name).combine_chunks() for name in events.column_names}
    return pa.record_batch({"run": pa.array(np.full(events.num_rows, run)), **columns})
