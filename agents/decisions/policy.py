"""Restrictions, subsidies, tariffs, price law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.base import Known


@dataclass
class RestrictKnown(Known):
    """One row per government; tension with each other region (rows, regions)."""

    tension: np.ndarray
    in_force: np.ndarray
    stance: np.ndarray
    luck: np.ndarray
    threshold: float
    gap: float
    trigger_rate: float
    removal_rate: float


def restrict(known: RestrictKnown) -> np.ndarray:
    """Regions under restrictions, bool (rows, regions).

    Above the threshold a measure comes with a yearly rate; below it by a gap one goes with a
    lower rate: laws outlive tension.
    """
    felt = known.tension + known.stance[:, None]
    new = ~known.in_force & (felt > known.threshold) & (known.luck < known.trigger_rate / 12)
    low = felt < known.threshold - known.gap
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
