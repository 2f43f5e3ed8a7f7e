"""Finds, reads and composes scenario files."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scenarios.schema import Change, Expectation, Problem, Scenario, ScenarioError

LIBRARY = Path(__file__).parent / "library"

#: Lines of the keys of a file, by their place in it.
Lines = dict[tuple[int | str, ...], int]


def available() -> list[str]:
    """Names of the scenarios in the library, in alphabetical order."""
    return sorted(path.stem for path in LIBRARY.glob("*.toml"))


def load(source: str | Path) -> Scenario:
    """A scenario by its name in the library or by the path of its file, with its own changes only.

    Raises
    ------
    ScenarioError
        There is no such scenario, or the file does not follow the schema; all its mistakes are in ``problems``.
    """
    path = locate(source)
    if path is None:
        raise ScenarioError([Problem(str(source), 0, unknown(str(source)))])
    scenario, problems = read(path)
    if scenario is None:
        raise ScenarioError(problems)
    return scenario


def _beside(file: Path, name: str) -> str:
    """A scenario that a file names: one of the library, else a file that lies beside it, else what it may be."""
    found = locate(name)
    near = None if found is not None and found.parent == LIBRARY else locate(file.parent / name)
    return name if near is None else str(near)


def compose(scenarios: Sequence[str | Path | Scenario] | str) -> Scenario:
    """One scenario with the changes of all, in order, each after those that it extends.

    A scenario that several others extend counts once, at its first place. The result extends nothing.

    Raises
    ------
    ScenarioError
        A scenario is unknown or broken, or extends itself by a detour.
    """
    named = [scenarios] if isinstance(scenarios, str) else scenarios
    own = [scenario for scenario, _ in trace(named)]
    return Scenario(
        name="+".join(_title(s) for s in named) or "none",
        title=" + ".join(s.title for s in own) or "No scenario",
        story="\n\n".join(s.story for s in own if s.story),
        sources=_unique(text for s in own for text in s.sources),
        watch=_unique(text for s in own for text in s.watch),
        changes=[change for s in own for change in s.changes],
        expect=[expected for s in own for expected in s.expect],
    )


def trace(scenarios: Sequence[str | Path | Scenario]) -> list[tuple[Scenario, Path | None]]:
    """The scenarios and those that they extend, in the order of their changes, each with its file if it has one.

    Raises
    ------
    ScenarioError
        A scenario is unknown or broken, or extends itself by a detour.
    """
    ordered: dict[str, tuple[Scenario, Path | None]] = {}
    for scenario in scenarios:
        _collect(scenario, ordered, ())
    return list(ordered.values())


def _collect(
    source: str | Path | Scenario, ordered: dict[str, tuple[Scenario, Path | None]], path: tuple[str, ...]
) -> None:
    scenario = source if isinstance(source, Scenario) else load(source)
    file = None if isinstance(source, Scenario) else locate(source)
    name, place = scenario.name or scenario.title, str(file or scenario.title)
    if place in path:
        message = f"extends itself: {' -> '.join((*(Path(one).stem for one in path), name))}"
        raise ScenarioError([Problem(name, 0, message)])
    for parent in scenario.extends:
        _collect(parent, ordered, (*path, place))
    ordered.setdefault(scenario.identity, (scenario, file))


def _title(scenario: str | Path | Scenario) -> str:
    return (scenario.name or scenario.title) if isinstance(scenario, Scenario) else Path(scenario).stem


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def locate(source: str | Path) -> Path | None:
    """The file behind a name or path, or None. The library comes first, so a stray file cannot shadow it."""
    try:
        named = LIBRARY / f"{source}.toml"
        if named.is_file():
            return named
        path = Path(source)
        return path if path.is_file() else None
    except (OSError, ValueError):  # no name that the system could give to a file
        return None


def unknown(name: str) -> str:
    """What to say about a scenario that does not exist."""
    near = difflib.get_close_matches(name, available(), 3, 0.4)
    return f"unknown scenario '{name}'; " + (
        f"nearest: {', '.join(near)}" if near else f"known: {', '.join(available())}"
    )


def read(path: Path) -> tuple[Scenario | None, list[Problem]]:
    """The scenario in a file, or None and every breach of the schema with its line."""
    name = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")  # editors of some systems begin a text with a mark
    except UnicodeDecodeError as error:
        return None, [Problem(name, 0, f"not a text in UTF-8: {error.reason} at byte {error.start}")]
    except OSError as error:
        return None, [Problem(name, 0, f"cannot be read: {error.strerror}")]
    scenario, problems = parse(text, name)
    if scenario is None:
        return None, problems
    return scenario.model_copy(update={"extends": [_beside(path, other) for other in scenario.extends]}), []


def parse(text: str, file: str) -> tuple[Scenario | None, list[Problem]]:
    """The scenario in a text, named after the ``file`` that it is said to come from, or None and every breach."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else len(text.splitlines())  # else at the end of the document
        return None, [Problem(file, line, f"not valid TOML: {error}")]
    except (ValueError, RecursionError) as error:  # numbers or nesting beyond what can be read
        return None, [Problem(file, 0, f"not valid TOML: {error}")]
    try:
        return Scenario.model_validate(content).model_copy(update={"name": Path(file).stem}), []
    except ValidationError as error:
        where = positions(text)
        return None, [_problem(file, where, detail) for detail in error.errors(include_url=False)]


def _problem(file: str, where: Lines, detail: ErrorDetails) -> Problem:
    place = tuple(detail["loc"])
    line = next((where[place[:end]] for end in range(len(place), 0, -1) if place[:end] in where), 0)
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        return Problem(file, line, _unknown_key(place))
    if detail["type"] == "value_error":
        return Problem(file, line, message)
    return Problem(file, line, f"'{place[-1]}': {message}")


def _unknown_key(place: tuple[int | str, ...]) -> str:
    blocks: dict[str, type[BaseModel]] = {"change": Change, "expect": Expectation}
    model = blocks.get(str(place[0]), Scenario) if len(place) > 1 else Scenario
    keys = [field.alias or key for key, field in model.model_fields.items()]
    near = difflib.get_close_matches(str(place[-1]), keys, 1, 0.0)
    return f"unknown key '{place[-1]}'; nearest: {near[0]}"


def positions(text: str) -> Lines:
    """Lines of the keys of a scenario file: ``("title",)``, ``("change", 2)``, ``("expect", 0, "column")``."""
    where: Lines = {}
    head: tuple[int | str, ...] = ()
    count, quoted = {"change": 0, "expect": 0}, False
    for number, line in enumerate(text.splitlines(), 1):
        key = re.match(r"\s*\"?(\w+)\"?\s*=", line)
        block = re.match(r"\s*\[\[\s*\"?(change|expect)\"?\s*\]\]", line)
        if not quoted and block:
            head = (block[1], count[block[1]])
            count[block[1]] += 1
            where[head] = number
        elif not quoted and key:
            where.setdefault((*head, key[1]), number)
        if (line.count('"""') + line.count("'''")) % 2:
            quoted = not quoted
    return where
