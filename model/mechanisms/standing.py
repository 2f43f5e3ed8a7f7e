"""Standing of a region as a source of medicines: what foreign firms have bought and sold of it so far."""

from __future__ import annotations

import numpy as np

from model.kernels.contracts import out_of_region
from model.world import REGION_COUNT, World


def update_standing(world: World) -> None:
    """Trust of foreign firms in what comes from a region, 0-1, (10,): grows with launches and licences abroad.

    A licence or a launch abroad is read as a signal of quality (Nicholson, Danzon and McCullough 2005). First ones are
    hardly noticed, then trust takes off: an S-shaped curve, as of other things that spread (Rogers 1962).
    """
    positions, assets, deals, now = world.positions, world.assets, world.deals, world.now
    launched_and_licensed = out_of_region(
        positions.asset, positions.region, positions.mature, assets.origin, deals.seller_home, deals.buyer_home
    )
    seen = launched_and_licensed / world.scale
    record = (seen / now["licensing.standing_half"]) ** now["licensing.standing_steepness"]
    floor = now["licensing.standing_floor"]
    world.state["standing"] = floor + (1 - floor) * record / (1 + record)


def view_from_abroad(world: World, home: np.ndarray) -> np.ndarray:
    """What partners see of the worth of assets from ``home`` (rows,), by region of the rights, (rows, 10).

    Evidence made under requirements far from those of a region has to be made again there; what comes from a place
    without a record is trusted less. At home nothing is lost.
    """
    now = world.now
    stance = np.minimum(world.state["foreign_data"], 2.0)  # regulators may refuse or welcome data of one country
    usable = 1 - now["licensing.evidence_weight"] * now["requirement.distance"][home]
    usable = usable - now["licensing.stance_weight"] * (1 - stance[home])
    view = usable * world.state["standing"][home][:, None]
    return np.where(np.arange(REGION_COUNT) == home[:, None], 1.0, view)


def views(world: World) -> np.ndarray:
    """:func:`view_from_abroad` by home of the seller and region of the rights, (10, 10)."""
    return view_from_abroad(world, np.arange(REGION_COUNT))
