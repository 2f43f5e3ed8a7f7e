"""Which run is looked at: the market of the Play page, the run of the link to its end, or a folder of results."""

from __future__ import annotations

import dataclasses
import queue
from collections.abc import Callable
from functools import partial
from pathlib import Path

import solara

from experiments.commands import DEFAULT_OUT
from experiments.errors import RequestError, RunError
from viz.explore.runs import opened, play_run, played
from viz.explore.source import MarketSource, Source, WorldTables, folder_of, run_folders
from viz.jobs import Working, use_job
from viz.link import Link
from viz.pages.explore.address import address
from viz.parts.choice import Choice
from viz.parts.guard import Failure, message
from viz.parts.page import Panel, Words
from viz.parts.tabs import Tabs
from viz.player.player import Player
from viz.player.session import current
from viz.studio.link import title_of

MARKET, WHOLE = "market", "whole"
"""Words for the runs that are no folders."""
MOST_OFFERED = 3
PATIENCE = 20.0
"""Seconds that a player may take to come to the end of its month."""
Content = Callable[[Source, Link, Callable[[], None]], solara.Element]


@solara.component
def Data(link: Link, content: Content) -> None:
    """What ``content`` makes of the tables of the run, the link and the choice of another run."""
    router = solara.use_router()
    _, set_played = solara.use_state(0)
    asked_again, ask_again = solara.use_state(0)
    player = current()
    name = link.more.get("run") or (MARKET if player is not None and player.settings == link.settings else WHOLE)
    market = solara.use_memo(lambda: snapshot(player if name == MARKET else None), [player, name, asked_again])

    def pick(chosen: str) -> None:
        router.push("/explore?" + dataclasses.replace(link, more={**link.more, "run": chosen}).search())

    def choice(source: Source | None = None) -> None:
        with solara.Div(classes=["pm-row"]):
            Choice("Run", options(link, player), name, pick)
            if name == MARKET:
                Words(f"played to {source.months()[1]}" if source else "", "span", "pm-quiet")
                solara.Button(
                    "Read again", on_click=lambda: ask_again(asked_again + 1), classes=["pm-button"], text=True
                )

    with solara.Div():
        try:
            source = market() if name == MARKET else find(link, name)
        except (RequestError, RunError, OSError) as error:
            choice()
            Failure("This run", message(error))
            return
        if source is not None:
            content(source, link, partial(choice, source))
        else:
            with solara.Div(classes=["pm-tools"]):
                choice()
            Missing(link, lambda: set_played(lambda number: number + 1))


def options(link: Link, player: Player | None) -> dict[str, str]:
    """The runs that can be looked at, with the words for them."""
    live = {MARKET: "the market of the Play page"} if player is not None else {}
    return {**live, WHOLE: asked(link), **{name: f"folder {DEFAULT_OUT / name}" for name in run_folders(DEFAULT_OUT)}}


@solara.component
def Missing(link: Link, on_done: Callable[[], None]) -> None:
    """The way to tables that are not there yet: play the run, with progress and cancel."""
    progress, start, cancel = use_job()
    state = progress.state if progress else ""

    def tell() -> None:
        if state == "done":
            on_done()

    solara.use_effect(tell, [state])
    words = f"{asked(link)}: tables of every firm, asset and deal from 2000 to 2040"
    with Panel("This run has not been played yet", words):
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
            Folders(link)
        if progress is not None and state == "failed":
            Failure("The run", progress.error)


@solara.component
def Folders(link: Link) -> None:
    """Ways to the newest runs in the folder of results."""
    newest = run_folders(DEFAULT_OUT)[:MOST_OFFERED]
    if newest:
        Words("Or look at a run that is there already:", "p", "pm-small")
        Tabs("Runs that are there", [(str(DEFAULT_OUT / name), address(link, run=name)) for name in newest], "")


def snapshot(player: Player | None) -> Callable[[], Source]:
    """The market of a player as it stands, to be played on meanwhile; what went wrong is told when it is asked for."""
    if player is None:
        return partial(refuse, RequestError("nothing is being played in this tab; choose another run, or press Play"))
    answers: queue.SimpleQueue[MarketSource] = queue.SimpleQueue()
    player.call(lambda market: MarketSource(WorldTables(market.world.copy()), "the market"), answers.put)
    try:
        source = answers.get(timeout=PATIENCE)
    except queue.Empty:
        return partial(refuse, RunError(f"the market did not answer within {PATIENCE:.0f} seconds; try again"))
    return lambda: source


def refuse(error: Exception) -> Source:
    """Raise an error that was found earlier."""
    raise error


def find(link: Link, name: str) -> Source | None:
    """The tables of a folder, or of the run of a link; None if that has not been played.

    Raises RequestError for a wrong name.
    """
    if name != WHOLE:
        return opened(folder_of(DEFAULT_OUT, name), name)
    folder = played(link.settings)
    return None if folder is None else opened(Path(folder), asked(link))


def asked(link: Link) -> str:
    """The run of a link in words."""
    titles = " + ".join(map(title_of, link.scenarios))
    return f"{titles}, seed {link.seed}" + (f", scale {link.scale:g}" if link.scale != 1 else "")
