"""Entry and exit: new research firms, insolvency, winding up."""

from __future__ import annotations

import numpy as np

from agents.decisions.review import PENDING
from model.arrays import total, within
from model.clock import NEVER
from model.draws import inverse_normal, pick
from model.kernels import firms as kernel
from model.kernels.grouping import step, where_marked
from model.labels import CLOSED, MARKETED, REGION_SHIFT
from model.ledger import FORMER, GOVERNMENTS, VENTURE
from model.mechanisms.contracts import PARTNER_GONE, close, hand_over
from model.mechanisms.trials import MONEY, TERMINATED, close_trials, end
from model.world import REGION_COUNT, World

INSOLVENCY, ACQUIRED, WOUND_UP = 1, 2, 3
CHARACTER = ("science", "focus", "second", "bureaucracy", "stance", "know_how", "credit")
"""What luck decides about a firm when it is founded."""


def enter_and_leave(world: World) -> None:
    """A month of firms coming and going."""
    leave(world)
    found(world)


def exits(world: World, rows: np.ndarray, reason: np.ndarray | int) -> None:
    """Write that firms are gone."""
    firms = world.firms
    firms.exited[rows], firms.exit_reason[rows] = world.month, reason
    firms.research[rows] = firms.trial_burn[rows] = firms.credit[rows] = 0.0
    firms.products[rows] = 0
    world.flow("exits", firms.home[rows])
    world.alive = world.alive[firms.exited[world.alive] == NEVER]


def leave(world: World) -> None:
    """Firms without money fail; those with nothing left to do wind up."""
    firms, now = world.firms, world.now
    rows, broke = kernel.leaving(
        world.alive, world.month, world.assets.sponsor[world.state["marketed"]], firms.kind, firms.founded, firms.cash,
        firms.income_12, firms.candidates, firms.products, now["turnover.credit_line"],
        now["turnover.idle_cash"] * world.prices(2020),
    )  # fmt: skip
    fail(world, rows, np.where(broke, INSOLVENCY, WOUND_UP))


def fail(world: World, rows: np.ndarray, reason: np.ndarray) -> None:
    """End firms: partners keep what they hold, the rest of their pipeline ends with them."""
    if not len(rows):
        return
    firms, assets, deals = world.firms, world.assets, world.deals
    world.event(CLOSED, firms.home[rows], rows)
    gone = np.zeros(len(firms), bool)
    gone[rows] = True
    party = kernel.parties(gone, deals.payee, deals.payer, deals.ended, NEVER)
    approved = gone[assets.sponsor[world.state["marketed"]]].any()
    if firms.candidates[rows].any() or firms.products[rows].any() or len(party) or approved:
        pass_on(world, gone | (firms.exited < NEVER))
        mine = where_marked(world.pipeline, assets.sponsor, gone)
        mine = mine[(assets.ended[mine] == NEVER) & (assets.phase[mine] < MARKETED)]
        close_trials(world, mine, TERMINATED)
        end(world, mine, MONEY)
        close(world, party, PARTNER_GONE)
        sell_products(world, gone)
    world.ledger.pay(firms.cash, rows, firms.cash[rows].copy(), FORMER)
    exits(world, rows, reason)


def pass_on(world: World, gone: np.ndarray) -> None:
    """Rights of failed licensees return to the sponsor; failed sponsors leave them to a licensee."""
    assets = world.assets
    held = np.concatenate([
        kernel.concerned(rows, gone, assets.deals, assets.ended, NEVER, assets.sponsor, assets.holder)
        for rows in (world.pipeline, world.state["marketed"])
    ])  # fmt: skip
    if not len(held):
        return
    holder, sponsor = assets.holder[held], assets.sponsor[held]
    lost = gone[holder] & ~gone[sponsor][:, None]
    row, region = np.nonzero(lost)
    assets.holder[held[row], region] = sponsor[row]
    assets.deal[held[row], region] = -1
    orphaned = np.flatnonzero(gone[sponsor])
    others = ~gone[assets.holder[held[orphaned]]]
    heir_row = orphaned[others.any(axis=1)]
    heir = assets.holder[held[heir_row], others[others.any(axis=1)].argmax(axis=1)]
    hand_over(world, held[heir_row], heir)
    mine = assets.holder[held[heir_row]]
    assets.holder[held[heir_row]] = np.where(gone[mine], heir[:, None], mine)


def sell_products(world: World, gone: np.ndarray) -> None:
    """Products of failed firms go to the largest firm of the region, their negotiations with them."""
    firms, positions, assets = world.firms, world.positions, world.assets
    living = world.alive[~gone[world.alive]]
    sold = world.state["marketed"]
    sold = sold[gone[assets.sponsor[sold]]]
    filings, listings = world.filings, world.listings
    lost = kernel.left_behind(positions.active, True, positions.firm, gone)
    files = kernel.left_behind(filings.outcome, PENDING, filings.filer, gone)
    talks = kernel.left_behind(listings.outcome, PENDING, listings.filer, gone)
    if not len(living) or not (len(sold) or len(lost) or len(files) or len(talks)):
        return
    best = living[(firms.commercial[living] * np.log1p(firms.sales_12[living])[:, None]).argmax(axis=0)]
    dead = gone | (firms.exited < NEVER)
    positions.firm[lost] = heir = heirs(world, positions.asset[lost], positions.region[lost], dead, best)
    step(heir, 1, firms.products)
    filings.filer[files] = heirs(world, filings.asset[files], filings.regulator[files], dead, best)
    listings.filer[talks] = heirs(world, listings.asset[talks], listings.region[talks], dead, best)
    assets.holder[sold] = np.where(gone[assets.holder[sold]], best, assets.holder[sold])
    hand_over(world, sold, assets.holder[sold, 0])


