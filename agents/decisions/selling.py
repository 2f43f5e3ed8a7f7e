"""Launching and pricing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.base import Known


@dataclass
class LaunchKnown(Known):
    """One row per asset and region with a payer ready: million US$ a year."""

    revenue: np.ndarray
    cost: np.ndarray
    outlay: np.ndarray
    """Money needed before the first sale, million US$."""
    money: np.ndarray
    reference_loss: np.ndarray
    """Income lost elsewhere because a low price here is referenced."""


def launch(known: LaunchKnown) -> np.ndarray:
    """Whether to launch, bool (rows,): the region brings more than it costs, and there is money."""
    return (known.revenue > known.cost + known.reference_loss) & (known.outlay <= known.money)


@dataclass
class PriceKnown(Known):
    """One row per launch."""

    value_price: np.ndarray
    """Price at which the health gained is worth its cost to the payers, US$ a patient-year."""
    rivals: np.ndarray
    """Rivals in the indication and region."""
    benefit: np.ndarray
    """Added benefit over the best rival, standard deviations."""
    mission: np.ndarray
    """Weight of patients' health beside value, 0-1."""
    premium: float
    rival_discount: float
    restraint: float
    """Share of the price that firms forgo at full mission."""


def set_price(known: PriceKnown) -> np.ndarray:
    """Invoice price asked, US$ a patient-year, shape (rows,).

    Value-based with a premium for added benefit (Lu and Comanor 1998) and a discount per rival; firms with a mission
    ask for less.
    """
    premium = np.exp(known.premium * np.minimum(np.maximum(known.benefit, -1.5), 1.5))
    price = known.value_price * premium / (1 + known.rival_discount * known.rivals)
    return price * (1 - known.restraint * known.mission)
