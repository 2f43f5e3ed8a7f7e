"""What a reader asks to compare: as words of a link, as fields of a form, and as a request that can be played."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from experiments.compare import Request
from experiments.errors import RequestError
from experiments.settings import LAST_MONTH, finite
from experiments.variants import Variant, parse
from scenarios import Scenario, available
from viz.studio import shelf
from viz.studio.link import SIGN, packed, source_of, title_of

MOST_SEEDS, LARGEST_SCALE = 50, 1.0
"""What the app plays at most; the command line plays more."""
SCALES = (0.05, 0.1, 0.25, 0.5, 1.0)
VALUE = re.compile(r"[\w.-]+=-?[\d.]+(e-?\d+)?")
"""``name=value``; all other pieces are names of the library or texts in themselves, never files of the server."""


@dataclass(frozen=True)
class Asked:
    """B against A (each scenarios and values, composed in order), how many seeds, size of the world, and months."""

    a: tuple[str, ...] = ("baseline",)
    b: tuple[str, ...] = ("decoupling",)
    seeds: int = 6
    scale: float = 0.1
    begin: str = "2025-01"
    until: str = LAST_MONTH

    def request(self) -> Request:
        """What is to be played. Raises RequestError that names the field that is wrong."""
        if not 1 <= self.seeds <= MOST_SEEDS:
            raise RequestError(f"seeds: {self.seeds} is outside 1 to {MOST_SEEDS}; `pharmarket compare` plays more")
        if not 0 < self.scale <= LARGEST_SCALE:
            raise RequestError(f"scale: {self.scale:g} is outside (0, {LARGEST_SCALE:g}]")
        a, b = (variant(side, pieces, self.begin) for side, pieces in (("A", self.a), ("B", self.b)))
        return Request(a, b, tuple(range(1, self.seeds + 1)), self.scale, self.begin, self.until)

    def words(self) -> dict[str, str]:
        """The words of a link that ask this."""
        return {
            "a": "+".join(self.a), "b": "+".join(self.b), "seeds": str(self.seeds), "size": f"{self.scale:g}",
            "from": self.begin, "until": self.until,
        }  # fmt: skip


def variant(side: str, found: Sequence[str], begin: str) -> Variant:
    """The rules of one side. Raises RequestError where a piece is neither a scenario nor a value."""
    if not found:
        raise RequestError(f"{side}: choose at least one scenario")
    try:
        return Variant(tuple(_piece(piece, begin) for piece in found))
    except RequestError as error:
        raise RequestError(f"{side}: {error}") from error


def _piece(piece: str, begin: str) -> str | Scenario:
    """What a piece stands for; a value holds from the month ``begin`` on."""
    return parse(piece, begin).scenarios[0] if VALUE.fullmatch(piece) else source_of(piece)


def pieces(chosen: Sequence[str]) -> dict[str, str]:
    """What may be chosen, with the words for it: the library, the user's own scenarios, and what is chosen already."""
    own = {packed(shelf.read(name)): f"{name} (own)" for name in shelf.saved()}
    texts = {piece: _title(piece) for piece in chosen if piece.startswith(SIGN) and piece not in own}
    return {**{name: name for name in available()}, **own, **texts}


def _title(piece: str) -> str:
    try:
        return title_of(piece)
    except RequestError:
        return "a damaged text"


def asked(words: Mapping[str, str], scenarios: Sequence[str] = ("baseline",)) -> Asked:
    """What the words of a link ask; ``scenarios`` of other pages are B unless it says otherwise.

    Raises RequestError where a number is none.
    """
    usual = Asked()
    b = tuple(scenarios) if tuple(scenarios) != ("baseline",) else usual.b
    return Asked(
        _pieces(words.get("a", "")) or usual.a, _pieces(words.get("b", "")) or b,
        int(_number(words, "seeds", usual.seeds)), _number(words, "size", usual.scale),
        words.get("from") or usual.begin, words.get("until") or usual.until,
    )  # fmt: skip


def _pieces(text: str) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in text.split("+") if piece.strip())


def _number(words: Mapping[str, str], name: str, usual: float) -> float:
    value = finite(words[name]) if words.get(name) else usual
    if value is None:
        raise RequestError(f"{name}: {words[name][:40]!r} is not a number")
    return value
