"""Whether a scenario text that came from a browser can be played, and where it is wrong. Text is data, never code."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

from experiments.errors import RequestError
from model.observation.recorder import series
from model.values import Values
from scenarios import Problem, Scenario, available, check_scenario, parse, positions

LARGEST = 64_000
"""Bytes of a text."""
MOST_CHANGES = 200
NAME = "studio"
"""What a text is called that has no file."""
NEAREST = re.compile(r"unknown (value|column|scenario|key) '(?P<wrong>[^']+)'; nearest: (?P<near>.+)$")


@dataclass(frozen=True)
class Verdict:
    """The scenario of a text (None where it cannot be read at all) and every mistake with its line."""

    scenario: Scenario | None
    problems: tuple[Problem, ...]

    @property
    def playable(self) -> bool:
        """Whether a market can be built from it."""
        return self.scenario is not None and not self.problems


@dataclass(frozen=True)
class Fix:
    """A replacement of a wrong name by one that is known."""

    line: int
    wrong: str
    right: str


@lru_cache(maxsize=1)
def values() -> Values:
    """The named values of the model as they are by default."""
    return Values.load()


@lru_cache(maxsize=64)
def judge(text: str) -> Verdict:
    """Read and check a scenario text. It may build on the library only: no file of the server is opened for it."""
    size = len(text.encode("utf-8", "replace"))
    if size > LARGEST:
        return _refused(f"{size:,} bytes are too many; a scenario may have {LARGEST:,}")
    scenario, problems = parse(text, f"{NAME}.toml")
    if scenario is None:
        return Verdict(None, tuple(problems))
    if len(scenario.changes) > MOST_CHANGES:
        return _refused(f"{len(scenario.changes)} changes are too many for the studio; it takes {MOST_CHANGES}")
    outside = _outside(scenario, text)
    if outside:
        return Verdict(scenario, tuple(outside))
    return Verdict(scenario, tuple(check_scenario(scenario, text, NAME, values(), series())))


def _refused(message: str) -> Verdict:
    return Verdict(None, (Problem(NAME, 0, message),))


def _outside(scenario: Scenario, text: str) -> list[Problem]:
    """Scenarios named in the text that are not in the library."""
    where, known = positions(text), available()
    named = [(("extends",), name) for name in scenario.extends]
    named += [(("expect", place, "against"), one.against) for place, one in enumerate(scenario.expect)]  # type: ignore[misc]
    return [Problem(NAME, where.get(key, 0), unknown(name, known)) for key, name in named if name not in known]


def unknown(name: str, known: list[str]) -> str:
    """What to say about a scenario that the library does not have."""
    near = difflib.get_close_matches(name, known, 3, 0.4)
    return f"unknown scenario '{name[:80]}'" + (
        f"; nearest: {', '.join(near)}" if near else "; choose one of the library"
    )


def fixes(problem: Problem) -> list[Fix]:
    """The replacements that the message of a problem offers."""
    found = NEAREST.search(problem.message)
    if not found or not problem.line:
        return []
    return [Fix(problem.line, found["wrong"], near) for near in found["near"].split(", ")]


def fixed(text: str, fix: Fix) -> str:
    """The text with the wrong name replaced in its line."""
    lines = text.splitlines(keepends=True)
    if 0 < fix.line <= len(lines):
        lines[fix.line - 1] = lines[fix.line - 1].replace(fix.wrong, fix.right, 1)
    return "".join(lines)


def checked(text: str) -> Scenario:
    """The scenario of a text. Raises RequestError with every mistake."""
    verdict = judge(text)
    if verdict.scenario is None or verdict.problems:
        listed = "; ".join(
            f"line {one.line}: {one.message}" if one.line else one.message for one in verdict.problems[:5]
        )
        raise RequestError(f"scenario: {listed}")
    return verdict.scenario
