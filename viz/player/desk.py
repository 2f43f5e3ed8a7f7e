"""Between a page and its player: what the page asks for, and what it is told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from experiments.errors import RequestError
from model import PharmaMarket
from model.clock import month_index, month_label
from viz.link import Link
from viz.player import levers, telling
from viz.player.player import Player
from viz.player.status import Lever, Status

log = logging.getLogger("pharmarket.app")
LONGEST_STORY = 300
MOST_WATCHED = 40
LEVERS = "levers"
"""Word of a link for the levers changed while it played: ``2010-01:capital.supply=0.5;...``."""


class Desk:
    """Wires a player to the widgets of a page; ``stage`` and ``board`` take traits of the stage and of the levers."""

    def __init__(self, player: Player, link: Link, stage: Any, board: Any) -> None:
        self.player, self.link, self.stage, self.board = player, link, stage, board
        self.watched = list(levers.FEATURED)

    def send(self, frame: dict[str, Any]) -> None:
        """Give a frame to the page; when the player rests, with the link and the values of the levers."""
        line = self.player.line
        rests = not frame.get("moving", True)
        if line is not None and rests:
            frame["search"] = self.link_now().search()
        if line is not None and (rests or not self.board.values):
            self.board.values = self.values(line.market)
        self.board.changed = frame["status"]["levers"]
        if "feed" in frame:  # as often as news, which is as often as anybody reads it
            self.board.month = frame["clock"]
        self.stage.frame = frame

    def values(self, market: PharmaMarket) -> dict[str, float]:
        """The watched levers in the month shown."""
        month = self.player.status.shown - 1
        return {name: levers.now(market.values, name, month) for name in self.watched}

    def link_now(self) -> Link:
        """The link to what is shown."""
        status = self.player.status
        more = {name: word for name, word in self.link.more.items() if name != LEVERS}
        if status.levers:
            more[LEVERS] = written(status)
        month = month_label(status.shown - 1) if status.shown > 1 else ""
        return replace(self.link, month=month, more=more)

    def command(self, asked: Mapping[str, Any]) -> None:
        """What a button, a key or a slider of the stage asks for."""
        player: Player = self.player
        value: Any = asked.get("value")
        commands: dict[str, Callable[[], None]] = {
            "play": player.play, "pause": player.pause, "step": lambda: player.step(int(value)),
            "seek": lambda: player.seek(int(value)), "speed": lambda: player.speed(float(value)),
            "why": lambda: self.why(str(value)), "again": lambda: player.attach(self.send),
            "close": lambda: setattr(self.stage, "story", {}),
        }  # fmt: skip
        try:
            commands[str(asked.get("what"))]()
        except (KeyError, TypeError, ValueError) as error:
            log.warning("a page asked for %r: %s", asked, error)

    def why(self, about: str) -> None:
        """Show the causal log of something."""

        def story(market: PharmaMarket) -> dict[str, Any]:
            return telling.why(market, about, self.player.status.shown, LONGEST_STORY)

        self.player.call(story, lambda told: setattr(self.stage, "story", told))

    def change(self, asked: Mapping[str, Any]) -> None:
        """Change a lever from the month shown on."""
        name = str(asked.get("name"))
        if name in levers.known():
            self.player.lever(name, float(asked["value"]))

    def watch(self, name: str) -> None:
        """Tell the page of one lever more."""
        line = self.player.line
        if line is not None and name in levers.known() and len(self.watched) < MOST_WATCHED:
            self.watched.append(name)
            self.board.values = self.values(line.market)


def written(status: Status) -> str:
    """Changed levers as a word of a link."""
    return ";".join(f"{month_label(one.months)}:{one.name}={one.value:g}" for one in status.levers)


def read_levers(text: str) -> list[Lever]:
    """The levers of a link. Raises RequestError for what is none."""
    found = []
    for part in filter(None, text.split(";")):
        month, _, rest = part.partition(":")
        name, _, value = rest.partition("=")
        try:
            lever = Lever(month_index(month), name, float(value))
        except ValueError as error:
            raise RequestError(f"levers: {part!r} is not MONTH:NAME=VALUE") from error
        if name not in levers.known() or not 0 < lever.months < 492:
            raise RequestError(f"levers: {part!r} names no lever or no month that is played")
        found.append(lever)
    return sorted(found, key=lambda lever: lever.months)
