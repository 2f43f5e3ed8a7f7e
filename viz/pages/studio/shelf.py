"""What to begin with, and where it is kept."""

from __future__ import annotations

from collections.abc import Callable

import solara

from experiments.errors import RequestError, RunError
from viz.parts.choice import Choice
from viz.parts.guard import guarded
from viz.parts.page import Words
from viz.studio import shelf, starts
from viz.studio.verdict import Verdict


@solara.component_vue("save.vue")
def Save(
    name: str, mine: bool, event_save: Callable[[str], None],
    event_remove: Callable[[str], None],
) -> None:  # fmt: skip
    """A field for a name with its button; ``mine`` says that the name is one of the user's own."""


@guarded("Your scenarios")
def Shelf(text: str, set_text: Callable[[str], None], verdict: Verdict, title: str) -> None:
    """Open a scenario, or save this one in the user's folder."""
    chosen, set_chosen = solara.use_state("")
    (said, wrong), set_said = solara.use_state(("", False))
    options = {"": "choose a scenario", **starts.choices()}
    mine = chosen.removeprefix(starts.MINE) if chosen.startswith(starts.MINE) else ""

    def attempt(action: Callable[[], str]) -> None:
        try:
            set_said((action(), False))
        except (RequestError, RunError, OSError) as error:
            set_said((str(error), True))

    def open_one(choice: str) -> str:
        if choice:
            set_text(starts.text_of(choice))
            set_chosen(choice)
        return ""

    def save(name: str) -> str:
        path = shelf.save(name.strip(), text)
        set_chosen(starts.MINE + name.strip())
        return f"Saved as {path}" + ("" if verdict.playable else ", mistakes included")

    def remove(name: str) -> str:
        shelf.delete(name)
        set_chosen("")
        return f"{name} is removed from your folder; the text is still here"

    with solara.Div(classes=["pm-row", "pm-shelf"]):
        Choice("Begin with", options, chosen if chosen in options else "", lambda name: attempt(lambda: open_one(name)))
        Save(
            name=mine or shelf.suggestion(title), mine=bool(mine),
            event_save=lambda name: attempt(lambda: save(name)),
            event_remove=lambda name: attempt(lambda: remove(name)),
        )  # fmt: skip
        with solara.FileDownload(text.encode, f"{mine or shelf.suggestion(title)}.toml", mime_type="application/toml"):
            solara.Button("Save as file", classes=["pm-button"], text=True)
        with solara.Div(classes=["pm-said", *(["pm-loss"] if wrong else [])], attributes={"role": "status"}):
            Words(said, "span")
