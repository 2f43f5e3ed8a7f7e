"""Decisions evaluated alone: the same random situations, once as they are and once with a change."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_type_hints

import numpy as np

from experiments.claims.ledger import Decision, parse_change

ROWS = 400
"""Situations per seed."""
REGIONS = 10


def decide(decision: Decision, items: tuple[str, ...], seed: int) -> float:
    """Mean of what a decision gives over random situations; ``items`` change what the decider knows.

    Raises ValueError for a change of what it does not know, RequestError for what is no change.
    """
    module, name = decision.function.split(":")
    function = getattr(importlib.import_module(module), name)
    known_class = get_type_hints(function)["known"]
    known = situations(known_class, decision.known, seed)
    for item in items:
        change = parse_change(item)
        if change is None or change["value"] not in known:
            raise ValueError(f"{name} knows nothing of {item!r}")
        known[change["value"]] = moved(known[change["value"]], change)
    result = function(known_class(**known))
    result = result[decision.output] if isinstance(result, tuple) else result
    found = np.isin(result, decision.equals) if decision.equals else result
    return float(np.asarray(found, float).mean())


def situations(known_class: type, ranges: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Values of the fields of a ``Known``: plain numbers, or arrays of random ones between two bounds.

    A range of three holds a third number, the width: ``[0, 1, 10]`` gives (rows, 10). The words ``normal`` and
    ``uniform`` give luck. Fields of arrays given as a number are filled with it.
    """
    generator = np.random.default_rng(seed)
    kinds = {each.name: str(each.type) for each in fields(known_class)}
    return {name: _draw(ranges[name], "ndarray" in kinds[name], generator) for name in sorted(kinds)}


def _draw(given: Any, array: bool, generator: np.random.Generator) -> Any:
    if given == "normal":
        return generator.standard_normal(ROWS)
    if given == "uniform":
        return generator.random(ROWS)
    if isinstance(given, list):
        shape = (ROWS, int(given[2])) if len(given) == 3 else (ROWS,)
        drawn = given[0] + (given[1] - given[0]) * generator.random(shape)
        whole = all(isinstance(bound, int) for bound in given)
        return np.floor(drawn).astype(np.int64) if whole else drawn
    return np.full(ROWS, given) if array else given


def moved(value: Any, change: Mapping[str, Any]) -> Any:
    """A value set, scaled or added to."""
    if "scale" in change:
        return value * change["scale"]
    if "add" in change:
        return value + change["add"]
    return np.full(value.shape, change["set"]) if isinstance(value, np.ndarray) else change["set"]
