"""What pairs of firms remember of each other, and what everybody knows of a firm as a partner."""

from __future__ import annotations

import numpy as np

from model.arrays import within
from model.clock import NEVER
from model.kernels import memory as kernel
from model.kernels.firms import pass_open
from model.kernels.grouping import add
from model.world import World

FAIR = 0.5
"""Public record of a firm of whom nobody has heard."""


OLDEST = 1200
"""Months before the run from which there may be memories, at most."""
TRUSTED = 0.2
"""Trust above that of strangers from which a partner of earlier is asked as often as any can be."""


def pair_key(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Key of unordered pairs of firms (rows), int64 (pairs,)."""
    return (np.minimum(one, other).astype(np.int64) << 32) | np.maximum(one, other)


def find(world: World, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Row of the memory of each pair of firms (rows), -1 where they never worked together, (pairs,)."""
    keys, rows = world.state["tie_key"], world.state["tie_row"]
    return kernel.find_pairs(one.astype(np.int64), other.astype(np.int64), keys, rows)


def tie(world: World, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Row of the memory of each pair of firms, new ones included, (pairs,)."""
    found = find(world, one, other)
    strangers = found < 0
    if strangers.any():
        new = np.unique(pair_key(one[strangers], other[strangers]))
        rows = world.ties.append(len(new), low=new >> 32, high=new & 0xFFFFFFFF, month=world.month,
                                 trust=world.now["alliance.initial_trust_stranger"])  # fmt: skip
        add_to_index(world, new, rows)
        found[strangers] = find(world, one[strangers], other[strangers])
    return found


def add_to_index(world: World, keys: np.ndarray, rows: np.ndarray) -> None:
    """Enter sorted keys of pairs that the index does not hold."""
    state = world.state
    state["tie_key"], state["tie_row"] = kernel.entered(state["tie_key"], state["tie_row"], keys, rows)


def expected_trust(world: World, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Trust with which each pair of firms (rows) would begin an alliance, 0-1, (pairs,).

    Strangers go by what is said of the other one; familiarity breeds trust (Gulati 1995), and what the last
    alliance left counts as much as that there was one. Memory fades with the years without contact.
    """
    now, ties, state = world.now, world.ties, world.state
    return kernel.expected_trust(
        one.astype(np.int64), other.astype(np.int64), state["tie_key"], state["tie_row"], world.firms.conduct,
        ties.trust, ties.month, world.month, np.float32(now["alliance.initial_trust_stranger"]),
        np.float32(now["alliance.network_visibility"]), np.float32(now["alliance.initial_trust_prior_tie"]),
        np.float32(FAIR), world.once(fading),
    )  # fmt: skip


def fading(world: World) -> np.ndarray:
    """What is left of a memory by the months since then, (months,)."""
    return np.exp(-world.now["alliance.trust_decay"] * np.arange(world.month + OLDEST) / 12)


def appeal(world: World, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """What the trust of a pair makes of the value of a deal between them, about 1, (pairs,)."""
    now = world.now
    trust = expected_trust(world, one, other)
    return np.exp(now["alliance.memory_value"] * (trust - now["alliance.initial_trust_stranger"]))


def familiar(world: World, firm: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """The latest partner of each firm (rows), the likelier the more it is trusted (``luck`` decides), and else -1."""
    partner = world.firms.partner[firm]
    mine = np.flatnonzero(partner >= 0)
    trust = expected_trust(world, firm[mine], partner[mine]) - world.now["alliance.initial_trust_stranger"]
    chance = world.now["alliance.repeat_contact"] * within(trust / TRUSTED, 0, 1)
    mine = mine[(luck[mine] < chance) & (world.firms.exited[partner[mine]] == NEVER)]
    met = np.full(len(firm), -1)
    met[mine] = partner[mine]
    return met


def keep(world: World, tie_rows: np.ndarray, trust: np.ndarray, years: np.ndarray | None = None) -> None:
    """Write what pairs think of each other now; ``years`` of alliances have ended."""
    ties = world.ties
    ties.trust[tie_rows] = within(trust, 0.0, 1.0)
    ties.month[tie_rows] = world.month
    if years is not None:
        add(tie_rows, years, ties.years)


def forgive(world: World) -> None:
    """Once a year the public record of everybody drifts back to that of a stranger."""
    conduct = world.firms.conduct
    conduct += (FAIR - conduct) * (1 - world.now["alliance.reputation_memory"])


def inherit(world: World, heir: np.ndarray) -> None:
    """Memories of firms that merged pass on to their heirs (``heir`` maps rows of firms to rows)."""
    ties, state, rows = world.ties, world.state, world.state["tie_row"]
    gone = kernel.touched(rows, ties.low, ties.high, heir)
    pass_open(world.firms.partner >= 0, True, heir, world.firms.partner)
    moved = np.sort(rows[gone])  # those that were joined to others before are in no index and stay what they were
    if not len(moved):
        return
    state["tie_key"], state["tie_row"] = state["tie_key"][~gone], rows[~gone]
    one, other = heir[ties.low[moved]], heir[ties.high[moved]]
    ties.low[moved], ties.high[moved] = np.minimum(one, other), np.maximum(one, other)
    moved = moved[one != other]
    key = pair_key(ties.low[moved], ties.high[moved])
    new, first = np.unique(key, return_index=True)
    fresh = find(world, ties.low[moved[first]], ties.high[moved[first]]) < 0
    add_to_index(world, new[fresh], moved[first[fresh]])
    join(world, moved, find(world, ties.low[moved], ties.high[moved]))


def join(world: World, moved: np.ndarray, into: np.ndarray) -> None:
    """Memories of one pair become one: the latest trust, the sum of years and deals."""
    ties = world.ties
    double = moved != into
    moved, into = moved[double], into[double]
    if not len(moved):
        return
    order = np.argsort(ties.month[moved], kind="stable")  # of several the latest is written last
    moved, into = moved[order], into[order]
    later = ties.month[moved] > ties.month[into]
    keep_trust, keep_month = ties.trust[moved[later]], ties.month[moved[later]]
    ties.trust[into[later]], ties.month[into[later]] = keep_trust, keep_month
    np.add.at(ties.years, into, ties.years[moved])
    np.add.at(ties.deals, into, ties.deals[moved])
    target = np.arange(len(ties))
    target[moved] = into
    world.alliances.tie[:] = target[world.alliances.tie]
