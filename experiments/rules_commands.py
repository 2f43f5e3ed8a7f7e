"""What the commands ``scenarios`` and ``parameters`` do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import show
from experiments.errors import RequestError
from experiments.settings import known_month

if TYPE_CHECKING:
    import pandas as pd

    from scenarios import Scenario

TEMPLATE = """\
title = "Faster recruitment in China"
story = "What would happen if trials in China enrolled even faster from 2026 on."
sources = ["own assumption"]
watch = ["trials_active", "regional.CN.trial_starts"]
extends = ["baseline"]

# One block for each change; `pharmarket parameters` lists the values. Give exactly one of set, scale, add and ramp.
# `from` is the first month that changes, `until` the first that does not (for a ramp, the month of arrival).
[[change]]
value = "trials.recruitment.CN"
scale = 1.2
from = "2026-01"
source = "own assumption"

# What you expect: a column of `indicators`, or regional.REGION.COLUMN, that moves up or down against the baseline.
[[expect]]
column = "regional.CN.trial_starts"
direction = "up"
from = "2028-01"
reason = "faster enrolment draws trials"
"""

TABLE_COLUMNS = ("name", "default", "unit", "range", "role", "status", "source")


def list_scenarios(as_json: bool) -> None:
    """Print name and title of every scenario of the library."""
    from scenarios import available, load

    titles = {name: load(name).title for name in available()}
    if as_json:
        show.print_json([{"name": name, "title": title} for name, title in titles.items()])
        return
    width = max(map(len, titles), default=0)
    for name, title in titles.items():
        print(f"{name:<{width}}  {title}")


def show_scenario(names: Sequence[str], dates: Sequence[str], as_json: bool) -> None:
    """Print the scenarios as one, with all that they extend, and what each change does to its value at dates.

    Raises RequestError for unknown or broken ones.
    """
    from experiments.resolved import as_records, resolve_changes

    whole = resolve(names)
    try:
        found = resolve_changes(names, [known_month(date, "at") for date in dates])
    except (ValueError, LookupError) as error:
        raise RequestError(str(error)) from error
    if as_json:
        show.print_json({**whole.model_dump(by_alias=True, exclude_defaults=True), "resolved": as_records(found)})
        return
    notes = iter(found)
    for line in whole.to_toml().splitlines():
        print(line)
        if line == "[[change]]":
            one = next(notes)
            print(f"# {one.scenario} ({one.file}:{one.line})\n# {one.unit}: {one.moves()}")


def resolve(names: Sequence[str]) -> Scenario:
    """The composed scenario. Raises RequestError with every mistake found."""
    from scenarios import ScenarioError, compose

    try:
        return compose(names)
    except ScenarioError as error:
        raise RequestError(str(error)) from error


def check_scenario(file: Path, as_json: bool) -> None:
    """Say that the file is right, or raise RequestError with all its mistakes, each with place and remedy."""
    from model.observation.recorder import series
    from model.values import Values
    from scenarios import check

    problems = check(file, Values.load(), series())
    if as_json:
        show.print_json([asdict(problem) for problem in problems])
    if problems:
        count = "one mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        raise RequestError("\n".join([f"{count} in {file}", *map(str, problems)]))
    if not as_json:
        print(f"{file}: no mistakes")


def new_scenario(file: Path) -> None:
    """Write an example to start from. Raises RequestError when the file exists or cannot be written."""
    try:
        with file.open("x", encoding="utf-8") as handle:
            handle.write(TEMPLATE)
    except FileExistsError:
        raise RequestError(f"{file} exists already; name a new file") from None
    except OSError as error:
        raise RequestError(f"cannot write {file}: {error.strerror}") from error
    print(f"{file} is an example to change; `pharmarket scenarios check {file}` says whether it is right")


def list_parameters(pattern: str, as_json: bool) -> None:
    """Print the named values that match, one line each. Raises RequestError when none does."""
    from model.values import Values

    values = Values.load()
    found = values.names(pattern or None)
    if found.empty:
        near = ", ".join(values.nearest(pattern)) or "none; leave the pattern out to list all"
        raise RequestError(f"no named value matches {pattern!r}; nearest: {near}")
    if as_json:
        show.print_json(found.to_dict("records"))
    else:
        print_lines(found)


def print_lines(found: pd.DataFrame) -> None:
    """One unwrapped line for each value, so that they can be searched with the tools of a shell."""
    rows = [TABLE_COLUMNS, *(_cells(row) for row in found.to_dict("records"))]
    widths = [max(len(row[i]) for row in rows) for i in range(len(TABLE_COLUMNS) - 1)]
    for row in rows:
        print("  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[-1]]))


def _cells(row: Mapping[Any, Any]) -> tuple[str, ...]:
    """The texts of one line; the range is the allowed one."""
    default = row["default"] if isinstance(row["default"], str) else f"{row['default']:g}"
    allowed = f"{row['allowed_low']:g} to {row['allowed_high']:g}"
    return row["name"], default, row["unit"], allowed, row["role"], row["status"], str(row["source"])
