"""Where to make medicines: plants behind a tariff wall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.base import Known


@dataclass
class PlantKnown(Known):
    """One row per firm with sales: million US$, (rows, regions) unless said."""

    bill: np.ndarray
    """Tariffs that the firm pays there in a year."""
    doubt: np.ndarray
    """Share of the gain that waiting is worth while policy is unpredictable."""
    cost: np.ndarray
    """Cost of a plant there."""
    money: np.ndarray
    """Money that the firm can spare, (rows,)."""
    years: float
    """Years of tariffs that a plant has to save."""


def build_plants(known: PlantKnown) -> np.ndarray:
    """Regions in which to build a plant now, bool (rows, regions).

    Tariff jumping (Horstmann and Markusen 1992): a plant is built where it saves more than it costs, at a hurdle that
    rises with unpredictability (Dixit and Pindyck 1994); the most rewarding first, one at a time.
    """
    gain = known.bill * known.years * (1 - known.doubt) - known.cost
    gain = np.where(known.cost <= known.money[:, None], gain, -1.0)
    best = np.arange(gain.shape[1]) == gain.argmax(axis=1)[:, None]
    return best & (gain > 0)
