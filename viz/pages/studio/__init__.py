"""The page Studio: scenarios composed, edited as a form or as text, checked, kept, shared, played."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import solara

from experiments.errors import RequestError
from scenarios import Scenario
from viz.link import Link, use_link
from viz.pages.studio.form import Form
from viz.pages.studio.shelf import Shelf
from viz.pages.studio.text import Text
from viz.parts.guard import Failure
from viz.parts.page import Heading
from viz.studio import link as code
from viz.studio.starts import names_in, text_for
from viz.studio.verdict import Verdict, judge

WORDS = "What changes, when, and who says so: build on scenarios of the library, change any named value, and play it."


@solara.component
def Page() -> None:
    """The page Studio; another scenario in the link opens it anew."""
    link, _, _ = use_link()
    with solara.Div():
        Heading("Scenario studio", WORDS)
        names = names_in(solara.use_router().search)
        try:
            text = text_for(names)
        except RequestError as error:
            Failure("This link", str(error))
            text = text_for(["baseline"])
        Studio(text, link).key("+".join(names))


@solara.component
def Studio(first: str, link: Link) -> None:
    """Form, text and what can be done with them; the text is the only thing that is edited."""
    text, set_text = solara.use_state(first)
    verdict = solara.use_memo(lambda: judge(text), [text])
    kept = solara.use_ref(Scenario(title=""))
    if verdict.scenario is not None:
        kept.current = verdict.scenario
    word, refused = shared(text, verdict)
    with solara.Div(classes=["pm-stack"]):
        Shelf(text, set_text, verdict, kept.current.title)
        with solara.Div(classes=["pm-two"]):
            Form(text, set_text, verdict, kept.current)
            Text(text, set_text, verdict, replace(link, scenarios=(word,)).search() if word and text != first else "")
        Onward(link, word, refused)


def shared(text: str, verdict: Verdict) -> tuple[str, str]:
    """The word of a link for a text that can be played, and why there is none."""
    if not verdict.playable:
        return "", "There are mistakes in the scenario; they are listed below the text."
    try:
        return code.packed(text), ""
    except RequestError as error:
        return "", str(error)


@solara.component_vue("onward.vue")
def _Onward(
    shared: int, ready: bool, refused: str, search: str, event_play: Callable[[object], None],
    event_compare: Callable[[object], None], event_explore: Callable[[object], None],
    event_share: Callable[[object], None],
) -> None:  # fmt: skip
    """The browser's part."""


@solara.component
def Onward(link: Link, word: str, refused: str) -> None:
    """The ways from here: play it, compare it, share it."""
    router = solara.use_router()
    shared, set_shared = solara.use_state(0)
    mine = replace(link, scenarios=(word,), more={})

    def go(path: str, to: Link) -> Callable[[object], None]:
        return lambda _: router.push(f"{path}?{to.search()}")

    _Onward(
        shared=shared, ready=bool(word), refused=refused, search=mine.search() if word else "",
        event_compare=go("/compare", replace(link, scenarios=("baseline",), more={"a": "baseline", "b": word})),
        event_play=go("/", mine), event_explore=go("/explore", mine),
        event_share=lambda _: set_shared(shared + 1),
    )  # fmt: skip
