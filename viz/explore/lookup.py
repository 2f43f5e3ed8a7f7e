"""From an address or a word to the page of a firm, an asset or a deal."""

from __future__ import annotations

from collections.abc import Callable

from experiments.errors import RequestError
from experiments.explain import find
from viz.explore.asset import asset_view
from viz.explore.contracts import deal_view
from viz.explore.firm import firm_view
from viz.explore.source import Source
from viz.explore.views import View

VIEWS: dict[str, Callable[[Source, int], View]] = {"firm": firm_view, "asset": asset_view, "deal": deal_view}
LONGEST = 80
SUGGESTIONS = 8


def view(source: Source, identity: str) -> View:
    """The page of ``asset:ID``, ``deal:ID``, ``firm:ID``, a bare number or the name of a firm.

    Raises RequestError for what is not in the tables, with the nearest that is.
    """
    kind, number = find_short(source, identity)
    return VIEWS[kind](source, number)


def find_short(source: Source, identity: str) -> tuple[str, int]:
    """Kind and number of what somebody wrote. Raises RequestError as :func:`view` does."""
    if len(identity) > LONGEST:
        raise RequestError(f"what you look for is longer than {LONGEST} signs; give a number or the name of a firm")
    return find(source, identity.strip())


def suggestions(source: Source, word: str) -> list[tuple[int, str]]:
    """Identities and names of firms whose name holds the word, those that begin with it first."""
    lower = word.strip().lower()
    if not lower:
        return []
    names = source.firm_names()
    hits = names[names.str.lower().str.contains(lower, regex=False)]
    first = ~hits.str.lower().str.startswith(lower)
    hits = hits.loc[first.sort_values(kind="stable").index].head(SUGGESTIONS)
    return [(int(firm), source.firm(int(firm))) for firm in hits.index]
