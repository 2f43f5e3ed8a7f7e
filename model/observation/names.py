"""Invented names of firms: the same identity always has the same name, never that of a real firm."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from model.data.sheet import sheet
from model.draws import Draws
from model.labels import REGIONS

REGION_SHIFT = 24
TRIES = 4
PARTS = ("prefix", "suffix", "tail")


@lru_cache(maxsize=1)
def _parts() -> dict[str, list[list[str]]]:
    rows = sheet("names")
    place, part = rows.texts("region"), rows.texts("part")
    return {
        region: [rows.texts("text")[((place == region) | (place == "ALL")) & (part == kind)].tolist() for kind in PARTS]
        for region in REGIONS
    }


@lru_cache(maxsize=1)
def _blocked() -> frozenset[str]:
    return frozenset(name.lower().replace(" ", "") for name in sheet("name_blocklist").texts("name").tolist())


def firm_names(identity: np.ndarray) -> list[str]:
    """Names of firms (int64 identities): of a few tries the first that is free, else a number."""
    identity = np.asarray(identity)
    names: list[str | None] = [None] * len(identity)
    left = np.arange(len(identity))
    for attempt in range(TRIES):
        found = _try(identity[left], attempt)
        for row, name in zip(left.tolist(), found, strict=True):
            names[row] = name
        left = left[[name is None for name in found]]
    who = identity.tolist()
    return [name or f"{REGIONS[who[row] >> REGION_SHIFT]}-{who[row] & 0xFFFFFF}" for row, name in enumerate(names)]


def _try(identity: np.ndarray, attempt: int) -> list[str | None]:
    """A name for each firm, None where a real firm has it."""
    luck = [Draws(0).uniform(f"name.{part}", identity, attempt).tolist() for part in PARTS]
    region, parts, blocked = (identity >> REGION_SHIFT).tolist(), _parts(), _blocked()
    found: list[str | None] = []
    for home, *chances in zip(region, *luck, strict=True):
        prefix, suffix, tail = map(_choose, parts[REGIONS[home]], chances)
        stem = prefix + suffix
        taken = stem.lower() in blocked or (stem + tail).lower().replace(" ", "") in blocked
        found.append(None if taken else f"{stem} {tail}".strip())
    return found


def _choose(options: list[str], luck: float) -> str:
    return options[int(luck * len(options))] if options else ""
