"""Work spread over processes that end when they should: with the work, on Ctrl-C, and with their parent."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from experiments.errors import RunError

Task = TypeVar("Task")
Result = TypeVar("Result")

LOST = "a worker process was ended from outside, perhaps for want of memory; take fewer workers"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "ARROW_NUM_THREADS",
           "NUMBA_NUM_THREADS")  # fmt: skip


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    workers: int | None = None,
    lost: Callable[[Task], Result] | None = None,
) -> Generator[Result, None, None]:
    """``work`` of each task, in the order in which they are done; one process plays them here, one after another.

    ``lost`` makes the result of a task whose process was ended from outside; without it that is a RunError. Raises
    what ``work`` raises; when the reader stops or Ctrl-C comes, the processes are ended.
    """
    count = min(workers or cores(), len(tasks))
    if count <= 1:
        yield from map(work, tasks)
        return
    before = set(multiprocessing.active_children())
    with one_thread_each():
        executor = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), initializer=begin_worker)
        futures: dict[Future[Result], Task] = {executor.submit(work, task): task for task in tasks}
        try:
            for future in as_completed(futures):
                yield _result(future, futures[future], lost)
            executor.shutdown()
        finally:
            for process in set(multiprocessing.active_children()) - before:
                process.terminate()
            executor.shutdown(cancel_futures=True)


def _result(future: Future[Result], task: Task, lost: Callable[[Task], Result] | None) -> Result:
    try:
        return future.result()
    except BrokenProcessPool as error:
        if lost is None:
            raise RunError(LOST) from error
        return lost(task)


@contextlib.contextmanager
def one_thread_each() -> Iterator[None]:
    """Processes started meanwhile use one thread each for their arithmetic: there are as many of them as cores."""
    earlier = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in earlier.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def begin_worker() -> None:
    """Leave Ctrl-C to the parent, and end when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
