"""Colours of regions: apart for all eyes, and visible on their paper."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from viz.theme import REGIONS, ROLES

EYES = {
    "usual": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
"""What eyes make of linear red, green and blue (Machado, Oliveira and Fernandes 2009, at full severity)."""
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])
APART = 20.0
"""Distance in CIELAB; 2 is just seen side by side, 10 at a glance."""


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    share = TO_XYZ @ np.clip(light, 0, 1) / WHITE
    x, y, z = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    dark, bright = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", (0, 1))
@pytest.mark.parametrize("eyes", EYES)
def test_no_two_regions_look_alike(eyes: str, theme: int) -> None:
    seen = {region: lab(EYES[eyes] @ linear(colours[theme])) for region, colours in REGIONS.items()}
    close = [(a, b) for a, b in combinations(seen, 2) if np.linalg.norm(seen[a] - seen[b]) < APART]
    assert close == []


@pytest.mark.parametrize("theme", (0, 1))
def test_regions_are_seen_on_their_paper(theme: int) -> None:
    faint = [name for name, colours in REGIONS.items() if contrast(colours[theme], ROLES["paper"][theme]) < 3]
    assert faint == []
