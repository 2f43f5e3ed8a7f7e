"""A choice of one among a few, in the browser's own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import solara


@solara.component_vue("choice.vue")
def _Choice(label: str, options: list[list[str]], value: str, event_pick: Callable[[str], None]) -> None:
    """The browser's part."""


def Choice(
    label: str, options: Sequence[str] | Mapping[str, str], value: str, on_pick: Callable[[str], None]
) -> solara.Element:
    """A list to choose from; ``options`` are names, or names with the words for them."""
    named = options if isinstance(options, Mapping) else {name: name for name in options}
    return _Choice(label=label, options=[list(item) for item in named.items()], value=value, event_pick=on_pick)
