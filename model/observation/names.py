"""Invented names of firms: the same identity always has the same name, never that of a real firm."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from model.data import table
from model.draws import Draws
from model.labels import REGIONS

REGION_SHIFT = 24
TRIES = 4


@lru_cache(maxsize=1)
def _parts() -> dict[str, dict[str, list[str]]]:
    rows = table("names")
    return {
        region: {part: list(rows[(rows["region"].isin([region, "ALL"])) & (rows["part"] == part)]["text"].fillna(""))
                 for part in ("prefix", "suffix", "tail")}
        for region in REGIONS
    }  # fmt: skip


@lru_cache(maxsize=1)
def _blocked() -> frozenset[str]:
    rows = table("name_blocklist")
    return frozenset(str(text).lower().replace(" ", "") for text in rows.iloc[:, 0])


def firm_names(identity: np.ndarray) -> list[str]:
    """Names of firms (int64 identities)."""
    identity = np.asarray(identity)
    luck = [
        [Draws(0).uniform(f"name.{part}", identity, t) for part in ("prefix", "suffix", "tail")] for t in range(TRIES)
    ]
    return [_name(REGIONS[int(who) >> REGION_SHIFT], [[u[i] for u in tries] for tries in luck], int(who))
            for i, who in enumerate(identity)]  # fmt: skip


def _name(region: str, tries: list[list[float]], identity: int) -> str:
    for luck in tries:
        prefix, suffix, tail = (
            _choose(_parts()[region][part], u) for part, u in zip(("prefix", "suffix", "tail"), luck, strict=True)
        )
        stem = f"{prefix}{suffix}"
        if stem.lower() not in _blocked() and f"{stem}{tail}".lower().replace(" ", "") not in _blocked():
            return f"{stem} {tail}".strip()
    return f"{region}-{identity & 0xFFFFFF}"


def _choose(options: list[str], luck: float) -> str:
    return options[int(luck * len(options))] if options else ""
