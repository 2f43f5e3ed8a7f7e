"""Memory: how seldom the collector of circular garbage works, and what need not wait for it."""

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


def let_go(model: object) -> None:
    """Free what a played model holds; nobody may use it afterwards.

    Mesa's models refer to themselves, so they wait for the collector. That counts objects, not bytes, and comes late
    to a few large arrays: a process that plays one model after the other would grow by gigabytes.
    """
    vars(model).clear()
