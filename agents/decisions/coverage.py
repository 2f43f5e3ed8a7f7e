"""Cover or not, at which net price, when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.base import Known

(REBATE, LIST_ROUND, FREE_THEN_ARBITRATION, THRESHOLD, REFERENCE, NEGOTIATION, TENDER, SELF_PAY,
 LISTING) = range(9)  # fmt: skip
LISTED, REFUSED = 1, 2


@dataclass
class ScheduleKnown(Known):
    """One row per negotiation that starts."""

    month: int
    days: np.ndarray
    """Usual days from approval to access with this payer."""
    capability: np.ndarray
    """Market access capability of the marketer in the region, 0-1."""
    rule: np.ndarray
    luck: np.ndarray
    """Standard normal."""
    capability_weight: float
    usual_capability: float
    """Access capability at which the usual days hold."""
    spread: np.ndarray
    """Log standard deviation of the time; larger where many payers negotiate apart."""
    round_month: int
    rounds: float
    """List rounds a year."""


def schedule(known: ScheduleKnown) -> np.ndarray:
    """Month of the decision, int (rows,).

    Capable marketers are faster; a list that opens in rounds decides in a round only.
    """
    skill = 1 + known.capability_weight * (known.usual_capability - known.capability)
    months = known.days / 30.4 * skill * np.exp(known.spread * known.luck)
    due = known.month + np.maximum(np.rint(months), 1)
    return in_a_round(due, known.rule, known.round_month, known.rounds)


def in_a_round(due: np.ndarray, rule: np.ndarray, round_month: int, rounds: float) -> np.ndarray:
    """Months of decisions, int (rows,): with payers whose list opens in ``rounds`` a year, that of the next one."""
    wait = np.mod(round_month - due, np.rint(12 / rounds))
    return np.where(rule == LIST_ROUND, due + wait, due).astype(np.int64)


@dataclass
class NegotiationKnown(Known):
    """One row per negotiation that is due."""

    asked: np.ndarray
    """Invoice price, US$ a patient-year."""
    value_price: np.ndarray
    """Price at which the health gained is worth its cost to this payer."""
    reference: np.ndarray
    """Price found in the reference basket, infinite where none."""
    abroad: np.ndarray
    """Mean net price abroad, infinite where none."""
    abroad_weight: np.ndarray
    """Weight that law gives to the price abroad, 0-1."""
    rule: np.ndarray
    pressure: np.ndarray
    """Spending on protected medicines over its budget."""
    discount: np.ndarray
    """Usual discount of this payer."""
    availability: np.ndarray
    """Usual share of medicines covered."""
    capability: np.ndarray
    benefit: np.ndarray
    price_law: np.ndarray
    luck: np.ndarray
    pressure_weight: float
    benefit_weight: float
    capability_weight: float
    usual_capability: float
    """Access capability at which the usual share holds."""


def negotiate(known: NegotiationKnown) -> tuple[np.ndarray, np.ndarray]:
    """(listed?, net price in US$ a patient-year) per negotiation, shapes (rows,).

    The net price is the lowest of what is asked less the usual discount, what the health gain is
    worth, and the reference, all pressed down when the budget is exceeded, and drawn towards the
    price abroad where the law links them. The odds of listing
    move with added benefit, price against value, budget pressure and the marketer's capability.
    """
    press = np.maximum(known.pressure, 0.2) ** -known.pressure_weight
    offered = known.asked * (1 - known.discount) * known.price_law
    net = np.minimum(np.minimum(offered, known.reference), known.value_price) * np.minimum(press, 1.3)
    net = np.minimum(net, known.asked)
    linked = np.minimum(known.abroad, net)
    net = net + known.abroad_weight * (linked - net)
    stretch = np.log(np.maximum(offered, 1e-9) / np.maximum(known.value_price, 1e-9))
    usual = np.minimum(np.maximum(known.availability, 0.02), 0.98)
    logit = np.log(usual / (1 - usual)) + known.benefit_weight * known.benefit
    dear = np.minimum(np.maximum(stretch, -1), 3)
    logit += known.capability_weight * (known.capability - known.usual_capability) - dear
    logit -= np.log(np.maximum(known.pressure, 0.2))
    return known.luck < 1 / (1 + np.exp(-logit)), net
