"""The page Play: choose a world, watch it month by month, change its rules meanwhile, and ask why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import solara

import scenarios
from model.clock import month_index
from viz.link import Link, use_link
from viz.parts.guard import Failure, guarded
from viz.parts.page import Heading
from viz.player import board, levers, telling
from viz.player.desk import LEVERS, Desk, read_levers
from viz.player.session import player as player_of
from viz.studio.starts import own_texts


@solara.component_vue("../player/stage.vue")
def Stage(
    setup: dict[str, Any],
    marks: list[dict[str, Any]],
    frame: dict[str, Any],
    story: dict[str, Any],
    event_command: Callable[[dict[str, Any]], None],
    event_drew: Callable[[int], None],
    event_ready: Callable[[Any], None],
) -> None:
    """Play bar, map, charts, ranking and news; it is sent frames and never rendered anew."""


@solara.component_vue("../player/levers.vue")
def Levers(
    levers: dict[str, Any],
    plans: dict[str, list[dict[str, str]]],
    values: dict[str, float],
    changed: list[dict[str, Any]],
    month: str,
    event_change: Callable[[dict[str, Any]], None],
    event_watch: Callable[[str], None],
    event_undo: Callable[[Any], None],
) -> None:
    """The sliders."""


@solara.component_vue("../player/setup.vue")
def Setup(
    scenarios: list[dict[str, str]],
    chosen: list[str],
    seed: int,
    scale: float,
    event_start: Callable[[dict[str, Any]], None],
) -> None:
    """What is played."""


@cache
def library() -> list[dict[str, str]]:
    """Name, title and story of every scenario."""
    found = [scenarios.load(name) for name in scenarios.available()]
    return [{"name": one.name, "title": one.title, "story": " ".join(one.story.split())} for one in found]


@guarded("This world")
def World(link: Link, turn: int) -> None:
    """Stage and levers of one world; ``turn`` counts how often it was begun anew."""
    changed = read_levers(link.more.get(LEVERS, ""))
    player, new = solara.use_memo(lambda: player_of(link.settings, anew=turn > 0), [link.settings, turn])
    marks = solara.use_memo(lambda: telling.marks(link.settings.scenarios), [link.scenarios])
    plans = solara.use_memo(lambda: telling.plans(link.settings.scenarios), [link.scenarios])
    desk = solara.use_ref(None)

    def asked(name: str) -> Callable[[Any], None]:
        return lambda data: getattr(desk.current, name)(data) if desk.current else None

    stage = Stage(
        setup=board.for_page(), marks=marks, frame={}, story={}, event_command=asked("command"),
        event_drew=lambda serial: player.acknowledge(int(serial)),
        event_ready=lambda _: player.attach(desk.current.send) if desk.current else None,
    )  # fmt: skip
    sliders = Levers(
        levers=levers.for_page(), plans=plans, values={}, changed=[], month="", event_change=asked("change"),
        event_watch=asked("watch"), event_undo=lambda _: player.untouched(),
    )  # fmt: skip

    def wire() -> Callable[[], None]:
        desk.current = Desk(player, link, solara.get_widget(stage), solara.get_widget(sliders))
        player.attach(desk.current.send)
        if new and (changed or link.month):
            player.restore(changed, month_index(link.month) if link.month else 0)
        return lambda: player.attach(None)

    solara.use_effect(wire, [player])


@solara.component
def Page() -> None:
    """The page Play."""
    link, wrong, go = use_link()
    turn, set_turn = solara.use_state(0)

    def start(asked: dict[str, Any]) -> None:
        wanted = Link(tuple(map(str, asked["scenarios"])), int(asked["seed"]), float(asked["scale"]))
        if wanted == replace(link, month="", more={}):
            set_turn(turn + 1)
        go(wanted)

    Heading("Play the market", "Watch it from 2000 on, stop anywhere, change a rule, and see what differs.")
    Setup(
        scenarios=[*library(), *own_texts(link.scenarios)],
        chosen=list(link.scenarios),
        seed=link.seed,
        scale=link.scale,
        event_start=start,
    )
    if wrong:
        Failure("What this link asks for", wrong)
    with solara.Div(classes=["pm-world"]):
        World(link, turn)
