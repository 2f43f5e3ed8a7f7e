"""What a worker does: plays the runs of a chunk that nobody has finished, and makes the chunk's files."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.errors import RunError
from experiments.sweeps import files, rows, stream
from experiments.sweeps.market import Run
from experiments.sweeps.store import EVENTS, HISTORY, RUNS, SERIES, Store, opened

if TYPE_CHECKING:
    import pyarrow as pa

MOST_DEATHS = 3
"""So often a process may end during a run before the run is suspected and played again alone."""
LOCK = "lock"
LISTS = ("series", "figures")
"""Columns of lists in the streams of a chunk; its files have a column for each value."""
SECONDS_BETWEEN_LOOKS = 0.2
KILLED = "the run ended its process, again when nothing else was played"


@dataclass(frozen=True)
class Receipt:
    """What a worker tells of a chunk. ``suspects`` are runs that must be played alone before the chunk can be done."""

    chunk: int
    done: bool
    suspects: tuple[int, ...] = ()


def play_chunk(folder: str, chunk: int, alone: int | None = None, stop: str = "") -> Receipt:
    """Play what is missing of a chunk; with ``alone`` only that run, which is suspected to end its process.

    Ends early, with all finished runs kept, once a file ``stop`` appears. Waits while another process plays the chunk.
    Raises OSError when the folder cannot be written, RunError when this process plays another model.
    """
    store = opened(folder)
    check_model(store)
    with held(store, chunk, stop) as mine:
        if store.done(chunk):
            shutil.rmtree(store.open_folder(chunk), ignore_errors=True)
            return Receipt(chunk, True)
        return _play(store, chunk, alone, stop) if mine else Receipt(chunk, False)


def check_model(store: Store) -> None:
    """Raise RunError if this process would play another model than the sweep's."""
    from experiments.code_digest import code_digest

    if store.about["identity"]["model"] != code_digest():
        raise RunError(
            f"{socket.gethostname()} has another version of the model than the one with which {store.folder} began; "
            "install the same version everywhere"
        )


@contextlib.contextmanager
def held(store: Store, chunk: int, stop: str) -> Iterator[bool]:
    """Hold the lock of a chunk, which the system frees when its holder ends, however it ends; False if told to stop."""
    while True:
        place = store.open_folder(chunk)
        place.mkdir(parents=True, exist_ok=True)
        handle = os.open(place / LOCK, os.O_CREAT | os.O_RDWR)
        try:
            mine = _locked(handle, stop)
            if mine and not _is_at(handle, place / LOCK):  # who held it has made the chunk and removed the folder
                continue
            yield mine
            return
        finally:
            os.close(handle)


def _locked(handle: int, stop: str) -> bool:
    while not stopped(stop):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            continue
        except OSError:  # no locks on this file system: two players of a chunk write the same, only twice
            return True
        return True
    return False


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def stopped(stop: str) -> bool:
    """Whether the driver has asked to stop."""
    return bool(stop) and Path(stop).exists()


def _play(store: Store, chunk: int, alone: int | None, stop: str) -> Receipt:
    place = store.open_folder(chunk)
    finished = stream.salvage(place)
    names = len(store.about["figures"])
    suspects = []
    with contextlib.closing(stream.Writer(place, finished.attempts)) as writer:
        for row in store.rows(chunk):
            run = row["run"]
            if run in finished.runs:
                continue
            if stopped(stop):
                return Receipt(chunk, False)
            deaths = finished.deaths[run]
            if deaths >= MOST_DEATHS and alone != run:
                suspects.append(run)
            elif alone in (None, run):
                ended = _crashed(run) if deaths > MOST_DEATHS else _ended(store, row, writer)
                batches = stream.batches_of(ended, names)
                writer.append(batches)
                finished.add(run, batches)
    if len(finished.runs) < store.size(chunk):
        return Receipt(chunk, False, tuple(suspects))
    make(store, chunk, finished)
    shutil.rmtree(place, ignore_errors=True)
    return Receipt(chunk, True)


def _crashed(run: int) -> stream.Ended:
    return stream.Ended(run, stream.CRASHED, KILLED)


