"""Restrictions, subsidies, tariffs, price law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.base import Known

MEASURES = (
    "equity_screening", "tariff", "data_limit", "provider_ban", "outbound_investment", "licence_review",
    "licence_ban", "foreign_data_refusal", "input_export_ban", "talent_restriction",
)  # fmt: skip
"""What a government may do to another region, by name; the last axis of everything about measures."""


@dataclass
class RestrictKnown(Known):
    """One row per government: (rows, regions) or (rows, regions, measures)."""

    tension: np.ndarray
    """With each other region, 0-1 (rows, regions)."""
    in_force: np.ndarray
    """Own measures, bool (rows, regions, measures)."""
    lawful: np.ndarray
    """The dated law of the month holds such a measure already, bool (rows, regions, measures)."""
    provoked: np.ndarray
    """The other has taken this measure within the last year, bool (rows, regions, measures)."""
    stance: np.ndarray
    luck: np.ndarray
    threshold: tuple[float, ...]
    """Tension from which each measure is thought of."""
    gap: float
    trigger_rate: float
    removal_rate: float
    retaliation: float


def restrict(known: RestrictKnown) -> np.ndarray:
    """Measures in force against each region, bool (rows, regions, measures).

    Above its threshold a measure comes with a yearly rate; below it by a gap one goes with a lower rate: laws
    outlive tension. What the law holds in part already is tightened only once tension has risen by another gap.
    A measure taken by the other side is answered in kind within the year with a given chance.
    """
    felt = (known.tension + known.stance[:, None])[:, :, None]
    threshold = np.asarray(known.threshold) + known.gap * known.lawful
    answer = 1 - (1 - known.retaliation * known.provoked) ** (1 / 12)
    chance = np.maximum((felt > threshold) * known.trigger_rate / 12, answer)
    new = ~known.in_force & (known.luck < chance)
    low = felt < np.asarray(known.threshold) - known.gap
    gone = known.in_force & low & (known.luck < known.removal_rate / 12)
    return (known.in_force | new) & ~gone


@dataclass
class LeverKnown(Known):
    """One row per government: the lever as the scenario's law sets it."""

    lever: np.ndarray
    stance: np.ndarray


def subsidise(known: LeverKnown) -> np.ndarray:
    """Industrial subsidy, million US$ a month, shape (rows,); lever in million US$ a year."""
    return np.maximum(known.lever, 0.0) / 12 * (1 + known.stance)


@dataclass
class TariffKnown(Known):
    """One row per government: the tariff on firms of each region as the law sets it (rows, regions)."""

    lever: np.ndarray
    stance: np.ndarray


def set_tariff(known: TariffKnown) -> np.ndarray:
    """Tariff on medicines of firms of each region, share of their value, (rows, regions)."""
    return np.maximum(known.lever * (1 + known.stance[:, None]), 0.0)


def set_price_law(known: LeverKnown) -> np.ndarray:
    """Statutory multiplier on net prices, shape (rows,)."""
    return np.maximum(known.lever, 0.0)
