"""Partners learn from each other: part of the gap to the partner's capability, year by year."""

from __future__ import annotations

import numpy as np

from model.world import World

REGIONAL_SKILLS = (("regulatory", "alliance.learning_competence_regulatory"),
                   ("access", "alliance.learning_competence_payer"),
                   ("commercial", "alliance.learning_competence_commercial"))  # fmt: skip
UNBUILT = 0.95
"""Part of an able seller's capability that can be learnt without a sales organisation of one's own."""


def learn(world: World, rows: np.ndarray) -> None:
    """The partner with less trial know-how learns for a year from the one with more.

    Parity takes 7 to 15 years; joint development teaches more than a licence (Wakeman 2008), and what can be learnt
    without own launches stays below the partner's level.
    """
    deals, firms, now = world.deals, world.firms, world.now
    deal = world.alliances.deal[rows]
    learner, teacher = deals.payee[deal], deals.payer[deal]
    turned = firms.know_how[learner] > firms.know_how[teacher]
    learner, teacher = np.where(turned, teacher, learner), np.where(turned, learner, teacher)
    joint = (deals.kind[deal] == 1) | (deals.kind[deal] == 2)
    pace = np.where(joint, now["alliance.learning_multiplier_codevelopment"], 1.0)
    most = now["alliance.learning_saturation"]
    gap = most * firms.know_how[teacher] - firms.know_how[learner]
    firms.know_how[learner] += np.minimum(pace * now["alliance.learning_competence_trial"], 1.0) * np.maximum(gap, 0.0)
    for name, rate in REGIONAL_SKILLS:
        level = getattr(firms, name)
        own = level[learner]
        target = most * level[teacher]
        if name == "commercial":
            target = np.minimum(target, UNBUILT * now["capability.able"])
        share = np.minimum(pace * now[rate], 1.0)[:, None].astype(np.float32)
        level[learner] = own + share * np.maximum(target - own, 0.0)
