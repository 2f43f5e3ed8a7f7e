"""The page Explore."""

from __future__ import annotations

import solara

from viz.parts.page import Heading


@solara.component
def Page() -> None:
    """The page Explore."""
    Heading("Explore", "This page is being built.")
