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
        """One more month (or what the steps are), ``label``, is done."""


def progress(title: str, steps: int, quiet: bool, of: str = "months") -> Progress:
    """The reporter that fits where standard error goes, for so many steps ``of`` what they are."""
    if quiet:
        return Silence()
    return Bar(title, steps) if sys.stderr.isatty() else Lines(title, steps, of)


class Silence:
    """Says nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def month(self, label: str) -> None:
        """Nothing to say."""


class Lines(Silence):
    """A plain line every half minute."""

    def __init__(self, title: str, steps: int, of: str) -> None:
        self.title, self.steps, self.of, self.done = title, steps, of, 0
        self.due = time.monotonic() + SECONDS_BETWEEN_LINES

    def month(self, label: str) -> None:
        """Write a line if the last one is long enough ago."""
        self.done += 1
        if time.monotonic() >= self.due:
            self.due = time.monotonic() + SECONDS_BETWEEN_LINES
            share = 100 * self.done / self.steps
            print(f"{self.title}: {label}, {share:.0f} % of the {self.of}", file=sys.stderr, flush=True)


class Bar(Silence):
    """A bar with the month and the time left."""

    def __init__(self, title: str, steps: int) -> None:
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
        self.task = self.bar.add_task(f"{title}: setting up", total=steps)

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def month(self, label: str) -> None:
        """Move the bar on by one step."""
        self.bar.update(self.task, advance=1, description=f"{self.title}: {label}")
