"""Who signs with whom: the clearing of a book of bids, a pure function of the book."""

from __future__ import annotations

import numpy as np

from model.kernels import contracts as kernel


def match(bids: np.ndarray, suitors: np.ndarray, least: np.ndarray, smallest: float) -> tuple[np.ndarray, np.ndarray]:
    """Who signs: (offers, place of their buyer among the suitors); the clearing of the book of a month.

    A bid counts if it beats what the owner can do without it. A buyer signs one contract a month at most, that of its
    highest bid; owners that lose theirs turn to their next suitor (ties go to the earlier row).
    """
    open_bids = np.where((suitors >= 0) & (bids > np.maximum(least, smallest)), bids, 0.0)
    place = kernel.match(open_bids, suitors, max(int(suitors.max(initial=-1)) + 1, 1))
    won = np.flatnonzero(place >= 0)
    return won, place[won]
