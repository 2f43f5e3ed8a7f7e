"""Alliances end: rights go back to the licensor, the pair remembers, the public hears of it."""

from __future__ import annotations

import numpy as np

from agents.decisions.review import PENDING
from model.clock import NEVER
from model.labels import FILED
from model.ledger import Ledger
from model.mechanisms.alliances import memory
from model.mechanisms.alliances.forming import of_deals
from model.mechanisms.alliances.log import ENDED_BY_PARTNER, tell
from model.mechanisms.alliances.log import RETURNED as TOLD_RETURNED
from model.mechanisms.contracts import COST_SHARE, RETURNED, close, hand_over
from model.mechanisms.trials import STRATEGY, TERMINATED, close_trials, end
from model.world import World


def depart(world: World, rows: np.ndarray) -> None:
    """Notices take effect: licensees leave, unless a product has come to market meanwhile."""
    if not len(rows):
        return
    alliances = world.alliances
    rows = rows[world.deals.ended[alliances.deal[rows]] == NEVER]
    stays = ~can_end(world, rows)
    alliances.leaves[rows[stays]] = NEVER
    end_alliances(world, rows[~stays], RETURNED)


def can_end(world: World, rows: np.ndarray) -> np.ndarray:
    """Whether nothing is sold under the contracts yet, bool (rows,): both would lose by ending those."""
    alliances, assets = world.alliances, world.assets
    asset = alliances.asset[rows]
    under = assets.deal[asset] == alliances.deal[rows][:, None]
    return under.any(axis=1) & ~(under & (assets.position[asset] >= 0)).any(axis=1)


def end_alliances(world: World, rows: np.ndarray, reason: int) -> None:
    """End alliances by the will of the licensee (returned) or of the licensor after a dispute (terminated)."""
    if not len(rows):
        return
    alliances, deals, firms = world.alliances, world.deals, world.firms
    deal = alliances.deal[rows]
    leaver = deals.payer[deal] if reason == RETURNED else deals.payee[deal]
    firms.conduct[leaver] *= 1 - world.now["alliance.defection_loss"]
    world.flow("terminations", deals.seller_home[deal])
    tell(world, rows, TOLD_RETURNED if reason == RETURNED else ENDED_BY_PARTNER)
    close(world, deal, reason)
    return_rights(world, rows)
    leave(world, rows)


def leave(world: World, rows: np.ndarray) -> None:
    """Take alliances off the lists; what their partners think of each other stays with the pair."""
    alliances, deals, assets, state = world.alliances, world.deals, world.assets, world.state
    years = (world.month - alliances.started[rows]) / 12
    memory.keep(world, alliances.tie[rows], alliances.trust[rows], years)
    state["allied"] = state["allied"][deals.ended[alliances.deal[state["allied"]]] == NEVER]
    asset = alliances.asset[rows]
    asset = asset[assets.alliance[asset] == rows]
    assets.alliance[asset] = other_alliance(world, asset)


def other_alliance(world: World, asset: np.ndarray) -> np.ndarray:
    """Another living alliance on each asset, -1 for none, (assets,)."""
    contract = world.assets.deal[asset]
    good = (contract >= 0) & (world.deals.ended[contract] == NEVER) if len(world.deals) else contract >= 0
    return of_deals(world, np.where(good, contract, -1).max(axis=1)) if len(asset) else asset


def return_rights(world: World, rows: np.ndarray) -> None:
    """Licensors get their regions back, with development, files and negotiations; half of the assets go on."""
    alliances, deals, assets = world.alliances, world.deals, world.assets
    deal, asset = alliances.deal[rows], alliances.asset[rows]
    licensor, licensee = deals.payee[deal], deals.payer[deal]
    row, region = np.nonzero(assets.deal[asset] == deal[:, None])
    assets.holder[asset[row], region] = licensor[row]
    assets.deal[asset[row], region] = -1
    alliances.reversion[rows] = world.now["deal.reversion_royalty"] * (assets.phase[asset] > deals.phase[deal])
    move_files(world, asset)
    led = assets.sponsor[asset] == licensee
    led &= ~(assets.holder[asset] == licensee[:, None]).any(axis=1) & (assets.ended[asset] == NEVER)
    hand_over(world, asset[led], licensor[led])
    give_up(world, rows[led])
    wind_down(world, deal[led], asset[led], licensee[led], licensor[led])


def move_files(world: World, asset: np.ndarray) -> None:
    """Files and negotiations under way follow the rights."""
    assets = world.assets
    if not assets.filed_bits[asset].any():
        return
    for table, place in ((world.filings, world.filings.regulator), (world.listings, world.listings.region)):
        open_ = np.flatnonzero((table.outcome == PENDING) & np.isin(table.asset, asset))
        table.filer[open_] = assets.holder[table.asset[open_], place[open_]]


def wind_down(world: World, deal: np.ndarray, asset: np.ndarray, licensee: np.ndarray, licensor: np.ndarray) -> None:
    """Who leaves during a trial pays what it still costs."""
    assets = world.assets
    left = assets.burn[asset] * np.clip(assets.due[asset].astype(np.int64) - world.month, 0, 120)
    paid = left > 0
    deal, licensee, licensor, left = deal[paid], licensee[paid], licensor[paid], left[paid]
    Ledger.transfer(world.firms.cash, licensee, licensor, left)
    world.logs["payments"].add(len(deal), deal=deal, month=world.month, trigger=COST_SHARE,
                               payer=licensee, payee=licensor, amount=left)  # fmt: skip


def give_up(world: World, rows: np.ndarray) -> None:
    """Half of the returned assets have nobody who believes in them any more."""
    alliances, assets = world.alliances, world.assets
    asset = alliances.asset[rows]
    luck = world.draws.uniform("alliance.returned", alliances.identity[rows])
    alone = (assets.holder[asset] == assets.sponsor[asset][:, None]).all(axis=1)
    early = (assets.phase[asset] < FILED) & (assets.ended[asset] == NEVER)
    lost = asset[(luck >= world.now["alliance.asset_continues_after_termination"]) & alone & early]
    close_trials(world, lost, TERMINATED)
    end(world, lost, STRATEGY)
