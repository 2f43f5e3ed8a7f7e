"""Terms of contracts: from a price that both sides accept to upfront, milestones, royalty and shares."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.choices import sum_of
from agents.compiling import compiled


class Custom(NamedTuple):
    """What is customary in contracts, by kind of contract (kinds,) and stage of the asset (stages,)."""

    royalty: np.ndarray
    """Share of income between equals, (kinds, stages)."""
    front: np.ndarray
    """Part of the headline due at signing or on taking up the rights, (kinds, stages)."""
    development: np.ndarray
    """Part of the milestones due on development, (stages,)."""
    shared: np.ndarray
    """Part of the profit that stays with the seller, (kinds,)."""
    everywhere: np.ndarray
    """Whether partners share all over and the cost of development too, not at the seller's home alone, (kinds,)."""
    equity: np.ndarray
    """Part of the price taken as equity, (kinds,)."""
    fee: np.ndarray
    """Part of the upfront due at signing, (kinds,)."""
    due: np.ndarray
    """Present value of a dollar due on development by phase, whether that has been passed, and area, (6, 2, 16)."""
    sold: np.ndarray
    """Present value of a dollar due after approval, likewise."""
    sales_odds: float
    """How likely sales get there once the asset is approved."""
    usual_power: float
    """Part of the surplus that goes to usual buyers."""
    lean: float
    """Change of the royalty where one side is much stronger."""
    margin: float


@compiled
def write(
    phase: np.ndarray, passed: np.ndarray, area: np.ndarray, kind: np.ndarray, power: np.ndarray, price: np.ndarray,
    worth: np.ndarray, cost: np.ndarray, view: np.ndarray, territory: np.ndarray, home: np.ndarray, custom: Custom,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """(upfront, development and sales milestones, exercise price, royalty, profit share, equity), (deals,) each.

    Royalty of the stage, leaning to the stronger side; a shared profit instead of it where partners share; the rest of
    the ``price`` as upfront and milestones. ``view`` is what the buyer sees of the ``worth``, (deals, 10) both; the
    ``cost`` is that of development, ``home`` (deals,) that of the seller.
    """
    size, seen = len(kind), np.empty(view.shape[1])
    upfront, development, commercial = np.empty(size), np.empty(size), np.empty(size)
    exercise, royalty, shared, equity = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    for i in range(size):
        for region in range(len(seen)):
            seen[region] = worth[i, region] * view[i, region] if territory[i, region] else 0.0
        value, what, stage = sum_of(seen), kind[i], min(phase[i] + 1, 5)
        lean = min(max((custom.usual_power - power[i]) / 0.25, -1.0), 1.0)
        royalty[i] = custom.royalty[what, stage] * (1.0 + custom.lean * lean)
        joint, bill = (value, cost[i]) if custom.everywhere[what] else (seen[home[i]], 0.0)
        if custom.shared[what] == 0.0:
            joint = 0.0
        running = royalty[i] * (value - joint) / custom.margin + custom.shared[what] * (joint - bill)
        front, part = custom.front[what, stage], custom.development[stage]
        due, sold = custom.due[phase[i], passed[i], area[i]], custom.sold[phase[i], passed[i], area[i]]
        certain = front + (1.0 - front) * (part * due + (1.0 - part) * custom.sales_odds * sold)
        headline = max(price[i] - running, 0.1 * price[i]) / max(certain, 0.02)
        milestones = headline * (1.0 - front)
        development[i] = milestones * part
        commercial[i] = milestones - development[i]
        shared[i], equity[i] = custom.shared[what], custom.equity[what]
        whole = headline * front * (1.0 - equity[i])
        upfront[i] = whole * custom.fee[what]
        exercise[i] = whole - upfront[i]
    return upfront, development, commercial, exercise, royalty, shared, equity
