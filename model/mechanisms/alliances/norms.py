"""Good practice in alliances: pioneers begin, partners take it up from each other."""

from __future__ import annotations

import numpy as np

from model.world import World


def spread(world: World) -> None:
    """Once a year firms take up good practice: by themselves (the well connected sooner) and from partners.

    Norms spread along ties (DiMaggio and Powell 1983); nobody gives them up.
    """
    firms, now = world.firms, world.now
    rows = world.alive[~firms.practice[world.alive]]
    central = now["practice.central"]
    alone = now["practice.pioneers"] * (1 - central + 2 * central * connected(world, rows))
    rate = alone + now["practice.contagion"] * examples(world)[rows]
    luck = world.draws.uniform("practice", firms.firm[rows], world.month)
    firms.practice[rows[luck < 1 - np.exp(-rate)]] = True


def connected(world: World, rows: np.ndarray) -> np.ndarray:
    """Rank of firms (rows) by their alliances so far among all living ones, 0-1 with a mean of a half."""
    ranked = np.sort(world.firms.alliances[world.alive])
    mine = world.firms.alliances[rows]
    return (np.searchsorted(ranked, mine) + np.searchsorted(ranked, mine, "right")) / max(2 * len(ranked), 1)


def examples(world: World) -> np.ndarray:
    """Living alliances of each firm with a partner that keeps to good practice, (firms,)."""
    firms, deals = world.firms, world.deals
    deal = world.alliances.deal[world.state["allied"]]
    one, other = deals.payee[deal], deals.payer[deal]
    mine, partner = np.concatenate([one, other]), np.concatenate([other, one])
    return np.bincount(mine[firms.practice[partner]], minlength=len(firms))
