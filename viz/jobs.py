"""Long work in a process of its own, with progress and cancel, so that pages stay alive meanwhile.

The work may spread over further processes (:mod:`experiments.pool`); these end with it.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any, Literal

import solara

from experiments.pool import begin_worker, one_thread_each

State = Literal["running", "done", "failed", "cancelled"]
Report = Callable[[int, int, str], None]
MOST_AT_ONCE = 3
BUSY = f"{MOST_AT_ONCE} pieces of long work are under way on this server; try again when one has ended"
LOST = "the process that did the work was ended from outside, perhaps for want of memory"
slots = threading.BoundedSemaphore(MOST_AT_ONCE)


@dataclass(frozen=True)
class Progress:
    """How a job stands; ``result`` is there when it is done, ``error`` when it failed."""

    state: State = "running"
    done: int = 0
    total: int = 0
    label: str = ""
    result: Any = None
    error: str = ""


class Job:
    """``work(report, *arguments)`` in its own process, where ``report(done, total, label)`` tells how far it is.

    ``work`` is a function of a module; arguments and result are pickled. ``on_change`` is called from a thread.
    """

    def __init__(self, work: Callable[..., Any], *arguments: Any, on_change: Callable[[Progress], None]) -> None:
        self.progress, self.on_change, self._cancelled = Progress(), on_change, False
        self._process: Any = None
        if slots.acquire(blocking=False):
            threading.Thread(target=self._follow, args=(work, arguments), daemon=True).start()
        else:
            self._tell(replace(self.progress, state="failed", error=BUSY))

    def cancel(self) -> None:
        """End the work now; nothing of it is kept."""
        self._cancelled = True
        if self._process is not None and self._process.is_alive():
            self._process.terminate()

    def _follow(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        try:
            self._process = context.Process(target=_work, args=(theirs, work, arguments))
            with one_thread_each():
                self._process.start()
            theirs.close()
            if self._cancelled:
                self.cancel()
            self._listen(ours)
            self._process.join()
        finally:
            ours.close()
            slots.release()

    def _listen(self, ours: Connection) -> None:
        while self.progress.state == "running":
            try:
                news = ours.recv()
            except EOFError:
                news = {"state": "cancelled"} if self._cancelled else {"state": "failed", "error": LOST}
            self._tell(replace(self.progress, **news))

    def _tell(self, progress: Progress) -> None:
        self.progress = progress
        self.on_change(progress)


def _work(theirs: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """What the process does."""
    begin_worker()

    def report(done: int, total: int, label: str = "") -> None:
        theirs.send({"done": done, "total": total, "label": label})

    try:
        theirs.send({"state": "done", "result": work(report, *arguments)})
    except Exception as error:
        theirs.send({"state": "failed", "error": str(error) or type(error).__name__})
    theirs.close()


def use_job() -> tuple[Progress | None, Callable[..., None], Callable[[], None]]:
    """A page's job: how it stands (None before there is one), ``start(work, *arguments)`` and ``cancel()``.

    Starting ends an earlier job; so does leaving the page.
    """
    progress, set_progress = solara.use_state(None)
    current = solara.use_ref(None)

    def cancel() -> None:
        if current.current is not None:
            current.current.cancel()

    def start(work: Callable[..., Any], *arguments: Any) -> None:
        cancel()
        set_progress(Progress())
        current.current = Job(work, *arguments, on_change=set_progress)

    solara.use_effect(lambda: cancel, [])
    return progress, start, cancel


@solara.component
def Working(progress: Progress, on_cancel: Callable[[], None]) -> None:
    """A bar with what is being done, and the button that ends it."""
    share = 100 * progress.done / progress.total if progress.total else 0.0
    words = f"{progress.done} of {progress.total}" if progress.total else "starting"
    with solara.Div(classes=["pm-row"]):
        with solara.Div(
            classes=["pm-progress"],
            style={"flex": "1", "min-width": "160px"},
            attributes={"role": "progressbar", "aria-valuenow": f"{share:.0f}", "aria-label": words},
        ):
            solara.Div(style={"width": f"{share:.1f}%"})
        solara.Text(f"{words}{f', {progress.label}' if progress.label else ''}")
        solara.Button("Cancel", on_click=on_cancel, classes=["pm-button"], outlined=True)
