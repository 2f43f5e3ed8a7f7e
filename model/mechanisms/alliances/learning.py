"""Partners learn from each other: part of the gap to the partner's capability, year by year."""

from __future__ import annotations

import numpy as np

from model.kernels import alliances as kernel
from model.world import World

RATES = tuple(f"alliance.learning_competence_{name}" for name in ("trial", "regulatory", "payer", "commercial"))
UNBUILT = 0.95
"""Part of an able seller's capability that can be learnt without a sales organisation of one's own."""


def learn(world: World, rows: np.ndarray) -> None:
    """The partner with less trial know-how learns for a year from the one with more (alliances, rows).

    Parity takes 7 to 15 years; joint development teaches more than a licence (Wakeman 2008), and what can be learnt
    without own launches stays below the partner's level.
    """
    deals, firms, now = world.deals, world.firms, world.now
    deal = world.alliances.deal[rows]
    joint = (deals.kind[deal] == 1) | (deals.kind[deal] == 2)
    kernel.learn(
        deals.payee[deal], deals.payer[deal], np.where(joint, now["alliance.learning_multiplier_codevelopment"], 1.0),
        np.array([now[name] for name in RATES]), now["alliance.learning_saturation"], UNBUILT * now["capability.able"],
        firms.know_how, firms.regulatory, firms.access, firms.commercial,
    )  # fmt: skip
