"""Medicines on the market in 2000: protected brands, portfolios of old originals, copies."""

from __future__ import annotations

import numpy as np

from model.data.sheet import Sheet, sheet
from model.initial.companies import shares
from model.labels import AREAS, GLOBAL, MARKETED, PHARMA, REGIONS
from model.mechanisms.demand import value_price
from model.mechanisms.discovery import ASSET_BITS
from model.world import REGION_COUNT, World

PRESENCE = np.array([0.8, 0.75, 0.7, 0.6, 0.5, 0.25, 0.3, 0.65, 0.6, 0.5])
"""Chance that a brand of 2000 is sold in a region other than its owner's home (5.5 of ten)."""
PROTECTION = 13 * 12
FIRST_BRAND, MATURE = 0x4000, 0x7FFF


def launch_medicines(world: World) -> None:
    """Put the brands and portfolios of 2000 on the market."""
    rows = sheet("initial_market")
    protected, old = (
        rows.where(section="region_sales", key=f"{part}_sales").along("region", REGIONS) * world.scale
        for part in ("protected", "unprotected")
    )
    launch_brands(world, rows, protected)
    world.state["protected_2000"] = protected
    originals = world.now["demand.original_share"] * old
    world.state["legacy_2000"] = old - originals
    launch_portfolios(world, originals)


def launch_brands(world: World, rows: Sheet, protected: np.ndarray) -> None:
    """Protected brands: owners, areas, expiry and skewed sales from the tables of 2000."""
    pick = rows.pick("key")
    number = round(pick["protected_brands"] * world.scale)
    code = np.arange(number)
    owner = brand_owners(world, rows, code)
    identity = (world.firms.firm[owner] << ASSET_BITS) | (FIRST_BRAND + code % 4096)
    indication = brand_indications(world, rows, code)
    expiry = brand_expiry(world, rows, code)
    biologic = world.draws.uniform("brand.biologic", code) < pick["biologic_share_of_protected_sales"]
    home = world.firms.home[owner]
    approved = np.minimum(expiry - PROTECTION, -6)
    assets = world.assets.append(
        number, asset=identity, originator=owner, origin=home, sponsor=owner, holder=owner[:, None],
        area=world.indications.area[indication], indication=indication, modality=np.where(biologic, 2, 0),
        quality=np.clip(0.4 + 0.7 * world.draws.normal("brand.quality", code), -2, 3),
        started=expiry - 20 * 12, phase=MARKETED, phase_started=approved, first_approval=approved, patents=1023,
        evidence=1023, filed_bits=1023,
    )  # fmt: skip
    world.assets.book[assets] = world.price_book.append(number, asset=assets)
    world.state["marketed"] = np.concatenate([world.state["marketed"], assets])
    size = np.exp(pick["brand_sales_lognormal_sigma"] * world.draws.normal("brand.sales", code))
    sell_brands(world, assets, size, expiry, protected)


def brand_owners(world: World, rows: Sheet, code: np.ndarray) -> np.ndarray:
    """Owner of each brand: home by share of sales, firm by size."""
    share = rows.where(section="owner_home").along("region", REGIONS)
    sales = world.state["sales_2000"]
    here = np.bincount(world.firms.home, weights=sales, minlength=REGION_COUNT) > 0
    counts = shares(share * here / (share * here).sum() * len(code), 1.0)
    home = np.repeat(np.arange(REGION_COUNT), counts)[: len(code)]
    home = np.pad(home, (0, len(code) - len(home)))
    owner = np.zeros(len(code), np.int64)
    for region in np.unique(home):
        mine, weight = home == region, np.where(world.firms.home == region, sales, 0.0)
        owner[mine] = world.draws.choice("brand.owner", code[mine], weight)
    return owner


