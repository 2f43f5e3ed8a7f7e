"""The pace at which months are shown: by the clock, not by what the last month took."""

from __future__ import annotations

import time

from viz.player.status import DEFAULT_SPEED

SLOWEST, FASTEST = 1.0, 240.0
LAGGING = 1.0
"""Seconds by which what is shown may fall behind before the pace begins anew from there."""
SHORTEST = 0.001


class Pace:
    """When which month falls due."""

    def __init__(self) -> None:
        self.speed, self._began, self._first = DEFAULT_SPEED, 0.0, 1

    def anew(self, shown: int, months_a_second: float | None = None) -> None:
        """Begin at the month shown, with another speed if one is given."""
        self._began, self._first = time.monotonic(), shown
        if months_a_second is not None:
            self.speed = min(max(months_a_second, SLOWEST), FASTEST)

    def due(self) -> int:
        """Months that should be shown by now."""
        return self._first + int((time.monotonic() - self._began) * self.speed)

    def behind(self, shown: int) -> bool:
        """Whether so little is shown that the pace has to begin anew."""
        return self.due() - shown > LAGGING * self.speed

    def seconds_to(self, months: int) -> float:
        """Seconds until so many months are due."""
        return max(self._began + (months - self._first) / self.speed - time.monotonic(), SHORTEST)
