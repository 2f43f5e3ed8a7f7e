"""The tables of the documentation, written from the schema, the families, the plan and the decisions.

``python -m experiments.document`` renews what stands between the marks in ``docs/``; ``--check`` changes nothing, names
the tables that are stale and ends with 1 if there are any.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from experiments.document.of_answers import answers
from experiments.document.of_findings import calibration, counting, expectations, headlines, library, limits, million
from experiments.document.of_model import decisions, draws, entities, known, plan, results, series, state
from experiments.document.of_values import firms_2000, inputs, levers, reads
from experiments.document.source_files import ROOT
from experiments.record_keeping import marks

DOCS = ROOT / "docs"
MARK = re.compile(r"<!-- table:(?P<name>[\w.]+):begin -->\n.*?<!-- table:(?P=name):end -->", re.DOTALL)

WRITERS: dict[str, Callable[..., str]] = {
    "entities": entities, "state": state, "plan": plan, "decisions": decisions, "known": known, "draws": draws,
    "inputs": inputs, "levers": levers, "reads": reads, "library": library,
    "expectations": expectations, "results": results, "series": series, "firms_2000": firms_2000,
    "headlines": headlines, "calibration": calibration, "limits": limits, "counting": counting, "million": million,
    "answers": answers,
}  # fmt: skip


def stale(folder: Path = DOCS) -> list[str]:
    """Tables that differ from what the code and data say now, as ``file: name``."""
    found = []
    for path in sorted(folder.glob("*.md")):
        old = path.read_text("utf-8")
        now = {match["name"]: match[0] for match in MARK.finditer(renewed(old))}
        found += [f"{path.name}: {match['name']}" for match in MARK.finditer(old) if now[match["name"]] != match[0]]
    return found


def renew(folder: Path = DOCS) -> list[str]:
    """Write every table anew; returns the names of the files that changed."""
    changed = []
    for path in sorted(folder.glob("*.md")):
        old = path.read_text("utf-8")
        new = renewed(old)
        if new != old:
            path.write_text(new, "utf-8")
            changed.append(path.name)
    return changed


def renewed(text: str) -> str:
    """A document with all its tables as they are now. Raises KeyError for a table that nobody writes."""
    return MARK.sub(lambda match: marked(match["name"]), text)


def marked(name: str) -> str:
    """A table between its marks."""
    begin, end = marks(f"table:{name}")
    return f"{begin}\n\n{content(name)}\n\n{end}"


@cache
def content(name: str) -> str:
    """The text of a table; ``state.firms`` asks the writer ``state`` for ``firms``."""
    writer, _, part = name.partition(".")
    return WRITERS[writer](part) if part else WRITERS[writer]()
