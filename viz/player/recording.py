"""What was seen of worlds, in the user's cache, in chapters of three to eight years: it can be shown again at once.

A chapter is bound to the code, the seed, the scale and the rules up to its end, so worlds whose rules part later share
it. With it goes the state at its end, from which what follows is played. What is broken or gone is played again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache as once
from itertools import takewhile
from pathlib import Path

import numpy as np

from experiments import cache
from experiments.code_digest import ROOT, code_digest
from experiments.history import library_versions
from model import PharmaMarket
from model.market import LAST_MONTH
from viz.player.history import History
from viz.player.keyframes import Keyframe
from viz.player.scenes import News

ENDS = (72, 144, 216, 312, 384, 456, LAST_MONTH)
"""Months after which a chapter ends; one ends with 2025: the scenarios of the library part from 2026 on."""
FIRST = dict(zip(ENDS, (0, *ENDS)))
"""The first month of the chapter that ends after so many months."""
LARGEST_CHAPTERS, LARGEST_STATES = 128 * 1024**2, 1024**3
"""Bytes that all chapters may take, and all states; what was used longest ago goes first."""
ARRAYS = ("rows", "leaders", "flows")


class Recording:
    """The chapters of one world, in ``place`` or the user's cache."""

    def __init__(self, market: PharmaMarket, place: Path | None = None) -> None:
        self.market = market
        self.chapters = place or cache.folder("recordings")
        self.states = self.chapters / "states"

    def history(self) -> History:
        """The months of all chapters that are there, from the first one on; none where the first is missing."""
        history = History()
        for end in takewhile(lambda end: self._read(history, end), ENDS):
            history.months = end
        return history

    def keep(self, history: History, end: int) -> None:
        """Keep the chapter that ends after so many months."""
        chapter = slice(FIRST[end], end)
        arrays = {name: getattr(history, name)[chapter] for name in ARRAYS}
        news = [[list(one.record().values()) for one in month] for month in history.news[chapter]]
        arrays["news"] = np.frombuffer(json.dumps(news).encode(), np.uint8)
        cache.keep(self.chapters, self.key(end), arrays, LARGEST_CHAPTERS)

    def keyframe(self, months: int) -> Keyframe:
        """The state after so many months, wherever it is: kept in the cache, as soon as somebody spills it."""
        return Keyframe(self.market, months, self.states, self.key(months), largest=LARGEST_STATES)

    def keyframes(self, months: int) -> Iterator[Keyframe]:
        """The states of the first so many months that are there."""
        found = (self.keyframe(end) for end in ENDS if end <= months)
        return (frame for frame in found if frame.file.is_file())

    def key(self, months: int) -> str:
        """Digest of all that decides what is seen of so many months."""
        rules = self.market.values.head(months).digest()
        asked = (code_digest(library=False), screen_digest(), library_versions(), rules, self.market.seed_number,
                 float(self.market.scale), months)  # fmt: skip
        return hashlib.sha256(repr(asked).encode()).hexdigest()[:40]

    def _read(self, history: History, end: int) -> bool:
        """Fill in a chapter; whether it was there and whole."""
        kept = cache.get(self.chapters, self.key(end))
        if kept is None:
            return False
        first = FIRST[end]
        try:
            news = [[News(*one) for one in month] for month in json.loads(kept["news"].tobytes())]
            for name in ARRAYS:
                getattr(history, name)[first:end] = kept[name]
        except (KeyError, ValueError, TypeError):
            news = []
        if len(news) != end - first:
            cache.drop(self.chapters, self.key(end))
            return False
        history.news += news
        return True


@once
def screen_digest() -> str:
    """SHA-256 of the sources that decide what of a world is seen."""
    digest = hashlib.sha256()
    for path in sorted([*(ROOT / "viz" / "player").glob("*.py"), ROOT / "viz" / "numbers.py"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
