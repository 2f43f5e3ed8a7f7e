"""How far a run has come, on standard error: a bar in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Protocol, Self

SECONDS_BETWEEN_LINES = 30.0


class Progress(Protocol):
    """What a run reports to; a context manager."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def month(self, label: str) -> None:
        """One more month, ``label``, is done."""


def progress(title: str, months: int, quiet: bool) -> Progress:
    """The reporter that fits where standard error goes."""
    if quiet:
        return Silence()
    return Bar(title, months) if sys.stderr.isatty() else Lines(title, months)


class Silence:
    """Says nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def month(self, label: str) -> None:
        """Nothing to say."""


class Lines(Silence):
    """A plain line every half minute."""

    def __init__(self, title: str, months: int) -> None:
        self.title, self.months, self.done = title, months, 0
        self.due = time.monotonic() + SECONDS_BETWEEN_LINES

    def month(self, label: str) -> None:
        """Write a line if the last one is long enough ago."""
        self.done += 1
        if time.monotonic() >= self.due:
            self.due = time.monotonic() + SECONDS_BETWEEN_LINES
            share = 100 * self.done / self.months
            print(f"{self.title}: {label}, {share:.0f} % of the months", file=sys.stderr, flush=True)


class Bar(Silence):
    """A bar with the month and the time left."""

    def __init__(self, title: str, months: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self.bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            refresh_per_second=4,
            transient=True,
        )
        self.title = title
        self.task = self.bar.add_task(f"{title}: setting up", total=months)

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def month(self, label: str) -> None:
        """Move the bar on by one month."""
        self.bar.update(self.task, advance=1, description=f"{self.title}: {label}")
