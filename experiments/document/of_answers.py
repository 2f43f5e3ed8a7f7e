"""Tables on the main questions: what happens when, and what if."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments import record_keeping
from experiments.document.markdown import table


def answers(part: str) -> str:
    """What the main questions come to, as kept by ``python -m experiments.answers``: by period, or what if."""
    kept = record_keeping.read("answers")
    if not kept:
        return "Not played yet."
    head = f"Scale {kept['scale']:g}, {len(kept['seeds'])} seeds.\n\n"
    if part == "when":
        return head + table(("baseline", *kept["periods"]), _by_period(kept))
    return head + table(("2030 to 2040", "baseline", *(f"`{name}`" for name in kept["effects"])), _what_if(kept))


def _by_period(kept: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """An outcome a row: mean and range over seeds by period."""
    cells = [
        [f"{_short(c['mean'])} ({_short(c['low'])} to {_short(c['high'])})" for c in row] for row in kept["baseline"]
    ]
    return [(name, *row) for name, row in zip(kept["outcomes"], cells, strict=True)]


def _what_if(kept: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """An outcome a row: its mean in the baseline and the effect of each scenario, in bold where it is clear of zero."""
    rows = []
    for place, name in enumerate(kept["outcomes"]):
        found = [effects[place] for effects in kept["effects"].values()]
        rows.append((name, _short(found[0]["mean_a"]), *(_effect(one) for one in found)))
    return rows


def _effect(one: Mapping[str, float]) -> str:
    text = f"{_short(one['effect'], '+')} ({_short(one['low'])} to {_short(one['high'])})"
    return f"**{text}**" if one["low"] > 0 or one["high"] < 0 else text


def _short(value: float, sign: str = "") -> str:
    return f"{value:{sign},.0f}" if abs(value) >= 100 else f"{value:{sign}.1f}"
