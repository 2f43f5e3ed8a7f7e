"""Leads a sweep: hands chunks to an engine until all that the plan asks for is on disk."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import uuid
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.errors import RequestError, RunError
from experiments.sweeps import chunk as chunks
from experiments.sweeps import create, stream
from experiments.sweeps.design import Design
from experiments.sweeps.engines import AGAIN, Engine, engine_for
from experiments.sweeps.pasts import Pasts
from experiments.sweeps.progress import Reporter, Silence
from experiments.sweeps.store import HISTORY, OPEN, Store

TICK = 1.0
MOST_BARREN = 5
"""So often in a row the workers may end before any of them has begun a run."""
MOST_LOST_PASTS = 3
GUARD = "driver.lock"


@dataclass(frozen=True)
class Task:
    """A chunk to play (``alone``: only that run of it), or a past to play, by its name."""

    chunk: int = -1
    alone: int | None = None
    past: str = ""


def sweep(
    design: Path | Design,
    out: Path,
    *,
    engine: str = "local",
    scheduler: str | None = None,
    workers: int | None = None,
    part: tuple[int, int] = (0, 1),
    player: str = create.MARKET,
    reporter: Reporter | None = None,
) -> Store:
    """Run a design, or what is missing of it in ``out``, and return its store.

    ``part`` (k, n) plays only every nth chunk from the kth on, for several such calls side by side. ``player`` is the
    module that plays a run (see :mod:`experiments.sweeps.market`).
    Raises RequestError when the request is wrong, RunError when the sweep cannot go on; then what is finished is kept.
    """
    request = create.checked(design, player=player) if isinstance(design, Design) else create.requested(design, player)
    return carry_out(request, out, engine, scheduler, workers, part, reporter or Silence())


def carry_out(
    request: create.Request,
    out: Path,
    engine: str,
    scheduler: str | None,
    workers: int | None,
    part: tuple[int, int],
    reporter: Reporter,
) -> Store:
    """Run a checked request; see :func:`sweep`.

    Raises RequestError where the folder or the engine is not to be had, RunError when the sweep is interrupted, its
    files cannot be written, or workers keep ending; what is finished is kept.
    """
    with contextlib.closing(engine_for(engine, scheduler, workers)) as chosen:
        store = create.store_for(request, out, chosen.workers)
        try:
            with guarded(store, part != (0, 1)), reporter:
                Drive(store, chosen, reporter, part).run()
                finish(store)
        except OSError as error:
            raise RunError(f"cannot write in {out}: {error.strerror or error}; {AGAIN}") from error
        except KeyboardInterrupt:
            raise RunError(f"interrupted; {AGAIN}") from None
    return store


@contextlib.contextmanager
def guarded(store: Store, shared: bool) -> Iterator[None]:
    """Hold the store, for this call alone or for those that play parts of it. Raises RequestError if others do."""
    (store.folder / OPEN).mkdir(exist_ok=True)
    handle = os.open(store.folder / OPEN / GUARD, os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise RequestError(f"out: another sweep is at work in {store.folder}; wait for it, or end it") from error
    except OSError:  # no locks on this file system
        pass
    try:
        yield
    finally:
        os.close(handle)


def finish(store: Store) -> None:
    """Once all chunks are done: make the quantiles, if these are kept, and remove what was only needed meanwhile."""
    if not all(map(store.done, store.chunks)):
        return
    if store.about["keep"] == "quantiles":
        from experiments.sweeps.quantiles import reduce

        reduce(store)
    for name in (OPEN, HISTORY):
        shutil.rmtree(store.folder / name, ignore_errors=True)


class Drive:
    """One call's way through the chunks of a store."""

    def __init__(self, store: Store, engine: Engine, reporter: Reporter, part: tuple[int, int]) -> None:
        self.store, self.engine, self.reporter = store, engine, reporter
        self.folder = str(store.folder)
        whole = {number for number, _ in store.whole(mend=True)}
        self.finished = sum(map(store.size, whole))
        self.waiting = deque(number for number in store.chunks[part[0] :: part[1]] if number not in whole)
        self.total = self.finished + sum(map(store.size, self.waiting))
        self.undone = set(self.waiting)
        self.suspects: deque[Task] = deque()
        self.pending: dict[Future[Any], Task] = {}
        self.pasts = Pasts(store)
        self.lost_pasts: Counter[str] = Counter()
        self.attempts: dict[int, int] = {}
        self.barren = 0
        self.stop = store.folder / OPEN / f"stop-{uuid.uuid4().hex}"

    def run(self) -> None:
        """Play until every chunk is done. Raises RunError when that cannot be."""
        self.report()
        try:
            while self.waiting or self.pending or self.suspects:
                self.submit()
                done, _ = wait(self.pending, TICK, FIRST_COMPLETED)
                self.engine.check()
                self.collect(done)
                self.report()
        except BaseException:
            with contextlib.suppress(OSError):
                self.stop.touch()
            raise

    def submit(self) -> None:
        """Give the engine enough to do; suspected runs come last, each with nothing else beside it."""
        while len(self.pending) < 2 * self.engine.workers:
            task = self.next()
            if task is None:
                break
            self.send(task)
        if not (self.pending or self.waiting) and self.suspects:
            self.send(self.suspects.popleft())

    def next(self) -> Task | None:
        """The first chunk whose pasts are there, or else the next past."""
        ahead = [self.waiting[index] for index in range(min(len(self.waiting), 2 * self.engine.workers))]
        for number in ahead:
            if not self.pasts.missing(number):
                self.waiting.remove(number)
                return Task(number)
        names = (name for number in ahead for name in self.pasts.missing(number))
        return next((Task(past=name) for name in names if name not in self.pasts.begun), None)

    def send(self, task: Task) -> None:
        """Hand a task to the engine."""
        if task.past:
            future = self.engine.submit(chunks.prepare, self.folder, self.pasts.begin(task.past))
        else:
            future = self.engine.submit(chunks.play_chunk, self.folder, task.chunk, task.alone, str(self.stop))
        self.pending[future] = task

    def collect(self, done: set[Future[Any]]) -> None:
        """Take what tasks have to say; put those that were lost in line again."""
        lost = []
        for future in done:
            task = self.pending.pop(future)
            try:
                result = future.result()
            except self.engine.lost:
                lost.append(task)
            except (OSError, RunError, KeyboardInterrupt):
                raise
            except Exception as error:
                self.broken(task, error)
            else:
                self.ended(task, result)
        if lost:
            self.engine.renew()
            self.again(lost)

    def broken(self, task: Task, error: Exception) -> None:
        """A past that cannot be played makes the runs fail that need it; a chunk that raises is no failure of a run."""
        if not task.past:
            raise RunError(f"chunk {task.chunk}: {type(error).__name__}: {error}; {AGAIN}") from error
        self.pasts.end(task.past)

    def ended(self, task: Task, receipt: chunks.Receipt | None) -> None:
        """A past is there, or a chunk is done, has suspects, or was held by somebody else."""
        if receipt is None:
            self.pasts.end(task.past)
        elif receipt.done:
            self.finished += self.store.size(task.chunk)
            self.undone.discard(task.chunk)
            self.pasts.drop(task.chunk, min(self.undone, default=len(self.store.bounds)))
        elif receipt.suspects:
            self.suspects.append(Task(task.chunk, receipt.suspects[0]))
        else:
            self.waiting.append(task.chunk)

    def again(self, lost: list[Task]) -> None:
        """Put lost tasks in line again. Raises RunError when workers end before they have begun anything."""
        fruitful = [self.has_begun(task) for task in lost]
        self.barren = 0 if any(fruitful) else self.barren + 1
        if self.barren >= MOST_BARREN:
            raise RunError(f"the workers end as soon as they begin, perhaps for want of memory; {AGAIN}")
        for task in lost:
            if task.past:
                self.lost_pasts[task.past] += 1
                self.pasts.end(task.past, self.lost_pasts[task.past] >= MOST_LOST_PASTS)
            elif task.alone is None:
                self.waiting.appendleft(task.chunk)
            else:
                self.suspects.appendleft(task)

    def has_begun(self, task: Task) -> bool:
        """Whether a lost task had begun a run, or was a past."""
        if task.past:
            return True
        before = self.attempts.get(task.chunk, 0)
        self.attempts[task.chunk] = len(list(self.store.open_folder(task.chunk).glob(f"*{stream.BEGUN}")))
        return self.attempts[task.chunk] > before

    def report(self) -> None:
        """Tell how many runs are finished."""
        if self.reporter.due():
            self.reporter.tell(self.finished + sum(map(self.playing, self.pending.values())), self.total)

    def playing(self, task: Task) -> int:
        """How many runs of a chunk are finished that is not done."""
        notes = [] if task.past else self.store.open_folder(task.chunk).glob(f"*{stream.BEGUN}")
        return sum(stream.begun(note)[1] for note in notes)