def _ended(store: Store, row: Mapping[str, Any], writer: stream.Writer) -> stream.Ended:
    """Play a run; whatever it raises becomes its row."""
    run = run_of(store, row)
    writer.begin(run.run)
    began = time.perf_counter()
    try:
        outcome, error = store.player.play(run), ""
    except Exception:
        outcome, error = None, traceback.format_exc()
    status = stream.FAILED if outcome is None else stream.OK
    return stream.Ended(run.run, status, error, time.perf_counter() - began, socket.gethostname(), outcome)


def run_of(store: Store, row: Mapping[str, Any]) -> Run:
    """The run of a row of the plan."""
    design = store.design
    shared = design["branch"] and design["common_random_numbers"]
    return Run(
        row["run"],
        row["seed"],
        store.rules[row["scenario"]],
        {name: row[name] for name in store.about["names"]},
        design["scale"],
        design["branch"],
        design["until"],
        kept(str(store.folder), row["run"]),
        store.folder / HISTORY if shared else None,
    )


def kept(folder: str, run: int) -> bool:
    """Whether series and events of a run are kept."""
    policy = opened(folder).about["keep"]
    return policy in ("all", "quantiles") or (policy == "sample" and run in _sampled(folder))


@lru_cache(maxsize=4)
def _sampled(folder: str) -> frozenset[int]:
    store = opened(folder)
    count, entropy = store.design["keep"]["sample"], store.design["entropy"]
    chosen = np.random.default_rng(entropy).choice(store.runs, min(count, store.runs), replace=False)
    return frozenset(chosen.tolist())


def prepare(folder: str, run: int) -> None:
    """Play the past that a run shares with others and keep it for them."""
    from experiments.sweeps.plan import rows_of
    from experiments.sweeps.store import PLAN

    store = opened(folder)
    check_model(store)
    store.player.prepare(run_of(store, rows_of(store.folder / PLAN, run, run + 1)[0]))


# --- the files of a chunk


def make(store: Store, chunk: int, finished: stream.Finished) -> None:
    """Write the files of a chunk whose runs are all finished; that of the runs last."""
    kinds = [kind for kind in (EVENTS, SERIES, RUNS) if kind != EVENTS or store.about["keep"] != "quantiles"]
    found = {kind: _sorted(finished.batches[kind]) for kind in kinds}
    tables = {kind: table for kind, table in found.items() if table is not None}
    lists = {name: store.about[name] for name in LISTS}
    content = rows.hash_of((tables[kind] for kind in rows.hashed(store) if kind in tables), lists)
    for kind, table in tables.items():
        path = store.file(kind, chunk)
        path.parent.mkdir(exist_ok=True)
        about = _notes(table, content) if kind == RUNS else None
        wide = spread(table, lists)
        files.put(path, lambda p, t=wide, a=about: files.write_parquet(t, p, a), store.open_folder(chunk))  # type: ignore[misc]


def _notes(table: pa.Table, content: int) -> dict[str, str]:
    statuses = table.column("status").to_pylist()
    counts = {status: str(statuses.count(status)) for status in (stream.OK, stream.FAILED, stream.CRASHED)}
    missing = zip(statuses, table.column("undefined").to_pylist())
    undefined = sum(status == stream.OK and count > 0 for status, count in missing)
    return {**counts, "undefined": str(undefined), "hash": rows.as_text(content)}


def _sorted(batches: list[pa.RecordBatch]) -> pa.Table | None:
    """One table of all batches, by run."""
    import pyarrow as pa

    if not batches:
        return None
    return pa.Table.from_batches(sorted(batches, key=lambda batch: batch.column("run")[0].as_py()))


def spread(table: pa.Table, lists: Mapping[str, Sequence[str]]) -> pa.Table:
    """The table with its column of lists, if it has one, as one column per name."""
    import pyarrow as pa

    known = {name: table.column(name) for name in table.column_names if name not in lists}
    for name in set(table.column_names) & set(lists):
        chunks = (chunk.flatten().to_numpy() for chunk in table.column(name).chunks)
        known |= files.columns(lists[name], [chunk.reshape(-1, len(lists[name])) for chunk in chunks])
    return pa.table(known)
