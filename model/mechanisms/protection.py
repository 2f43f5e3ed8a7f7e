"""Protection: patents, data and orphan exclusivity, and what is left when they end."""

from __future__ import annotations

import numpy as np

from model.arrays import pack_regions, unpack_regions
from model.kernels.sales import erode
from model.ledger import GOVERNMENTS
from model.mechanisms.valuation import worth
from model.world import World

EXCLUSIVITY_CLASS = np.array([0, 0, 1, 1, 1, 1, 2, 3, 3, 0, 1, 1, 0])
"""Exclusivity class of each modality (small molecule, biologic, vaccine, cell or gene)."""
VOLUME_KEPT = ("protection.volume_kept_1y", "protection.volume_kept_2y", "protection.volume_kept_5y")
PRICE_KEPT = ("protection.price_kept_1y", "protection.price_kept_2y", "protection.price_kept_5y")


def file_patents(world: World, rows: np.ndarray) -> None:
    """Sponsors file patents where the asset is worth it, at entry into phase I."""
    if not len(rows):
        return
    assets, firms, now = world.assets, world.firms, world.now
    cost = now["protection.patent_cost"] * now["protection.patents_per_product"] * world.prices(2020)
    value = worth(world, rows) * now["protection.ip_strength"] * now["protection.worth_share"]
    home = np.arange(10) == firms.home[assets.sponsor[rows]][:, None]
    chosen = (value > cost) | home
    world.ledger.pay(firms.cash, assets.sponsor[rows], chosen @ cost, GOVERNMENTS)
    assets.patents[rows] |= pack_regions(chosen)


def protected_until(world: World, rows: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Month in which market exclusivity of assets ends in regions: the later of patent and data.

    Patent terms are extended by the years that the region's law gives, to at most so many from
    approval, and by paediatric studies; a patent in a region of weak law may not hold (Grabowski
    et al. 2021: 13 to 14 years in the US).
    """
    assets, now = world.assets, world.now
    kind = EXCLUSIVITY_CLASS[assets.modality[rows]]
    term = now["protection.patent_term"][kind, region] * 12
    patent = assets.filed[rows] + term
    longest = world.month + 12 * now["protection.extension_cap"][region]
    patent = np.maximum(patent, np.minimum(patent + 12 * now["protection.extension_max"][region], longest))
    patent = patent + 12 * now["protection.paediatric_years"][region]
    luck = world.draws.uniform("patent.holds", assets.asset[rows], region)
    holds = luck < now["protection.ip_strength"][region]
    has = unpack_regions(assets.patents[rows])[np.arange(len(rows)), region]
    patent = np.where(has & holds, patent, np.where(has, patent - 48, 0))
    data = world.month + 12 * now["protection.data_exclusivity"][kind, region]
    orphan = np.where(assets.orphan[rows], world.month + 12 * now["protection.orphan_exclusivity"][kind, region], 0)
    cut = 12 * now["protection.cut_years"][region]
    return (np.maximum(np.maximum(patent, data), orphan) - cut).astype(np.int64)


def secure(world: World) -> np.ndarray:
    """Part of the income of a launch that imitation and law leave, by region, (10,).

    Weak patents draw early copies, and a cut of protection takes its share of the usual years.
    """
    now = world.now
    lasting = 1 - now["protection.cut_years"] / now["protection.usual_years"]
    return (1 - now["protection.worth_share"] * (1 - now["protection.ip_strength"])) * np.maximum(lasting, 0.0)


def shift_expiry(world: World) -> None:
    """A change of law moves the end of protection of what is on the market, never of what has ended."""
    positions, state = world.positions, world.state
    cut = world.now["protection.cut_years"]
    before = state.get("protection_cut", np.zeros(len(cut)))
    if (cut != before).any():
        rows = np.flatnonzero(positions.active & ~positions.mature & (positions.protected > world.month))
        moved = positions.protected[rows] - np.rint(12 * (cut - before))[positions.region[rows]]
        positions.protected[rows] = np.maximum(moved, world.month).astype(positions.protected.dtype)
    state["protection_cut"] = cut.copy()


def erode_sales(world: World, rows: np.ndarray) -> None:
    """Divide the month's sales of positions (rows) out of protection between originals and copies.

    Volume kept and molecule price one, two and five years after expiry come from the data; in
    between they move linearly, later they fade.
    """
    positions = world.positions
    volume, price = world.once(left_by_year)
    erode(
        rows, world.month, positions.protected, positions.asset, positions.region, world.assets.modality, volume,
        price, world.now["protection.copy_price_cut"], positions.sales, positions.copies,
    )  # fmt: skip


def left_by_year(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Volume kept and molecule price one, two and five years after expiry, (3, modalities, regions) each."""
    volume, price = (np.array([world.now[name] for name in names]) for names in (VOLUME_KEPT, PRICE_KEPT))
    return volume[:, EXCLUSIVITY_CLASS], price[:, EXCLUSIVITY_CLASS]
