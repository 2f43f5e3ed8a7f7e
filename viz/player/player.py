"""The player of one session: a thread that plays a world, shows it at the speed asked for, and obeys at once.

It plays ahead of what is shown, so that going anywhere is only a matter of showing; a lever that is changed makes a
new line from the month shown on, and the untouched world goes on beside it as the ghost.
"""

from __future__ import annotations

import logging
import queue
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.errors import RequestError
from experiments.run import build
from experiments.settings import Settings
from model.clock import month_label
from model.market import LAST_MONTH
from viz.player.frames import Sent, frame
from viz.player.line import Line

DEFAULT_SPEED = 16.0
SLOWEST, FASTEST = 1.0, 240.0
LAGGING = 1.0
"""Seconds by which what is shown may fall behind before the pace begins anew from there."""
IDLE, SILENCE = 0.5, 4.0
log = logging.getLogger("pharmarket.app")
Send = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Lever:
    """A value changed while it played, from the month after ``months`` months on."""

    months: int
    name: str
    value: float


@dataclass(frozen=True)
class Status:
    """How the player stands; ``played`` months can be shown, ``error`` says what went wrong last."""

    ready: bool = False
    playing: bool = False
    speed: float = DEFAULT_SPEED
    shown: int = 1
    played: int = 0
    goal: int = 0
    """Months to be shown as soon as they are played; 0 if there is no hurry."""
    levers: tuple[Lever, ...] = ()
    error: str = ""


