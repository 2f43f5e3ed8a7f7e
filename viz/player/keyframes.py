"""States of a world line once a year: the latest in memory, earlier ones in a folder of the session."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from experiments import cache
from model import PharmaMarket
from model.snapshot import market_on, restore, take
from model.world import World

EVERY = 12
IN_MEMORY = 1
_numbers = itertools.count()


class Keyframe:
    """The state after ``months`` months under its rules; gone from the disk when nobody holds it any more."""

    def __init__(self, market: PharmaMarket, folder: Path) -> None:
        self.months, self.seed, self.scale = market.month, market.seed_number, market.scale
        self.given, self.changes = list(market.given), dict(market.changes)
        self.folder, self.key = folder, f"{next(_numbers)}"
        self.world: World | None = market.world.copy()

    def spill(self) -> None:
        """Move the state to the disk."""
        if self.world is not None:
            cache.keep(self.folder, self.key, take(self.world), largest=1 << 62)
            path = self.folder / (self.key + cache.SUFFIX)
            if path.exists():  # a full disk is no reason to lose the state
                weakref.finalize(self, path.unlink, missing_ok=True)
                self.world = None

    def market(self) -> PharmaMarket:
        """A market of its own that plays on from here."""
        world = self.world
        if world is None:
            arrays = cache.get(self.folder, self.key)
            if arrays is None:
                raise RuntimeError(f"the state of month {self.months} is gone from {self.folder}")
            world = restore(arrays, self.seed, self.scale)
        else:
            world = world.copy()
        return market_on(world, self.given, self.changes)


class Keyframes:
    """The keyframes of a line, at most :data:`EVERY` months apart."""

    def __init__(self, folder: Path, writer: ThreadPoolExecutor, kept: tuple[Keyframe, ...] = ()) -> None:
        self.folder, self.writer, self.kept = folder, writer, list(kept)

    def keep(self, market: PharmaMarket) -> None:
        """Keep the state of a market if a year has passed, and move the oldest in memory to the disk."""
        if market.month % EVERY == 0:
            self.kept.append(Keyframe(market, self.folder))
            self.spill(self.kept[:-IN_MEMORY])

    def spill(self, frames: Sequence[Keyframe]) -> None:
        """Let the writer move these to the disk; where it is behind, wait, or the memory would hold them all."""
        waiting = [self.writer.submit(frame.spill) for frame in frames if frame.world is not None]
        if len(waiting) > 1:
            waiting[0].result()

    def until(self, months: int) -> Keyframes:
        """Those of the first ``months`` months, for a line that goes its own way from there."""
        return Keyframes(self.folder, self.writer, tuple(one for one in self.kept if one.months <= months))

    def market_at(self, months: int) -> PharmaMarket:
        """A market that has played exactly ``months`` months: the latest state before it, played on."""
        nearest: Any = max((one for one in self.kept if one.months <= months), key=lambda one: one.months)
        market: PharmaMarket = nearest.market()
        return market.run_until(months - market.month)
