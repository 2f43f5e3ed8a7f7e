"""Scenario files: schema, composition, checks, and the baseline."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import scenarios
from model.data import table
from model.values import Values
from scenarios import Change, Scenario, ScenarioError
from scenarios.loader import LIBRARY

GOOD = '''title = "Decoupling"
story = """
A = wall
"""
extends = ["baseline"]

[[change]]
value = "geopolitics.tension.US-CN"
ramp = 0.9
from = "2026-01"
until = "2030-01"
source = "judgement"
'''


def write(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str, values: Values) -> list[str]:
    return [f"{problem.line}: {problem.message}" for problem in scenarios.check(write(folder, text), values)]


def test_a_scenario_is_read(tmp_path: Path) -> None:
    scenario = scenarios.load(write(tmp_path, GOOD))
    change = scenario.changes[0]
    assert (scenario.name, scenario.title, len(scenario.changes)) == ("mine", "Decoupling", 1)
    assert (change.value, change.ramp, change.from_, change.until) == (
        "geopolitics.tension.US-CN",
        0.9,
        "2026-01",
        "2030-01",
    )


def test_dates_of_toml_are_months() -> None:
    assert (
        Change.model_validate({"value": "x", "set": 1, "from": __import__("datetime").date(2026, 3, 9)}).from_
        == "2026-03"
    )


@pytest.mark.parametrize("name", scenarios.available())
def test_a_file_survives_writing_and_reading(name: str, tmp_path: Path) -> None:
    scenario = scenarios.load(name)
    again = scenarios.load(write(tmp_path, scenario.to_toml(), name))
    assert again == scenario
    resolved = scenarios.compose([name])
    assert scenarios.load(write(tmp_path, resolved.to_toml())).changes == resolved.changes


@pytest.mark.parametrize("name", scenarios.available())
def test_the_library_is_sound(name: str, values: Values) -> None:
    assert scenarios.check(name, values) == []
    scenario = scenarios.load(name)
    assert scenario.story and scenario.sources and scenario.watch
    assert all(change.source for change in scenario.changes)
    assert values.with_changes(scenarios.compose([name]).changes).months == values.months


# --- composition


def test_what_is_extended_comes_first_and_once(tmp_path: Path) -> None:
    base = scenarios.load("baseline")
    mine = scenarios.load(write(tmp_path, GOOD))
    both = scenarios.compose([mine, mine.model_copy(update={"name": "twin"})])
    assert both.changes == [*base.changes, *mine.changes, *mine.changes]
    assert both.extends == [] and both.name == "mine+twin"
    assert scenarios.compose("baseline").changes == base.changes
    assert scenarios.compose(["baseline", mine]).changes == [*base.changes, *mine.changes]


def test_order_matters(values: Values) -> None:
    low, high = (
        Scenario(name=name, title=name, changes=[Change(value="access.demand.US", set=amount)])
        for name, amount in (("low", 0.5), ("high", 2.0))
    )
    assert values.with_changes(scenarios.compose([low, high]).changes)["access.demand"][0] == 2.0
    assert values.with_changes(scenarios.compose([high, low]).changes)["access.demand"][0] == 0.5


def test_a_circle_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'title = "A"\nextends = ["b"]\n', "a")
    write(tmp_path, 'title = "B"\nextends = ["a"]\n', "b")
    monkeypatch.setattr("scenarios.loader.LIBRARY", tmp_path)
    with pytest.raises(ScenarioError, match="extends itself: a -> b -> a"):
        scenarios.compose(["a"])


def test_an_unknown_scenario_names_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="unknown scenario 'basline'; nearest: baseline"):
        scenarios.load("basline")


def test_nothing_composes_to_nothing(values: Values) -> None:
    empty = scenarios.compose([])
    assert empty.changes == [] and values.with_changes(empty.changes).digest() == values.digest()


# --- mistakes, all at once


def test_a_good_file_has_no_problems(tmp_path: Path, values: Values) -> None:
    assert scenarios.check(write(tmp_path, GOOD), values) == []
    assert scenarios.check(write(tmp_path, GOOD), ["geopolitics.tension.US-CN"]) == []


def test_every_mistake_of_the_schema_has_its_line(tmp_path: Path, values: Values) -> None:
    text = """titel = "No"
