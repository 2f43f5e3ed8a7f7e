"""The kept records of what the model was held against; their makers are the modules of :mod:`experiments`."""

from __future__ import annotations

from functools import cache

from experiments import record_keeping

NAMES = ("facts", "claims", "expectations", "frozen")
record = cache(record_keeping.read)
is_current = cache(record_keeping.is_current)
