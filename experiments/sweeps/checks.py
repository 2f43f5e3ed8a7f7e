"""Whether the names and numbers of a design suit the model: all mistakes at once, with the nearest valid names."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from experiments.errors import RequestError
from experiments.sweeps.design import Design, line_of, told
from experiments.variants import Variant, parse

Place = tuple[int | str, ...]
AT_START = "read when a world is built"


def check(design: Design, path: Path) -> dict[str, tuple[float, float]]:
    """The range of each sampled value. Raises RequestError with every mistake, by line of the file ``path``."""
    text = path.read_text("utf-8") if path.is_file() else ""
    bounds, found = ranges(design)
    mistakes = [*_scenarios(design), *found, *_levers(design), *_table(design), *_twice(design)]
    if mistakes:
        raise RequestError(told(path, [(line_of(text, place), message) for place, message in mistakes]))
    return bounds


Mistake = tuple[Place, str]


def ranges(design: Design) -> tuple[dict[str, tuple[float, float]], list[Mistake]]:
    """The range of each sampled value, and what is wrong with names and ranges."""
    given = design.uncertainties
    if given is None or given.method == "table":
        return {}, []
    bounds, mistakes = {}, []
    for name in given.sampled:
        place: Place = ("uncertainties", "ranges", name) if name in given.ranges else ("uncertainties", "names", name)
        problem = unknown(name)
        if not problem and name in given.ranges:
            low, high = given.ranges[name]
            problem = _range_problem(name, low, high)
            bounds[name] = (low, high)
        elif not problem:
            bounds[name] = plausible(name)
            problem = _default_problem(name, *bounds[name])
        if problem:
            mistakes.append((place, problem))
    return bounds, mistakes


def plausible(name: str) -> tuple[float, float]:
    """The range that the parameter files give a value; over all cells that a partial name covers and that vary."""
    from model.values import Values

    cells = Values.load().names(name)
    cells = cells[cells.high > cells.low]
    return (float(cells.low.min()), float(cells.high.max())) if len(cells) else (0.0, 0.0)


def unknown(name: str) -> str:
    """What is wrong with the name of a value; empty if nothing is."""
    from model.data.naming import find, nearest
    from model.data.naming import unknown as message

    return "" if find(name) is not None else message(name, nearest(name))


def _range_problem(name: str, low: float, high: float) -> str:
    if not low < high:
        return f"'{name}': the range [{low:g}, {high:g}] is empty; the lower end comes first"
    return next(filter(None, (_value_problem(name, end) for end in (low, high))), "")


def _default_problem(name: str, low: float, high: float) -> str:
    if low < high:
        return ""
    return f"'{name}' has no range in the parameter files; give one: [uncertainties.ranges] \"{name}\" = [low, high]"


def _value_problem(name: str, value: float) -> str:
    from model.data.naming import resolve

    family = resolve(name).family
    if family.low <= value <= family.high:
        return ""
    return f"'{name}' cannot be {value:g} ({family.unit}); allowed range: {family.low:g} to {family.high:g}"


def _scenarios(design: Design) -> Iterator[Mistake]:
    for number, text in enumerate(design.scenarios):
        if text in design.scenarios[:number]:
            yield ("scenarios", text), f"scenario '{text}' is named twice"
        try:
            variant(text, design).values()
        except RequestError as error:
            yield ("scenarios", text), str(error)


def variant(text: str, design: Design) -> Variant:
    """The rules of a scenario of the design."""
    return parse(text, design.branch or "")


def _levers(design: Design) -> Iterator[Mistake]:
    for name, values in design.levers.items():
        place = ("levers", name)
        problem = unknown(name)
        if problem:
            yield place, problem
            continue
        yield from ((place, text) for text in filter(None, (_value_problem(name, value) for value in values)))
        if len(set(values)) < len(values):
            yield place, f"'{name}' has a value twice"


def _table(design: Design) -> Iterator[Mistake]:
    rows = design.uncertainties.rows if design.uncertainties else []
    if any(set(row) != set(rows[0]) for row in rows):
        yield ("uncertainties", "rows"), "the rows of the table do not all have the same names"
        return
    for name in rows[0] if rows else ():
        problem = unknown(name)
        problems = [problem] if problem else [_value_problem(name, row[name]) for row in rows]
        yield from ((("uncertainties", "rows", name), text) for text in dict.fromkeys(filter(None, problems)))


def varied(design: Design) -> list[str]:
    """Names of all values that the design varies, levers first."""
    given = design.uncertainties
    sampled = [] if given is None else given.sampled or list(given.rows[0] if given.rows else ())
    return [*design.levers, *sampled]


def _twice(design: Design) -> Iterator[Mistake]:
    """Two names that cover the same value: which of them holds would depend on their order."""
    from model.data.naming import find, resolve

    known = [name for name in varied(design) if find(name) is not None]
    for one, other in itertools.combinations(known, 2):
        a, b = resolve(one), resolve(other)
        if a.family.name == b.family.name and np.any(a.mask & b.mask):
            yield ("uncertainties", other), f"'{other}' and '{one}' cover the same values; vary only one of them"


def dead_after_branch(design: Design) -> list[str]:
    """Varied values that are read when a world is built: set from the branch on they would change nothing."""
    from model.data.naming import resolve

    names = varied(design) if design.branch else []
    return [name for name in names if AT_START in resolve(name).family.description]
