"""Parts of a page to choose from, each with an address."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import solara


@solara.component_vue("tabs.vue")
def _Tabs(label: str, items: list[list[str]], current: str, event_go: Callable[[str], None]) -> None:
    """The browser's part."""


@solara.component
def Tabs(label: str, items: Sequence[tuple[str, str]], current: str) -> None:
    """Links (name, address) side by side, of which ``current`` is the name of the one that is open."""
    router = solara.use_router()
    _Tabs(label=label, items=[list(item) for item in items], current=current, event_go=router.push)
