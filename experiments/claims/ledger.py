"""Claims and experiments as data, read and checked once."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from experiments.errors import RequestError

DATA = Path(__file__).resolve().parent.parent / "data"
KINDS = ("mechanism", "lever", "stylised", "figure", "actor", "case", "name")
"""``name``: a proper name, a vendor's fact or a related title; it has a documented place and no experiment."""
EFFECTS = ("difference", "relative", "level", "excess", "interaction", "each", "contrast", "peak")
EXPECTED = {"up": (0.0, float("inf")), "down": (float("-inf"), 0.0)}
CHANGE = re.compile(
    r"(?P<value>[\w.-]+) (?P<sign>=|\*|\+|->) (?P<number>-?[\d.]+)( from (?P<begin>[\d-]+))?( until (?P<end>[\d-]+))?$"
)
PAIRS = 6
"""Pairs of runs per experiment, where nobody asks for another number."""
SIGNS = {"=": "set", "*": "scale", "+": "add", "->": "ramp"}
Items = tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """One claim: number, title, kind, where it lies in the model, names of its experiments, a note.

    A claim without experiment says in its note why, or, of kind ``name``, where it is documented.
    """

    claim: int
    title: str
    kind: str
    place: str
    experiments: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Observable:
    """A number read from one run: a statistic of an expression over the rows of a view.

    ``where`` selects rows, ``first`` and ``last`` bound the column ``year``; ``per`` is the denominator of a
    ratio or the second variable of a correlation or slope; ``by`` the groups of a concentration.
    """

    view: str
    statistic: str
    of: str = ""
    where: str = ""
    per: str = ""
    by: str = ""
    first: int | None = None
    last: int | None = None

    @property
    def text(self) -> str:
        """The observable in words short enough for a table."""
        years = "" if self.first is None else f" {self.first}" + ("" if self.last == self.first else f"-{self.last}")
        of = " ".join(part for part in (self.of, self.per and f"per {self.per}", self.by and f"by {self.by}") if part)
        return f"{self.statistic} of {of or 'rows'} in {self.view}{years}" + (
            f" where {self.where}" if self.where else ""
        )


@dataclass(frozen=True)
class Decision:
    """A decision evaluated alone: module and function, ranges of what the decider knows, and what is read off."""

    function: str
    known: Mapping[str, Any]
    output: int = 0
    equals: tuple[int, ...] = ()


@dataclass(frozen=True)
class Experiment:
    """A test of direction: arms (scenarios and changes), horizon, observables, and the effect that is expected.

    ``base`` holds what all arms share, ``arms`` what each adds; the arm ``base`` itself adds nothing. Items are
    names of scenarios or changes such as ``trials.capacity_shift.CN * 2 from 2010-01``. The arms part in the month
    ``branch``, or from the start where that is empty.
    """

    name: str
    does: str
    arms: Mapping[str, Items]
    observables: tuple[Observable, ...] = ()
    decision: Decision | None = None
    base: Items = ()
    effect: str = "relative"
    low: float = 0.0
    high: float = float("inf")
    until: str = "2019-12"
    branch: str = "2008-01"
    scale: float = 1.0
    file: str = field(default="", compare=False)

    @property
    def expected(self) -> str:
        """The direction or band in words."""
        if (self.low, self.high) in EXPECTED.values():
            return "up" if self.low == 0 else "down"
        if self.high == float("inf"):
            return f"above {self.low:g}"
        return f"below {self.high:g}" if self.low == float("-inf") else f"{self.low:g} to {self.high:g}"


@cache
def claims() -> tuple[Claim, ...]:
    """All claims in the order of their numbers."""
    with (DATA / "claims.csv").open(encoding="utf-8", newline="") as file:
        return tuple(map(_claim, csv.DictReader(file)))


def _claim(row: dict[str, str]) -> Claim:
    return Claim(
        int(row["claim"]), row["title"], row["kind"], row["place"], tuple(row["experiments"].split()), row["note"]
    )


@cache
def experiments_by_name() -> dict[str, Experiment]:
    """All experiments by name. Raises RequestError for a file that breaks the format."""
    found: dict[str, Experiment] = {}
    for path in sorted((DATA / "experiments").glob("*.toml")):
        for name, content in tomllib.loads(path.read_text("utf-8")).items():
            if name in found:
                raise RequestError(f"{path.name}: experiment {name!r} is told twice")
            found[name] = _experiment(name, dict(content), path.name)
    return found


def _experiment(name: str, content: dict[str, Any], file: str) -> Experiment:
    content["arms"] = {arm: _items(items) for arm, items in _arms(content).items()}
    content["observables"] = tuple(Observable(**found) for found in _listed(content, "observable"))
    if "decision" in content:
        content["decision"] = Decision(
            **{**content["decision"], "equals": tuple(content["decision"].get("equals", ()))}
        )
    content["base"] = _items(content.get("base", ()))
    direction = content.pop("expect", None)
    if direction is not None:
        content["low"], content["high"] = EXPECTED[direction]
    unknown = set(content) - {each.name for each in fields(Experiment)}
    if unknown or content.get("effect", "relative") not in EFFECTS:
        raise RequestError(f"{file}: experiment {name!r} says what is not understood: {sorted(unknown)}")
    return Experiment(name=name, file=file, **content)


@cache
def groups() -> dict[str, list[str]]:
    """Lists of items that several experiments use, by name; an experiment names them with an @."""
    return tomllib.loads((DATA / "groups.toml").read_text("utf-8"))


def _items(given: Iterable[str]) -> Items:
    """Items with groups written out."""
    return tuple(part for item in given for part in (groups()[item[1:]] if item.startswith("@") else [item]))


def _arms(content: dict[str, Any]) -> dict[str, Any]:
    """Arms given by name, or the only one, ``treatment``; the arm ``base`` comes first."""
    given = content.pop("arms", None)
    if given is None:
        given = {"treatment": content.pop("treatment")} if "treatment" in content else {}
    return {"base": (), **given}


def _listed(content: dict[str, Any], name: str) -> Iterable[dict[str, Any]]:
    found = content.pop(name, [])
    return [found] if isinstance(found, dict) else found


def parse_change(item: str) -> dict[str, Any] | None:
    """A change such as ``name * 2 from 2010-01`` as the fields of a scenario's change; None for a scenario's name.

    Raises RequestError for several words that are no change.
    """
    match = CHANGE.match(item)
    if match is None:
        if " " in item:
            raise RequestError(f"{item!r} is neither a scenario nor a change; write NAME = * + or -> NUMBER")
        return None
    change: dict[str, Any] = {"value": match["value"], SIGNS[match["sign"]]: float(match["number"])}
    return change | {key: match[place] for key, place in (("from", "begin"), ("until", "end")) if match[place]}
