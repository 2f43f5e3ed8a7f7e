"""Whom to fund, on which terms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.base import Known


@dataclass
class ScoreKnown(Known):
    """One row per firm that asks an investor for money."""

    value: np.ndarray
    """Risk-adjusted worth of the pipeline, million US$."""
    need: np.ndarray
    late_share: np.ndarray
    """Share of the candidates in phase II or later."""
    footprint: np.ndarray
    """Regions with trials or rights of its own, 0-1."""
    reputation: np.ndarray
    luck: np.ndarray
    footprint_weight: np.ndarray
    stage_weight: float


def score(known: ScoreKnown) -> np.ndarray:
    """Attractiveness, shape (rows,): value per money asked, stage, footprint, reputation."""
    worth = np.log1p(np.maximum(known.value, 0.0) / np.maximum(known.need, 1.0))
    stage = known.stage_weight * known.late_share
    return worth + stage + known.footprint_weight * known.footprint + known.reputation + known.luck


@dataclass
class TermsKnown(Known):
    """One row per firm that asks: million US$."""

    burn: np.ndarray
    value: np.ndarray
    runway_months: float
    least: float
    value_share: float
    """Part of the worth that the investor gives."""
    plenty: np.ndarray
    """Size of rounds against the usual: more when the investor cannot place its money."""


def set_terms(known: TermsKnown) -> np.ndarray:
    """Money offered, million US$, shape (rows,): months of burn, as far as the value carries."""
    wanted = known.burn * known.runway_months
    return np.maximum(known.plenty * np.minimum(wanted, known.value_share * known.value), known.least)
