"""What providers charge and whom they serve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.base import Known


@dataclass
class ServicePriceKnown(Known):
    """One row per provider."""

    utilisation: np.ndarray
    price_weight: float


def set_price(known: ServicePriceKnown) -> np.ndarray:
    """Price against the data, shape (rows,): scarce capacity is dear."""
    return np.clip(1 + known.price_weight * (known.utilisation - 0.7), 0.7, 1.6)


@dataclass
class ClientsKnown(Known):
    """One row per provider; share of work that the rules allow by client home (rows, regions)."""

    allowed: np.ndarray


def choose_clients(known: ClientsKnown) -> np.ndarray:
    """Share of the work of each client region that is served, (rows, regions)."""
    return known.allowed
