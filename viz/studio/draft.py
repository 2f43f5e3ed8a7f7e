"""A change while it is being written in a form: fields of text that become a change or a message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from scenarios import Change, Scenario
from viz.studio import names
from viz.studio.verdict import values

OPERATIONS = {"set": "set to", "scale": "multiply by", "add": "add", "ramp": "ramp to"}
SIGNS = {"set": "=", "scale": "×", "add": "+", "ramp": "→"}
LONGEST = 500


@dataclass(frozen=True)
class Draft:
    """The fields as they are typed."""

    value: str = ""
    operation: str = "set"
    amount: str = ""
    begin: str = ""
    until: str = ""
    source: str = ""


@dataclass(frozen=True)
class Read:
    """A draft that was read: the change with its value month by month before and after it, or what is missing."""

    change: Change | None = None
    message: str = ""
    before: tuple[float, ...] = ()
    after: tuple[float, ...] = ()


def of(change: Change) -> Draft:
    """The fields of a change."""
    operation = next(name for name in OPERATIONS if getattr(change, name) is not None)
    return Draft(change.value, operation, f"{getattr(change, operation):.12g}", change.from_ or "", change.until or "",
                 change.source)  # fmt: skip


def from_fields(fields: Mapping[str, Any]) -> Draft:
    """The draft that a form sent; too long texts are cut."""
    return Draft(**{name: str(fields.get(name, "")).strip()[:LONGEST] for name in Draft.__dataclass_fields__})


def read(draft: Draft, scenario: Scenario, index: int | None) -> Read:
    """The change that the fields describe, in place of number ``index`` of a scenario or as its last."""
    if not draft.value:
        return Read(message="Choose a value: type a part of its name or of what it is.")
    if draft.value not in values():
        near = values().nearest(draft.value)
        return Read(message=f"There is no value '{draft.value}'" + (f"; nearest: {', '.join(near)}" if near else ""))
    if draft.operation not in OPERATIONS:
        return Read(message="Choose what happens to the value.")
    amount = number(draft.amount)
    if amount is None:
        return Read(message=f"'{draft.amount}' is no number." if draft.amount else "Give a number.")
    given = {"value": draft.value, draft.operation: amount, "from": draft.begin or None, "until": draft.until or None,
             "source": draft.source}  # fmt: skip
    try:
        change = Change.model_validate(given)
        before, after = names.before_and_after(scenario, index, change)
    except ValidationError as error:
        return Read(message=error.errors()[0]["msg"].removeprefix("Value error, "))
    except (ValueError, LookupError) as error:
        return Read(message=str(error))
    return Read(_with_unit(change, scenario, index), "", tuple(before), tuple(after))


def _with_unit(change: Change, scenario: Scenario, index: int | None) -> Change:
    """A unit that the file gives stays, unless the change is about another value now."""
    old = scenario.changes[index] if index is not None else None
    return change.model_copy(update={"unit": old.unit}) if old is not None and old.value == change.value else change


def number(text: str) -> float | None:
    """The finite number that somebody typed, ``20 %`` being 0.2; None if it is none."""
    found = re.fullmatch(r"\s*([-−+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?)\s*(%?)\s*", text, re.IGNORECASE)
    if not found:
        return None
    value = float(found[1].replace("−", "-")) * (0.01 if found[2] else 1)
    return value if abs(value) < float("inf") else None


def summary(change: Change) -> str:
    """A change in one line: ``× 1.2 from 2026-01``."""
    draft = of(change)
    words = f"{SIGNS[draft.operation]} {draft.amount}"
    end = "by" if draft.operation == "ramp" else "until"
    dates = [f"{word} {date}" for word, date in (("from", draft.begin), (end, draft.until)) if date]
    return " ".join([words, *dates]) if dates else f"{words} all the time"
