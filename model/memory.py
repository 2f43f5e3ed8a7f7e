"""How seldom the collector of circular garbage works."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (20_000, 20, 100)
"""Thresholds of the collector: enough for the circles that compiling a kernel leaves, hardly a pause otherwise."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Work that makes many objects which all stay: the collector would search them all in vain."""
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