def heirs(world: World, asset: np.ndarray, region: np.ndarray, dead: np.ndarray, best: np.ndarray) -> np.ndarray:
    """Who goes on with assets in regions (rows,): the holder of the rights, or the ``best`` firm of the region (10,).

    It takes the rights of holders that are ``dead`` (firms,).
    """
    holder = world.assets.holder[asset, region]
    heir = np.where(dead[holder], best[region], holder)
    world.assets.holder[asset, region] = heir
    return heir


def found(world: World) -> None:
    """New research firms: the science base brings founders, investors and governments the money for their starts.

    Neither makes up for the other (Cobb and Douglas 1928), and returns to both may fall: ideas are crowded.
    """
    now, state = world.now, world.state
    venture = now["capital.venture"] * state["equity_kept"] * now["capital.supply"] * np.exp(state["climate"][0])
    money = venture + now["capital.state"]
    seed = now["turnover.seed"] * world.prices(2020) * now["science.discovery_cost"] ** now["turnover.cost_elasticity"]
    usual = now["turnover.usual_starts"]
    starts = (money / seed / usual) ** now["turnover.entry_elasticity"]
    starts *= (now["science.base"] * state["talent"]) ** now["turnover.founder_elasticity"]
    rate = now["turnover.seed_share"] * usual * starts / 12 * world.scale
    state["entry_credit"] += rate
    number = np.floor(state["entry_credit"]).astype(np.int64)
    state["entry_credit"] -= number
    region = np.repeat(np.arange(REGION_COUNT), number)
    if len(region):
        private = (venture / np.maximum(money, 1e-9))[region]
        draw_on(world, total(region, seed[region] * private, REGION_COUNT))
        start_firms(world, region, seed[region], private)


def draw_on(world: World, amount: np.ndarray) -> None:
    """Take what venture funds put into new firms, million US$ (10,), out of what they can still place."""
    investors = world.investors
    rows = np.flatnonzero(~investors.public)
    region = investors.region[rows]
    there = total(region, investors.capital[rows], REGION_COUNT)
    left = 1 - np.minimum(amount / np.maximum(there, 1e-9), 1)
    investors.capital[rows] *= left[region]


def start_firms(world: World, region: np.ndarray, money: np.ndarray, private: np.ndarray | float = 1.0) -> np.ndarray:
    """Found research firms at home in regions, with seed money and the work for a first candidate.

    ``private`` is the part of the money that investors give; governments give the rest.
    """
    firms, state = world.firms, world.state
    rank = np.arange(len(region)) - np.searchsorted(region, region, side="left")
    ordinal = state["founded"][region].astype(np.int64) + rank
    step(region, 1, state["founded"])
    identity = (region.astype(np.int64) << REGION_SHIFT) | ordinal
    rows = firms.append(len(region), firm=identity, home=region, founded=world.month,
                        raised=world.month, **character(world, identity, region))  # fmt: skip
    world.ledger.receive(firms.cash, rows, money * private, VENTURE)
    world.ledger.receive(firms.cash, rows, money * (1 - private), GOVERNMENTS)
    world.flow("entries", region)
    world.flow("venture", region, money * private)
    world.alive = np.concatenate([world.alive, rows])
    for name in ("pipeline_worth", "programmes_ahead", "late_assets", "clinical_assets", "gap"):
        state[name] = np.concatenate([state[name], np.zeros(len(rows))])
    return rows


def character(world: World, identity: np.ndarray, region: np.ndarray) -> dict[str, np.ndarray]:
    """What a new research firm is like."""
    state = world.state
    luck = dict(zip(CHARACTER, world.draws.together(tuple(f"firm.{n}" for n in CHARACTER), identity), strict=True))
    home = np.arange(REGION_COUNT) == region[:, None]
    return {
        "science": within(inverse_normal(luck["science"]), -4, 4),
        "focus": pick(luck["focus"], state["attraction"]),
        "second_focus": pick(luck["second"], state["attraction"]),
        "bureaucracy": 0.1 * luck["bureaucracy"],
        "stance": 0.3 + 0.4 * luck["stance"],
        "know_how": 0.2 + 0.2 * luck["know_how"],
        "regulatory": np.where(home, 0.35, 0.1), "access": np.where(home, 0.1, 0.02),
        "commercial": np.where(home, 0.05, 0.0), "trust": np.where(home, world.now["capability.home_trust"], 0.03),
        "credit": 1.0 + 0.5 * luck["credit"],
    }  # fmt: skip


def update_gap(world: World) -> None:
    """Patent cliff of each firm: share of its sales that loses protection within five years."""
    positions = world.positions
    live = positions.active & ~positions.mature
    soon = live & (positions.protected > world.month) & (positions.protected < world.month + 60)
    size = len(world.firms)
    lost = total(positions.firm[soon], positions.sales[soon], size)
    whole = total(positions.firm[live], positions.sales[live], size)
    world.state["gap"] = np.where(whole > 0, lost / np.maximum(whole, 1e-9), 0.0)