class Player:
    """Plays ``settings``; ``send`` is given frames for the page, one at a time until :meth:`acknowledge`."""

    def __init__(self, settings: Settings, send: Send | None = None) -> None:
        self.settings, self.send, self.status = settings, send, Status()
        self.sent, self.acknowledged = Sent(), threading.Event()
        self.acknowledged.set()
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._wake, self._closed, self._wanted = threading.Event(), threading.Event(), True
        self._ahead = False
        self._began, self._from, self._last = 0.0, 1, 0.0
        self._folder = tempfile.TemporaryDirectory(prefix="pharmarket-", ignore_cleanup_errors=True)
        self._writer = ThreadPoolExecutor(1)
        self.line: Line | None = None
        self.ghost: Line | None = None
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)
        self._thread.start()

    # --- what a page asks for; each returns at once

    def play(self) -> None:
        """Go on from the month shown."""
        self._ask(self._play)

    def pause(self) -> None:
        """Stop at the month shown."""
        self._ask(lambda: self._set(playing=False, goal=0))

    def step(self, months: int = 1) -> None:
        """Show so many months later (or, below zero, earlier)."""
        self._ask(lambda: self._go(self.status.shown + months))

    def seek(self, month: int) -> None:
        """Show the month of this number (0 is 2000-01), as soon as it has been played."""
        self._ask(lambda: self._go(month + 1))

    def speed(self, months_a_second: float) -> None:
        """Play so fast."""
        self._ask(lambda: self._pace(months_a_second))

    def lever(self, name: str, value: float) -> None:
        """Change a named value from the month shown on."""
        self._ask(lambda: self._branch(Lever(self.status.shown, name, value)))

    def restore(self, levers: Sequence[Lever], month: int) -> None:
        """Change levers in the months of each (in order), and show a month."""
        self._ask(lambda: self._restore(levers, month))

    def untouched(self) -> None:
        """Go back to the world without changed levers."""
        self._ask(self._return)

    def attach(self, send: Send | None) -> None:
        """Send frames to a page that has nothing yet, or to nobody."""
        self._ask(lambda: self._attach(send))

    def acknowledge(self, serial: int) -> None:
        """The page has drawn a frame."""
        if serial == self.sent.serial:
            self.acknowledged.set()
            self._wake.set()

    def call(self, function: Callable[[Line], Any], answer: Callable[[Any], None]) -> None:
        """Ask something of the line between two months, and give the answer away."""
        self._ask(lambda: answer(function(self.line)) if self.line else None)

    def close(self) -> None:
        """End the thread and drop what it kept."""
        self._closed.set()
        self._wake.set()

    def join(self) -> None:
        """Wait until the thread has ended after :meth:`close`."""
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether it still plays for somebody."""
        return not self._closed.is_set()

    # --- the thread

    def _ask(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        self._wake.set()

    def _run(self) -> None:
        try:
            self._begin()
            while self.alive:
                self._wake.clear()
                self._obey()
                self._follow_the_clock()
                self._show()
                if not self._work():
                    self._wake.wait(self._until_next())
        except Exception as error:
            log.error("a player failed", exc_info=error)
            self._fail(error)
        finally:
            self._end()

    def _begin(self) -> None:
        market = build(self.settings)
        self.line = Line.begin(market, Path(self._folder.name), self._writer)
        self.line.play()
        self._set(ready=True, played=1)

    def _end(self) -> None:
        self._closed.set()
        self._writer.shutdown(cancel_futures=True)
        self.line = self.ghost = self.send = None
        self._folder.cleanup()

    def _obey(self) -> None:
        while not self._commands.empty():
            command = self._commands.get()
            try:
                command()
            except (RequestError, ValueError, LookupError) as error:
                self._set(error=str(error))

    def _set(self, **changes: Any) -> None:
        self.status, self._wanted = replace(self.status, **changes), True

    def _fail(self, error: Exception) -> None:
        text = str(error) if isinstance(error, RequestError) else f"{type(error).__name__}: {error}"
        self._set(playing=False, error=text)
        if self.send is not None:
            self.send({"serial": -1, "status": record(self.status)})

    def _attach(self, send: Send | None) -> None:
        self.send, self.sent = send, Sent(serial=self.sent.serial)
        self.acknowledged.set()
        self._wanted = True

    def _play(self) -> None:
        """Play on from the month shown, from the end anew."""
        self._ahead = True
        self._set(playing=True, goal=0, error="", shown=max(self.status.shown % LAST_MONTH, 1))
        self._pace(self.status.speed)

    def _pace(self, months_a_second: float) -> None:
        """Begin the pace anew at the month shown: months fall due by the clock, not by what the last one took."""
        self._began, self._from = time.monotonic(), self.status.shown
        self._set(speed=min(max(months_a_second, SLOWEST), FASTEST))

    def _go(self, months: int) -> None:
        self._ahead = True
        self._set(playing=False, goal=min(max(months, 1), LAST_MONTH), error="")
        self._reach()

    def _reach(self) -> None:
        """Show the goal if it has been played."""
        if 0 < self.status.goal <= self.played:
            self._set(shown=self.status.goal, goal=0)

    @property
    def played(self) -> int:
        """Months that can be shown."""
        return self.line.months if self.line else 0

    def _branch(self, lever: Lever) -> None:
        assert self.line is not None
        changed = self.line.branch(lever.months, lever.name, lever.value)
        self.ghost = self.ghost or self.line
        self.line = changed
        self.sent.rows = min(self.sent.rows, lever.months)
        before = tuple(one for one in self.status.levers if one.months <= lever.months and one != lever)
        same = (lever.months, lever.name)
        kept = tuple(one for one in before if (one.months, one.name) != same)
        self._set(levers=(*kept, lever), played=self.played, error="")
        self._pace(self.status.speed)

    def _restore(self, levers: Sequence[Lever], month: int) -> None:
        for lever in levers:
            while self.alive and self.played < lever.months:
                self._play_month()
            self._branch(lever)
        self._go(month + 1)

    def _return(self) -> None:
        if self.ghost is not None:
            self.line, self.ghost = self.ghost, None
            self.sent.rows = self.sent.ghost = 0
            self._set(levers=(), played=self.played, shown=min(self.status.shown, self.played))

    def _follow_the_clock(self) -> None:
        if not self.status.playing:
            return
        due = self._from + int((time.monotonic() - self._began) * self.status.speed)
        shown = min(due, self.played, LAST_MONTH)
        if shown > self.status.shown:
            self._set(shown=shown)
        if due - shown > LAGGING * self.status.speed:
            self._pace(self.status.speed)
        if self.status.shown == LAST_MONTH:
            self._set(playing=False)

    def _work(self) -> bool:
        """Play a month ahead where there is one to play."""
        if not self._ahead or self.line is None:
            return False
        if self.ghost is not None and not self.ghost.over and self.ghost.months <= self.line.months:
            self.ghost.play()
            return True
        if self.line.over:
            return False
        self._play_month()
        self._reach()
        return True

    def _play_month(self) -> None:
        assert self.line is not None
        self.line.play()
        self.status = replace(self.status, played=self.played)

    def _may_send(self) -> bool:
        """Whether the page has drawn the last frame (or has been silent for so long that it may have lost it)."""
        return self.acknowledged.is_set() or time.monotonic() - self._last > SILENCE

    def _show(self) -> None:
        if not self._wanted or self.send is None or self.line is None or not self._may_send():
            return
        self._wanted, self._last = False, time.monotonic()
        self.acknowledged.clear()
        ghost = self.ghost.history if self.ghost else None
        moving = self.status.playing or self.status.goal > 0
        found = frame(self.sent, self.line.history, ghost, self.status.shown, moving=moving)
        self.send(found | {"status": record(self.status)})

    def _until_next(self) -> float:
        if not self.status.playing:
            return IDLE
        next_one = self._began + (self.status.shown + 1 - self._from) / self.status.speed
        return max(next_one - time.monotonic(), 0.001)


def record(status: Status) -> dict[str, Any]:
    """A status for the page."""
    return {
        "ready": status.ready, "playing": status.playing, "speed": status.speed, "played": status.played,
        "goal": status.goal, "error": status.error,
        "levers": [{"from": month_label(one.months), "name": one.name, "value": one.value} for one in status.levers],
    }  # fmt: skip
