"""How much to spend on research, and on which disease areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.base import Known
from agents.choices import budget


@dataclass
class BudgetKnown(Known):
    """Money of a firm: million US$, per year for income, per month for trials."""

    cash: np.ndarray
    funds: np.ndarray
    """Money on which the current plan rests: what was at hand after the last round."""
    income: np.ndarray
    trial_burn: np.ndarray
    pharma: np.ndarray
    research_share: float
    reinvested_share: float
    discovery_share: float
    """Part of its money that a research firm gives to discovery; the rest waits for trials."""
    runway_months: float
    discovery_floor: float


def set_research_budget(known: BudgetKnown) -> np.ndarray:
    """Discovery and preclinical spending, million US$ a month, shape (firms,).

    A pharma firm spends a share of its income (Grabowski and Vernon 2000: cash flow and expected
    returns drive research outlays), a biotech spreads the money of its last round over the
    runway that it plans and slows down when the end is near.
    Running trials come first; a floor keeps discovery alive.
    """
    return budget(
        known.cash, known.funds, known.income, known.trial_burn, known.pharma, known.research_share,
        known.reinvested_share, known.discovery_share, known.runway_months, known.discovery_floor,
    )  # fmt: skip


@dataclass
class TargetsKnown(Known):
    """One row per new candidate: the firm's habits and what everybody finds attractive."""

    focus: np.ndarray
    second_focus: np.ndarray
    attraction: tuple[float, ...]
    luck: np.ndarray
    area_luck: np.ndarray
    focus_share: float


def choose_targets(known: TargetsKnown) -> np.ndarray:
    """Disease area of each new candidate, shape (candidates,).

    Firms stay with what they know; the rest follows the herd into attractive areas.
    """
    cumulative = np.cumsum(known.attraction)
    herd = np.searchsorted(cumulative, known.area_luck * cumulative[-1], side="right")
    second = known.luck < known.focus_share + 0.5 * (1 - known.focus_share)
    area = np.where(second, known.second_focus, np.minimum(herd, len(cumulative) - 1))
    return np.where(known.luck < known.focus_share, known.focus, area).astype(np.int64)
