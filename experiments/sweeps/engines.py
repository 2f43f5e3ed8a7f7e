"""Where the chunks of a sweep are played: this process, processes of this machine, or a Dask cluster."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol

from experiments import pool
from experiments.errors import RequestError, RunError

ENGINES = ("local", "dask", "serial")
AGAIN = "what is finished is kept, the same command goes on from there"
PARENT_DEATH_SIGNAL = 1
"""Number of the request to Linux (``PR_SET_PDEATHSIG``) to be ended with the thread that started the process."""
PATIENCE = 15.0
"""Seconds without its scheduler after which a sweep ends."""
CONNECT_SECONDS, WORKER_SECONDS = 10, 60
"""Seconds to wait for a scheduler, and for workers: at the beginning, and when the last one has gone."""
SECONDS_BETWEEN_COUNTS = 2.0


class Engine(Protocol):
    """What a sweep asks of an engine. ``lost`` are the errors of a task whose process has ended."""

    workers: int
    lost: tuple[type[BaseException], ...]

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Have ``work`` done somewhere, some time."""
        ...

    def renew(self) -> None:
        """Be ready for tasks again after one was lost."""
        ...

    def check(self) -> None:
        """Raise RunError if nothing will be done any more."""
        ...

    def close(self) -> None:
        """End everything at once."""
        ...


def check_name(name: str) -> None:
    """Raise RequestError for the name of an engine that is not there."""
    if name not in ENGINES:
        raise RequestError(f"engine: {name!r} is unknown; take local or dask")


def engine_for(name: str, scheduler: str | None, workers: int | None) -> Engine:
    """The engine of that name. Raises RequestError for one that is not there."""
    check_name(name)
    if (name == "dask") != (scheduler is not None):
        raise RequestError("scheduler: --engine dask needs --scheduler tcp://HOST:PORT, the other engines take none")
    if name == "dask":
        return Cluster(str(scheduler), workers)
    return Local(workers or pool.cores()) if name == "local" else Serial()


class Serial:
    """Plays every task when it is submitted, in this process."""

    workers = 1
    lost: tuple[type[BaseException], ...] = ()

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Do ``work`` now."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def renew(self) -> None:
        """Nothing to renew."""

    def check(self) -> None:
        """Nothing to check."""

    def close(self) -> None:
        """Nothing to close."""


class Local:
    """Processes of this machine, started afresh, of one thread each, that end with this one."""

    lost: tuple[type[BaseException], ...] = (BrokenProcessPool,)

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._start()

    def _start(self) -> None:
        self._others = set(multiprocessing.active_children())
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(self.workers, context, initializer=begin_worker)

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Queue ``work`` for the next free process."""
        with pool.one_thread_each():
            try:
                return self._pool.submit(work, *arguments)
            except BrokenProcessPool as error:
                future: Future[Any] = Future()
                future.set_exception(error)
                return future

    def renew(self) -> None:
        """Replace the processes: one that ends breaks the pool of all."""
        self.close()
        self._start()

    def check(self) -> None:
        """The processes are children: their end is always told."""

    def close(self) -> None:
        """End the processes, whatever they do."""
        children = set(multiprocessing.active_children()) - self._others
        for process in children:
            process.kill()
        self._pool.shutdown(cancel_futures=True)
        for process in children:
            process.join()


def begin_worker() -> None:
    """End with the parent at once, even in the middle of a long computation."""
    pool.begin_worker()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)


class Cluster:
    """A Dask cluster that somebody has started; a task is sent again when its worker ends."""

    def __init__(self, scheduler: str, workers: int | None) -> None:
        try:
            from distributed import Client, KilledWorker
            from distributed.comm import CommClosedError
        except ModuleNotFoundError as error:
            raise RequestError("distributed is not installed; `pip install pharmarket[sweep]` brings it") from error
        try:
            self.client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise RequestError(f"scheduler: nothing answers at {scheduler}; start `dask scheduler` there") from error
        try:
            self.client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except TimeoutError as error:
            self.client.close()
            raise RequestError(f"scheduler: {scheduler} has no workers; start `dask worker {scheduler}`") from error
        self.scheduler = scheduler
        self.lost: tuple[type[BaseException], ...] = (KilledWorker, CancelledError, CommClosedError)
        self.workers = workers or max(sum(self.client.nthreads().values()), 1)
        self.executor: Executor = self.client.get_executor(pure=False, retries=3)
        self.seen = self.manned = self.counted = time.monotonic()

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Send ``work`` to the cluster."""
        return self.executor.submit(work, *arguments)

    def renew(self) -> None:
        """Wait for the scheduler, if it is away; the cluster has its own ways to start workers again."""
        while self.client.status != "running":
            self.check()
            time.sleep(0.2)

    def check(self) -> None:
        """Raise RunError if scheduler or workers are gone: the futures of a client without them never end."""
        if self.client.status == "running":
            self.seen = time.monotonic()
            self._count_workers()
        elif time.monotonic() - self.seen > PATIENCE or self.client.status in ("closing", "closed"):
            raise RunError(f"the scheduler at {self.scheduler} does not answer any more; {AGAIN}")

    def _count_workers(self) -> None:
        """Raise RunError if there has been no worker for a while."""
        if self.seen - self.counted < SECONDS_BETWEEN_COUNTS:
            return
        self.counted = self.seen
        if self.client.nthreads():
            self.manned = self.seen
        elif self.seen - self.manned > WORKER_SECONDS:
            raise RunError(
                f"the scheduler at {self.scheduler} has had no worker for {WORKER_SECONDS} s; "
                f"start `dask worker {self.scheduler}`, or go on with --engine local; {AGAIN}"
            )

    def close(self) -> None:
        """Cancel what has not begun and leave the cluster."""
        with contextlib.suppress(Exception):  # a cluster that is gone has nothing to cancel
            self.executor.shutdown(wait=False)
        with contextlib.suppress(Exception):
            self.client.close(timeout=2)
