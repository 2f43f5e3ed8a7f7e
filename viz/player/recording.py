"""What was seen of a world that was played to its end, in the user's cache: it can be shown again at once.

A recording is bound to the code, the rules, the seed and the scale; files that are broken or gone are made again by
playing. States every five years go with it, from which a lever or a causal log reaches any month soon.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from functools import cache as once
from pathlib import Path

import numpy as np

from experiments import cache
from experiments.code_digest import ROOT, code_digest
from experiments.history import library_versions
from model import PharmaMarket
from model.market import LAST_MONTH
from model.snapshot import take
from viz.player.history import History
from viz.player.keyframes import Keyframe
from viz.player.scenes import News

STATE_EVERY = 60
LARGEST_HISTORIES, LARGEST_STATES = 128 * 1024**2, 1024**3
"""Bytes that all recordings may take, and all their states; what was used longest ago goes first."""
ARRAYS = ("rows", "leaders", "flows")


class Recording:
    """The recording of one world; ``key`` is the digest of all that decides what is seen of it."""

    def __init__(self, market: PharmaMarket, place: Path | None = None) -> None:
        self.market = market
        root = place or cache.folder("recordings")
        self.histories, self.states = root, root / "states"
        asked = (code_digest(library=False), screen_digest(), library_versions(), market.values.digest(),
                 market.seed_number, float(market.scale))  # fmt: skip
        self.key = hashlib.sha256(repr(asked).encode()).hexdigest()[:40]

    def history(self) -> History | None:
        """All months, None if the world has not been played to its end, or the file is not whole."""
        kept = cache.get(self.histories, self.key)
        if kept is None:
            return None
        history = History()
        try:
            for name in ARRAYS:
                getattr(history, name)[:] = kept[name]
            history.news = [[News(*one) for one in month] for month in json.loads(kept["news"].tobytes())]
        except (KeyError, ValueError, TypeError):
            cache.drop(self.histories, self.key)
            return None
        history.months = len(history.news)
        return history if history.months == LAST_MONTH else None

    def keyframes(self) -> list[Keyframe]:
        """The states that are there."""
        names = {months: f"{self.key}-{months}" for months in range(STATE_EVERY, LAST_MONTH, STATE_EVERY)}
        return [
            Keyframe(self.market, months, self.states, name) for months, name in names.items()
            if cache.has(self.states, name)
        ]  # fmt: skip

    def keep(self, history: History, keyframes: Sequence[Keyframe]) -> None:
        """Keep a history that is complete, and of its states one every five years."""
        news = [[list(one.record().values()) for one in month] for month in history.news]
        arrays = {name: getattr(history, name) for name in ARRAYS}
        arrays["news"] = np.frombuffer(json.dumps(news).encode(), np.uint8)
        for frame in keyframes:
            if frame.months and frame.months % STATE_EVERY == 0:
                self._keep_state(frame)
        cache.keep(self.histories, self.key, arrays, LARGEST_HISTORIES)

    def _keep_state(self, frame: Keyframe) -> None:
        name = f"{self.key}-{frame.months}"
        if frame.world is not None:
            cache.keep(self.states, name, take(frame.world), LARGEST_STATES)
        elif frame.folder != self.states:
            with contextlib.suppress(OSError):  # as with every cache: what cannot be kept is made again
                self.states.mkdir(parents=True, exist_ok=True)
                partial = self.states / f".{name}.{os.getpid()}.partial"
                shutil.copyfile(frame.file, partial)
                partial.replace(self.states / (name + cache.SUFFIX))
                cache.prune(self.states, LARGEST_STATES)


@once
def screen_digest() -> str:
    """SHA-256 of the sources that decide what of a world is seen."""
    digest = hashlib.sha256()
    for path in sorted([*(ROOT / "viz" / "player").glob("*.py"), ROOT / "viz" / "numbers.py"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
