"""A panel that fails says so in its place, and leaves the page standing."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any, ParamSpec

import solara

from experiments.errors import RequestError
from viz.parts.page import Words

P = ParamSpec("P")
log = logging.getLogger("pharmarket.app")


def guarded(title: str) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Make a component of a function that draws a panel; where drawing fails, a message stands in its place.

    Only what the function itself does is caught: compute in it, and leave to inner components what cannot fail.
    """

    def wrap(draw: Callable[P, Any]) -> Callable[P, Any]:
        @solara.component
        @functools.wraps(draw)
        def drawing(*args: P.args, **kwargs: P.kwargs) -> Any:
            box = solara.Div()
            try:
                with box:
                    draw(*args, **kwargs)
            except Exception as error:
                return Failure(title, message(error))
            return box

        return drawing

    return wrap


def message(error: Exception) -> str:
    """What a reader is told of an error; what is no fault of the request goes to the log with its traceback."""
    if isinstance(error, RequestError):
        return str(error)
    log.error("a panel failed", exc_info=error)
    return f"{type(error).__name__}: {error}"


@solara.component
def Failure(title: str, words: str) -> None:
    """The message in place of a panel."""
    with solara.Div(classes=["pm-panel", "pm-failure"], attributes={"role": "alert"}):
        Words(f"{title} cannot be shown", "strong")
        Words(words)
