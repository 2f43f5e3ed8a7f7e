"""The page Studio."""

from __future__ import annotations

import solara

from viz.parts.page import Heading


@solara.component
def Page() -> None:
    """The page Studio."""
    Heading("Studio", "This page is being built.")
