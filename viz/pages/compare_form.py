"""What is to be compared: fields, and the stories and rules of both sides as they are chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from experiments.compare import question
from viz import report_texts as texts
from viz.amounts import number
from viz.compare.asked import SCALES, Asked
from viz.html import render
from viz.parts.guard import guarded
from viz.parts.page import Panel
from viz.studio.link import SIGN, title_of

SEEDS = (1, 2, 4, 6, 8, 12, 20, 30, 50)
SIZES = {scale: "one-to-one" if scale == 1 else f"1 : {1 / scale:g}" for scale in SCALES}


@solara.component
def Form(draft: Asked, on_change: Callable[[Asked], None], on_begin: Callable[[], None], running: bool) -> None:
    """The fields of a comparison; ``on_begin`` is the button."""
    from scenarios import available

    names = available()

    def put(**fields: Any) -> None:
        on_change(replace(draft, **fields))

    words = "each side: scenarios of the library and NAME=VALUE, composed in order"
    with Panel("Question", words), solara.Div(classes=["pm-fields", "pm-form"]):
        Pieces("A", draft.a, names, lambda pieces: put(a=pieces))
        Pieces("B", draft.b, names, lambda pieces: put(b=pieces))
        Month("Rules part in", draft.begin, lambda month: put(begin=month))
        Month("Last month", draft.until, lambda month: put(until=month))
        Choice("Pairs of runs", draft.seeds, {seeds: str(seeds) for seeds in SEEDS}, lambda seeds: put(seeds=seeds))
        Choice("Size of the world", draft.scale, SIZES, lambda scale: put(scale=scale))
        solara.Button("Compare", on_click=on_begin, disabled=running, classes=["pm-button", "pm-main"], text=True)


@solara.component
def Pieces(label: str, value: tuple[str, ...], names: list[str], on_value: Callable[[tuple[str, ...]], None]) -> None:
    """The scenarios and values of a side; what is not in the list can be typed."""
    titles = {piece: f"{title_of(piece)} (a text)" for piece in value if piece.startswith(SIGN)}
    codes = {title: piece for piece, title in titles.items()}
    solara.v.Combobox(
        label=label, v_model=[titles.get(piece, piece) for piece in value], items=names, multiple=True,
        small_chips=True, deletable_chips=True,
        dense=True, hide_details=True, class_="pm-field-wide",
        on_v_model=lambda pieces: on_value(tuple(codes.get(str(piece), str(piece)) for piece in pieces)),
    )  # fmt: skip


@solara.component
def Month(label: str, value: str, on_value: Callable[[str], None]) -> None:
    """A month as YYYY-MM."""
    solara.v.TextField(label=label, v_model=value, type="month", dense=True, hide_details=True, on_v_model=on_value,
                       attributes={"min": "2000-01", "max": "2040-12"})  # fmt: skip


@solara.component
def Choice(label: str, value: Any, names: dict[Any, str], on_value: Callable[[Any], None]) -> None:
    """One of a few values by their names; a value of a link that is not among them is added."""
    known = names if value in names else {**names, value: number(value)}
    items = [{"text": text, "value": key} for key, text in known.items()]
    solara.v.Select(label=label, v_model=value, items=items, dense=True, hide_details=True, on_v_model=on_value)


@guarded("What differs")
def Question(draft: Asked) -> None:
    """The stories of both sides and the rules in which they differ."""
    found = solara.use_memo(lambda: question(draft.request()), [draft])
    with Panel("What is compared"):
        solara.HTML(unsafe_innerHTML=question_html(found))


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
