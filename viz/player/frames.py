"""What a page is sent: the rows that it has not got yet, as packed numbers, and what goes with the month shown."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from typing import Any

from model.clock import month_label
from viz.player.history import History

SCENE_EVERY, ARCS_EVERY = 0.25, 1.0
"""Seconds between news and between arcs while it plays: eyes follow no faster, and browsers have other work."""


@dataclass
class Sent:
    """What the page has: rows of the line played and of the ghost, and when it got news and arcs."""

    rows: int = 0
    ghost: int = 0
    serial: int = 0
    scene: float = field(default=0.0, repr=False)
    arcs: float = field(default=0.0, repr=False)


def packed(history: History, first: int, stop: int) -> str:
    """Rows ``first`` to ``stop`` as base64 of float32, row by row."""
    return base64.b64encode(history.rows[first:stop].tobytes()).decode()


def frame(sent: Sent, line: History, ghost: History | None, shown: int, *, moving: bool) -> dict[str, Any]:
    """The next frame that shows ``shown`` months; notes in ``sent`` what the page has after it.

    ``keep`` is the number of rows of the page that still hold, ``rows`` what follows them.
    """
    now = time.monotonic()
    stop = max(sent.rows, shown)
    found: dict[str, Any] = {"serial": sent.serial + 1, "keep": sent.rows, "rows": packed(line, sent.rows, stop),
                             "shown": shown, "clock": month_label(shown - 1), "moving": moving,
                             "ranking": line.ranking(shown)}  # fmt: skip
    if ghost is not None:
        until = min(max(sent.ghost, shown), ghost.months)
        found |= {"ghostKeep": sent.ghost, "ghost": packed(ghost, sent.ghost, until)}
        sent.ghost = until
    if not moving or now - sent.scene >= SCENE_EVERY:
        found["feed"], sent.scene = line.feed(shown), now
    if not moving or now - sent.arcs >= ARCS_EVERY:
        found["arcs"], sent.arcs = line.arcs(shown), now
    sent.rows, sent.serial = stop, sent.serial + 1
    return found
