"""What is to be compared: fields, and the stories and rules of both sides as they are chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import solara

from experiments.compare import question
from viz import report_texts as texts
from viz.amounts import number
from viz.compare.asked import SCALES, Asked, pieces
from viz.html import render
from viz.parts.choice import Choice
from viz.parts.field import Month, Pieces
from viz.parts.guard import guarded
from viz.parts.page import Panel

SEEDS = (1, 2, 4, 6, 8, 12, 20, 30, 50)
SIZES = {scale: "one-to-one" if scale == 1 else f"1 : {1 / scale:g}" for scale in SCALES}


@solara.component
def Form(draft: Asked, on_change: Callable[[Asked], None], on_begin: Callable[[], None], running: bool) -> None:
    """The fields of a comparison; ``on_begin`` is the button."""
    names = solara.use_memo(lambda: pieces((*draft.a, *draft.b)), [draft.a, draft.b])

    def put(**fields: Any) -> None:
        on_change(replace(draft, **fields))

    words = "each side: scenarios and NAME=VALUE, composed in order"
    with Panel("Question", words), solara.Div(classes=["pm-fields", "pm-form"]):
        with solara.Div(classes=["pm-field-wide"]):
            Pieces("A", draft.a, names, lambda found: put(a=found))
        with solara.Div(classes=["pm-field-wide"]):
            Pieces("B", draft.b, names, lambda found: put(b=found))
        Month("Rules part in", draft.begin, lambda month: put(begin=month))
        Month("Last month", draft.until, lambda month: put(until=month))
        Pick("Pairs of runs", draft.seeds, {seeds: str(seeds) for seeds in SEEDS}, lambda seeds: put(seeds=seeds))
        Pick("Size of the world", draft.scale, SIZES, lambda scale: put(scale=scale))
        solara.Button("Compare", on_click=on_begin, disabled=running, classes=["pm-button", "pm-main"], text=True)


def Pick(label: str, value: Any, names: dict[Any, str], on_value: Callable[[Any], None]) -> solara.Element:
    """One of a few values of any kind by their names; a value of a link that is not among them is added."""
    known = names if value in names else {**names, value: number(value)}
    by_word = {str(key): key for key in known}
    words = {str(key): name for key, name in known.items()}
    return Choice(label, words, str(value), lambda word: on_value(by_word[word]))


@guarded("What differs")
def Question(draft: Asked) -> None:
    """The stories of both sides and the rules in which they differ."""
    with Panel("What is compared"):
        solara.HTML(unsafe_innerHTML=told(draft))


@lru_cache(maxsize=64)
def told(draft: Asked) -> str:
    """Stories and rules of a question. Raises RequestError where it cannot be played."""
    return question_html(question(draft.request()))


def question_html(manifest: dict[str, Any]) -> str:
    """Stories and rules from the part of a manifest that is known before anything is played."""
    a, b = manifest["a"], manifest["b"]
    return render(
        "compare_question.html", history=manifest["history"], years=manifest["difference_years"],
        rules=texts.rules(manifest), count=len(manifest["differences"]),
        a={"title": a["title"], "story": paragraphs(a["story"])},
        b={"title": b["own_title"] or b["title"], "story": paragraphs(b["own_story"] or b["story"])},
    )  # fmt: skip


def paragraphs(story: str) -> list[str]:
    """The paragraphs of a story."""
    return [part.strip() for part in story.split("\n\n") if part.strip()]
