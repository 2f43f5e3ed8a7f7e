"""The player of one session: a thread that plays a world, shows it at the speed asked for, and obeys at once.

It plays ahead of what is shown from the beginning, so that going anywhere is only a matter of showing; a lever that is
changed makes a new line from the month shown on, and the untouched world goes on beside it as the ghost.
"""

from __future__ import annotations

import logging
import queue
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from experiments.errors import RequestError
from experiments.run import build
from experiments.settings import Settings
from model import PharmaMarket
from model.market import LAST_MONTH
from viz.player.line import Line
from viz.player.pace import Pace
from viz.player.projector import Projector, Send
from viz.player.status import Lever, Status

IDLE = 0.5
log = logging.getLogger("pharmarket.app")


@dataclass
class Errand:
    """What needs the market as it was after ``months`` months: it is brought there month by month, then ``do``."""

    months: int
    do: Callable[[PharmaMarket], None]
    market: PharmaMarket | None = None


class Player:
    """Plays ``settings``; ``send`` is given frames for the page, one at a time until :meth:`acknowledge`."""

    def __init__(self, settings: Settings, send: Send | None = None) -> None:
        self.settings, self.status = settings, Status()
        self.line: Line | None = None
        self.ghost: Line | None = None
        self._projector, self._pace = Projector(send), Pace()
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._errands: deque[Errand] = deque()
        self._wake, self._closed, self._over = threading.Event(), threading.Event(), threading.Event()
        self._folder = tempfile.TemporaryDirectory(prefix="pharmarket-", ignore_cleanup_errors=True)
        self._writer = ThreadPoolExecutor(1)
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)
        self._thread.start()

    # --- what a page asks for; each returns at once

    def play(self) -> None:
        """Go on from the month shown."""
        self._ask(self._play)

    def pause(self) -> None:
        """Stop at the month shown, and give up what waits for another."""
        self._ask(self._rest)

    def step(self, months: int = 1) -> None:
        """Show so many months later (or, below zero, earlier)."""
        self._ask(lambda: self._go(self.status.shown + months))

    def seek(self, month: int) -> None:
        """Show the month of this number (0 is 2000-01), as soon as it has been played."""
        self._ask(lambda: self._go(month + 1))

    def speed(self, months_a_second: float) -> None:
        """Play so fast."""
        self._ask(lambda: self._anew(months_a_second))

    def lever(self, name: str, value: float) -> None:
        """Hold a named value from the month shown on."""
        self._ask(lambda: self._plan(Lever(self.status.shown, name, value)))

    def restore(self, levers: Sequence[Lever], month: int) -> None:
        """Change levers in the months of each (in order), and show a month."""
        self._ask(lambda: self._restore(levers, month))

    def untouched(self) -> None:
        """Go back to the world without changed levers."""
        self._ask(self._return)

    def attach(self, send: Send | None) -> None:
        """Send frames to a page that has nothing yet, or to nobody."""
        self._ask(lambda: self._projector.attach(send))

    def acknowledge(self, serial: int) -> None:
        """The page has drawn a frame."""
        if self._projector.acknowledge(serial):
            self._wake.set()

    def call(self, function: Callable[[PharmaMarket], Any], answer: Callable[[Any], None]) -> None:
        """Ask something of a market that has played the month shown, or more, and give the answer away."""
        self._ask(lambda: self._answer(lambda market: answer(function(market))))

    def close(self) -> None:
        """End the thread and drop what it kept."""
        self._closed.set()
        self._wake.set()

    def join(self) -> None:
        """Wait until the thread has ended after :meth:`close`."""
        self._thread.join()

    def wait(self) -> None:
        """Wait until everything has been played, or it has ended before."""
        self._over.wait()

    @property
    def alive(self) -> bool:
        """Whether it still plays for somebody."""
        return not self._closed.is_set()

    @property
    def played(self) -> int:
        """Months that can be shown."""
        return self.line.months if self.line else 0

    # --- the thread

    def _ask(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        self._wake.set()

    def _run(self) -> None:
        try:
            self._begin()
            while self.alive:
                self._wake.clear()
                while not self._commands.empty():
                    self._attempt(self._commands.get())
                self._follow_the_clock()
                self._projector.show(self.status, self.line, self.ghost)
                if not self._work():
                    self._wake.wait(self._pace.seconds_to(self.status.shown + 1) if self.status.playing else IDLE)
        except Exception as error:
            log.error("a player failed", exc_info=error)
            text = str(error) if isinstance(error, RequestError) else f"{type(error).__name__}: {error}"
            self._set(playing=False, error=text)
            self._projector.fail(self.status)
        finally:
            self._end()

    def _begin(self) -> None:
        self.line = Line.begin(build(self.settings), Path(self._folder.name), self._writer)
        if not self.line.months:
            self.line.play()
        self._set(ready=True, played=self.played)

    def _end(self) -> None:
        self._closed.set()
        self._over.set()
        self._errands.clear()
        over = self.line is not None and self.line.over  # then what was seen of it is still being kept
        self._writer.shutdown(cancel_futures=not over)
        self.line = self.ghost = self._projector.send = None
        self._folder.cleanup()

    def _attempt(self, command: Callable[[], None]) -> None:
        try:
            command()
        except (RequestError, ValueError, LookupError) as error:
            self._set(error=str(error))

    def _set(self, **changes: Any) -> None:
        self.status, self._projector.wanted = replace(self.status, **changes), True

    # --- commands, obeyed between two months

    def _play(self) -> None:
        """Play on from the month shown, from the end anew."""
        self._set(playing=True, goal=0, error="", shown=max(self.status.shown % LAST_MONTH, 1))
        self._anew()

    def _rest(self) -> None:
        self._errands.clear()
        self._set(playing=False, goal=0, way=None)

    def _anew(self, months_a_second: float | None = None) -> None:
        self._pace.anew(self.status.shown, months_a_second)
        self._set(speed=self._pace.speed)

    def _go(self, months: int) -> None:
        self._set(playing=False, goal=min(max(months, 1), LAST_MONTH), error="")
        self._reach()

    def _plan(self, lever: Lever) -> None:
        """Change a lever as soon as the market is there."""
        self._errands.append(Errand(lever.months, lambda market: self._branch(lever, market)))

    def _restore(self, levers: Sequence[Lever], month: int) -> None:
        for lever in levers:
            self._plan(lever)
        self._go(month + 1)

    def _answer(self, give: Callable[[PharmaMarket], None]) -> None:
        """Give the market away now where it has played what is shown, else as soon as it has."""
        if self.line is not None and self.line.market.month >= self.status.shown:
            give(self.line.market)
        else:
            self._errands.append(Errand(self.status.shown, give))

    def _return(self) -> None:
        self._errands.clear()
        self._set(way=None)
        if self.ghost is not None:
            self.line, self.ghost = self.ghost, None
            self._projector.forget(0)
            self._set(levers=(), played=self.played, shown=min(self.status.shown, self.played))

    # --- what is done between commands

    def _branch(self, lever: Lever, market: PharmaMarket) -> None:
        assert self.line is not None
        changed = self.line.branch(market, lever.name, lever.value)
        self.ghost = self.ghost or self.line
        self.line = changed
        self._projector.forget(lever.months)
        same = (lever.months, lever.name)
        before = tuple(one for one in self.status.levers if one.months <= lever.months)
        kept = tuple(one for one in before if (one.months, one.name) != same)
        shown = min(self.status.shown, self.played)
        self._set(levers=(*kept, lever), played=self.played, shown=shown, error="")

    def _follow_the_clock(self) -> None:
        if not self.status.playing or self._errands:
            return
        shown = min(self._pace.due(), self.played, LAST_MONTH)
        if shown > self.status.shown:
            self._set(shown=shown)
        if self._pace.behind(shown):
            self._anew()
        if self.status.shown == LAST_MONTH:
            self._set(playing=False)

    def _work(self) -> bool:
        """Play a month where there is one to play: for an errand first, then ahead of what is shown."""
        if self.line is None:
            return False
        if self._errands:
            self._run_errand(self._errands[0], self.line)
            return True
        if self.ghost is not None and not self.ghost.over and self.ghost.months <= self.line.months:
            self.ghost.play()
            return True
        if self.line.over:
            self._over.set()
            return False
        self._play_month(self.line)
        if self.status.goal:
            self._reach()
        return True

    def _run_errand(self, errand: Errand, line: Line) -> None:
        """Bring the market a month nearer to where it is needed, or do what it is needed for."""
        market = errand.market
        if line.months < errand.months:
            self._play_month(line)
            self._tell_way(line.months, errand.months)
        elif market is None:
            errand.market = line.market_before(errand.months)
        elif market.month < errand.months:
            market.step()
            self._tell_way(market.month, errand.months)
        else:
            self._errands.popleft()
            self._attempt(partial(errand.do, market))
            self._anew()
            self._reach()

    def _play_month(self, line: Line) -> None:
        line.play()
        self.status = replace(self.status, played=self.played)

    def _reach(self) -> None:
        """Show the goal if it has been played, else tell how far that is."""
        goal = self.status.goal
        if self._errands:
            return
        if goal > self.played:
            self._tell_way(self.played, goal)
        else:
            self._set(shown=goal or self.status.shown, goal=0, way=None)

    def _tell_way(self, played: int, wanted: int) -> None:
        """Note how far it is, for words that draw nothing."""
        self.status = replace(self.status, way=(played, wanted))
