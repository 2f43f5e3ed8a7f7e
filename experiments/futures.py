"""What was measured of whole runs, kept in the user's cache: no comparison plays the same side twice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from experiments import cache
from experiments.code_digest import code_digest
from experiments.history import library_versions, rules_digest
from experiments.settings import Settings
from experiments.variants import Variant

if TYPE_CHECKING:
    import numpy as np

LARGEST_BYTES = 1024**3


@runtime_checkable
class Lasting(Protocol):
    """A measure whose results can be kept as arrays and had again from them."""

    @property
    def name(self) -> str:
        """What it measures and by which code: equal only for measures that give equal results."""
        ...

    def pack(self, measures: Any) -> Mapping[str, np.ndarray]:
        """The measures as arrays by name."""
        ...

    def unpack(self, arrays: Mapping[str, np.ndarray]) -> Any:
        """The measures again. Raises KeyError or ValueError where the arrays are not what :meth:`pack` gives."""
        ...


@dataclass(frozen=True)
class Futures:
    """The kept measures of one measure in ``place``."""

    measure: Lasting
    place: Path

    def get(self, variant: Variant, settings: Settings) -> Any | None:
        """What was measured of this run before, None if nothing is kept."""
        kept = cache.get(self.place, self.key(variant, settings))
        if kept is None:
            return None
        try:
            return self.measure.unpack(kept)
        except (KeyError, ValueError):
            return None

    def keep(self, variant: Variant, settings: Settings, measures: Any) -> None:
        """Keep what was measured of a run."""
        cache.keep(self.place, self.key(variant, settings), self.measure.pack(measures), LARGEST_BYTES)

    def key(self, variant: Variant, settings: Settings) -> str:
        """Digest of all that decides the measures: code, data, versions, rules of all months, seed, scale, span."""
        from model.clock import month_index

        rules = rules_digest(variant, month_index(settings.until) + 1)
        span = settings.seed, float(settings.scale), settings.start, settings.until
        parts = (code_digest(library=False), library_versions(), self.measure.name, rules, *span)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:40]


def futures_of(measure: Any, place: Path | None) -> Futures | None:
    """Where the results of ``measure`` are kept, beside the histories in ``place``; None where they cannot be."""
    if not isinstance(measure, Lasting):
        return None
    return Futures(measure, (place or cache.folder("history")).parent / "futures")