def brand_indications(world: World, rows: Sheet, code: np.ndarray) -> np.ndarray:
    """Indication of each brand: area by share of sales, the common diseases first."""
    share = rows.where(section="area").along("area", AREAS)
    area = world.draws.choice("brand.area", code, share)
    start = world.state["area_start"]
    weight = world.indications.prevalence ** (1 - world.now["access.rarity_elasticity"])
    below = np.concatenate([[0.0], np.cumsum(weight)])
    level = below[start[area]] + world.draws.uniform("brand.indication", code) * (
        below[start[area + 1]] - below[start[area]]
    )
    return np.clip(np.searchsorted(below, level, side="right") - 1, start[area], start[area + 1] - 1)


def brand_expiry(world: World, rows: Sheet, code: np.ndarray) -> np.ndarray:
    """Month in which protection of each brand ends."""
    expiry = rows.where(section="expiry")
    year = world.draws.choice("brand.expiry", code, expiry.numbers("value"))
    first = expiry.numbers("year").astype(int)[year]
    return (first - 2000) * 12 + (world.draws.uniform("brand.month", code) * 12).astype(int) + 1


def sell_brands(world: World, assets: np.ndarray, size: np.ndarray, expiry: np.ndarray, protected: np.ndarray) -> None:
    """Positions of the brands; sales of a region add up to its protected market."""
    firms, table_of = world.firms, world.assets
    home = table_of.origin[assets]
    luck = world.draws.uniform("brand.presence", table_of.asset[assets][:, None] * 16 + np.arange(REGION_COUNT))
    local = firms.scope[table_of.originator[assets]] < GLOBAL
    chance = np.where(local[:, None], PRESENCE * 0.5, PRESENCE)
    there = (luck < chance) | (np.arange(REGION_COUNT) == home[:, None])
    row, region = np.nonzero(there)
    weight = size[row] * np.sqrt(world.state["eligible"][table_of.indication[assets[row]], region] + 1)
    sales = weight / np.bincount(region, weights=weight, minlength=REGION_COUNT)[region] * protected[region]
    rows = world.positions.append(
        len(row), asset=assets[row], region=region, firm=table_of.originator[assets[row]],
        launched=np.minimum(expiry[row] - PROTECTION, -3), protected=expiry[row],
        indication=table_of.indication[assets[row]],
        covered=1.0, benefit=table_of.quality[assets[row]], sales=sales / 12, order=1,
        discount=0.5 * world.now["access.gross_to_net"][region],
    )  # fmt: skip
    positions = world.positions
    positions.price[rows] = positions.reference_price[rows] = value_price(world, rows)
    positions.patients[rows] = sales * 1e6 / positions.price[rows]
    table_of.position[assets[row], region] = rows
    np.add.at(firms.products, positions.firm[rows], 1)


def launch_portfolios(world: World, originals: np.ndarray) -> None:
    """One asset per pharma firm stands for its old originals, with a position per region."""
    firms = world.firms
    owner = np.flatnonzero(firms.kind == PHARMA)
    assets = world.assets.append(
        len(owner), asset=(firms.firm[owner] << ASSET_BITS) | MATURE, originator=owner, origin=firms.home[owner],
        sponsor=owner, holder=owner[:, None], area=len(AREAS) - 1, indication=len(world.indications.area) - 1,
        started=-400, phase=MARKETED, phase_started=-300, first_approval=-300, evidence=1023, filed_bits=1023,
    )  # fmt: skip
    at_home = np.arange(REGION_COUNT) == firms.home[owner][:, None]
    weight = world.state["sales_2000"][owner][:, None] * np.where(at_home, 1.0, 0.25 * firms.commercial[owner])
    base = weight / np.maximum(weight.sum(axis=0), 1e-9) * originals / 12
    row, region = np.nonzero(base > 0.01)
    rows = world.positions.append(
        len(row), asset=assets[row], region=region, firm=owner[row], launched=-300, protected=-60,
        indication=len(world.indications.area) - 1, mature=True, covered=1.0, base=base[row, region],
        sales=base[row, region], discount=0.4 * world.now["access.gross_to_net"][region],
    )  # fmt: skip
    world.assets.position[assets[row], region] = rows
    world.state["marketed"] = np.concatenate([world.state["marketed"], assets])
