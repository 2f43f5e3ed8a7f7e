"""Invented names of firms: each identity has a name of its own, always the same, never that of a real firm."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from model.data.sheet import sheet
from model.draws import Draws
from model.labels import REGION_SHIFT, REGIONS

PARTS = ("prefix", "suffix", "tail")


def firm_names(identity: np.ndarray) -> list[str]:
    """Names of firms (int64 identities). A region that runs out of names begins again, with a number behind them."""
    named = []
    for who in np.asarray(identity).tolist():
        region, ordinal = who >> REGION_SHIFT, who & (1 << REGION_SHIFT) - 1
        names = _names_of(REGIONS[region])
        again, place = divmod(ordinal, len(names))
        named.append(f"{names[place]} {again + 1}" if again else names[place])
    return named


@lru_cache(maxsize=len(REGIONS))
def _names_of(region: str) -> list[str]:
    """Names of a region in the order in which its firms take them: a stem comes again when all have been used."""
    prefixes, suffixes, tails = _parts(region)
    stems = list(dict.fromkeys(prefix + suffix for prefix in prefixes for suffix in suffixes))
    mixed = [stems[place] for place in np.argsort(Draws(0).uniform("name.stem", np.arange(len(stems))))]
    names = [
        (stem, f"{stem} {tails[(turn + place) % len(tails)]}")
        for turn in range(len(tails))
        for place, stem in enumerate(mixed)
    ]
    return [name for stem, name in names if not {_plain(stem), _plain(name)} & _blocked()]


def _parts(region: str) -> list[list[str]]:
    """Prefixes, suffixes and tails of a region's names, those for all regions among them."""
    rows = sheet("names")
    place, part = rows.texts("region"), rows.texts("part")
    mine = (place == region) | (place == "ALL")
    return [list(dict.fromkeys(rows.texts("text")[mine & (part == kind)].tolist())) for kind in PARTS]


@lru_cache(maxsize=1)
def _blocked() -> frozenset[str]:
    return frozenset(_plain(name) for name in sheet("name_blocklist").texts("name").tolist())


def _plain(name: str) -> str:
    return name.lower().replace(" ", "")
