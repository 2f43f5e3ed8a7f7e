"""Leads a sweep: hands chunks to workers until all that the plan asks for is on disk."""

from __future__ import annotations

from pathlib import Path

from experiments.sweeps import chunk, create
from experiments.sweeps.design import Design
from experiments.sweeps.store import Store


def sweep(design: Path | Design, out: Path, *, player: str = create.MARKET) -> Store:
    """Run a design and return its store."""
    request = create.checked(design, player=player) if isinstance(design, Design) else create.requested(design, player)
    store = create.store_for(request, out, 1)
    for number in store.chunks:
        chunk.play_chunk(str(store.folder), number)
    return store
