"""The record of alliances: one row at each event and at the end of each year."""

from __future__ import annotations

import numpy as np

from model.world import World

EVENTS = (
    "formed", "year end", "report missed", "setback", "milestone", "dispute", "ownership dispute", "deadlock",
    "renegotiated", "notice", "terminated", "returned", "failure", "partner gone", "acquired", "expired",
)  # fmt: skip
(FORMED, YEAR_END, MISSED, SETBACK, MILESTONE, DISPUTE, OWNERSHIP, DEADLOCK, RENEGOTIATED, NOTICE, ENDED_BY_PARTNER,
 RETURNED, FAILURE, PARTNER_GONE, ACQUIRED, EXPIRED) = range(len(EVENTS))  # fmt: skip


def tell(world: World, rows: np.ndarray, event: np.ndarray | int) -> None:
    """Record events of alliances (rows) with their trust and belief gap of the moment."""
    alliances = world.alliances
    world.logs["alliances"].add(len(rows), deal=alliances.deal[rows], month=world.month, trust=alliances.trust[rows],
                                belief_gap=alliances.gap[rows], event=event)  # fmt: skip
