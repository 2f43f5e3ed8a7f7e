"""Words, the head of a page, and the frame of a panel."""

from __future__ import annotations

from typing import Any

import solara


def Words(text: str, tag: str = "p", classes: str = "") -> solara.Element:
    """Plain text in an element; whatever it holds is shown as it is, never read as HTML."""
    return solara.v.Html(tag=tag, children=[text], class_=classes)


@solara.component
def Heading(title: str, words: str = "") -> None:
    """The one main heading of a page with a sentence below it."""
    with solara.Div(classes=["pm-heading"]):
        Words(title, "h1")
        if words:
            Words(words)


@solara.component
def Panel(title: str, words: str = "", children: list[Any] = []) -> None:  # noqa: B006 - Solara passes its own list
    """A framed part of a page; ``words`` say below the title what it shows and in which unit."""
    with solara.Div(classes=["pm-panel"], attributes={"role": "group", "aria-label": title}):
        with solara.Div(classes=["pm-panel-head"]):
            Words(title, "h2")
            if words:
                Words(words)
        solara.Div(children=children)
