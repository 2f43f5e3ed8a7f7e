"""How far a sweep has come, on standard error: a bar in a terminal, a line every half minute elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Any, Protocol, Self

from experiments.progress import SECONDS_BETWEEN_LINES


class Reporter(Protocol):
    """What a sweep reports to; a context manager."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def due(self) -> bool:
        """Whether it is time to count again."""
        ...

    def tell(self, done: int, total: int) -> None:
        """So many runs of all are finished."""
        ...


class Silence:
    """Says nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def due(self) -> bool:
        """Never."""
        return False

    def tell(self, done: int, total: int) -> None:
        """Nothing to say."""


class Lines(Silence):
    """A plain line every half minute."""

    def __init__(self, title: str) -> None:
        self.title, self.pace, self.next = title, Pace(), time.monotonic()

    def due(self) -> bool:
        """At the start, and every half minute."""
        return time.monotonic() >= self.next

    def tell(self, done: int, total: int) -> None:
        """Write how many runs are finished, how fast, and what is left."""
        self.next = time.monotonic() + SECONDS_BETWEEN_LINES
        print(f"{self.title}: {done:,} of {total:,} runs{self.pace.words(done, total)}", file=sys.stderr, flush=True)


class Bar(Silence):
    """A bar with rate and time left, four times a second at most."""

    def __init__(self, title: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self.pace, self.next = Pace(), 0.0
        self.bar: Any = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f}/{task.total:,.0f} runs{task.fields[pace]}"),
            console=Console(stderr=True),
            transient=True,
        )
        self.task = self.bar.add_task(title, total=1, pace="")

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def due(self) -> bool:
        """Four times a second."""
        return time.monotonic() >= self.next

    def tell(self, done: int, total: int) -> None:
        """Move the bar."""
        self.next = time.monotonic() + 0.25
        self.bar.update(self.task, completed=done, total=max(total, 1), pace=self.pace.words(done, total))


class Pace:
    """Rate and time left, from what this call has seen."""

    def __init__(self) -> None:
        self.began, self.first = time.monotonic(), -1

    def words(self, done: int, total: int) -> str:
        """``, 2.1 runs/s, 7 min left``; empty before anything is known."""
        if self.first < 0:
            self.began, self.first = time.monotonic(), done
        rate = (done - self.first) / max(time.monotonic() - self.began, 1e-9)
        if done <= self.first:
            return ""
        return f", {rate:.3g} runs/s, {duration((total - done) / rate)} left"


def duration(seconds: float) -> str:
    """Seconds as a reader says them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:,.1f} h"


def reporter(title: str, quiet: bool) -> Reporter:
    """The reporter that fits where standard error goes."""
    if quiet:
        return Silence()
    return Bar(title) if sys.stderr.isatty() else Lines(title)
