"""Clinical programmes row by row: odds, cost, recruitment, length; load on the sites of each region.

Rows are assets; ``phase`` (rows,) is the phase that they pass or enter. Regions are columns 0-9.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit


@njit
def _take(trial: int, regions: np.ndarray, patients: np.ndarray, enrolment: np.ndarray, capacity: np.ndarray,
          into: np.ndarray) -> None:  # fmt: skip
    """Add the patients a year of one trial to its regions, shared out by trial capacity."""
    there = 0.0
    for region in range(len(capacity)):
        if regions[trial] >> region & 1:
            there += capacity[region]
    rate = patients[trial] / max(enrolment[trial], 3.0) * 12.0 / max(there, 1e-9)
    for region in range(len(capacity)):
        if regions[trial] >> region & 1:
            into[region] += rate * capacity[region]


@njit(cache=True)
def load(rows: np.ndarray, trial: np.ndarray, regions: np.ndarray, patients: np.ndarray, enrolment: np.ndarray,
         capacity: np.ndarray) -> np.ndarray:  # fmt: skip
    """Patients a year that the running trials of assets (rows) take from each region, (10,)."""
    taken = np.zeros(len(capacity))
    for row in rows:
        if trial[row] >= 0:
            _take(trial[row], regions, patients, enrolment, capacity, taken)
    return taken


@njit(cache=True)
def close(
    rows: np.ndarray, outcome: np.ndarray, month: int, capacity: np.ndarray, regions: np.ndarray, patients: np.ndarray,
    enrolment: np.ndarray, sponsor: np.ndarray, trial: np.ndarray, burn: np.ndarray, trial_burn: np.ndarray,
    ended: np.ndarray, result: np.ndarray, used: np.ndarray,
) -> None:  # fmt: skip
    """End the running trials of assets (rows): sponsors stop paying, and the regions ``used`` (10,) get room."""
    taken = np.zeros(len(capacity))
    for i, row in enumerate(rows):
        trial_burn[sponsor[row]] -= burn[row]
        burn[row] = 0.0
        if trial[row] >= 0:
            _take(trial[row], regions, patients, enrolment, capacity, taken)
            ended[trial[row]], result[trial[row]] = month, outcome[i]
        trial[row] = -1
    for row in rows:
        trial_burn[sponsor[row]] = max(trial_burn[sponsor[row]], 0.0)
    for region in range(len(used)):
        used[region] = max(used[region] - taken[region], 0.0)


@njit(cache=True)
def odds(
    rows: np.ndarray, phase: np.ndarray, area: np.ndarray, modality: np.ndarray, indication: np.ndarray,
    sponsor: np.ndarray, quality: np.ndarray, risk: np.ndarray, biomarker: np.ndarray, orphan: np.ndarray,
    novel: np.ndarray, know_how: np.ndarray, success: np.ndarray, by_modality: np.ndarray, weights: np.ndarray,
    validated: float, execution: float, bar: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Log-odds of passing a phase, (rows,): the average by area and modality, moved by what is special to the asset.

    ``success`` and ``by_modality`` are log-odds and log odds ratios by phase; ``weights`` (5, phases) those of quality,
    risk, biomarker, orphan status and the constant. ``validated`` is what a known target adds in phase II,
    ``execution`` weighs know-how, ``bar`` (indications,) is what standards of care take off clinical phases.
    """
    found = np.empty(len(rows))
    for i, row in enumerate(rows):
        now = phase[i]
        level = success[now, area[row]] + by_modality[now, modality[row]] + weights[4, now]
        level += weights[0, now] * quality[row] - weights[1, now] * risk[row]
        level += weights[2, now] * biomarker[row] + weights[3, now] * orphan[row]
        if now == 2 and not novel[row]:
            level += validated
        level += execution * (know_how[sponsor[row]] - 0.4)
        if now >= 1:
            level -= bar[indication[row]]
        found[i] = level
    return found


class Costs(NamedTuple):
    """What decides the cost of a phase: traits of the assets, and prices."""

    area: np.ndarray
    modality: np.ndarray
    orphan: np.ndarray
    biomarker: np.ndarray
    price: np.ndarray
    """At US prices by phase and area, million US$."""
    by_modality: np.ndarray
    orphan_size: float
    biomarker_size: float


@njit
def cost_of(row: int, phase: int, costs: Costs) -> float:
    """Cost of a phase of an asset at US prices, million US$."""
    size = (costs.orphan_size if costs.orphan[row] else 1.0) * (costs.biomarker_size if costs.biomarker[row] else 1.0)
    return costs.price[phase, costs.area[row]] * costs.by_modality[costs.modality[row]] * size


@njit(cache=True)
def cost(rows: np.ndarray, phase: np.ndarray, costs: Costs) -> np.ndarray:
    """Cost of a phase at US prices, million US$, (rows,)."""
    found = np.empty(len(rows))
    for i, row in enumerate(rows):
        found[i] = cost_of(row, phase[i], costs)
    return found


@njit(cache=True)
def recruitment(
    phase: np.ndarray, home: np.ndarray, months: np.ndarray, rate: np.ndarray, abroad: np.ndarray, opening: np.ndarray
) -> np.ndarray:
    """Recruitment that regions bring to trials of sponsors at ``home``, (rows, 10).

    Abroad a region brings ``abroad`` (phase, home, region) of its rate, and less the later it opens than home
    (``opening`` (home, region), months) against the ``months`` of enrolment.
    """
    found = np.empty(rate.shape)
    for i in range(len(phase)):
        here = home[i]
        for region in range(rate.shape[1]):
            part = 1.0 if region == here else abroad[phase[i], here, region]
            late = max(opening[here, region] - opening[here, here], 0.0) / max(months[i], 6.0)
            found[i, region] = rate[i, region] * part * max(1.0 - late, 0.0)
    return found


@njit(cache=True)
def timing(regions: np.ndarray, home: np.ndarray, pace: np.ndarray, opening: np.ndarray, each: float
           ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(months to the first open site, recruitment of the chosen ``regions``), (rows,) each.

    From the third on every region delays the start by ``each`` months.
    """
    startup, recruited = np.empty(len(home)), np.zeros(len(home))
    for i in range(len(home)):
        first, number = 99.0, 0
        for region in range(regions.shape[1]):
            if regions[i, region]:
                number += 1
                first = min(first, opening[home[i], region])
                recruited[i] += pace[i, region]
        startup[i] = first + each * max(number - 2, 0)
    return startup, recruited


@njit(cache=True)
def site_price(regions: np.ndarray, home: np.ndarray, rate: np.ndarray, local: np.ndarray) -> np.ndarray:
    """Cost per patient against the US where the chosen ``regions`` recruit, (rows,); ``local`` by region and home."""
    found = np.empty(len(home))
    for i in range(len(home)):
        weight = total = 0.0
        for region in range(regions.shape[1]):
            if regions[i, region]:
                weight += rate[i, region]
                total += rate[i, region] * local[region, home[i]]
        found[i] = total / weight
    return found
