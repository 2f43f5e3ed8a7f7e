"""The page Compare."""

from __future__ import annotations

import solara

from viz.parts.page import Heading


@solara.component
def Page() -> None:
    """The page Compare."""
    Heading("Compare", "This page is being built.")
