"""How partners govern an alliance, and whether they stay in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.base import Known

CONTINUE, RENEGOTIATE, TERMINATE = 0, 1, 2
Governance = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Steering committee, contract completeness, openness, review clause, platform, relationship, mitigation."""


@dataclass
class GovernKnown(Known):
    """One row per partner and alliance about to begin: million US$ and shares."""

    stake: np.ndarray
    """Worth of the alliance to the partner, million US$."""
    harm: np.ndarray
    """Expected harm of disputes a year without any governance, million US$."""
    joint: np.ndarray
    """The partners develop or sell together, bool."""
    double_work: np.ndarray
    """Cost of work that both would do, million US$ a year."""
    trust: np.ndarray
    distance: np.ndarray
    cash: np.ndarray
    practice: np.ndarray
    """The partner keeps to good practice, bool."""
    years: float
    """Usual length of an alliance."""
    ending: float
    """Usual hazard of ending, per year."""
    committee_cost: float
    committee_ratio: float
    committee_delay: float
    """Share of the stake lost by slower decisions."""
    completeness_cost: float
    completeness_effect: float
    reporting_cost: float
    review_ratio: float
    platform_cost: float
    platform_saving: float
    investment_cost: float
    mitigation_cost: float
    mitigation_effect: float
    openness: float
    """Part of what lacks to full openness that good practice adds."""


def govern_alliance(known: GovernKnown) -> Governance:
    """How the partner would govern the alliance, seven arrays (rows,).

    Each safeguard is bought as long as the harm that it avoids is worth more than it costs (transaction cost
    economics: Williamson 1985; Reuer and Arino 2007 on contractual complexity). Poor partners buy nothing; who keeps to
    good practice is more open than that.
    """
    rich = known.cash > 10 * known.committee_cost
    years, lost = known.years, known.ending * known.stake
    saved = known.harm * years * (1 - known.committee_ratio)
    committee = rich & (saved > known.committee_cost * years + known.committee_delay * known.stake)
    power = -known.completeness_effect
    marginal = known.harm * years * power / np.maximum(10 * known.completeness_cost, 1e-9)
    completeness = np.clip(np.log(np.maximum(marginal, 1e-3)) / power, 0.2, 0.9)
    ceiling = 0.97 - 0.1 * known.distance
    transparency = np.clip(ceiling * (1 - 0.4 * np.exp(-0.25 * lost / known.reporting_cost)), 0.4, 0.97)
    transparency += known.openness * known.practice * np.maximum(ceiling - transparency, 0.0)
    review = lost * (1 - known.review_ratio) > 0.25 * known.reporting_cost
    platform = rich & known.joint & (known.double_work * known.platform_saving > known.platform_cost)
    investment = best_effort(lost * (1 - known.trust) * 0.1, known.investment_cost) * rich
    mitigation = best_effort(known.harm * known.mitigation_effect, known.mitigation_cost) * rich
    return committee, completeness, transparency, review, platform, investment, mitigation


def best_effort(benefit: np.ndarray, cost: float) -> np.ndarray:
    """Effort 0-1 with linear benefit and quadratic cost at full effort."""
    return np.clip(benefit / (2 * cost), 0.0, 1.0)


@dataclass
class ReviewKnown(Known):
    """One row per alliance that a partner thinks over: million US$ and shares."""

    value: np.ndarray
    """Worth of going on, under the partner's own belief."""
    cost: np.ndarray
    """What going on still costs, compared with ending now."""
    hazard: np.ndarray
    """Chance of ending at usual worth, given trust, belief gap and governance."""
    trust: np.ndarray
    luck: np.ndarray
    """Uniform, 0-1; of licensees only those think it over whose luck of the quarter is below a quarter."""
    usual_margin: float
    margin_weight: float


def review_alliance(known: ReviewKnown) -> np.ndarray:
    """CONTINUE, RENEGOTIATE or TERMINATE per alliance, shape (rows,).

    The partner compares going on with ending. Shifts of strategy, 60 % of all terminations, strike the comparison as
    extreme-value shocks, which makes it a proportional hazard in the log margin (McFadden 1974). Partners who trust
    each other talk about new terms where others leave.
    """
    margin = np.log((known.value + 1.0) / (known.cost + 1.0))
    chance = known.hazard * np.exp(-known.margin_weight * np.clip(margin - known.usual_margin, -4, 4))
    leaves = known.luck < chance
    talks = ~leaves & (known.luck < chance * (1 + known.trust))
    return np.where(leaves, TERMINATE, np.where(talks, RENEGOTIATE, CONTINUE))
