"""The documentation: its examples run, its tables are fresh, it names only what exists."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from conftest import ROOT, needs_engine

import agents
import scenarios
from agents.base import Decider
from experiments import document
from experiments.cli import app
from experiments.document import __main__ as command
from experiments.document.of_findings import findings
from model.values import Values

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
KINDS = ("Biotech", "Pharma", "Regulator", "Payer", "Investor", "Government", "ServiceProvider")
ELEMENTS = [
    "I Overview", "Purpose", "Entities, state variables and scales", "Process overview and scheduling",
    "II Design concepts", "Theoretical and empirical background", "Individual decision-making", "Learning",
    "Individual sensing", "Individual prediction", "Interaction", "Collectives", "Heterogeneity", "Stochasticity",
    "Observation", "III Details", "Implementation details", "Initialisation", "Input data", "Submodels",
]  # fmt: skip
SCALE, MONTHS = 0.05, 24
"""A world that is quick to play and still large enough for every decision of the examples to be asked for."""


def blocks(path: Path, language: str) -> list[str]:
    """The code blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def small(example: str) -> str:
    """An example in a small world, played for a few months at each step."""
    shorter = re.sub(r"run_until\([^)]*\)", f"run_until({MONTHS})", example)
    return re.sub(r"scale=[\d.]+", f"scale={SCALE}", shorter)


EXAMPLES = {f"{path.stem}-{n}": text for path in PAGES for n, text in enumerate(blocks(path, "python"), 1)}


def play(example: str) -> dict[str, object]:
    """What an example leaves behind when its small version has been executed."""
    found: dict[str, object] = {"__name__": "example"}
    exec(compile(small(example), "example", "exec"), found)
    return found


@needs_engine
@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_examples_run(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = play(example)
    own = [c for c in found.values() if isinstance(c, type) and issubclass(c, Decider) and c.__module__ == "example"]
    assert f"scale={SCALE}" in small(example), "an example says its scale, so that it can be played small"
    assert all(kind.own_decisions() for kind in own), "an own kind of agent overrides a decision that exists"


def test_every_kind_of_agent_has_an_example() -> None:
    bases = {base for text in EXAMPLES.values() for base in re.findall(r"^class \w+\((\w+)\):", text, re.MULTILINE)}
    assert bases == set(KINDS)


def test_every_decision_is_listed() -> None:
    text = (ROOT / "docs" / "extending.md").read_text("utf-8")
    named = [name for kind in KINDS for name in getattr(agents, kind).decisions()]
    assert [name for name in named if f"| `{name}` |" not in text] == []


def test_tables_are_fresh() -> None:
    assert document.stale() == [], "python -m experiments.document renews them"


def test_tables_are_written_once_and_for_all(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n\n<!-- table:plan:begin -->\nold\n<!-- table:plan:end -->\n\nafter\n", "utf-8")
    assert document.stale(tmp_path) == ["page.md: plan"]
    assert document.renew(tmp_path) == ["page.md"]
    first = page.read_text("utf-8")
    assert document.stale(tmp_path) == document.renew(tmp_path) == []
    assert page.read_text("utf-8") == first
    assert first.startswith("before\n\n") and first.endswith("\n\nafter\n") and "deal market" in first


def test_check_says_what_is_stale(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "stale", lambda: ["odd.md: plan"])
    assert command.main(["--check"]) == 1
    assert capsys.readouterr().out == "stale: odd.md: plan\n"


def test_the_elements_of_odd_stand_in_their_order() -> None:
    text = (ROOT / "docs" / "odd.md").read_text("utf-8")
    heads = [head for head in re.findall(r"^##+ (.+)$", text, re.MULTILINE) if head in ELEMENTS]
    assert heads == ELEMENTS


def written() -> str:
    """All that the pages tell a reader to type: code blocks and code in the text."""
    code = re.compile(r"^```\w*\n.*?^```$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
    return "\n".join(part for path in PAGES for part in code.findall(path.read_text("utf-8")))


@pytest.fixture(scope="module")
def commands() -> dict[str, Any]:
    """The commands of ``pharmarket`` by their words."""
    top: Any = typer.main.get_command(app)
    inner = {f"{name} {word}": one for name, group in top.commands.items() for word, one in sub_commands(group).items()}
    return {**top.commands, **inner}


def sub_commands(group: Any) -> dict[str, Any]:
    return getattr(group, "commands", {})


def test_commands_exist(commands: dict[str, Any]) -> None:
    typed = set(re.findall(r"(?:^|[`/])pharmarket ([a-z]+)", written(), re.MULTILINE))
    assert typed and typed <= set(commands)
    listed = set(re.findall(r"pharmarket (scenarios [a-z]+)", written()))
    assert listed and listed <= set(commands)


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    typed = set(re.findall(r"(?:^|`)make ([a-z-]+)", written(), re.MULTILINE))
    assert {"run", "test"} <= typed <= targets


def test_modules_exist() -> None:
    typed = set(re.findall(r"python -m ([\w.]+)", written()))
    assert typed and [name for name in typed if importlib.util.find_spec(name) is None] == []


def test_options_exist(commands: dict[str, Any]) -> None:
    known = {option for command in commands.values() for parameter in command.params for option in parameter.opts}
    lines = re.findall(r"(?:^|[`/])pharmarket [^`\n]+", written(), re.MULTILINE)
    typed = {option for line in lines for option in re.findall(r"--[a-z]+", line)}
    assert typed and typed <= known


def test_named_values_exist() -> None:
    values = Values.load()
    groups = {name.split(".")[0] for name in values.arrays}
    texts = [document.MARK.sub("", path.read_text("utf-8")) for path in PAGES]
    spoken = re.findall(r"`([a-z]+\.[a-z_0-9]+(?:\.[A-Za-z_0-9-]+)*)`", "\n".join(texts))
    formulas = "\n".join(blocks(ROOT / "docs" / "odd.md", "text"))
    spoken += re.findall(r"\b[a-z]+\.[a-z_]+[a-z]\b", formulas)
    named = [name for name in spoken if name.split(".")[0] in groups]
    assert named and [name for name in named if name not in values] == []


def test_links_lead_somewhere() -> None:
    broken = []
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.name}: {target}")
    assert broken == []


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_anchors_exist() -> None:
    missing = []
    for path in PAGES:
        for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)]*)\)", path.read_text("utf-8")):
            if "://" not in target and anchor not in anchors(path.parent / target if target else path):
                missing.append(f"{path.name}: {target}#{anchor}")
    assert missing == []


def test_no_absolute_path() -> None:
    absolute = re.compile(r"(?:^|[\s`\"'(=])(?:/|~/|[A-Z]:\\)[A-Za-z]", re.MULTILINE)
    assert [path.name for path in PAGES if absolute.search(path.read_text("utf-8"))] == []


def test_scenario_examples_are_right(tmp_path: Path) -> None:
    texts = blocks(ROOT / "docs" / "scenarios.md", "toml")
    assert texts
    for number, text in enumerate(texts):
        file = tmp_path / f"{number}.toml"
        file.write_text(text, "utf-8")
        assert scenarios.check(file, Values.load()) == []


def test_the_readme_has_a_place_for_the_facts() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert 0 < text.find("<!-- facts:begin -->") < text.find("<!-- facts:end -->")


def test_what_did_not_come_as_expected_has_a_reason() -> None:
    kept = json.loads((ROOT / "experiments" / "results" / "expectations.json").read_text("utf-8"))["expectations"]
    missed = {(row["scenario"], row["column"]) for row in kept if row["verdict"] != "as expected"}
    assert missed - set(findings()) == set()
