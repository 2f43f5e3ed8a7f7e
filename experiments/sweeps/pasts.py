"""The pasts that runs share: each is played once, before the chunks that need it, and dropped after them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from experiments import cache
from experiments.sweeps.chunk import run_of
from experiments.sweeps.store import HISTORY, Store


class Pasts:
    """Which pasts a chunk needs, and which of them are there. A past goes by the name that its player gives it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.place: Path = store.folder / HISTORY
        self.needed: dict[int, frozenset[str]] = {}
        self.example: dict[str, int] = {}
        self.last: dict[str, int] = {}
        self.begun: set[str] = set()
        self.ready: set[str] = set()
        self.shared = bool(store.design["branch"]) and store.design["common_random_numbers"]
        self.shared = self.shared and hasattr(store.player, "past_of")

    def of(self, chunk: int) -> frozenset[str]:
        """Names of the pasts of a chunk."""
        if not self.shared:
            return frozenset()
        if chunk not in self.needed:
            self.needed[chunk] = frozenset(self._names(chunk))
        return self.needed[chunk]

    def _names(self, chunk: int) -> Iterable[str]:
        known: set[tuple[str, int]] = set()
        for row in self.store.rows(chunk):
            kind = (row["scenario"], row["seed"])
            if kind in known:
                continue
            known.add(kind)
            name = self.store.player.past_of(run_of(self.store, row))
            self.example.setdefault(name, row["run"])
            self.last[name] = max(self.last.get(name, 0), self._last_chunk(row["replicate"]))
            if cache.has(self.place, name):
                self.ready.add(name)
            yield name

    def _last_chunk(self, replicate: int) -> int:
        """The last chunk with runs of a replicate."""
        import bisect

        end = (replicate + 1) * self.store.about["points"]
        return bisect.bisect_left(self.store.bounds, end) - 1

    def missing(self, chunk: int) -> list[str]:
        """Names of the pasts of a chunk that are not there yet, in the order of their runs."""
        return sorted(self.of(chunk) - self.ready, key=self.example.__getitem__)

    def begin(self, name: str) -> int:
        """Note that a past is being played; returns a run that has it."""
        self.begun.add(name)
        return self.example[name]

    def end(self, name: str, there: bool = True) -> None:
        """Note that a past is there, or has to be begun again."""
        self.begun.discard(name)
        if there:
            self.ready.add(name)

    def drop(self, chunk: int, first_open: int) -> None:
        """Forget what only chunks needed that are done: ``chunk``, and those before ``first_open``."""
        self.needed.pop(chunk, None)
        for name in [name for name in self.ready if self.last[name] < first_open]:
            cache.drop(self.place, name)
            self.ready.discard(name)
            del self.last[name], self.example[name]
