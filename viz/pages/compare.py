"""The page Compare: two variants asked for, played in pairs, and shown."""

from __future__ import annotations

from dataclasses import replace

import solara

from experiments.errors import RequestError
from viz.compare.asked import Asked, asked
from viz.compare.work import Kept, compare
from viz.jobs import Working, use_job
from viz.link import Link, use_link
from viz.pages.compare_form import Form, Question
from viz.pages.compare_results import Results
from viz.parts.guard import Failure
from viz.parts.page import Heading

KEPT = Kept()
WORDS = "Two sets of rules with the same luck: what differs, where, for whom, and how surely."


def understood(link: Link) -> tuple[Asked, str]:
    """What a link asks, and what is wrong with it; the usual question then stands in."""
    try:
        return asked(link.more, link.scenarios), ""
    except RequestError as error:
        return Asked(), str(error)


@solara.component
def Page() -> None:
    """Form, progress and results; the link says what is shown, so that a reload shows it again."""
    link, wrong, go = use_link()
    chosen, misread = understood(link)
    draft, set_draft = solara.use_state(chosen)
    playing, set_playing = solara.use_state(chosen)
    refused, set_refused = solara.use_state("")
    progress, start, cancel = use_job()
    solara.use_effect(lambda: set_draft(chosen), [chosen])

    def begin() -> None:
        try:
            request = draft.request()
        except RequestError as error:
            set_refused(str(error))
            return
        set_refused("")
        go(replace(link, more={**link.more, **draft.words()}))
        set_playing(draft)
        if KEPT.get(draft) is None:
            start(compare, request)

    if progress and progress.state == "done":
        KEPT.keep(playing, progress.result)
    running = bool(progress and progress.state == "running")
    Heading("Compare", WORDS)
    with solara.Div(classes=["pm-stack"]):
        for title, words in (("This link", wrong or misread), ("What is asked", refused)):
            if words:
                Failure(title, words)
        Form(draft, set_draft, begin, running)
        if progress and running:
            Working(progress, cancel)
        if progress and progress.state == "failed":
            Failure("The comparison", progress.error)
        if progress and progress.state == "cancelled":
            solara.Text("Cancelled; nothing of it is kept.", classes=["pm-quiet"])
        Question(draft)
        found = KEPT.get(chosen)
        if found and not running:
            Results(found)
