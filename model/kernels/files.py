"""Files for regulators, one by one: what they cost, how long they take to write, which pathway they get.

``home`` is the region of each firm, ``region`` the regulator; matrices of regions have home first.
"""

from __future__ import annotations

import numpy as np

from agents.compiling import compiled, inner
from model.kernels.luck import unit

CLOSED = -1e9
"""Value of a filing that is not possible, million US$."""


@compiled
def open_value(
    regions: np.ndarray, asset: np.ndarray, filed: np.ndarray, separate: np.ndarray, net: np.ndarray
) -> np.ndarray:
    """The ``net`` value of filing assets (rows) where it is possible, :data:`CLOSED` elsewhere, (rows, 10).

    It is where a holder has the ``regions``, bool (rows, 10), has not ``filed`` (bits of each asset) yet, and the
    regulator decides ``separate`` from others, bool (10,).
    """
    found = np.full(net.shape, CLOSED)
    for i, row in enumerate(asset):
        for region in range(net.shape[1]):
            if regions[i, region] and separate[region] and not filed[row] >> region & 1:
                found[i, region] = net[i, region]
    return found


@compiled
def together(
    wanted: np.ndarray, value: np.ndarray, home: np.ndarray, sequential: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(regions to file in now, bool (rows, 10), whether these are several, bool (rows,)) of the ``wanted`` ones.

    Only where they are of ``value``. Who files one after another (``sequential``) begins at ``home`` or, if that is not
    among them, where it is worth most.
    """
    chosen, several = np.zeros(wanted.shape, np.bool_), np.zeros(len(home), np.bool_)
    for i in range(len(home)):
        number, best = 0, -1
        for region in range(wanted.shape[1]):
            if wanted[i, region] and value[i, region] > 0.0:
                chosen[i, region] = True
                number += 1
                if best < 0 or (best != home[i] and (region == home[i] or value[i, region] > value[i, best])):
                    best = region
        if sequential[i] and number:
            chosen[i] = False
            chosen[i, best] = True
        several[i] = number > 1 and not sequential[i]
    return chosen, several


@compiled
def saved(filer: np.ndarray, home: np.ndarray, ai: np.ndarray, served: np.ndarray, spillover: float,
          culture: np.ndarray, documents: float, translation: float) -> np.ndarray:  # fmt: skip
    """Share of the preparation of files that AI saves their filers, by regulator, (rows, 10).

    Users save as far as they are ``served`` (10,), others by ``spillover``; the more the cultures of filer and
    regulator differ, the more of it is ``translation`` instead of ``documents``.
    """
    found = np.empty((len(filer), len(served)))
    for i, who in enumerate(filer):
        level = max(served[home[who]] if ai[who] else 0.0, spillover)
        for region in range(len(served)):
            found[i, region] = level * (documents + culture[home[who], region] * (translation - documents))
    return found


@compiled
def cost(filer: np.ndarray, studied: np.ndarray, regulatory: np.ndarray, distance: np.ndarray, fee: np.ndarray,
         dossier: float, prices: float, less: np.ndarray) -> np.ndarray:  # fmt: skip
    """Cost of files by regulator, million US$, (rows, 10): fee, and a dossier at ``prices``, by ``distance``.

    That of the regions ``studied`` (rows,), as bits, from what the regulator asks for (sets of regions, 10).

    Skill (``regulatory`` by firm and region) makes dossiers cheaper, and AI by what it takes off (``less``).
    """
    found = np.empty(less.shape)
    for i, who in enumerate(filer):
        for region in range(less.shape[1]):
            writing = dossier * (0.4 + distance[studied[i], region])
            writing *= np.float32(1.3) - regulatory[who, region]
            found[i, region] = fee[region] + writing * prices * (1.0 - less[i, region])
    return found


@inner
def claim_of(row: int, orphan: np.ndarray, novel: np.ndarray, need: np.ndarray, indication: np.ndarray,
             weights: tuple[float, float, float]) -> float:  # fmt: skip
    """Claim of an asset to a faster way, in logits: orphan status, novelty and unmet need, weighed."""
    return weights[0] * orphan[row] + weights[1] * novel[row] + weights[2] * (need[indication[row]] - 0.6)


@compiled
def claims(rows: np.ndarray, orphan: np.ndarray, novel: np.ndarray, need: np.ndarray, indication: np.ndarray,
           weights: tuple[float, float, float]) -> np.ndarray:  # fmt: skip
    """Claims of assets (rows), (rows,); see :func:`claim_of`."""
    found = np.empty(len(rows))
    for i, row in enumerate(rows):
        found[i] = claim_of(row, orphan, novel, need, indication, weights)
    return found


@compiled
def pathways(
    asset: np.ndarray, region: np.ndarray, fast_base: np.uint64, trust_base: np.uint64, never: int,
    identity: np.ndarray, orphan: np.ndarray, novel: np.ndarray, indication: np.ndarray, first_approval: np.ndarray,
    need: np.ndarray, weights: tuple[float, float, float], usual: float, granted: np.ndarray, fast_days: np.ndarray,
    relies: np.ndarray, codes: tuple[int, int, int],
) -> np.ndarray:  # fmt: skip
    """Pathway of files, (rows,), as ``codes`` of (standard, expedited, reliance).

    Expedited for orphan status, novelty and need (see :func:`claim_of`) beyond the ``usual`` claim, by the log-odds
    with which it is ``granted``; elsewhere regulators (not FDA or EMA) rely on an approval abroad with the chance
    ``relies``.
    """
    standard, expedited, reliance = codes
    found = np.full(len(asset), standard)
    for i, row in enumerate(asset):
        desk = region[i]
        claim = claim_of(row, orphan, novel, need, indication, weights)
        chance = 1.0 / (1.0 + np.exp(-(granted[desk] + claim - usual)))
        if fast_days[desk] > 0.0 and unit(fast_base, identity[row], desk) < chance:
            found[i] = expedited
        elif desk >= 2 and first_approval[row] < never and unit(trust_base, identity[row], desk) < relies[desk]:
            found[i] = reliance
    return found


@compiled
def under_review(month: int, outcome: np.ndarray, submitted: np.ndarray, regulator: np.ndarray, regulators: int
                 ) -> np.ndarray:  # fmt: skip
    """Number of files handed in and not decided yet by regulator, (regulators,)."""
    found = np.zeros(regulators)
    for file in range(len(outcome)):
        if outcome[file] == 0 and submitted[file] <= month:
            found[regulator[file]] += 1.0
    return found
