"""What surrounds every page: the bar with the pages and the switch between light and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
import solara.lab

from viz import theme

PAGES = (("/", "Play"), ("/compare", "Compare"), ("/explore", "Explore"), ("/studio", "Studio"),
         ("/evidence", "Evidence"))  # fmt: skip


@solara.component_vue("shell.vue")
def Bar(
    pages: list[dict[str, str]],
    current: str,
    event_go: Callable[[str], None],
    event_theme: Callable[[bool], None],
) -> None:
    """The bar; ``event_go`` gets a path with its search part, ``event_theme`` whether it is to be dark."""


@solara.component
def Shell(children: list[Any] = []) -> None:  # noqa: B006 - Solara passes its own list
    """The bar, and the page below it."""
    router = solara.use_router()

    def turn(dark: bool) -> None:
        solara.lab.theme.dark = dark

    with solara.Div(classes=["pm-app"]):
        solara.Style(theme.app_css())
        Bar(
            pages=[{"path": path, "label": label} for path, label in PAGES],
            current="/" + router.parts[0],
            event_go=router.push,
            event_theme=turn,
        )
        solara.Div(classes=["pm-page"], children=children, attributes={"id": "content", "role": "main"})
