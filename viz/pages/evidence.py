"""The page Evidence."""

from __future__ import annotations

import solara

from viz.parts.page import Heading


@solara.component
def Page() -> None:
    """The page Evidence."""
    Heading("Evidence", "This page is being built.")
