"""Checks a scenario file against the values of the model without running anything."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Protocol, runtime_checkable

from scenarios.loader import Lines, compose, locate, positions, read, unknown
from scenarios.schema import Change, Problem, Scenario, ScenarioError


@runtime_checkable
class Catalogue(Protocol):
    """What a check asks of the values of a model. A plain collection of names will do where ranges do not matter."""

    def __contains__(self, name: object) -> bool: ...

    def nearest(self, name: str) -> list[str]: ...

    def unit(self, name: str) -> str: ...

    def with_changes(self, changes: Iterable[Change]) -> Catalogue: ...


def check(
    path: str | Path, values: Catalogue | Collection[str], columns: Collection[str] | None = None
) -> list[Problem]:
    """Every mistake of a scenario file: syntax, schema, unknown scenarios, names, units, and values out of range.

    With ``columns``, the names of the results, also those that ``watch`` and ``expect`` give.
    """
    found = locate(path)
    if found is None:
        return [Problem(str(path), 0, unknown(str(path)))]
    scenario, problems = read(found)
    if scenario is None:
        return problems
    return check_scenario(scenario, found.read_text(encoding="utf-8-sig"), str(found), values, columns)


def check_scenario(
    scenario: Scenario, text: str, file: str, values: Catalogue | Collection[str], columns: Collection[str] | None
) -> list[Problem]:
    """Every mistake of a scenario that follows the schema; ``text`` is what it was read from, for the lines."""
    where = positions(text)
    inherited, problems = _inherited(scenario, file, where)
    problems += _changes(scenario, inherited, values, file, where)
    return problems + _observables(scenario, columns, file, where)


def _observables(scenario: Scenario, columns: Collection[str] | None, file: str, where: Lines) -> list[Problem]:
    """Columns that no result has, and expectations against scenarios that do not exist."""
    known = set(columns or ())
    named: list[tuple[tuple[int | str, ...], str]] = [(("watch",), name) for name in scenario.watch]
    named += [(("expect", index, "column"), one.column) for index, one in enumerate(scenario.expect)]
    problems = []
    for place, name in named:
        if columns is not None and name not in known:
            near = difflib.get_close_matches(name, known, 3, 0.4)
            message = f"unknown column '{name}'" + (f"; nearest: {', '.join(near)}" if near else "")
            problems.append(Problem(file, where.get(place, where.get(place[:2], 0)), message))
    for index, one in enumerate(scenario.expect):
        if locate(one.against) is None:
            line = where.get(("expect", index, "against"), where.get(("expect", index), 0))
            problems.append(Problem(file, line, unknown(one.against)))
    return problems


def _inherited(scenario: Scenario, file: str, where: Lines) -> tuple[list[Change], list[Problem]]:
    """What the scenario builds on; mistakes of another file are reported at the line that extends it."""
    try:
        whole = compose([scenario]).changes
    except ScenarioError as error:
        line = where.get(("extends",), 0)
        return [], [Problem(file, line, str(problem)) for problem in error.problems]
    return whole[: len(whole) - len(scenario.changes)], []


def _changes(
    scenario: Scenario, inherited: list[Change], values: Catalogue | Collection[str], file: str, where: Lines
) -> list[Problem]:
    """Changes build on each other, so each is tried on top of those before it; a broken one is left out."""
    problems = []
    state = _after(inherited, values)
    for index, change in enumerate(scenario.changes):
        key, message = _name_or_unit(change, values)
        if not message and isinstance(state, Catalogue):
            key = next(op for op in ("set", "scale", "add", "ramp") if getattr(change, op) is not None)
            state, message = _apply(state, change)
        if message:
            line = where.get(("change", index, key), where.get(("change", index), 0))
            problems.append(Problem(file, line, message))
    return problems


def _after(changes: list[Change], values: Catalogue | Collection[str]) -> Catalogue | Collection[str]:
    if not isinstance(values, Catalogue):
        return values
    for change in changes:
        if change.value in values:
            values, _ = _apply(values, change)
    return values


def _apply(values: Catalogue, change: Change) -> tuple[Catalogue, str]:
    try:
        return values.with_changes([change]), ""
    except ValueError as error:
        return values, str(error)


def _name_or_unit(change: Change, values: Catalogue | Collection[str]) -> tuple[str, str]:
    """The key at fault and what is wrong with it; an empty message where all is well."""
    if change.value not in values:
        near = _nearest(change.value, values)
        return "value", f"unknown value '{change.value}'" + (f"; nearest: {', '.join(near)}" if near else "")
    if change.unit and isinstance(values, Catalogue) and change.unit != values.unit(change.value):
        return "unit", f"'{change.value}' is measured in {values.unit(change.value)}, not in {change.unit}"
    return "", ""


def _nearest(name: str, values: Catalogue | Collection[str]) -> list[str]:
    if isinstance(values, Catalogue):
        return values.nearest(name)
    return difflib.get_close_matches(name, list(values), 3, 0.4)
