"""Fields to type into: a month or words, and a list of pieces chosen one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import solara


@solara.component_vue("field.vue")
def _Field(label: str, value: str, kind: str, event_put: Callable[[str], None]) -> None:
    """The browser's part."""


def Month(label: str, value: str, on_value: Callable[[str], None]) -> solara.Element:
    """A month as YYYY-MM."""
    return _Field(label=label, value=value, kind="month", event_put=on_value)


def Search(label: str, value: str, on_value: Callable[[str], None]) -> solara.Element:
    """Words to look for, told as they are typed."""
    return _Field(label=label, value=value, kind="search", event_put=on_value)


@solara.component_vue("pieces.vue")
def _Pieces(label: str, words: list[str], known: list[str], event_put: Callable[[list[int | str]], None]) -> None:
    """The browser's part; it sends places of pieces that stay, and the words of those that are new."""


def Pieces(
    label: str, value: Sequence[str], names: Mapping[str, str], on_value: Callable[[tuple[str, ...]], None]
) -> solara.Element:
    """Pieces in an order; ``names`` are the words for those that can be chosen, and others can be typed."""
    by_words = {words: name for name, words in names.items()}

    def put(found: list[int | str]) -> None:
        on_value(tuple(value[one] if isinstance(one, int) else by_words.get(one, one) for one in found))

    words = [names.get(one, one) for one in value]
    return _Pieces(label=label, words=words, known=list(by_words), event_put=put)
