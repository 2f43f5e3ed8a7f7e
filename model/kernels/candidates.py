"""What luck makes of new candidates, one by one."""

from __future__ import annotations

import numpy as np

from agents.compiling import compiled
from model.kernels.luck import quantile, unit

VACCINES, VACCINE, SMALL_MOLECULE = 7, 6, 0
"""The disease area of vaccines, their modality, and what a candidate is elsewhere that luck made a vaccine."""
RARE = 50.0
"""Patients per 100,000 inhabitants below which a disease is rare."""
RARE_ORPHAN, COMMON_ORPHAN = 0.85, 0.3
"""Chance of orphan status in rare diseases, and part of the share of the area elsewhere."""


@compiled
def within_area(
    identity: np.ndarray, base: np.uint64, area: np.ndarray, start: np.ndarray, running: np.ndarray
) -> np.ndarray:
    """Indication of candidates within their disease areas, (rows,), in proportion to weights.

    Indications of area a are numbers ``start[a]`` to ``start[a + 1] - 1``; ``running`` (indications,) is the running
    sum of the weights.
    """
    found = np.empty(len(identity), np.int64)
    for i, who in enumerate(identity):
        first, last = start[area[i]], start[area[i] + 1] - 1
        low = running[first - 1] if first > 0 else 0.0
        level = low + unit(base, who, 0) * (running[last] - low)
        while first < last and running[first] <= level:
            first += 1
        found[i] = first
    return found


@compiled
def nature(
    identity: np.ndarray, bases: np.ndarray, home: np.ndarray, area: np.ndarray, indication: np.ndarray,
    ability: np.ndarray, mix: np.ndarray, first_in_class: np.ndarray, prevalence: np.ndarray, orphans: np.ndarray,
    markers: np.ndarray, benefit: float, penalty: float, noise: float,
) -> tuple[np.ndarray, ...]:  # fmt: skip
    """(modality, novel, orphan, biomarker, quality, risk, belief) of candidates, (rows,) each.

    ``bases`` (7,) are those of the decisions in this order. ``ability`` (rows,) adds to quality, being first in class
    ``benefit``, following ``penalty``; ``mix`` is the running sum of the modalities' weights, ``first_in_class`` (10,)
    a share by home, ``orphans`` and ``markers`` (16,) shares by area; the public signal misses quality by ``noise``.
    """
    size = len(identity)
    modality = np.empty(size, np.int64)
    novel, orphan, marked = np.empty(size, np.bool_), np.empty(size, np.bool_), np.empty(size, np.bool_)
    quality, risk, belief = np.empty(size), np.empty(size), np.empty(size)
    for i, who in enumerate(identity):
        modality[i] = np.searchsorted(mix, unit(bases[0], who, 0) * mix[-1], side="right")
        if area[i] == VACCINES:
            modality[i] = VACCINE
        elif modality[i] == VACCINE:
            modality[i] = SMALL_MOLECULE
        novel[i] = unit(bases[1], who, 0) < first_in_class[home[i]]
        rare = prevalence[indication[i]] < RARE
        orphan[i] = unit(bases[2], who, 0) < (RARE_ORPHAN if rare else orphans[area[i]] * COMMON_ORPHAN)
        marked[i] = unit(bases[3], who, 0) < markers[area[i]]
        good = quantile(unit(bases[4], who, 0)) + ability[i] + (benefit if novel[i] else -penalty)
        risk[i] = quantile(unit(bases[5], who, 0))
        signal = good + noise * quantile(unit(bases[6], who, 0))
        quality[i], belief[i] = min(max(good, -6.0), 6.0), min(max(signal, -8.0), 8.0)
    return modality, novel, orphan, marked, quality, risk, belief
