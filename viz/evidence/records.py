"""The kept records of what the model was held against; their makers are the modules of :mod:`experiments`."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from experiments.code_digest import ROOT, code_digest

RESULTS = ROOT / "experiments" / "results"
NAMES = ("facts", "claims", "expectations", "frozen")


@cache
def record(name: str) -> dict[str, Any]:
    """The record ``facts``, ``claims``, ``expectations`` or ``frozen``."""
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    return found


@cache
def is_current(name: str) -> bool:
    """Whether a record was made by the present code and data."""
    return bool(record(name)["code"] == code_digest())
