"""Invariants of money and rights, and where all invariants are gathered: functions that name what breaks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from model import PharmaMarket
from model.arrays import total, unpack_regions
from model.clock import NEVER
from model.world import World

Check = Callable[[PharmaMarket], Iterator[str]]
CHECKS: dict[str, Check] = {}


def invariant(check: Check) -> Check:
    CHECKS[check.__name__] = check
    return check


def told(rows: np.ndarray, text: str) -> Iterator[str]:
    """One line with the first rows that break a rule."""
    if len(rows):
        yield f"{len(rows)} {text}, rows {np.asarray(rows)[:5].tolist()}"


def living_assets(world: World) -> np.ndarray:
    return np.flatnonzero(world.assets.ended == NEVER)


# --- money


@invariant
def money_is_conserved(market: PharmaMarket) -> Iterator[str]:
    world = market.world
    turnover = np.abs(world.firms.cash).sum() + np.abs(world.ledger.balances).sum()
    if abs(world.ledger.total(world.firms.cash)) > 1e-6 * turnover:
        yield f"{world.ledger.total(world.firms.cash)} million US$ came from nowhere"


@invariant
def payments_add_up(market: PharmaMarket) -> Iterator[str]:
    deals, log = market.world.deals, market.world.logs["payments"].arrays()
    paid = total(log["deal"].astype(int), log["amount"], len(deals))
    yield from told(np.flatnonzero(~np.isclose(paid, deals.paid)), "contracts whose payments are not what is paid")
    for name in ("development", "commercial"):
        over = getattr(deals, f"{name}_paid") > getattr(deals, name) * (1 + 1e-9) + 1e-9
        yield from told(np.flatnonzero(over), f"contracts that paid more {name} milestones than promised")


@invariant
def who_is_gone_has_nothing(market: PharmaMarket) -> Iterator[str]:
    firms = market.world.firms
    gone = firms.exited < NEVER
    for name in ("cash", "research", "trial_burn", "candidates"):
        yield from told(
            np.flatnonzero(gone & (np.abs(getattr(firms, name)) > 1e-6)), f"firms that are gone with {name}"
        )


# --- rights


@invariant
def rights_have_living_holders(market: PharmaMarket) -> Iterator[str]:
    world = market.world
    assets, rows = world.assets, living_assets(world)
    for name in ("originator", "sponsor", "holder"):
        column = getattr(assets, name)
        bad = ((column < 0) | (column >= len(world.firms))).reshape(len(assets), -1).any(axis=1)
        yield from told(np.flatnonzero(bad), f"assets whose {name} is no firm")
    gone = world.firms.exited < NEVER
    yield from told(rows[gone[assets.sponsor[rows]]], "living assets led by a firm that is gone")
    yield from told(
        rows[gone[assets.holder[rows]].any(axis=1)], "living assets with rights held by a firm that is gone"
    )


@invariant
def contracts_match_the_rights(market: PharmaMarket) -> Iterator[str]:
    world = market.world
    assets, deals = world.assets, world.deals
    row, region = np.nonzero(assets.deal >= 0)
    contract = assets.deal[row, region]
    yield from told(row[deals.asset[contract] != row], "assets under a contract on another asset")
    inside = unpack_regions(deals.territory[contract])[np.arange(len(row)), region]
    yield from told(row[~inside], "assets under a contract outside its territory")
    open_ = deals.ended[contract] == NEVER
    yield from told(
        row[open_ & (deals.payer[contract] != assets.holder[row, region])], "assets held by another than their licensee"
    )
    running = np.flatnonzero(deals.ended == NEVER)
    yield from told(running[deals.payee[running] == deals.payer[running]], "contracts of a firm with itself")


@invariant
def marketers_hold_the_rights(market: PharmaMarket) -> Iterator[str]:
    world = market.world
    positions, assets = world.positions, world.assets
    rows = np.flatnonzero(positions.active)
    asset, region = positions.asset[rows], positions.region[rows].astype(int)
    yield from told(rows[assets.position[asset, region] != rows], "positions that their asset does not know")
    yield from told(
        rows[assets.holder[asset, region] != positions.firm[rows]],
        "products sold by another than the holder of the rights",
    )
    yield from told(rows[world.firms.exited[positions.firm[rows]] < NEVER], "products sold by a firm that is gone")
    row, region = np.nonzero(assets.position >= 0)
    yield from told(row[~positions.active[assets.position[row, region]]], "assets with a position that is closed")


@invariant
def negotiators_hold_the_rights(market: PharmaMarket) -> Iterator[str]:
    """A file may change its owner under review, with the rights; what is negotiated is sold by who negotiates."""
    assets, listings = market.world.assets, market.world.listings
    rows = np.flatnonzero((listings.outcome == 0) & (assets.ended[listings.asset] == NEVER))
    holder = assets.holder[listings.asset[rows], listings.region[rows]]
    yield from told(rows[holder != listings.filer[rows]], "negotiations of another than the holder of the rights")