[[change]]
value = "access.demand.US"
set = 1.5
scale = 2
[[change]]
value = "access.demand.US"
form = "2026-01"
set = "much"
[[change]]
value = "access.demand.US"
set = 1
from = "2026-13"
[[change]]
value = "access.demand.US"
ramp = 1
[[change]]
value = "access.demand.US"
add = 1
from = "2030-01"
until = "2026-01"
"""
    found = problems(tmp_path, text, values)
    assert "1: unknown key 'titel'; nearest: title" in found
    assert "0: 'title': Field required" in found
    assert any(line.startswith("2: 'access.demand.US' needs exactly one of set, scale, add, ramp") for line in found)
    assert "8: unknown key 'form'; nearest: from" in found
    assert any(line.startswith("9: 'much' is no number; write it like 0.5") for line in found)
    assert "13: '2026-13' is no month; write YYYY-MM" in found
    assert any(line.startswith("14: the ramp of 'access.demand.US' needs 'until'") for line in found)
    assert any(line.startswith("17: 'access.demand.US' ends (2026-01) before it begins") for line in found)


def test_names_units_and_ranges_are_reported_together(tmp_path: Path, values: Values) -> None:
    text = (
        GOOD
        + """
[[change]]
value = "geopolitics.tensoin.US-CN"
set = 0.5

[[change]]
value = "geopolitics.tension.US-CN"
add = 0.5
from = "2031-01"

[[change]]
value = "trials.startup.CN"
unit = "days"
set = 3
"""
    )
    found = problems(tmp_path, text, values)
    assert found[0].startswith("15: unknown value 'geopolitics.tensoin.US-CN'; nearest: geopolitics.tension.US-")
    assert found[1] == (
        "20: geopolitics.tension.US-CN would become 1.4 (0 = friendly, 1 = rupture); allowed range: 0 to 1"
    )
    assert found[2] == "25: 'trials.startup.CN' is measured in months, not in days"
    assert len(found) == 3


def test_a_broken_file_and_a_broken_parent_are_reported(tmp_path: Path, values: Values) -> None:
    assert problems(tmp_path, 'title = "x"\nstory = \n', values)[0].startswith("2: not valid TOML")
    found = problems(tmp_path, 'title = "x"\nextends = ["basline"]\n', values)
    assert len(found) == 1 and found[0].startswith("2: basline: unknown scenario")
    assert "unknown scenario" in scenarios.check(tmp_path / "missing.toml", values)[0].message


def test_an_error_carries_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path, 'title = "x"\n[[change]]\nvalue = "a"\n')
    with pytest.raises(ScenarioError) as caught:
        scenarios.load(path)
    assert str(caught.value).startswith(f"{path}:2: 'a' needs exactly one of")


# --- the baseline and the room


def test_the_baseline_cites_events_that_are_in_it() -> None:
    events = table("policy_timeline").set_index("id")
    cited = {}
    for change in scenarios.load("baseline").changes:
        event = re.match(r"E\d{3}", change.source)[0]
        assert events.loc[event].in_baseline == 1
        assert change.value in events.loc[event].represented_by
        cited.setdefault(event, []).append(change.value)
    assert len(cited) > 55


def test_the_baseline_changes_nothing_that_a_series_holds(values: Values) -> None:
    held = re.compile(
        r"regulator\.(standard|expedited|first|accepts)|capital\.(venture|public)|science\.base|geopolitics\.tension"
    )
    assert not [change.value for change in scenarios.load("baseline").changes if held.match(change.value)]


def test_the_baseline_acts_on_its_date(values: Values) -> None:
    world = values.with_changes(scenarios.compose(["baseline"]).changes)
    pandemic = world["demand.pandemic"]
    assert pandemic[(2020 - 2000) * 12] == 0 and pandemic[(2020 - 2000) * 12 + 1] == 1 and pandemic[-1] == 0
    assert world.at(491)["geopolitics.provider_ban"][5] == pytest.approx(0.15)
    assert world.at(0)["access.delay_months"][5] == 24 and world.at(240)["access.delay_months"][5] == 0
    assert world.at(300)["access.price_pressure"][0] == 1.0


def test_scenarios_import_nothing_of_the_model() -> None:
    for path in LIBRARY.parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] in {"model", "agents", "experiments", "viz"}]
