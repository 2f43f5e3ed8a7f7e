"""Counts of who is there at the end of a month."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def pipeline(
    rows: np.ndarray, phase: np.ndarray, origin: np.ndarray, involved: np.ndarray, trial: np.ndarray,
    regions: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Candidates (rows) by phase, (6,), and by region, (3, 10): originated, involved, on trial."""
    phases, there = np.zeros(6), np.zeros((3, 10))
    with_bits = np.zeros((2, 1024))
    for row in rows:
        phases[phase[row]] += 1
        there[0, origin[row]] += 1
        with_bits[0, involved[row]] += 1
        if trial[row] >= 0:
            with_bits[1, regions[trial[row]]] += 1
    for bits in range(1024):
        for region in range(10):
            if bits >> region & 1:
                there[1, region] += with_bits[0, bits]
                there[2, region] += with_bits[1, bits]
    return phases, there


@njit(cache=True)
def companies(rows: np.ndarray, home: np.ndarray, kind: np.ndarray, ai: np.ndarray) -> tuple[np.ndarray, int, int]:
    """Firms (rows) by home, (10,), how many of them are pharma firms, and how many use AI platforms."""
    homes, pharmas, users = np.zeros(10), 0, 0
    for row in rows:
        homes[home[row]] += 1
        pharmas += kind[row]
        users += ai[row]
    return homes, pharmas, users
