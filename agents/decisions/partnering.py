"""Alone or with a partner: routes, bids, sales of firms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.base import Known

ALONE, REGIONAL, EX_HOME, GLOBAL = 0, 1, 2, 3


@dataclass
class RouteKnown(Known):
    """One row per asset on offer: what each region is worth to its owner, million US$."""

    alone: np.ndarray
    """Risk-adjusted net present value of doing it alone (rows, regions)."""
    partnered: np.ndarray
    """What the owner expects from a partner, after the split (rows, regions)."""
    home: np.ndarray
    runway: np.ndarray
    """Months of cash."""
    listed: np.ndarray
    friction: float
    urgency: float
    listed_urgency: float


def choose_route(known: RouteKnown) -> np.ndarray:
    """ALONE, REGIONAL, EX_HOME or GLOBAL per asset, shape (rows,): the one worth most.

    A short runway discounts what comes late from doing it alone, and so does the pressure of a
    stock exchange for revenue soon.
    """
    rows = np.arange(len(known.home))
    pressure = known.urgency * np.exp(-known.runway / 12) + known.listed_urgency * known.listed
    alone = known.alone * (1 - np.clip(pressure, 0, 0.9))[:, None]
    gain = known.partnered - alone
    at_home = gain[rows, known.home]
    abroad = gain.sum(axis=1) - at_home
    away = gain.copy()
    away[rows, known.home] = -np.inf
    options = np.stack([np.zeros(len(rows)), away.max(axis=1), abroad, abroad + at_home], axis=1)
    options[:, 1:] -= known.friction
    return options.argmax(axis=1)


@dataclass
class BidKnown(Known):
    """One row per bidder and offer: million US$."""

    value: np.ndarray
    """Worth of the territory to the bidder under its own beliefs."""
    replacement: np.ndarray
    """Usual cost of coming to such an asset by own research, failures included."""
    cash: np.ndarray
    gap: np.ndarray
    """Share of sales that loses protection soon, 0-1."""
    fit: np.ndarray
    """The asset lies in an area of the bidder, 0-1."""
    fit_weight: float
    gap_weight: float
    cash_share: float


def bid_for_licence(known: BidKnown) -> np.ndarray:
    """Most that the bidder would give for the rights, million US$, shape (rows,).

    Make or buy (Veugelers and Cassiman 1999): nobody pays more than the asset is worth, or than own
    research would cost. A patent cliff and a fitting area raise both (Danzon, Nicholson and
    Pereira 2005), the money at hand limits them.
    """
    keen = 1 + known.gap_weight * known.gap + known.fit_weight * known.fit
    worth = np.minimum(known.value, known.replacement) * keen
    limit = known.cash_share * np.maximum(known.cash, 0.0)
    return np.maximum(np.minimum(worth, limit), 0.0)


@dataclass
class AllianceKnown(Known):
    """One row per deal about to be signed."""

    seller_strength: np.ndarray
    """Mean capability of the seller in the territory, 0-1."""
    seller_cash: np.ndarray
    cost: np.ndarray
    phase: np.ndarray
    threshold: float


def share_development(known: AllianceKnown) -> np.ndarray:
    """Whether the buyer offers to share cost and profit (codevelopment), bool (rows,).

    It does when the seller brings capability of its own and can pay its part.
    """
    able = known.seller_cash > known.cost
    return (known.seller_strength > known.threshold) & able & (known.phase >= 2)


@dataclass
class FirmOfferKnown(Known):
    """One row per research firm."""

    runway: np.ndarray
    pipeline_value: np.ndarray
    late_assets: np.ndarray
    runway_limit: float


def offer_firm(known: FirmOfferKnown) -> np.ndarray:
    """Whether the firm lets itself be bought, bool (rows,): little money, something to sell."""
    short = known.runway < known.runway_limit
    return (known.pipeline_value > 0) & (short | (known.late_assets > 0))


@dataclass
class TakeoverKnown(Known):
    """One row per bidder and target: million US$."""

    value: np.ndarray
    price: np.ndarray
    """What the target's owners ask, premium included."""
    cash: np.ndarray
    gap: np.ndarray
    gap_weight: float
    cash_share: float


def bid_for_firm(known: TakeoverKnown) -> np.ndarray:
    """Whether the bidder pays the asked price, bool (rows,)."""
    worth = known.value * (1 + known.gap_weight * known.gap)
    return (worth > known.price) & (known.price < known.cash_share * known.cash)
