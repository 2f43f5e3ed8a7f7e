"""Alone or with a partner: routes, bids, forms of sharing, sales of firms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents import choices
from agents.base import Known
from agents.choices import CODEVELOPMENT, COPROMOTION, LICENCE


@dataclass
class RouteKnown(Known):
    """One row per asset that may be offered: what its rights are worth to the owner, million US$."""

    kept: np.ndarray
    """Risk-adjusted net present value of keeping rights: selling there, or a partner later (rows, regions)."""
    partnered: np.ndarray
    """What the owner expects of a partner there, after the split (rows, regions)."""
    home: np.ndarray
    runway: np.ndarray
    """Months of cash."""
    listed: np.ndarray
    stuck: np.ndarray
    """The owner cannot pay the next step, bool."""
    doubt: np.ndarray
    """Spread of opinions about quality, standard deviations; 0 where no option is possible."""
    confidence: np.ndarray
    """How much better than others the owner thinks of the asset, standard deviations."""
    next_cost: np.ndarray
    """Cost of the next step of development, million US$."""
    foreign: np.ndarray
    """The asset lies outside the areas of its owner, bool."""
    newco: np.ndarray
    """What investors would give for the rights abroad in a company of their own, million US$; 0 where there is none."""
    friction: float
    urgency: float
    listed_urgency: float
    late_part: float
    """Part of the payments of a licence that comes late."""
    stuck_discount: float
    option_premium: float
    option_threshold: float
    """Confidence from which the wait for better terms is worth its trouble."""
    sale_share: float


def choose_route(known: RouteKnown) -> np.ndarray:
    """Route per asset, shape (rows,): the one worth most.

    ALONE, REGIONAL (the one region that gains most), EX_HOME, GLOBAL, OPTION (a partner may join after the next
    readout), NEWCO (a company of investors around the rights abroad) or SALE (all of it, at once and for ever).
    A short runway, an exchange that presses for revenue and a step that cannot be paid discount what is kept, and a
    short runway also what partners pay only later.
    """
    premium = known.option_premium * known.doubt * (known.confidence - known.option_threshold)
    return choices.route(
        known.kept, part_kept(known), known.partnered, paid_in_time(known), known.home, premium,
        (known.doubt > 0) & ~known.stuck, known.next_cost, known.newco, known.foreign, known.sale_share, known.friction,
    )  # fmt: skip


def keeping(known: RouteKnown) -> np.ndarray:
    """Value of keeping each region under the pressure on the owner, (rows, regions)."""
    return known.kept * part_kept(known)[:, None]


def part_kept(known: RouteKnown) -> np.ndarray:
    """Part that the pressure on the owner leaves of the value of keeping rights, (rows,)."""
    pressure = known.urgency * np.exp(-known.runway / 12) + known.listed_urgency * known.listed
    pressure = pressure + known.stuck_discount * known.stuck
    return 1 - np.minimum(np.maximum(pressure, 0), 0.95)


def paid_in_time(known: RouteKnown) -> np.ndarray:
    """Part of the payments of a partner that an owner lives to see, (rows,)."""
    return 1 - known.late_part * known.urgency * np.exp(-known.runway / 12)


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
    attention: np.ndarray
    """What one more project takes of the bidder's attention, more in large firms."""
    fit_weight: float
    gap_weight: float
    cash_share: float


def bid_for_licence(known: BidKnown) -> np.ndarray:
    """Most that the bidder would give for the rights, million US$, shape (rows,).

    Make or buy (Veugelers and Cassiman 1999): nobody pays more than the asset is worth, or than own
    research would cost. A patent cliff and a fitting area raise both (Danzon, Nicholson and
    Pereira 2005), the money at hand limits them. What is too small to matter to a large firm is left to smaller ones.
    """
    keen = 1 + known.gap_weight * known.gap + known.fit_weight * known.fit
    worth = np.minimum(known.value, known.replacement) * keen - known.attention
    limit = known.cash_share * np.maximum(known.cash, 0.0)
    return np.maximum(np.minimum(worth, limit), 0.0)


@dataclass
class SharingKnown(Known):
    """One row per contract about to be signed: what the seller could bring to a common project."""

    know_how: np.ndarray
    """Trial know-how of the seller, 0-1."""
    at_home: np.ndarray
    """Commercial capability of the seller at home, 0-1."""
    cash: np.ndarray
    cost: np.ndarray
    """Part of the coming cost that the seller would bear, million US$."""
    passed: np.ndarray
    """Phases passed."""
    wide: np.ndarray
    """The buyer takes most of the world, and with it the development, bool."""
    home_sold: np.ndarray
    """The seller's home belongs to the territory, bool."""
    trust: np.ndarray
    """Trust with which the partners would begin, 0-1."""
    know_how_needed: float
    presence_needed: float
    trust_needed: float


def share_development(known: SharingKnown) -> np.ndarray:
    """Form that the buyer offers, shape (rows,): LICENCE, CODEVELOPMENT or COPROMOTION.

    Cost and profit are shared when the seller brings know-how and money; late assets are sold together
    at the seller's home when it has people there. Side by side works who trusts the other: first partners deal at
    arm's length, familiar ones jointly (Gulati 1995).
    """
    familiar = known.wide & (known.trust >= known.trust_needed)
    able = (known.know_how > known.know_how_needed) & (known.cash > 2 * known.cost) & (known.passed < 3)
    present = (known.at_home > known.presence_needed) & known.home_sold & (known.passed >= 2)
    joint = np.where(present, COPROMOTION, np.where(able & (known.passed >= 1), CODEVELOPMENT, LICENCE))
    return np.where(familiar, joint, LICENCE)


@dataclass
class ExerciseKnown(Known):
    """One row per option whose readout is there: million US$."""

    value: np.ndarray
    """Worth of the rights to the holder of the option now."""
    price: np.ndarray
    """What exercising costs in present value, by the terms of the contract."""
    cash: np.ndarray
    upfront: np.ndarray
    cash_share: float
    """Most of its money that it puts into one option."""


def exercise_option(known: ExerciseKnown) -> np.ndarray:
    """Whether the partner takes up its option, bool (rows,)."""
    return (known.value > known.price) & (known.upfront < known.cash_share * np.maximum(known.cash, 0.0))


@dataclass
class FirmOfferKnown(Known):
    """One row per research firm."""

    runway: np.ndarray
    pipeline_value: np.ndarray
    clinical_assets: np.ndarray
    runway_limit: float


def offer_firm(known: FirmOfferKnown) -> np.ndarray:
    """Whether the firm lets itself be bought, bool (rows,): little money, something to sell."""
    short = known.runway < known.runway_limit
    return (known.pipeline_value > 0) & (short | (known.clinical_assets > 0))


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
