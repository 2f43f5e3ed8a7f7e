"""What the file of a sweep may say; all its mistakes are told at once, each with its place and the remedy."""

from __future__ import annotations

import csv
import difflib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat, ValidationError, model_validator
from pydantic_core import ErrorDetails

from experiments.errors import RequestError
from experiments.settings import LARGEST_SCALE, LAST_MONTH, month_number
from scenarios.schema import Month

METHODS = ("grid", "latin-hypercube", "sobol", "morris", "table")
FIRST_MONTH = "2000-01"
Range = Annotated[list[FiniteFloat], Field(min_length=2, max_length=2)]


def _listed(value: object) -> object:
    """A single value stands for a list of one."""
    return value if isinstance(value, list) else [value]


class Strict(BaseModel):
    """A table of the file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Uncertainties(Strict):
    """Values that are sampled, each in its range: the plausible range of the parameter files unless one is given.

    ``points`` is how many points. A grid, and Morris trajectories, take the largest number that suits them and does not
    exceed it. Sobol points can be analysed for Sobol indices when their number is names + 2 times a power of two.
    A table gives its points in ``rows``, or in a CSV ``file`` with names as head (its place counts from the design).
    """

    method: Literal["grid", "latin-hypercube", "sobol", "morris", "table"] = "latin-hypercube"
    points: int | None = Field(None, ge=1)
    names: list[str] = []
    ranges: dict[str, Range] = {}
    rows: list[dict[str, FiniteFloat]] = []
    file: str | None = None

    @model_validator(mode="after")
    def _fits_its_method(self) -> Uncertainties:
        given = bool(self.rows) + bool(self.file)
        if self.method == "table" and given != 1:
            raise ValueError("a table needs its points: give rows, or a CSV file")
        if self.method == "table" and (self.names or self.ranges or self.points):
            raise ValueError("a table names its values and points itself: leave out names, ranges and points")
        if self.method != "table" and given:
            raise ValueError(f"rows and file belong to method 'table', not to '{self.method}'")
        if self.method != "table" and not self.sampled:
            raise ValueError("the design is empty: give names (or ranges) of the values to sample")
        if self.method != "table" and self.points is None:
            raise ValueError("points is missing: say how many points to sample, as points = 64")
        return self

    @property
    def sampled(self) -> list[str]:
        """Names of the sampled values: those of ``names``, then further ones of ``ranges``."""
        return list(dict.fromkeys([*self.names, *self.ranges]))


class Keep(Strict):
    """Of which runs series and events are kept; one row of figures is kept of every run.

    ``quantiles`` keeps, instead of the series of each run, their quantiles over the runs of each scenario and levers.
    """

    runs: Literal["all", "sample", "quantiles", "none"] | None = None
    sample: int = Field(500, ge=1)


class Design(Strict):
    """A sweep: scenarios x levers x sampled uncertainties are its points; each is run for every replicate."""

    scenarios: Annotated[list[str], BeforeValidator(_listed), Field(min_length=1)] = ["baseline"]
    replicates: int = Field(1, ge=1)
    scale: float = Field(1.0, gt=0, le=LARGEST_SCALE)
    start: Month = FIRST_MONTH
    branch: Month | None = None
    until: Month = LAST_MONTH
    entropy: int = Field(1, ge=0, lt=2**63)
    common_random_numbers: bool = True
    levers: dict[str, Annotated[list[FiniteFloat], BeforeValidator(_listed), Field(min_length=1)]] = {}
    uncertainties: Uncertainties | None = None
    keep: Keep = Keep()

    @model_validator(mode="after")
    def _months_in_order(self) -> Design:
        start, until = month_number(self.start, "start"), month_number(self.until, "until")
        if start != month_number(FIRST_MONTH, "start"):
            raise ValueError(f"start: worlds begin in {FIRST_MONTH}; use branch for where rules begin to differ")
        if until > month_number(LAST_MONTH, "until"):
            raise ValueError(f"until: {self.until} is too late; what drives the world is known to {LAST_MONTH}")
        if until < start:
            raise ValueError(f"until: {self.until} lies before the start, {self.start}")
        if self.branch and not start < month_number(self.branch, "branch") <= until:
            raise ValueError(f"branch: {self.branch} must lie after {self.start} and not after {self.until}")
        return self

    @property
    def first(self) -> str:
        """The first month that is kept of a run: the branch, or the start."""
        return self.branch or self.start


def read(path: Path) -> Design:
    """The design in a file. Raises RequestError with every mistake of its form; names are checked later."""
    try:
        text = path.read_text("utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise RequestError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise RequestError(f"{path}: not valid TOML: {error}") from error
    if not content:
        raise RequestError(f"{path}: says nothing; name scenarios, replicates or values as in docs/sweeps.md")
    try:
        return with_rows(Design.model_validate(content), path)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise RequestError(told(path, [(line_of(text, one["loc"]), _message(one)) for one in details])) from error


def with_rows(design: Design, path: Path) -> Design:
    """The design with the rows of the CSV file that it names. Raises RequestError where the file is not a table."""
    found = design.uncertainties
    if found is None or found.file is None:
        return design
    rows = list(_read_rows(path.parent / found.file))
    if not rows:
        raise RequestError(f"{path}: uncertainties.file: {found.file} has no rows")
    return design.model_copy(update={"uncertainties": found.model_copy(update={"rows": rows, "file": None})})


def _read_rows(path: Path) -> Iterator[dict[str, float]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield {name: float(value) for name, value in row.items()}
    except OSError as error:
        raise RequestError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise RequestError(f"{path}: a row is no list of numbers under the names of its head: {error}") from error


def told(path: Path | str, mistakes: list[tuple[int, str]]) -> str:
    """Mistakes, each with its line (0 where the file as a whole is meant), as one message."""
    lines = [f"{path}:{line}: {text}" if line else f"{path}: {text}" for line, text in mistakes]
    return lines[0] if len(lines) == 1 else "\n".join([f"{len(lines)} mistakes in {path}", *lines])


def line_of(text: str, place: tuple[int | str, ...]) -> int:
    """Line of the innermost key of ``place`` that the text of the file holds; 0 if it holds none."""
    for key in reversed([str(part) for part in place]):
        found = re.search(rf"^\s*\[?\s*\"?{re.escape(key)}\"?\s*[\]=]", text, re.MULTILINE)
        found = found or re.search(rf"\"{re.escape(key)}\"", text)
        if found:
            return text.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1
    return 0


def _message(detail: ErrorDetails) -> str:
    place = ".".join(map(str, detail["loc"]))
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(detail["loc"][-1]), _keys(detail["loc"]), 1, 0.0)
        return f"unknown key '{place}'; nearest: {near[0]}"
    if detail["type"] == "literal_error":
        near = difflib.get_close_matches(str(detail["input"]), re.findall(r"'([^']+)'", message), 1, 0.0)
        return f"{place}: {message}, not {detail['input']!r}" + (f"; nearest: {near[0]}" if near else "")
    return f"{place}: {message}" if place else message


def _keys(place: tuple[int | str, ...]) -> list[str]:
    blocks: dict[Any, type[BaseModel]] = {"uncertainties": Uncertainties, "keep": Keep}
    return list(blocks.get(place[0], Design).model_fields if len(place) > 1 else Design.model_fields)
