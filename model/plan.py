"""The month as a list: its parts in order, with the seconds that each has taken."""

from __future__ import annotations

import time
from collections.abc import Callable

from model.mechanisms.access import negotiate
from model.mechanisms.alliances.living import live
from model.mechanisms.approvals import review_files
from model.mechanisms.capability import build_capabilities
from model.mechanisms.capital import finance
from model.mechanisms.conditional import approve_conditionally
from model.mechanisms.contracts import settle
from model.mechanisms.demand import sell
from model.mechanisms.discovery import discover
from model.mechanisms.environment import environment
from model.mechanisms.licensing import trade
from model.mechanisms.outlook import look_ahead
from model.mechanisms.takeovers import take_over
from model.mechanisms.trials import develop
from model.mechanisms.turnover import enter_and_leave
from model.observation.recorder import record
from model.world import World

Part = Callable[[World], None]

MONTH: tuple[tuple[str, Part], ...] = (
    ("environment", environment),
    ("outlook", look_ahead),
    ("discovery", discover),
    ("readouts and trial starts", develop),
    ("filings and reviews", review_files),
    ("conditional approvals", approve_conditionally),
    ("payers", negotiate),
    ("demand and sales", sell),
    ("contracts pay", settle),
    ("alliances live", live),
    ("deal market", trade),
    ("takeovers", take_over),
    ("capabilities", build_capabilities),
    ("capital and budgets", finance),
    ("entry and exit", enter_and_leave),
    ("record", record),
)
"""Parts of a month in order."""


class Plan:
    """Plays the month part by part and keeps the time."""

    def __init__(self, parts: tuple[tuple[str, Part], ...] = MONTH) -> None:
        self.parts = parts
        self.seconds = {name: 0.0 for name, _ in parts}

    def play(self, world: World) -> None:
        """One month of a world."""
        before = time.perf_counter()
        for name, part in self.parts:
            part(world)
            after = time.perf_counter()
            self.seconds[name] += after - before
            before = after

    def __str__(self) -> str:
        lines = [f"{i:2d}  {name:28s} {self.seconds[name]:8.3f} s" for i, (name, _) in enumerate(self.parts, 1)]
        return "\n".join(lines)
