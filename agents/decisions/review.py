"""What a regulator decides on a file, whether it takes one early, and how many reviewers it takes on."""

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
    second_chance: float
    """Odds that a file without the merit is asked again instead of refused."""
    first_cycle_share: np.ndarray
    """Share of the deserving files that are complete when first submitted."""


def review(known: ReviewKnown) -> np.ndarray:
    """APPROVE, ASK_AGAIN (complete response) or REFUSE per file, shape (rows,)."""
    deserved = 1 / (1 + np.exp(-(known.merit - known.strictness)))
    complete = np.where(known.cycles == 1, known.first_cycle_share, 1.0)
    approve = known.luck < deserved * complete
    again = (known.luck < deserved) | (known.second_luck < known.second_chance)
    again &= known.cycles < known.most_cycles
    return np.where(approve, APPROVE, np.where(again, ASK_AGAIN, REFUSE))


@dataclass
class EarlyKnown(Known):
    """One row per asset that begins phase III and regulator."""

    claim: np.ndarray
    """Log-odds that need and the data of phase II justify not waiting for phase III."""
    luck: np.ndarray


def admit_early(known: EarlyKnown) -> np.ndarray:
    """Whether a file on phase II evidence is taken, bool (rows,): for a conditional approval, confirmed later."""
    return known.luck < 1 / (1 + np.exp(-known.claim))


@dataclass
class StaffKnown(Known):
    """One row per regulator, once a year."""

    load: np.ndarray
    """New files of a year over those that its reviewers handle within the clocks."""
    hiring: float
    """Share of the missing reviewers that fees pay within a year."""


def hire_reviewers(known: StaffKnown) -> np.ndarray:
    """Reviewers after a year of hiring over those before, shape (rows,): fees grow with the files."""
    return 1.0 + known.hiring * np.maximum(known.load - 1.0, 0.0)
