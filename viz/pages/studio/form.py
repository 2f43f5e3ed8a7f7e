"""The scenario as a form: what it builds on, and its changes one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import solara

from scenarios import Scenario, available, load
from viz.explore.words import plain
from viz.parts.chart import Chart
from viz.parts.guard import guarded
from viz.parts.page import Panel
from viz.studio import draft as drafts
from viz.studio import edit, names
from viz.studio.draft import Draft, Read
from viz.studio.figures import effect
from viz.studio.verdict import Verdict

CLOSED, NEW = -2, -1
FIELDS = ("title", "story", "extends")
LOCKED = "The text cannot be read; correct it first."


@solara.component_vue("head.vue")
def Head(
    head: dict[str, Any], library: list[list[str]], locked: bool, event_put: Callable[[dict[str, Any]], None]
) -> None:
    """Title, story and what it builds on; ``event_put`` gets the fields that changed."""


@solara.component_vue("changes.vue")
def Changes(
    changes: list[dict[str, Any]], current: int, locked: bool, event_edit: Callable[[int], None],
    event_drop: Callable[[int], None],
) -> None:  # fmt: skip
    """The list of changes; ``event_edit`` gets a number, -1 for a new one."""


@solara.component_vue("change.vue")
def ChangeForm(
    heading: str, verb: str, draft: dict[str, str], operations: list[list[str]], hits: list[list[str]],
    about: list[list[str]], message: str, event_change: Callable[[dict[str, str]], None],
    event_apply: Callable[[dict[str, str]], None], event_leave: Callable[[object], None],
) -> None:  # fmt: skip
    """The fields of one change."""


@guarded("The form")
def Form(text: str, set_text: Callable[[str], None], verdict: Verdict, scenario: Scenario) -> None:
    """The fields; what is changed in them is changed in the text, which keeps its comments."""
    opened, set_opened = solara.use_state(CLOSED)
    locked = verdict.scenario is None

    def put(news: dict[str, Any]) -> None:
        fields = {name: cleaned(news[name]) for name in FIELDS if name in news}
        if not locked:
            set_text(edit.put_head(text, scenario, **fields))

    def drop(index: int) -> None:
        set_opened(CLOSED)
        if not locked and 0 <= index < len(scenario.changes):
            set_text(edit.drop_change(text, scenario, index))

    with Panel("As a form", LOCKED if locked else said(scenario)):
        Head(
            head={"title": scenario.title, "story": scenario.story, "extends": scenario.extends},
            library=library(), locked=locked, event_put=put,
        )  # fmt: skip
        Changes(changes=rows(scenario), current=opened, locked=locked, event_edit=set_opened, event_drop=drop)
        if not locked and NEW <= opened < len(scenario.changes):
            One(text, set_text, scenario, opened, lambda: set_opened(CLOSED)).key(f"change {opened}")


def said(scenario: Scenario) -> str:
    """How much the scenario changes."""
    number = len(scenario.changes)
    return f"{number or 'no'} change{'s' * (number != 1)} of its own, after those that it builds on"


def cleaned(news: Any) -> Any:
    """A text, or a list of texts, that came from a browser."""
    return [str(one)[:100] for one in news[:50]] if isinstance(news, list) else str(news)[:20_000]


def library() -> list[list[str]]:
    """Names and titles of the scenarios that can be built on."""
    return [[name, load(name).title] for name in available()]


def rows(scenario: Scenario) -> list[dict[str, Any]]:
    """The changes as the list shows them."""
    return [{"value": one.value, "summary": drafts.summary(one), "source": one.source,
             "wrong": one.value not in names.values()} for one in scenario.changes]  # fmt: skip


@solara.component
def One(
    text: str, set_text: Callable[[str], None], scenario: Scenario, opened: int, on_close: Callable[[], None]
) -> None:
    """One change: its fields, what its value is, and what the change does to it over time."""
    index = None if opened == NEW else opened
    first = Draft() if index is None else drafts.of(scenario.changes[index])
    draft, set_draft = solara.use_state(first)
    read = solara.use_memo(lambda: drafts.read(draft, scenario, index), [draft, text, opened])

    found = hits(draft.value)

    def change(fields: dict[str, str]) -> None:
        set_draft(drafts.from_fields(fields))

    def apply(fields: dict[str, str]) -> None:
        final = drafts.read(drafts.from_fields(fields), scenario, index)
        if final.change is not None:
            on_close()
            set_text(edit.put_change(text, scenario, index, final.change))

    ChangeForm(
        heading="A new change" if index is None else f"Change {index + 1}",
        verb="Add it" if index is None else "Change it", draft=asdict(first),
        operations=[list(item) for item in drafts.OPERATIONS.items()], hits=found, about=facts(draft.value),
        message="Choose one of these values." if found else read.message,
        event_change=change, event_apply=apply, event_leave=lambda _: on_close(),
    )  # fmt: skip
    Effect(draft.value, read)


def hits(words: str) -> list[list[str]]:
    """Names that fit what is typed, with what they are."""
    if len(words) < 2 or words in names.values():
        return []
    return [[name, names.about(name).description] for name in names.search(words)]  # type: ignore[union-attr]


def facts(name: str) -> list[list[str]]:
    """What a value is, in words."""
    found = names.about(name)
    if found is None:
        return []
    cells = f", mean of {found.cells} cells" if found.cells > 1 else ""
    return [
        ["What it is", found.description], ["Unit", found.unit], ["Role", names.ROLES[found.role]],
        ["In 2025", plain(found.default) + cells], ["Plausible", f"{plain(found.low)} to {plain(found.high)}"],
        ["Allowed", f"{plain(found.allowed_low)} to {plain(found.allowed_high)}"],
        ["Evidence", names.STATUSES[found.status]], ["Source", found.source],
    ]  # fmt: skip


@solara.component
def Effect(name: str, read: Read) -> None:
    """The value over time without the change and with it."""
    if read.change is not None:
        found = names.about(name)
        unit = found.unit if found else ""
        with solara.Div(style={"margin-top": "12px"}):
            Chart(effect(read.before, read.after, unit), f"{name} without this change and with it", "200px")
