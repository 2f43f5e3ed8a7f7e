"""What the Scenario studio computes: checks with lines and remedies, edits in place, changes in fields."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_texts import WRONG, scenario_of

from experiments.errors import RequestError
from experiments.rules_commands import TEMPLATE
from scenarios import Change, Scenario, available
from scenarios.loader import LIBRARY
from viz.studio import draft as drafts
from viz.studio import edit, names
from viz.studio.draft import Draft
from viz.studio.figures import effect
from viz.studio.verdict import LARGEST, MOST_CHANGES, checked, fixed, fixes, judge


def same(a: Scenario, b: Scenario) -> bool:
    return a.model_dump() == b.model_dump()


# --- checks


def test_the_example_and_the_library_can_be_played() -> None:
    assert judge(TEMPLATE).playable
    assert all(judge((LIBRARY / f"{name}.toml").read_text("utf-8")).playable for name in available())


def test_mistakes_have_lines_and_remedies() -> None:
    found = judge(WRONG).problems
    lines = WRONG.splitlines()
    assert [lines[one.line - 1] for one in found] == [
        'value = "trials.recruitmnt.CN"', 'column = "regional.CN.trial_start"',
    ]  # fmt: skip
    text = WRONG
    for problem in found:
        text = fixed(text, fixes(problem)[0])
    assert judge(text).playable


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('title = "a"\nextends = ["baselin"]', 2, "unknown scenario 'baselin'; nearest: baseline"),
        ('title = "a"\nsett = 3', 2, "unknown key 'sett'; nearest"),
        ('title = "a"\n[[change]]\nvalue = "access.demand"\nset = 99', 4, "allowed range"),
        ('title = "a"\n[[change]]\nvalue = "access.demand"\nset = 1\nfrom = "2026-13"', 5, "write YYYY-MM"),
        ('title = "a', 1, "not valid TOML"),
        ("", 0, "title"),
        ("a = " + "[" * 3000, 0, "not valid TOML"),
    ],
)
def test_each_mistake_is_placed(text: str, line: int, message: str) -> None:
    found = judge(text).problems
    assert [(one.line, message in one.message) for one in found] == [(line, True)]


def test_no_file_of_the_server_is_opened_for_a_text(tmp_path: Path) -> None:
    secret = tmp_path / "secret.toml"
    secret.write_text('password = "hush"')
    for key in ("extends", "against"):
        text = f'title = "a"\nextends = ["{secret}"]' if key == "extends" else (
            f'title = "a"\n[[expect]]\ncolumn = "deals"\ndirection = "up"\nagainst = "{secret}"'
        )  # fmt: skip
        verdict = judge(text)
        assert not verdict.playable and "choose one of the library" in verdict.problems[0].message
        assert not any("password" in one.message or "hush" in one.message for one in verdict.problems)
        with pytest.raises(RequestError, match="unknown scenario"):
            checked(text)


def test_too_much_is_refused() -> None:
    assert "too many" in judge("#" * (LARGEST + 1)).problems[0].message
    many = 'title = "a"\n' + '[[change]]\nvalue = "access.demand"\nset = 1\n' * (MOST_CHANGES + 1)
    assert f"takes {MOST_CHANGES}" in judge(many).problems[0].message


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.integers(0, len(TEMPLATE)), st.integers(0, 40))
def test_no_text_breaks_the_check(noise: str, place: int, length: int) -> None:
    text = TEMPLATE[:place] + noise + TEMPLATE[place + length :]
    verdict = judge(text)
    assert verdict.playable == (not verdict.problems)
    for problem in verdict.problems:
        assert problem.message and 0 <= problem.line <= len(text.splitlines()) + 1
        for fix in fixes(problem):
            assert isinstance(fixed(text, fix), str)


# --- edits


@pytest.mark.parametrize("name", ["baseline", "decoupling", "tariffs", "no-deals", "null"])
def test_edits_mean_what_they_should(name: str) -> None:
    text = (LIBRARY / f"{name}.toml").read_text("utf-8")
    whole = scenario_of(text)
    new = Change(value="access.demand.US", scale=1.5, until="2030-01", source='says "so"\nand so')
    for index in range(len(whole.changes)):
        rest = [one for place, one in enumerate(whole.changes) if place != index]
        put = [*whole.changes[:index], new, *whole.changes[index + 1 :]]
        assert scenario_of(edit.drop_change(text, whole, index)).changes == rest
        assert scenario_of(edit.put_change(text, whole, index, new)).changes == put
    assert scenario_of(edit.put_change(text, whole, None, new)).changes == [*whole.changes, new]


def test_edits_leave_comments_alone() -> None:
    text = "# mine\n" + TEMPLATE
    whole = scenario_of(text)
    for edited in (
        edit.put_change(text, whole, 0, whole.changes[0].model_copy(update={"scale": 2.0})),
        edit.put_change(text, whole, None, Change(value="access.demand", set=2)),
        edit.drop_change(text, whole, 0),
        edit.put_head(text, whole, title="Another", extends=["tariffs"], story=""),
    ):
        kept = [line for line in edited.splitlines() if line.startswith("#")]
        assert kept == [line for line in text.splitlines() if line.startswith("#")]


@given(st.text(max_size=80), st.lists(st.sampled_from(available()), max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_head_can_be_written(words: str, extends: list[str]) -> None:
    whole = scenario_of(TEMPLATE)
    wanted = whole.model_copy(update={"title": words, "story": words, "extends": extends})
    assert same(scenario_of(edit.put_head(TEMPLATE, whole, title=words, story=words, extends=extends)), wanted)


def test_an_unusual_layout_is_written_anew() -> None:
    text = 'title = "a"\nchange = [{value = "access.demand", set = 2}, {value = "access.demand.US", set = 3}]\n'
    whole = scenario_of(text)
    edited = edit.drop_change(text, whole, 0)
    assert scenario_of(edited).changes == whole.changes[1:]


# --- changes in fields


def test_values_are_found_by_words() -> None:
    assert names.search("search breadth")[0] == "licensing.search_breadth"
    assert "geopolitics.tension.US-CN" in names.search("tension us-cn")
    assert names.search("no such thing at all") == []
    assert len(names.search("a")) == names.MOST
    assert all(name in names.values() for name, _ in names.everything())


def test_a_value_is_told_with_unit_range_and_role() -> None:
    found = names.about("geopolitics.tension.US-CN")
    assert found is not None and found.default == pytest.approx(0.82) and found.cells == 1
    assert (found.allowed_low, found.allowed_high, found.role) == (0.0, 1.0, "uncertainty")
    whole = names.about("trials.recruitment.CN")
    assert whole is not None and whole.cells == 5 and whole.low <= whole.default <= whole.high
    assert names.about("nothing") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.2", 1.2), (" −3 ", -3.0), ("20 %", 0.2), ("+1e3", 1000.0), (".5", 0.5), ("", None), ("much", None),
     ("1,5", None), ("nan", None), ("1e999", None), ("0x10", None)],
)  # fmt: skip
def test_numbers_of_fields(text: str, value: float | None) -> None:
    assert drafts.number(text) == (pytest.approx(value) if value is not None else None)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Choose a value"),
        ({"value": "acess.demand"}, "nearest: access.demand"),
        ({"value": "access.demand"}, "Give a number"),
        ({"value": "access.demand", "amount": "x"}, "no number"),
        ({"value": "access.demand", "amount": "99"}, "allowed range"),
        ({"value": "access.demand", "amount": "1", "operation": "ramp"}, "until"),
        ({"value": "access.demand", "amount": "1", "begin": "2030-01", "until": "2026-01"}, "before it begins"),
        ({"value": "access.demand", "amount": "1", "begin": "soon"}, "write YYYY-MM"),
        ({"value": "access.demand", "amount": "1", "operation": "__class__"}, "what happens"),
    ],
)
def test_what_is_missing_is_told(fields: dict[str, str], message: str) -> None:
    read = drafts.read(drafts.from_fields({"operation": "set", **fields}), scenario_of(TEMPLATE), None)
    assert read.change is None and message in read.message


def test_a_change_shows_what_it_does() -> None:
    whole = scenario_of(TEMPLATE)
    read = drafts.read(Draft("access.demand.US", "ramp", "2", "2030-01", "2032-01", "me"), whole, None)
    assert read.change == Change(value="access.demand.US", ramp=2, from_="2030-01", until="2032-01", source="me")
    begin, end = 30 * 12, 32 * 12
    assert read.before[: begin + 1] == read.after[: begin + 1]
    assert read.after[end] == pytest.approx(2) and read.after[-1] == pytest.approx(2)
    assert read.after[begin + 12] == pytest.approx((read.before[begin] + 2) / 2)
    drawn = effect(read.before, read.after, "ratio")["series"]
    assert [point[1] for point in drawn[1]["data"]] == list(read.after)


def test_changes_become_fields_and_come_back() -> None:
    whole = scenario_of((LIBRARY / "baseline.toml").read_text("utf-8"))
    for index, change in enumerate(whole.changes[:25]):
        again = drafts.read(drafts.of(change), whole, index)
        assert again.change == change, again.message


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Change(value="a", scale=1.2, from_="2026-01"), "× 1.2 from 2026-01"),
        (Change(value="a", set=3), "= 3 all the time"),
        (Change(value="a", ramp=0.5, from_="2026-01", until="2030-01"), "→ 0.5 from 2026-01 by 2030-01"),
    ],
)
def test_changes_in_a_line(change: Change, text: str) -> None:
    assert drafts.summary(change) == text
