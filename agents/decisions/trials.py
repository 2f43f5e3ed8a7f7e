"""Where to run a trial, whether to go on, where to file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.base import Known
from agents.choices import affordable, join

STOP, GO, WAIT = 0, 1, 2


@dataclass
class TrialKnown(Known):
    """One row per programme that enters a clinical phase; (rows, regions) where said."""

    home: np.ndarray
    speed: np.ndarray
    """Recruitment that a region would add, home region of the US in 2000 = 1 (rows, regions)."""
    option_value: np.ndarray
    """Worth of local data for later filing there, million US$ (rows, regions)."""
    cost: np.ndarray
    """Cost of adding the region, million US$ (rows, regions)."""
    month_value: np.ndarray
    """Worth of a month won, million US$."""
    reference_months: np.ndarray
    """Enrolment at speed 1, months."""
    stance: np.ndarray
    limit: np.ndarray
    """Most regions that the sponsor can run and pay."""
    home_saving: np.ndarray
    """Worth of the patients and months that a programme for home alone needs less, million US$."""
    returns: float


def plan_trial(known: TrialKnown) -> np.ndarray:
    """Regions that recruit, bool (rows, regions); the home region always does.

    A region joins when the months that it saves and the filings that it opens are worth its cost;
    each further one saves less, so at most ``limit`` of the best are taken. Where all of them together are not
    worth what a programme for home alone saves, none is.
    """
    return join(
        known.home, known.speed, known.option_value, known.cost, known.month_value, known.reference_months,
        known.stance, known.limit, known.home_saving, known.returns,
    )  # fmt: skip


@dataclass
class ContinueKnown(Known):
    """One row per asset that met its endpoint or came up again: million US$."""

    value: np.ndarray
    cost: np.ndarray
    cash: np.ndarray
    pharma: np.ndarray
    affordable_share: float
    pharma_share: float


def to_spend(cash: np.ndarray, pharma: np.ndarray, affordable_share: float, pharma_share: float) -> np.ndarray:
    """Money that firms put into one programme, million US$, (rows,): a share of what they have."""
    return np.where(pharma, pharma_share, affordable_share) * cash


def continue_development(known: ContinueKnown) -> np.ndarray:
    """STOP, GO or WAIT (for money or a partner) per asset, shape (rows,).

    An asset worth less than its next phase is stopped; one that the firm cannot pay waits.
    """
    affordable = known.cost <= to_spend(known.cash, known.pharma, known.affordable_share, known.pharma_share)
    return np.where(known.value < known.cost, STOP, np.where(affordable, GO, WAIT))


@dataclass
class FilingKnown(Known):
    """One row per asset: value and cost of a filing by region, million US$ (rows, regions)."""

    value: np.ndarray
    cost: np.ndarray
    odds: np.ndarray
    home: np.ndarray
    cash: np.ndarray
    stance: np.ndarray
    cash_share: float
    """Most of its money that a holder puts into filings at a time."""


def choose_filings(known: FilingKnown) -> np.ndarray:
    """Regions in which to file now, bool (rows, regions): odds times value beat the cost.

    What is worth it is ranked by return, and filed as far as the money reaches; for the best one it
    always does.
    """
    return affordable(known.value, known.cost, known.odds, known.cash_share * np.maximum(known.cash, 0.0))
