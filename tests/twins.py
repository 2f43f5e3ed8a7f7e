"""What plain twins of kernels start from: random numbers, a lively world, and functions of the math module."""

from __future__ import annotations

import math

import numpy as np
import pytest
from worlds import LIVELY, base, fork

from model.world import World

ROWS, REGIONS = 400, 10


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(11)


@pytest.fixture
def world() -> World:
    """A lively world of 18 months, to be changed at will."""
    return fork(base(scale=0.2, months=18, changes=LIVELY)).world


def logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
