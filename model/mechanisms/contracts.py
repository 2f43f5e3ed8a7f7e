"""Contracts: signing, milestones, royalties. Every payment is made when its event happens."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from agents.choices import CODEVELOPMENT, LICENCE, OPTION_DEAL, SALE_DEAL
from model.arrays import REGION_BITS, pack_regions, total, unpack_regions
from model.clock import NEVER
from model.kernels import contracts as kernel
from model.kernels.grouping import step
from model.labels import LICENSED, MARKETED
from model.mechanisms.alliances.forming import form
from model.mechanisms.alliances.reversion import pay_reversions
from model.mechanisms.bookings import transfer
from model.world import World

(UPFRONT, DEVELOPMENT, COMMERCIAL, ROYALTY, COST_SHARE, ACQUISITION, EXERCISE, PROFIT_SHARE, EQUITY) = range(9)
FAILED, PARTNER_GONE, MERGED, EXPIRED, TERMINATED, RETURNED, SOLD = range(1, 8)
SIGNED = ("deals", "deal_headline", "deal_upfront", "cross_border", "out_licences", "out_licence_headline",
          "out_licence_upfront", "in_licences")  # fmt: skip
"""Flows in which new contracts count."""
MILESTONE_WEIGHT = np.array([0.0, 0.05, 0.10, 0.20, 0.15, 0.50])
"""Part of the development milestones due on entering a phase (filed 4, approved 5)."""
WEIGHT_AHEAD = np.append(np.cumsum(MILESTONE_WEIGHT[::-1])[::-1], 0.0)
"""Part due on entering a phase or a later one."""
SALES_STEPS = np.array([200.0, 500.0, 1000.0])
"""Yearly sales, million US$ of 2024, that release a sales milestone each."""
STEP_SHARE = np.array([0.2, 0.3, 0.5])


TIERS = (0.8, 1.0, 1.2)
"""Royalty of each tier of yearly sales against the middle one."""
TIER_STEPS = np.array([300.0, 1500.0])
"""Yearly income, million US$ of 2024, at which the next tier begins."""


@dataclass
class Terms:
    """Terms of contracts about to be signed, arrays over deals; money in million US$."""

    territory: np.ndarray
    upfront: np.ndarray
    development: np.ndarray
    commercial: np.ndarray
    royalty: np.ndarray
    kind: np.ndarray
    exercise: np.ndarray | float = 0.0
    """Due when an option is taken up."""
    profit_share: np.ndarray | float = 0.0
    """Part of profit, and of the cost of development, that stays with the seller."""
    equity: np.ndarray | float = 0.0
    """Part of a new company that goes to the licensor."""

    def take(self, rows: np.ndarray) -> Terms:
        """Terms of some of the deals."""
        picked = {f.name: getattr(self, f.name) for f in fields(self)}
        return Terms(**{n: v[rows] if isinstance(v, np.ndarray) else v for n, v in picked.items()})


@dataclass
class Signing:
    """Contracts about to be signed, arrays over deals: assets, partners, terms, who takes over development."""

    asset: np.ndarray
    seller: np.ndarray
    buyer: np.ndarray
    terms: Terms
    takes_over: np.ndarray


def sign_all(world: World, signings: list[Signing]) -> None:
    """Sign what several parts of the market have agreed on, in one go."""
    if len(signings) > 1:
        terms = Terms(**{f.name: np.concatenate([getattr(s.terms, f.name) for s in signings]) for f in fields(Terms)})
        rows = (np.concatenate([getattr(s, n) for s in signings]) for n in ("asset", "seller", "buyer", "takes_over"))
        asset, seller, buyer, takes_over = rows
        signings = [Signing(asset, seller, buyer, terms, takes_over)]
    for each in signings:
        sign(world, each.asset, each.seller, each.buyer, each.terms, each.takes_over)


def sign(world: World, asset: np.ndarray, seller: np.ndarray, buyer: np.ndarray, terms: Terms,
         takes_over: np.ndarray) -> np.ndarray:  # fmt: skip
    """Sign contracts: the upfront is paid, rights move or wait for an option; buyers may take over development."""
    assets, firms = world.assets, world.firms
    rows = world.deals.append(
        len(asset), asset=asset, ordinal=assets.deals[asset], month=world.month, kind=terms.kind,
        seller=seller, buyer=buyer, payee=seller, payer=buyer, seller_home=firms.home[seller],
        buyer_home=firms.home[buyer], phase=assets.phase[asset], territory=pack_regions(terms.territory),
        upfront=terms.upfront, development=terms.development, commercial=terms.commercial, royalty=terms.royalty,
        exercise=terms.exercise, profit_share=terms.profit_share, equity=terms.equity, takes_over=takes_over,
    )  # fmt: skip
    assets.deals[asset] += 1
    option = terms.kind == OPTION_DEAL
    assets.option[asset[option]] = rows[option]
    move_rights(world, rows[~option], terms.territory[~option])
    pay(world, rows, terms.upfront, UPFRONT)
    close(world, rows[terms.kind == SALE_DEAL], SOLD)
    step(seller, 1, firms.licensed)
    firms.reputation[seller] += world.now["licensing.reputation_gain"] * (1 - firms.reputation[seller])
    record(world, rows)
    form(world, rows)
    return rows


def move_rights(world: World, rows: np.ndarray, territory: np.ndarray) -> None:
    """Give the payers of contracts (rows) the rights in a territory, bool (rows, 10), and the development if agreed."""
    assets, deals = world.assets, world.deals
    kernel.move_rights(
        rows, territory, deals.asset, deals.payer, deals.kind, SALE_DEAL, REGION_BITS, world.firms.home, assets.holder,
        assets.deal, assets.involved,
    )  # fmt: skip
    over = rows[deals.takes_over[rows]]
    hand_over(world, deals.asset[over], deals.payer[over])


def take_rights(world: World, rows: np.ndarray, free: np.ndarray) -> None:
    """Take up options (rows): pay for them and move the rights that are still free, bool (rows, 10)."""
    pay(world, rows, world.deals.exercise[rows], EXERCISE)
    move_rights(world, rows, unpack_regions(world.deals.territory[rows]) & free)


def hand_over(world: World, asset: np.ndarray, sponsor: np.ndarray) -> None:
    """Make firms the sponsors of assets, running costs included."""
    assets, firms = world.assets, world.firms
    kernel.hand_over(
        asset, sponsor, assets.burn, assets.phase, MARKETED, assets.sponsor, firms.trial_burn, firms.candidates
    )


def record(world: World, rows: np.ndarray) -> None:
    """Count new deals in the flows of the month and write their events."""
    deals = world.deals
    kernel.count_signed(
        rows, deals.seller_home, deals.buyer_home, deals.upfront, deals.exercise, deals.development, deals.commercial,
        *(world.flows[name] for name in SIGNED),
    )  # fmt: skip
    world.event(LICENSED, deals.seller_home[rows], deals.seller[rows], deals.asset[rows], deals.buyer[rows], rows)


def pay(world: World, rows: np.ndarray, amounts: np.ndarray, trigger: int) -> None:
    """Pay sellers under contracts (rows), if both partners are still there."""
    payments(world, rows, world.deals.payer[rows], world.deals.payee[rows], amounts, trigger)


def payments(world: World, rows: np.ndarray, payer: np.ndarray, payee: np.ndarray, amounts: np.ndarray,
             trigger: int) -> None:  # fmt: skip
    """Pay under contracts (rows) that are alive, or signed for good this month; every payment counts as paid."""
    deal, owing, owed, due = kernel.payable(rows, payer, payee, amounts, world.deals.ended, NEVER)
    if len(deal):
        transfer(world, deal, owing, owed, due, trigger)


def contracts_of(world: World, asset: np.ndarray) -> np.ndarray:
    """Living contracts on assets, options included, each once."""
    assets = world.assets
    return np.sort(kernel.running_contracts(asset, assets.deals, assets.deal, assets.option, world.deals.ended, NEVER))


def pay_milestones(world: World, asset: np.ndarray) -> None:
    """Pay the development milestones of assets that have just entered their phase."""
    rows = contracts_of(world, asset)
    if not len(rows):
        return
    deals = world.deals
    amount = kernel.milestones_due(
        rows, deals.asset, world.assets.phase, deals.phase, WEIGHT_AHEAD, deals.development, deals.development_paid,
    )  # fmt: skip
    pay(world, rows, amount, DEVELOPMENT)


def settle(world: World) -> None:
    """At the end of a quarter: royalties, shared profits and costs of the quarter, and sales milestones."""
    if world.month % 3 != 2:
        return
    share_costs(world)
    pay_reversions(world)
    positions, deals = world.positions, world.deals
    term = world.now["deal.royalty_term"] * 12
    rows = np.flatnonzero((positions.contract >= 0) & (world.month - positions.launched < term))
    contract, income = positions.contract[rows], positions.quarter[rows].copy()
    positions.quarter[:] = 0.0
    base = total(contract, income, len(deals))
    earning = np.flatnonzero(base)
    if not len(earning):
        return
    deals.sales[earning] += base[earning]
    stepped = income * np.where(positions.protected[rows] <= world.month, world.now["deal.royalty_stepdown"], 1.0)
    shared = shared_profit(world, contract, positions.region[rows])
    royal = total(contract, stepped * (shared == 0), len(deals))[earning]
    pay(world, earning, royal * deals.royalty[earning] * tier(world, base[earning]), ROYALTY)
    profit = income * shared
    pay(world, earning, total(contract, profit, len(deals))[earning], PROFIT_SHARE)
    reached = (base[earning, None] * 4 > SALES_STEPS * world.prices(2024)) @ STEP_SHARE
    due = np.maximum(reached * deals.commercial[earning] - deals.commercial_paid[earning], 0.0)
    deals.commercial_paid[earning] += due
    pay(world, earning, due, COMMERCIAL)


def tier(world: World, quarter: np.ndarray) -> np.ndarray:
    """Royalty against the middle tier for the income of a quarter, million US$, (rows,)."""
    return np.array(TIERS)[np.searchsorted(TIER_STEPS * world.prices(2024), quarter * 4)]


def shared_profit(world: World, contract: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Part of the income of positions that is the seller's share of the profit instead of a royalty, (rows,).

    Codevelopers share everywhere, copromoters where the seller is at home.
    """
    deals = world.deals
    here = (deals.kind[contract] == CODEVELOPMENT) | (deals.seller_home[contract] == region)
    return deals.profit_share[contract] * world.now["valuation.margin"] * here


def share_costs(world: World) -> None:
    """Partners pay their part of the trials of the quarter to the one who runs them.

    The seller its share in a codevelopment; the licensee of a part of the world its part of the global trial.
    """
    deals, assets = world.deals, world.assets
    rows, payer, sponsor, amount = kernel.shared_costs(
        deals.ended, NEVER, deals.asset, deals.kind, deals.payer, deals.payee, deals.takes_over, deals.profit_share,
        assets.burn, assets.sponsor, LICENCE, CODEVELOPMENT, np.float32(world.now["deal.regional_licensee_cost_share"]),
    )  # fmt: skip
    payments(world, rows, payer, sponsor, amount, COST_SHARE)


def close(world: World, rows: np.ndarray, reason: int) -> None:
    """End contracts."""
    world.deals.ended[rows] = world.month
    world.deals.end_reason[rows] = reason
