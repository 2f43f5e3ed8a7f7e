"""What a scenario file may say, and how its mistakes are reported."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat, model_validator

OPERATIONS = ("set", "scale", "add", "ramp")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])$")


@dataclass(frozen=True)
class Problem:
    """One mistake in a scenario file. ``line`` counts from 1; 0 where the file as a whole is meant."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class ScenarioError(ValueError):
    """A scenario cannot be used. ``problems`` holds every mistake found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def _month(value: object) -> object:
    """Accepts ``2026-01`` and a TOML date; the day of a date does not matter."""
    if isinstance(value, dt.date):
        return f"{value.year:04d}-{value.month:02d}"
    if not isinstance(value, str) or not MONTH.match(value):
        raise ValueError(f"'{value}' is no month; write YYYY-MM")
    return value


def _number(value: object) -> object:
    """Accepts numbers only: words and truth values that could be read as one are more likely mistakes."""
    if isinstance(value, bool | str):
        raise ValueError(f"{value!r} is no number; write it like 0.5, without quotes")
    return value


Month = Annotated[str, BeforeValidator(_month)]
Number = Annotated[FiniteFloat, BeforeValidator(_number)]


class Change(BaseModel):
    """One dated change of a named value.

    Exactly one of ``set``, ``scale``, ``add`` and ``ramp`` says what happens. ``from`` is the first month that
    changes, ``until`` the first one that does not; without them the change covers the whole run. A ramp leads in a
    straight line from the value at ``from`` to its target at ``until`` and stays there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    value: str
    set: Number | None = None
    scale: Number | None = None
    add: Number | None = None
    ramp: Number | None = None
    from_: Month | None = Field(None, alias="from")
    until: Month | None = None
    unit: str | None = None
    source: str = ""

    @model_validator(mode="after")
    def _one_operation(self) -> Change:
        if sum(getattr(self, operation) is not None for operation in OPERATIONS) != 1:
            raise ValueError(f"'{self.value}' needs exactly one of {', '.join(OPERATIONS)}")
        if self.ramp is not None and self.until is None:
            raise ValueError(f"the ramp of '{self.value}' needs 'until', the month in which it arrives")
        if self.from_ and self.until and self.until <= self.from_:
            raise ValueError(f"'{self.value}' ends ({self.until}) before it begins ({self.from_})")
        return self

    @property
    def dated(self) -> bool:
        """Whether the change covers only a part of the run."""
        return self.from_ is not None or self.until is not None

    def to_dict(self) -> dict[str, Any]:
        """As in the file: given keys only, ``from`` without underscore."""
        return self.model_dump(by_alias=True, exclude_defaults=True)

    def to_toml(self) -> str:
        """The change as a block of a file."""
        return "[[change]]\n" + _pairs(self.to_dict())


class Expectation(BaseModel):
    """What a source expects of the scenario: the direction in which a column of the results moves.

    ``column`` is one of the table ``indicators``, or ``regional.REGION.NAME``. The mean from ``from`` to ``until``
    (the end of the run) is compared with that of the scenario ``against``, by paired runs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    column: str
    direction: Literal["up", "down"]
    from_: Month | None = Field(None, alias="from")
    until: Month | None = None
    against: str = "baseline"
    reason: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> Expectation:
        if self.from_ and self.until and self.until <= self.from_:
            raise ValueError(f"'{self.column}' ends ({self.until}) before it begins ({self.from_})")
        return self

    def to_dict(self) -> dict[str, Any]:
        """As in the file: given keys only, ``from`` without underscore."""
        return self.model_dump(by_alias=True, exclude_defaults=True)


class Scenario(BaseModel):
    """A titled, sourced list of changes. ``extends`` names the scenarios whose changes come first."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    name: str = Field("", exclude=True)
    title: str
    story: str = ""
    sources: list[str] = []
    watch: list[str] = []
    extends: list[str] = []
    changes: list[Change] = Field([], alias="change")
    expect: list[Expectation] = []

    @property
    def identity(self) -> str:
        """Equal for scenarios of one name and content, wherever they come from and whatever stands before them."""
        return f"{self.name or self.title} {self.model_dump_json(exclude={'extends'})}"

    def to_toml(self) -> str:
        """The scenario as a file; reading it back gives the same scenario."""
        heads = {key: getattr(self, key) for key in ("title", "story", "sources", "watch", "extends")}
        blocks = [_pairs({key: value for key, value in heads.items() if value or key == "title"})]
        blocks += [change.to_toml() for change in self.changes]
        blocks += ["[[expect]]\n" + _pairs(expected.to_dict()) for expected in self.expect]
        return "\n\n".join(blocks) + "\n"


def _pairs(content: dict[str, Any]) -> str:
    return "\n".join(f"{key} = {_toml(value)}" for key, value in content.items())


def _toml(value: object) -> str:
    """Strings, lists and numbers in TOML; JSON's escapes are valid TOML escapes, save that of the DEL sign."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
