"""Whatever a scenario file holds, its mistakes are named; nothing ends in a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Pharmarket
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import scenarios
from experiments.resolved import resolve_changes
from model.observation.recorder import series
from model.values import Values
from scenarios import Problem, Scenario, ScenarioError

FUZZ = settings(max_examples=800, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
VALUES = Values.load()
NAMES = ["geopolitics.tension.US-CN", "access.demand", "trials.recruitment.CN", "regulator.separate_from.FDA",
         "payer.willingness.UK_NHS", "capital.supply", "geopolitics.tension", "access", "", "ünïcödé.☃", "a.b.c.d.e"]  # fmt: skip
COLUMNS = ["deals", "regional.CN.out_licences", "regional.XX.deals", "", "dealz"]
SCALARS = st.one_of(
    st.integers(), st.integers(10**300, 10**340), st.floats(), st.booleans(), st.text(max_size=20), st.dates(),
    st.datetimes(), st.none(), st.sampled_from(["2026-01", "2030-13", "0000-00", "9999-12", "2026-1"]),
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
NUMBERS = st.one_of(st.floats(-2, 2), st.floats(), st.integers(-(10**20), 10**20))
MONTHS = st.sampled_from(["2026-01", "2030-06", "2040-12", "1999-01", "9999-12"])


def changes(strange: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Blocks of a change: sensible ones with sometimes wild numbers, or anything at all."""
    if strange:
        keys = ["value", "set", "scale", "add", "ramp", "from", "until", "unit", "source", "sett", "värde"]
        return st.dictionaries(st.sampled_from(keys), ANYTHING | st.sampled_from(NAMES), max_size=6)
    operation = st.sampled_from(["set", "scale", "add", "ramp"])
    return st.builds(
        lambda name, key, number, dates: {"value": name, key: number, **dates}, st.sampled_from(NAMES), operation,
        NUMBERS, st.fixed_dictionaries({}, optional={"from": MONTHS, "until": MONTHS}),
    )  # fmt: skip


def expectations() -> st.SearchStrategy[dict[str, Any]]:
    keys = ["column", "direction", "from", "until", "against", "reason", "colum"]
    return st.dictionaries(
        st.sampled_from(keys), ANYTHING | st.sampled_from([*COLUMNS, "up", "down", "baseline"]), max_size=5
    )


def structures() -> st.SearchStrategy[dict[str, Any]]:
    """Whole files: right and wrong keys, right and wrong shapes."""
    block = st.lists(st.one_of(changes(False), changes(True)), max_size=3)
    return st.fixed_dictionaries({}, optional={
        "title": st.one_of(st.text(max_size=20), ANYTHING), "watch": st.lists(st.sampled_from(COLUMNS)) | ANYTHING,
        "extends": st.lists(st.sampled_from(["baseline", "nothing", "\x00", "a" * 300, "."])) | ANYTHING,
        "change": block | ANYTHING, "expect": st.lists(expectations(), max_size=2) | ANYTHING, "titel": ANYTHING,
        "story": ANYTHING, "sources": ANYTHING,
    })  # fmt: skip


def as_toml(value: Any) -> str:
    """A value in TOML, tables inline; what TOML has no word for becomes a text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, int | float):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else json.dumps(str(value))


def assert_only_problems(path: Path) -> list[Problem]:
    """The file is right and can be composed, or every mistake is a Problem with a line of the file."""
    found = scenarios.check(path, VALUES, series())
    assert all(isinstance(one, Problem) and one.message and one.line >= 0 for one in found)
    if not found:
        VALUES.with_changes(scenarios.compose([path]).changes)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "wild.toml"


@FUZZ
@given(text=st.text(max_size=200) | st.binary(max_size=100))
def test_any_text(text: str | bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "text.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    assert_only_problems(path)


@FUZZ
@given(content=structures())
def test_any_structure(content: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "structure.toml"
    lines = [f"{key} = {as_toml(value)}" for key, value in content.items()]
    path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    assert_only_problems(path)


@FUZZ
@given(blocks=st.lists(changes(False), min_size=1, max_size=4))
def test_any_change_of_the_right_form(blocks: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """The checked file and the played scenario agree on what is wrong."""
    path = tmp_path_factory.getbasetemp() / "changes.toml"
    text = "\n".join(["[[change]]\n" + "\n".join(f"{k} = {as_toml(v)}" for k, v in one.items()) for one in blocks])
    path.write_text('title = "x"\n' + text, encoding="utf-8")
    found = assert_only_problems(path)
    if found:
        with pytest.raises((ScenarioError, ValueError, LookupError)):
            VALUES.with_changes(scenarios.compose([path]).changes)


@settings(FUZZ, max_examples=200)
@given(cut=st.integers(0, 2000), insert=st.text(max_size=10))
def test_a_damaged_file_of_the_library(cut: int, insert: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    text = (scenarios.loader.LIBRARY / "baseline.toml").read_text("utf-8")[-2000:]
    path = tmp_path_factory.getbasetemp() / "damaged.toml"
    path.write_text('title = "x"\n' + text[:cut] + insert + text[cut:], encoding="utf-8", errors="replace")
    assert_only_problems(path)


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, 'title = "x"\n' + "[a." * 2000, "set = " + "9" * 5000])
def test_nesting_and_numbers_beyond_reason(text: str, file: Path) -> None:
    file.write_text(text)
    assert len(assert_only_problems(file)) >= 1


def test_columns_are_checked_and_the_nearest_named(file: Path) -> None:
    file.write_text("""title = "x"
