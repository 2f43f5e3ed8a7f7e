"""Clinical programmes row by row: odds, cost, recruitment, length; load on the sites of each region.

Rows are assets; ``phase`` (rows,) is the phase that they pass or enter. Regions are columns 0-9.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.compiling import compiled, inner
from model.kernels.evidence import highest
from model.labels import BIOTECH


@inner
def _together(capacity: np.ndarray) -> np.ndarray:
    """Trial capacity of every set of regions by its bits, (2 ** regions,)."""
    found = np.zeros(1 << len(capacity))
    for region in range(len(capacity)):
        for others in range(1 << region):
            found[1 << region | others] = found[others] + capacity[region]
    return found


@inner
def _take(bits: int, patients: float, enrolment: float, capacity: np.ndarray, together: np.ndarray,
          into: np.ndarray) -> None:  # fmt: skip
    """Add the patients a year of one trial to its regions (bits), shared out by trial capacity."""
    rate = patients / max(enrolment, 3.0) * 12.0 / max(together[bits], 1e-9)
    for region in range(len(capacity)):  # no branch: what is added to the other regions is 0
        into[region] += rate * capacity[region] * (bits >> region & 1)


@compiled
def load(rows: np.ndarray, trial: np.ndarray, regions: np.ndarray, patients: np.ndarray, enrolment: np.ndarray,
         capacity: np.ndarray) -> np.ndarray:  # fmt: skip
    """Patients a year that the running trials of assets (rows) take from each region, (10,)."""
    taken, together = np.zeros(len(capacity)), _together(capacity)
    for row in rows:
        one = trial[row]
        if one >= 0:
            _take(regions[one], patients[one], enrolment[one], capacity, together, taken)
    return taken


@compiled
def close(
    rows: np.ndarray, outcome: np.ndarray, month: int, capacity: np.ndarray, regions: np.ndarray, patients: np.ndarray,
    enrolment: np.ndarray, sponsor: np.ndarray, trial: np.ndarray, burn: np.ndarray, trial_burn: np.ndarray,
    ended: np.ndarray, result: np.ndarray, used: np.ndarray,
) -> None:  # fmt: skip
    """End the running trials of assets (rows): sponsors stop paying, and the regions ``used`` (10,) get room."""
    taken, together = np.zeros(len(capacity)), _together(capacity)
    for i, row in enumerate(rows):
        one = trial[row]
        if one < 0:
            continue
        trial_burn[sponsor[row]] -= burn[row]
        burn[row] = 0.0
        _take(regions[one], patients[one], enrolment[one], capacity, together, taken)
        ended[one], result[one] = month, outcome[i]
        trial[row] = -1
    for row in rows:
        trial_burn[sponsor[row]] = max(trial_burn[sponsor[row]], 0.0)
    for region in range(len(used)):
        used[region] = max(used[region] - taken[region], 0.0)


@compiled
def odds(
    rows: np.ndarray, phase: np.ndarray, area: np.ndarray, modality: np.ndarray, indication: np.ndarray,
    sponsor: np.ndarray, quality: np.ndarray, risk: np.ndarray, biomarker: np.ndarray, orphan: np.ndarray,
    novel: np.ndarray, know_how: np.ndarray, success: np.ndarray, by_modality: np.ndarray, weights: np.ndarray,
    validated: float, execution: float, origin: np.ndarray, trial: np.ndarray, regions: np.ndarray,
    standard: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Log-odds of passing a phase, (rows,): the average by area and modality, moved by what is special to the asset.

    ``success`` and ``by_modality`` are log-odds and log odds ratios by phase; ``weights`` (6, phases) those of quality,
    risk, biomarker, orphan status, the constant and the bar. ``validated`` is what a known target adds in phase II,
    ``execution`` weighs know-how. The bar is the ``standard`` of care (indications, 10): the highest of the ``regions``
    (bits) of the running ``trial``, in the laboratory that of the ``origin``.
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
        studied = regions[trial[row]] if trial[row] >= 0 else 1 << origin[row]
        level -= weights[5, now] * highest(standard[indication[row]], studied)
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


@inner
def cost_of(row: int, phase: int, costs: Costs) -> float:
    """Cost of a phase of an asset at US prices, million US$."""
    size = (costs.orphan_size if costs.orphan[row] else 1.0) * (costs.biomarker_size if costs.biomarker[row] else 1.0)
    return costs.price[phase, costs.area[row]] * costs.by_modality[costs.modality[row]] * size


@compiled
def cost(rows: np.ndarray, phase: np.ndarray, costs: Costs) -> np.ndarray:
    """Cost of a phase at US prices, million US$, (rows,)."""
    found = np.empty(len(rows))
    for i, row in enumerate(rows):
        found[i] = cost_of(row, phase[i], costs)
    return found


@compiled
def rates(phase: np.ndarray, area: np.ndarray, by_phase: np.ndarray, by_area: np.ndarray) -> np.ndarray:
    """Recruitment of regions, (rows, 10): the rate of the phase (phases, 10) times that of the area (areas, 10)."""
    found = np.empty((len(phase), by_phase.shape[1]))
    for i in range(len(phase)):
        for region in range(by_phase.shape[1]):
            found[i, region] = by_phase[phase[i], region] * by_area[area[i], region]
    return found


@compiled
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


@compiled
def timing(
    regions: np.ndarray, home: np.ndarray, pace: np.ndarray, opening: np.ndarray, each: float, know_how: np.ndarray,
    rest: np.ndarray, patients: np.ndarray, enrolling: float, papers: float, less: np.ndarray, noise: np.ndarray,
    longest: float, skilled: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """(start-up, enrolment, follow-up, paperwork) of programmes in the chosen ``regions``, months, (rows,) each.

    The first site opens it; from the third on every region delays the start by ``each`` months; ``know_how`` (rows,)
    shortens it, from none to all by the part ``skilled``. Of the ``rest`` of the usual length a part goes to
    ``enrolling`` the usual number, times ``patients`` (rows,), at pace 1 (``longest`` at most), another to ``papers``,
    ``less`` (rows,) shorter by AI; luck (``noise``) moves enrolment and follow-up.
    """
    size = len(home)
    startup, enrolment, follow, paperwork = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    for i in range(size):
        first, number, recruited = 99.0, 0, 0.0
        for region in range(regions.shape[1]):
            if regions[i, region]:
                number += 1
                first = min(first, opening[home[i], region])
                recruited += pace[i, region]
        eased = np.float32(1.0 + 0.5 * skilled) - np.float32(skilled) * know_how[i]
        startup[i] = (first + each * max(number - 2, 0)) * eased
        enrolment[i] = min(rest[i] * enrolling * patients[i] / max(recruited, 0.05), longest) * noise[i]
        follow[i] = rest[i] * (1.0 - enrolling - papers) * noise[i]
        paperwork[i] = rest[i] * papers * (1.0 - less[i])
    return startup, enrolment, follow, paperwork


@compiled
def begin(
    rows: np.ndarray, trial: np.ndarray, chosen: np.ndarray, phase: np.ndarray, length: np.ndarray, cost: np.ndarray,
    month: int, capacity: np.ndarray, support: np.ndarray, planned: np.ndarray, part: np.ndarray, orphan_size: float,
    biomarker_size: float, gain: float, area: np.ndarray, orphan: np.ndarray, biomarker: np.ndarray, origin: np.ndarray,
    sponsor: np.ndarray, home: np.ndarray, kind: np.ndarray, enrolment: np.ndarray, regions: np.ndarray,
    patients: np.ndarray, running: np.ndarray, due: np.ndarray, burn: np.ndarray, evidence: np.ndarray,
    involved: np.ndarray, trial_burn: np.ndarray, know_how: np.ndarray, used: np.ndarray, starts: np.ndarray,
    programmes: np.ndarray,
) -> None:  # fmt: skip
    """Begin the ``trial`` of each asset (rows) in its ``chosen`` regions, bool (rows, 10).

    Sponsors pay the ``cost`` over the ``length``, research firms less the tax ``support`` at home; trials take the
    ``planned`` patients (phases, areas), times ``part`` (rows,), as far as orphan status and biomarkers leave them,
    from the ``used`` sites. Each teaches its sponsor the part ``gain`` of what it does not know yet.
    """
    taken, together, known = np.zeros(len(capacity)), _together(capacity), know_how[sponsor[rows]]
    for i, row in enumerate(rows):
        who, bits = sponsor[row], 0
        for region in range(len(capacity)):
            if chosen[i, region]:
                bits |= 1 << region
                starts[region] += 1.0
        size = planned[phase[i], area[row]] * (orphan_size if orphan[row] else 1.0)
        size *= part[i] * (biomarker_size if biomarker[row] else 1.0)
        regions[trial[i]], patients[trial[i]] = bits, size
        running[row], due[row] = trial[i], month + int(length[i])
        burn[row] = cost[i] / length[i] * (1.0 - support[home[who]] * (kind[who] == BIOTECH))
        trial_burn[who] += burn[row]
        evidence[row] |= bits
        involved[row] |= bits
        programmes[origin[row]] += 1.0
        know_how[who] = known[i] + np.float32(gain) * (np.float32(1.0) - known[i])
        _take(bits, size, enrolment[trial[i]], capacity, together, taken)
    used += taken


@compiled
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
