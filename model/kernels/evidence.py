"""What regulators and payers look up row by row: fitting evidence, standards, open files, prices elsewhere."""

from __future__ import annotations

import numpy as np

from agents.compiling import compiled, inner


@compiled
def acceptance(studied: np.ndarray, closeness: np.ndarray, accepts: np.ndarray, single: np.ndarray) -> np.ndarray:
    """Chance that evidence is fit for each regulator's patients, (rows, 10).

    ``studied`` (rows,) are bits of the regions with data: local data always is fit. Foreign data is with the chance
    that ``accepts`` gives, times ``single`` (region, regulator) where all data come from one region, and for the rest
    as far as requirements are close (``closeness`` (region, regulator)).
    """
    found = np.ones((len(studied), 10))
    for i in range(len(studied)):
        number, only = 0, 0
        for region in range(10):
            if studied[i] >> region & 1:
                number += 1
                only = region
        for regulator in range(10):
            if studied[i] >> regulator & 1:
                continue
            best = 0.0
            for region in range(10):
                if studied[i] >> region & 1:
                    best = max(best, closeness[region, regulator])
            chance = accepts[regulator] * (single[only, regulator] if number == 1 else 1.0)
            chance = min(max(chance, 0.0), 1.0)
            found[i, regulator] = chance + (1.0 - chance) * best
    return found


@compiled
def nearest(distance: np.ndarray) -> np.ndarray:
    """Distance of each set of regions (bits) to a regulator, that of the nearest of them, (2 ** regions, regulators).

    ``distance`` is (region, regulator); the empty set is at distance 1.
    """
    regions = len(distance)
    found = np.ones((1 << regions, distance.shape[1]))
    for region in range(regions):
        for others in range(1 << region):
            for regulator in range(distance.shape[1]):
                own = distance[region, regulator]
                found[1 << region | others, regulator] = min(own, found[others, regulator]) if others else own
    return found


@inner
def highest(level: np.ndarray, bits: int) -> float:
    """Highest level (regions,) of a set of regions by its bits."""
    found = -np.inf
    for region in range(len(level)):
        if bits >> region & 1:
            found = max(found, level[region])
    return found


@compiled
def behind(
    rows: np.ndarray, regulator: np.ndarray, indication: np.ndarray, studied: np.ndarray, standard: np.ndarray
) -> np.ndarray:
    """How far the ``standard`` (indications, 10) of files' regulators is above all where assets were studied, (rows,).

    Medicines shown to beat a lower standard of care than that of the region have not been shown to beat its own.
    """
    found = np.empty(len(rows))
    for i, row in enumerate(rows):
        level = standard[indication[row]]
        found[i] = max(level[regulator[i]] - highest(level, studied[row]), 0.0)
    return found


@compiled
def open_of(rows: np.ndarray, owner: np.ndarray, status: np.ndarray, pending: int, owners: int) -> np.ndarray:
    """Everything pending that belongs to one of ``rows``: places in ``owner``, which names one of ``owners``."""
    wanted = np.zeros(owners, np.bool_)
    for row in rows:
        wanted[row] = True
    found, number = np.empty(len(owner), np.int64), 0
    for place in range(len(owner)):
        if status[place] == pending and wanted[owner[place]]:
            found[number] = place
            number += 1
    return found[:number].copy()


@compiled
def first_launches(
    after: int, until: int, launched: np.ndarray, active: np.ndarray, mature: np.ndarray, asset: np.ndarray,
    area: np.ndarray, wanted: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """First active position of each asset of the ``wanted`` areas, launched between two months, no old original."""
    seen = np.zeros(len(area), np.bool_)
    found, number = np.empty(len(asset), np.int64), 0
    for row in range(len(asset)):
        if launched[row] <= after or launched[row] > until or not active[row] or mature[row]:
            continue
        if wanted[area[asset[row]]] and not seen[asset[row]]:
            seen[asset[row]] = True
            found[number] = row
            number += 1
    return found[:number].copy()


@compiled
def elsewhere(
    page: np.ndarray, payer: np.ndarray, region: np.ndarray, net: np.ndarray, basket: np.ndarray, home: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(lowest net price in the payer's basket, mean net price in other regions), infinite where there is none, (rows,).

    ``net`` (pages, payers) are prices agreed so far, 0 where none; ``home`` the region of each payer.
    """
    lowest, mean = np.full(len(page), np.inf), np.full(len(page), np.inf)
    agreed, size = np.empty(net.shape[1], np.int64), 0  # payers with a price on the page
    for i in range(len(page)):
        turned = i == 0 or page[i] != page[i - 1]
        if turned:
            size = 0
            for other in range(net.shape[1]):
                if net[page[i], other] > 0.0:
                    agreed[size] = other
                    size += 1
        for other in agreed[:size]:
            if basket[payer[i], other]:
                lowest[i] = min(lowest[i], net[page[i], other])
        if not turned and region[i] == region[i - 1]:
            mean[i] = mean[i - 1]
            continue
        number, total = 0, 0.0
        for other in agreed[:size]:
            if home[other] != region[i]:
                number += 1
                total += net[page[i], other]
        if number:
            mean[i] = total / number
    return lowest, mean
