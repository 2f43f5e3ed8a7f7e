"""What a regulator decides on a file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.base import Known

PENDING, APPROVE, REFUSE, WITHDRAWN, ASK_AGAIN = 0, 1, 2, 3, 4


@dataclass
class ReviewKnown(Known):
    """One row per file whose clock has run out."""

    merit: np.ndarray
    """Log-odds that the file deserves approval, evidence and dossier included."""
    strictness: np.ndarray
    cycles: np.ndarray
    luck: np.ndarray
    second_luck: np.ndarray
    most_cycles: int
    first_cycle_gap: np.ndarray
    """Log-odds by which a first submission is less complete than a later one."""


def review(known: ReviewKnown) -> np.ndarray:
    """APPROVE, ASK_AGAIN (complete response) or REFUSE per file, shape (rows,)."""
    later = 1 / (1 + np.exp(-(known.merit - known.strictness)))
    gap = np.where(known.cycles == 1, known.first_cycle_gap, 0.0)
    now = 1 / (1 + np.exp(-(known.merit - known.strictness - gap)))
    approve = known.luck < now
    again = (known.cycles < known.most_cycles) & (known.second_luck < later)
    return np.where(approve, APPROVE, np.where(again, ASK_AGAIN, REFUSE))
