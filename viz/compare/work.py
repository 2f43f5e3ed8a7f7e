"""The long work of the page Compare, which is done in a process of its own, and the comparisons that are kept."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from experiments.compare import Comparison, Request, play
from experiments.errors import RunError
from experiments.pairs import Played
from viz.compare import exports
from viz.compare.asked import Asked

Report = Callable[[int, int, str], None]
KEPT = 4


@dataclass(frozen=True)
class Found:
    """A comparison, and files of it by name that are ready to be saved."""

    comparison: Comparison
    files: dict[str, bytes]


def compare(report: Report, request: Request) -> Found:
    """All pairs of runs and the files. Raises RunError when no pair is complete."""
    done, total, began = 0, 2 * len(request.seeds), time.monotonic()

    def on_run(run: Played) -> None:
        nonlocal done
        done += 1
        report(done, total, f"seed {run.seed}, {left((time.monotonic() - began) * (total - done) / done)}")

    report(0, total, "playing the years before and the first pair")
    comparison = play(request, on_run)
    if not comparison.pairs:
        raise RunError(first_failure(comparison))
    report(total, total, "drawing the report")
    return Found(comparison, exports.files(comparison.tables, comparison.manifest))


def left(seconds: float) -> str:
    """How long it may still take, in words."""
    return f"about {max(round(seconds), 1)} s left" if seconds < 90 else f"about {round(seconds / 60)} min left"


def first_failure(comparison: Comparison) -> str:
    """The last line of the first traceback, and whose it is."""
    run = comparison.tables["runs"].query("failed").iloc[0]
    return f"no pair is complete; seed {run.seed}, {run.scenario}: {run.traceback.strip().splitlines()[-1]}"


class Kept:
    """The last comparisons of this server by what was asked, so that a reload or a shared link shows them at once."""

    def __init__(self, most: int = KEPT) -> None:
        self._most, self._found, self._lock = most, OrderedDict[Asked, Found](), threading.Lock()

    def get(self, asked: Asked) -> Found | None:
        """What was found for it, None if nothing is kept."""
        with self._lock:
            if asked in self._found:
                self._found.move_to_end(asked)
            return self._found.get(asked)

    def keep(self, asked: Asked, found: Found) -> None:
        """Keep it, and let go what was not looked at for longest."""
        with self._lock:
            self._found[asked] = found
            self._found.move_to_end(asked)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
