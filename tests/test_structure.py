"""The rooms: imports point down and in no circle, files stay short, and nothing tells on which machine it was written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from conftest import ROOT

from experiments import facts

ROOMS = ("scenarios", "agents", "model", "experiments", "viz")
"""From the ground up: each may import those before it."""
LONGEST_FILE = 300
TEXTS = {".py", ".toml", ".md", ".csv", ".cff", ".yaml", ".json", ".vue", ".js", ".css", ".html", ""}
HOME = re.compile(r"[\"'`\s=(]/(home|root|Users|work)/\w")
OUTSIDE = {".git", "out", "build", "__pycache__"}


def modules() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or inside a function, by its full name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            yield ".".join([*package, *(node.module or "").split(".")])


def test_imports_point_down() -> None:
    upward = []
    for path in modules():
        floor = ROOMS.index(path.relative_to(ROOT).parts[0])
        rooms = {name.split(".")[0] for name in imported(path)} & set(ROOMS)
        upward += [f"{path.relative_to(ROOT)} imports {room}" for room in rooms if ROOMS.index(room) > floor]
    assert upward == []


def needed(path: Path) -> set[str]:
    """Modules of the project that a file cannot be loaded without: what it imports at its top, not for types alone."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_imports_go_in_no_circle() -> None:
    named = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in modules()}
    files = {name: path for name, path in named.items() if not name.endswith("__init__")}
    TopologicalSorter({name: needed(path) & files.keys() for name, path in files.items()}).prepare()


def test_agents_know_no_model() -> None:
    found = [
        path.name for path in (ROOT / "agents").rglob("*.py") for name in imported(path) if name.startswith("model")
    ]
    assert found == []


def test_files_are_short() -> None:
    files = [*modules(), *(ROOT / "tests").glob("*.py")]
    lengths = {str(path.relative_to(ROOT)): path.read_text("utf-8").count("\n") for path in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def project_files() -> Iterator[Path]:
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in (".ci", ".pre-commit-config.yaml") for part in parts)
        if path.is_file() and not hidden and not OUTSIDE.intersection(parts) and path.suffix in TEXTS:
            yield path


def test_no_path_of_one_machine() -> None:
    found = [str(path.relative_to(ROOT)) for path in project_files() if HOME.search(path.read_text("utf-8", "ignore"))]
    assert [name for name in found if name != "tests/test_structure.py"] == []


def test_every_fact_is_told_once() -> None:
    names = [fact.name for fact in facts.FACTS]
    assert len(names) == len(set(names))
    assert all(fact.low < fact.high for fact in facts.FACTS)


def test_kept_facts_belong_to_the_code() -> None:
    """Stale figures are worth a warning, not a failure: they take minutes to renew."""
    said = facts.staleness()
    if "up to date" not in said:
        pytest.skip(said)


def test_readme_table_goes_between_its_marks(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{facts.BEGIN}\nold\n{facts.END}\nafter\n")
    facts.write_readme("new", readme)
    facts.write_readme("newer", readme)
    assert readme.read_text() == f"before\n{facts.BEGIN}\nnewer\n{facts.END}\nafter\n"
