"""States of a world line every two years: the latest in memory, earlier ones in a folder of the session."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from experiments import cache
from model import PharmaMarket
from model.snapshot import market_on, restore, take
from model.world import World

EVERY = 24
"""Months between states: moving one to the disk takes as long as playing five to ten months."""
IN_MEMORY = 1
_numbers = itertools.count()


class Keyframe:
    """The state after ``months`` months under the rules of ``market``: a ``world``, or a file of ``folder``.

    The file goes when nobody holds the state any more; in a cache, of at most ``largest`` bytes, when others were used
    later.
    """

    def __init__(self, market: PharmaMarket, months: int, folder: Path, key: str, largest: int | None = None) -> None:
        self.seed, self.scale = market.seed_number, market.scale
        self.given, self.changes = list(market.given), dict(market.changes)
        self.months, self.folder, self.key, self.largest = months, folder, key, largest
        self.world: World | None = None

    @property
    def file(self) -> Path:
        """Where the state is when it is not in memory."""
        return self.folder / (self.key + cache.SUFFIX)

    def spill(self) -> None:
        """Move the state to the disk."""
        if self.world is not None:
            cache.keep(self.folder, self.key, take(self.world), self.largest or 1 << 62)
            if self.file.exists():  # a full disk is no reason to lose the state
                if self.largest is None:
                    weakref.finalize(self, self.file.unlink, missing_ok=True)
                self.world = None

    def market(self) -> PharmaMarket | None:
        """A market of its own that plays on from here; None if the file is gone or not whole."""
        world = self.world
        if world is not None:
            return market_on(world.copy(), self.given, self.changes)
        arrays = cache.get(self.folder, self.key)
        try:
            return (
                None if arrays is None else market_on(restore(arrays, self.seed, self.scale), self.given, self.changes)
            )
        except (KeyError, ValueError, TypeError):
            return None


class Keyframes:
    """The keyframes of a line: at most :data:`EVERY` months apart where it was played here."""

    def __init__(self, folder: Path, writer: ThreadPoolExecutor, kept: Iterable[Keyframe] = ()) -> None:
        self.folder, self.writer, self.kept = folder, writer, list(kept)

    def keep(self, market: PharmaMarket, frame: Keyframe | None = None) -> None:
        """Keep the state of a market, in ``frame`` if one is given, and move earlier and lasting ones to the disk."""
        frame = frame or Keyframe(market, market.month, self.folder, f"{next(_numbers)}")
        frame.world = market.world.copy()
        self.kept.append(frame)
        self.spill(self.kept if frame.largest else self.kept[:-IN_MEMORY])

    def spill(self, frames: Sequence[Keyframe]) -> None:
        """Let the writer move these to the disk; where it is behind, wait, or the memory would hold them all."""
        waiting = [self.writer.submit(frame.spill) for frame in frames if frame.world is not None]
        if len(waiting) > 1:
            waiting[0].result()

    def until(self, months: int) -> Keyframes:
        """Those of the first ``months`` months, for a line that goes its own way from there."""
        return Keyframes(self.folder, self.writer, [one for one in self.kept if one.months <= months])

    def latest(self, months: int) -> int:
        """Months of the last state that is no later than ``months``."""
        return max((one.months for one in self.kept if one.months <= months), default=-1)

    def market_before(self, months: int) -> PharmaMarket:
        """A market from the last state that is no later than ``months``, or an earlier one where that is gone.

        Raises RuntimeError where there is none.
        """
        for one in sorted(self.kept, key=lambda one: -one.months):
            market = one.market() if one.months <= months else None
            if market is not None:
                return market
        raise RuntimeError(f"no state before month {months} is left in {self.folder}")