watch = ["deals", "dealz"]
[[expect]]
column = "regional.CN.out_licence"
direction = "down"
[[expect]]
column = "deals"
direction = "sideways"
[[expect]]
column = "deals"
direction = "up"
against = "basline"
""")
    found = [str(one).removeprefix(f"{file}:") for one in scenarios.check(file, VALUES, series())]
    assert found == ["8: 'direction': Input should be 'up' or 'down'"], "form comes first"
    file.write_text(file.read_text().replace("sideways", "up"))
    found = [str(one).removeprefix(f"{file}:") for one in scenarios.check(file, VALUES, series())]
    assert found[0].startswith("2: unknown column 'dealz'; nearest: deals")
    assert found[1].startswith("4: unknown column 'regional.CN.out_licence'; nearest: regional.CN.out_licences")
    assert found[2].startswith("12: unknown scenario 'basline'; nearest: baseline")
    assert len(found) == 3


def test_expectations_survive_writing_and_composing(file: Path) -> None:
    file.write_text('title = "x"\n[[expect]]\ncolumn = "deals"\ndirection = "up"\nfrom = "2030-01"\n')
    mine = scenarios.load(file)
    again = file.with_name("again.toml")
    again.write_text(mine.to_toml())
    assert scenarios.load(again).expect == mine.expect == scenarios.compose(["baseline", mine]).expect
    assert mine.expect[0].to_dict() == {"column": "deals", "direction": "up", "from": "2030-01"}


def test_show_tells_where_each_value_comes_from(file: Path) -> None:
    file.write_text('title = "x"\nextends = ["baseline"]\n[[change]]\nvalue = "access.demand.US"\nscale = 0.5\n'
                    'from = "2031-01"\nsource = "me"\n')  # fmt: skip
    found = resolve_changes([str(file)], ["2030-12", "2031-01"])
    mine = found[-1]
    assert (mine.scenario, mine.file, mine.line, mine.source) == ("wild", str(file), 3, "me")
    assert mine.before == {"2030-12": "1", "2031-01": "1"} and mine.after == {"2030-12": "1", "2031-01": "0.5"}
    assert found[0].file == "scenarios/library/baseline.toml" and found[0].line > 0
    assert len(found) == 1 + len(scenarios.load("baseline").changes)


def test_the_commands_of_scenarios(pharmarket: Pharmarket, tmp_path: Path) -> None:
    assert pharmarket("scenarios").stdout == pharmarket("scenarios", "list").stdout != ""
    shown = pharmarket("scenarios", "show", "baseline", "--at", "2030-01")
    (tmp_path / "shown.toml").write_text(shown.stdout)
    assert scenarios.load(tmp_path / "shown.toml").changes == scenarios.compose("baseline").changes
    records = json.loads(pharmarket("scenarios", "show", "baseline", "--json").stdout)["resolved"]
    assert {"value", "unit", "scenario", "file", "line", "source", "before", "after"} == set(records[0])
    (tmp_path / "wild.toml").write_bytes(b"\xff\xfe\x00")
    for words in (("scenarios", "show"), ("scenarios", "check"), ("run",)):
        refused = pharmarket(*words, "wild.toml")
        assert refused.returncode == 2 and "Traceback" not in refused.stderr, refused.stderr


def test_a_scenario_of_python_is_checked_like_a_file() -> None:
    with pytest.raises(ValueError, match="direction"):
        Scenario(title="x", expect=[{"column": "deals", "direction": "left"}])


def test_files_and_scenarios_of_one_name_all_count(tmp_path: Path) -> None:
    files = []
    for folder, change in (("a", 0.5), ("b", 0.25)):
        (tmp_path / folder).mkdir()
        files.append(tmp_path / folder / "ira.toml")
        text = f'title = "Mine"\nextends = ["ira"]\n[[change]]\nvalue = "capital.supply"\nscale = {change}\n'
        files[-1].write_text(text, "utf-8-sig")  # as some editors write it
    whole = scenarios.compose([*files, scenarios.load(files[0])])
    assert [one.scale for one in whole.changes if one.value == "capital.supply"][-2:] == [0.5, 0.25]
    assert len(whole.changes) == len(scenarios.compose(["ira"]).changes) + 2, "what both extend counts once"


@pytest.mark.parametrize("number", ["true", '"0.5"'])
def test_only_numbers_are_numbers(tmp_path: Path, number: str) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(f'title = "Odd"\n\n[[change]]\nvalue = "capital.supply"\nset = {number}\nsource = "a test"\n')
    problems = scenarios.check(path, {"capital.supply"})
    assert [problem.line for problem in problems] == [5]
    assert "is no number; write it like 0.5" in problems[0].message


def test_a_file_is_named_from_where_the_other_lies(tmp_path: Path) -> None:
    (tmp_path / "first.toml").write_text(
        'title = "First"\n\n[[change]]\nvalue = "capital.supply"\nset = 0.5\nsource = "a test"\n'
    )
    (tmp_path / "second.toml").write_text('title = "Second"\nextends = ["first.toml"]\n')
    composed = scenarios.compose([tmp_path / "second.toml"])
    assert [change.set for change in composed.changes] == [0.5]
    assert scenarios.check(tmp_path / "second.toml", {"capital.supply"}) == []
