"""Who signs with whom: the clearing of a book of bids, a pure function of the book."""

from __future__ import annotations

import numpy as np


def match(bids: np.ndarray, suitors: np.ndarray, least: np.ndarray, smallest: float) -> tuple[np.ndarray, np.ndarray]:
    """Who signs: (offers, place of their buyer among the suitors); the clearing of the book of a month.

    A bid counts if it beats what the owner can do without it. A buyer signs one contract a month at most, that of its
    highest bid; owners that lose theirs turn to their next suitor (ties go to the earlier row).
    """
    open_bids = np.where((suitors >= 0) & (bids > np.maximum(least, smallest)), bids, 0.0)
    place = np.full(len(bids), -1)
    while True:
        best = open_bids.argmax(axis=1)
        bid = open_bids[np.arange(len(bids)), best]
        asking = np.flatnonzero((bid > 0) & (place < 0))
        if not len(asking):
            break
        order = asking[np.argsort(-bid[asking], kind="stable")]
        _, first = np.unique(suitors[order, best[order]], return_index=True)
        signed = order[first]
        place[signed] = best[signed]
        taken = np.isin(suitors, suitors[signed, best[signed]])
        open_bids[taken] = 0.0
    won = np.flatnonzero(place >= 0)
    return won, place[won]
