"""How a player stands, and what its page is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from model.clock import month_label

DEFAULT_SPEED = 16.0


@dataclass(frozen=True)
class Lever:
    """A value set while it played: held from the month after ``months`` months to the end."""

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
    way: tuple[int, int] | None = None
    """Months played and wanted while something waits for a month: a jump, a lever, a causal log."""
    levers: tuple[Lever, ...] = ()
    error: str = ""


def record(status: Status) -> dict[str, Any]:
    """A status for the page."""
    return {
        "ready": status.ready, "playing": status.playing, "speed": status.speed, "played": status.played,
        "goal": status.goal, "error": status.error, "way": None if status.way is None else way(*status.way),
        "levers": [{"from": month_label(one.months), "name": one.name, "value": one.value} for one in status.levers],
    }  # fmt: skip


def way(played: int, wanted: int) -> dict[str, Any]:
    """How far a market is on its way to a month: the months at both ends, and the share that is done."""
    return {"at": month_label(max(played, 1) - 1), "to": month_label(wanted - 1), "share": played / max(wanted, 1)}
