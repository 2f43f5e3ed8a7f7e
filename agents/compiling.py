"""How inner loops are compiled: once per machine, with the arithmetic of NumPy."""

from __future__ import annotations

from functools import partial

from numba import njit

inner = partial(njit, error_model="numpy")
"""Decorates what other compiled loops call.

What is divided by zero is infinite or not a number, as in NumPy: Python's check before each division would keep the
processor from working on several regions at once, which took half of the time of the longest loops.
"""
compiled = partial(inner, cache=True)
"""Decorates loops that are called from outside; their machine code is kept beside the file."""
