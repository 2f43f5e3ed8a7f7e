"""Alliances end: rights go back to the licensor, the pair remembers, the public hears of it."""

from __future__ import annotations

import numpy as np

from agents.decisions.review import PENDING
from model.arrays import within
from model.clock import NEVER
from model.kernels import alliances as kernel
from model.kernels.evidence import open_of
from model.labels import FILED
from model.mechanisms.alliances import memory
from model.mechanisms.alliances.forming import of_deals
from model.mechanisms.alliances.log import ENDED_BY_PARTNER, FAILURE, tell
from model.mechanisms.alliances.log import RETURNED as TOLD_RETURNED
from model.mechanisms.contracts import COST_SHARE, FAILED, RETURNED, close, hand_over, payments
from model.mechanisms.contracts import TERMINATED as CONTRACT_TERMINATED
from model.mechanisms.trials import STRATEGY, TERMINATED, close_trials, end, readout_month
from model.world import World

LICENSEE, LICENSOR = 1, 2
"""Who ends an alliance."""


def finish(world: World, over: np.ndarray, due: np.ndarray) -> None:
    """Close the books of contracts that are over; terminations take effect that are due."""
    close_books(world, over)
    able = can_end(world, due)
    stays = due[~able]  # a product came to market meanwhile
    world.alliances.leaves[stays], world.alliances.leaver[stays] = NEVER, 0
    end_alliances(world, due[able])
    leave(world, np.concatenate([over, due[able]]))


def close_books(world: World, rows: np.ndarray) -> None:
    """Alliances whose contracts have ended elsewhere: failure of the asset costs trust, less with openness."""
    if not len(rows):
        return
    alliances = world.alliances
    reason = world.deals.end_reason[alliances.deal[rows]]
    loss = world.now["alliance.trust_loss_trial_failure"] * (1 - 0.5 * alliances.transparency[rows])
    alliances.trust[rows] = np.maximum(alliances.trust[rows] - loss * (reason == FAILED), 0.0)
    tell(world, rows, FAILURE + reason - FAILED)


def can_end(world: World, rows: np.ndarray) -> np.ndarray:
    """Whether nothing is sold under the contracts yet, bool (rows,): both would lose by ending those."""
    alliances, assets = world.alliances, world.assets
    return kernel.can_end(rows, alliances.asset, alliances.deal, assets.deal, assets.position)


def end_alliances(world: World, rows: np.ndarray) -> None:
    """End alliances (rows) by the will of the licensee (returned) or of the licensor (terminated)."""
    if not len(rows):
        return
    alliances, deals, firms = world.alliances, world.deals, world.firms
    deal = alliances.deal[rows]
    left = alliances.leaver[rows] == LICENSEE
    leaver = np.where(left, deals.payer[deal], deals.payee[deal])
    firms.conduct[leaver] *= 1 - world.now["alliance.defection_loss"]
    world.flow("terminations", deals.seller_home[deal])
    tell(world, rows, np.where(left, TOLD_RETURNED, ENDED_BY_PARTNER))
    return_rights(world, rows)
    close(world, deal[left], RETURNED)
    close(world, deal[~left], CONTRACT_TERMINATED)


def leave(world: World, rows: np.ndarray) -> None:
    """Take alliances off the lists; what their partners think of each other stays with the pair."""
    if not len(rows):
        return
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
    world.state["reverted"] = np.concatenate([world.state["reverted"], rows[alliances.reversion[rows] > 0]])
    move_files(world, asset)
    led = assets.sponsor[asset] == licensee
    led &= ~(assets.holder[asset] == licensee[:, None]).any(axis=1) & (assets.ended[asset] == NEVER)
    hand_over(world, asset[led], licensor[led])
    give_up(world, rows[led])
    wind_down(world, deal[led], asset[led], licensee[led], licensor[led])


def move_files(world: World, asset: np.ndarray) -> None:
    """Files and negotiations under way follow the rights."""
    assets = world.assets
    filings, listings = world.filings, world.listings
    for table, place, begun in ((filings, filings.regulator, assets.open_filings),
                                (listings, listings.region, assets.negotiated)):  # fmt: skip
        if not begun[asset].any():
            continue
        open_ = open_of(asset, table.asset, table.outcome, PENDING, len(assets))
        table.filer[open_] = assets.holder[table.asset[open_], place[open_]]


def wind_down(world: World, deal: np.ndarray, asset: np.ndarray, licensee: np.ndarray, licensor: np.ndarray) -> None:
    """Who leaves during a trial pays its part of what that still costs: all of it unless the partners share costs."""
    assets = world.assets
    left = within(readout_month(world, asset) - world.month, 0, 120)
    part = assets.burn[asset] * (1 - world.deals.profit_share[deal])
    payments(world, deal, licensee, licensor, part * left, COST_SHARE)


def give_up(world: World, rows: np.ndarray) -> None:
    """Half of the returned assets have nobody who believes in them any more."""
    alliances, assets = world.alliances, world.assets
    asset = alliances.asset[rows]
    luck = world.draws.uniform("alliance.returned", alliances.identity[rows])
    alone = (assets.holder[asset] == assets.sponsor[asset][:, None]).all(axis=1)
    early = (assets.phase[asset] < FILED) & (assets.ended[asset] == NEVER)
    dropped = luck >= world.now["alliance.asset_continues_after_termination"]
    lost = asset[dropped & alone & early].astype(np.int64)
    close_trials(world, lost, TERMINATED)
    end(world, lost, STRATEGY)
