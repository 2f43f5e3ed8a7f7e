"""The page Play."""

from __future__ import annotations

import solara

from viz.parts.page import Heading


@solara.component
def Page() -> None:
    """The page Play."""
    Heading("Play", "This page is being built.")
