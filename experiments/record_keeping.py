"""Records that are kept because they take minutes to make, each with the digest of the code that gave it.

A record is a file ``experiments/results/NAME.json``. The command that makes it has the option ``--check``, which only
says whether it is stale, and may show it between marks of a page.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.code_digest import ROOT, code_digest
from experiments.errors import RequestError
from experiments.sweeps.files import put_text

RESULTS = ROOT / "experiments" / "results"


def place(name: str) -> Path:
    """The file of a record."""
    return RESULTS / f"{name}.json"


def read(name: str) -> dict[str, Any]:
    """A record; empty where none is kept."""
    found: dict[str, Any] = json.loads(place(name).read_text("utf-8")) if place(name).is_file() else {}
    return found


def keep(name: str, figures: Mapping[str, Any]) -> None:
    """Keep figures as a record, with the digest of the code unless they have one."""
    RESULTS.mkdir(exist_ok=True)
    write(place(name), {"code": code_digest(), **figures})


def write(path: Path, document: Mapping[str, Any]) -> None:
    """A document as a file in JSON, complete or not at all."""
    put_text(path, json.dumps(document, indent=1, default=float) + "\n")


def is_current(name: str) -> bool:
    """Whether a record belongs to the present code and data."""
    return bool(read(name).get("code") == code_digest())


def staleness(name: str, command: str) -> str:
    """One line: whether a record belongs to the present code, and else the module ``command`` that renews it."""
    if is_current(name):
        return f"{name}: up to date"
    if not read(name):
        return f"{name}: none are kept; `python -m {command}` makes them"
    return f"{name}: stale, the model has changed since; `python -m {command}` renews them"


def add_workers(parser: argparse.ArgumentParser) -> None:
    """The option of those who play in parallel."""
    parser.add_argument("--workers", type=int, help="processes; as many as there are cores by default")


def asked(
    parser: argparse.ArgumentParser, arguments: Sequence[str] | None, name: str, command: str
) -> argparse.Namespace:
    """What a command that makes a record is asked; with ``--check`` say whether the record is stale, and end."""
    parser.add_argument("--check", action="store_true", help="only say whether the kept figures are stale")
    given = parser.parse_args(arguments)
    if given.check:
        print(staleness(name, command))
        parser.exit()
    code_digest()  # before anything is played, so that it is the code that plays
    return given


def marks(name: str) -> tuple[str, str]:
    """What stands before and after a text that is written by a command."""
    return f"<!-- {name}:begin -->", f"<!-- {name}:end -->"


def put_between(page: Path, name: str, text: str) -> None:
    """Put a text between its marks. Raises RequestError where the page has none."""
    begin, end = marks(name)
    head, begun, rest = (page.read_text("utf-8") if page.exists() else "").partition(begin)
    _, ended, tail = rest.partition(end)
    if not (begun and ended):
        raise RequestError(f"{page.name} has no place for the {name}; put {begin} and {end} in it")
    page.write_text(f"{head}{begin}\n{text}\n{end}{tail}", "utf-8")
