"""The scenario as text, with its mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from viz.parts.guard import guarded
from viz.parts.page import Panel
from viz.studio.verdict import LARGEST, Verdict, fixed, fixes


@solara.component_vue("editor.vue")
def Editor(
    label: str, text: str, marks: list[int], target: dict[str, int], search: str, event_edit: Callable[[str], None]
) -> None:
    """A field of text with the numbers of its lines; ``marks`` are lines with mistakes, ``target`` one to go to."""


@solara.component_vue("problems.vue")
def Problems(
    problems: list[dict[str, Any]], event_reveal: Callable[[int], None], event_fix_it: Callable[[list[int]], None]
) -> None:
    """The list of mistakes; ``event_fix_it`` gets the numbers of a problem and of its remedy."""


@guarded("The text")
def Text(text: str, set_text: Callable[[str], None], verdict: Verdict, search: str) -> None:
    """The text, the mistakes in it, and remedies where there are some."""
    target, set_target = solara.use_state({"line": 1, "count": 0})
    remedies = [fixes(problem) for problem in verdict.problems]

    def fix(places: list[int]) -> None:
        problem, number = places
        set_text(fixed(text, remedies[problem][number]))

    def edit(news: str) -> None:
        set_text(news[: 2 * LARGEST])

    with Panel("As text", said(verdict)):
        Editor(
            label="Scenario as text", text=text, marks=[one.line for one in verdict.problems if one.line],
            target=target, search=search, event_edit=edit,
        )  # fmt: skip
        Problems(
            problems=[{"line": one.line, "message": one.message, "fixes": [fix.right for fix in remedy]}
                      for one, remedy in zip(verdict.problems, remedies)],
            event_reveal=lambda line: set_target({"line": line, "count": target["count"] + 1}), event_fix_it=fix,
        )  # fmt: skip


def said(verdict: Verdict) -> str:
    """How many mistakes there are."""
    number = len(verdict.problems)
    return "TOML; no mistakes" if not number else f"TOML; {number} mistake{'s' * (number > 1)}"
