"""Which run is looked at: one in the folder of results, or the one of the link, which is played if need be."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import solara

from experiments.commands import DEFAULT_OUT
from experiments.errors import RequestError
from viz.explore.runs import opened, play_run, played
from viz.explore.source import Source, folder_of, run_folders
from viz.jobs import Working, use_job
from viz.link import Link
from viz.parts.choice import Choice
from viz.parts.guard import Failure, message
from viz.parts.page import Panel, Words
from viz.studio.link import title_of


@solara.component
def Data(link: Link, content: Callable[[Source, Link, Callable[[], solara.Element]], solara.Element]) -> None:
    """What ``content`` makes of the tables of the run, the link and the choice of another run."""
    router = solara.use_router()
    _, set_played = solara.use_state(0)
    runs = run_folders(DEFAULT_OUT)
    options = {"": asked(link), **{name: f"folder {DEFAULT_OUT / name}" for name in runs}}

    def pick(name: str) -> None:
        more = {"run": name} if name else {}
        router.push("/explore?" + dataclasses.replace(link, more=more).search())

    def choice() -> solara.Element:
        return Choice("Run", options, link.more.get("run", ""), pick)

    with solara.Div():
        try:
            source = find(link)
        except (RequestError, OSError) as error:
            choice()
            Failure("This run", message(error))
            return
        if source is not None:
            content(source, link, choice)
        else:
            with solara.Div(classes=["pm-tools"]):
                choice()
            Missing(link, lambda: set_played(lambda number: number + 1))


@solara.component
def Missing(link: Link, on_done: Callable[[], None]) -> None:
    """The way to tables that are not there yet: play the run, with progress and cancel."""
    progress, start, cancel = use_job()
    state = progress.state if progress else ""

    def tell() -> None:
        if state == "done":
            on_done()

    solara.use_effect(tell, [state])
    with Panel(
        "This run has not been played yet", f"{asked(link)}: tables of every firm, asset and deal from 2000 to 2040"
    ):
        if progress is not None and state in ("running", "done"):
            Working(progress, cancel)
        else:
            solara.Button(
                "Play it now",
                on_click=lambda: start(play_run, link.settings),
                classes=["pm-button", "pm-main"],
                text=True,
            )
            Words("Takes about half a minute at scale 1, and is kept for the next time.", "p", "pm-small")
        if progress is not None and state == "failed":
            Failure("The run", progress.error)


def find(link: Link) -> Source | None:
    """The tables that a link asks for; None if that run has not been played. Raises RequestError for a wrong name."""
    name = link.more.get("run", "")
    if name:
        return opened(folder_of(DEFAULT_OUT, name), name)
    folder = played(link.settings)
    return None if folder is None else opened(Path(folder), asked(link))


def asked(link: Link) -> str:
    """The run of a link in words."""
    titles = " + ".join(title(name) for name in link.scenarios)
    return f"{titles}, seed {link.seed}" + (f", scale {link.scale:g}" if link.scale != 1 else "")


def title(name: str) -> str:
    """The title of a scenario, or its name where it has none that can be read."""
    try:
        return title_of(name)
    except RequestError:
        return name[:40]
