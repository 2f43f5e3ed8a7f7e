"""What a page is sent, and when: a frame at a time until it has drawn it, and in between how far the playing is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from viz.player.frames import Sent, frame
from viz.player.line import Line
from viz.player.status import Status, record

SILENCE = 4.0
"""Seconds after which a page that has not drawn a frame may have lost it."""
TELL_EVERY = 0.2
"""Seconds between words on how far the playing is, which draw nothing."""
WORDS_ONLY = -1
"""The number of a frame that has nothing to be drawn."""
Send = Callable[[dict[str, Any]], None]


class Projector:
    """Sends frames to one page, or to nobody."""

    def __init__(self, send: Send | None) -> None:
        self.send, self.sent, self.wanted = send, Sent(), True
        self._drawn, self._last, self._told = threading.Event(), 0.0, 0.0
        self._drawn.set()

    def attach(self, send: Send | None) -> None:
        """Send to a page that has nothing yet, or to nobody."""
        self.send, self.sent, self.wanted = send, Sent(serial=self.sent.serial), True
        self._drawn.set()

    def acknowledge(self, serial: int) -> bool:
        """The page has drawn a frame; whether it is the one that was waited for."""
        if serial == self.sent.serial:
            self._drawn.set()
        return serial == self.sent.serial

    def forget(self, months: int) -> None:
        """What the page has after ``months`` months holds no longer; after none, nothing of the ghost either."""
        self.sent.rows, self.sent.ghost = min(self.sent.rows, months), self.sent.ghost if months else 0

    def show(self, status: Status, line: Line | None, ghost: Line | None) -> None:
        """Send what has changed, as soon as the page has drawn what it was sent before."""
        if self.send is None or line is None or not self._free():
            return
        if not self.wanted:
            self._tell(status)
            return
        self.wanted, self._last = False, time.monotonic()
        self._drawn.clear()
        moving = status.playing or status.goal > 0
        past = ghost.history if ghost else None
        self.send(frame(self.sent, line.history, past, status.shown, moving=moving) | {"status": record(status)})

    def fail(self, status: Status) -> None:
        """Tell what went wrong at once."""
        if self.send is not None:
            self.send({"serial": WORDS_ONLY, "status": record(status)})

    def _free(self) -> bool:
        return self._drawn.is_set() or time.monotonic() - self._last > SILENCE

    def _tell(self, status: Status) -> None:
        """Words on the way to a month, only while there is one."""
        if status.way is not None and self.send is not None and time.monotonic() - self._told > TELL_EVERY:
            self._told = time.monotonic()
            self.send({"serial": WORDS_ONLY, "status": record(status)})
