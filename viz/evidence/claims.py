"""The claims ledger: what was said about this market, what paired runs say to it, filtered and worded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from experiments.claims.ledger import KINDS, experiments_by_name
from viz.amounts import MINUS, number
from viz.strips import Strip, around_zero, in_band

VERDICTS = ("holds", "contested", "does not hold", "not testable", "documented")
TOPICS = {
    "access": "Access and prices", "alliances": "Alliances", "approvals": "Approvals", "capital": "Capital",
    "china": "China", "deals": "Deals", "expansion": "Going abroad", "technology": "Technology", "trials": "Trials",
    "": "No experiment",
}  # fmt: skip
KIND_NAMES = {kind: kind for kind in KINDS} | {"stylised": "stylised fact", "name": "name or vendor's fact"}
SEVERAL = {"holds": "hold", "does not hold": "do not hold"}
"""Verdicts of several claims, where they differ from that of one."""
SHADES = {"holds": "gain", "does not hold": "loss"}
ARROWS = {"up": "↑ up", "down": "↓ down"}
IN_PER_CENT = ("relative", "interaction", "each", "contrast", "peak")
"""Effects that are parts of the base's mean; all others are in the unit of the observable."""


@dataclass(frozen=True)
class Test:
    """One experiment for a claim; without an effect there is no strip."""

    name: str
    does: str
    measured: str
    expected: str
    effect: str
    interval: str
    remark: str
    verdict: str
    strip: Strip | None


@dataclass(frozen=True)
class Claim:
    """A claim with its tests."""

    number: int
    title: str
    kind: str
    topic: str
    place: str
    note: str
    verdict: str
    tests: tuple[Test, ...]


def claims(rows: Iterable[Mapping[str, Any]]) -> list[Claim]:
    """All claims of the record."""
    return [
        Claim(
            row["claim"], row["title"], row["kind"], topic(row), row["place"], row["note"], row["verdict"],
            tuple(_test(test) for test in row["experiments"]),
        )
        for row in rows
    ]  # fmt: skip


def chosen(found: Sequence[Claim], verdict: str = "", subject: str = "", kind: str = "", text: str = "") -> list[Claim]:
    """Claims with a verdict, topic and kind where they are given, that hold every word of the text."""
    words = text.casefold().split()
    return [
        claim for claim in found
        if verdict in ("", claim.verdict) and subject in ("", TOPICS[claim.topic]) and kind in ("", claim.kind)
        and all(word in _text(claim) for word in words)
    ]  # fmt: skip


def _text(claim: Claim) -> str:
    parts = [
        f"{claim.number}",
        claim.title,
        claim.place,
        claim.note,
        *(f"{test.name} {test.does}" for test in claim.tests),
    ]
    return " ".join(parts).casefold()


def tally(found: Iterable[Claim]) -> dict[str, int]:
    """How many claims have each verdict, in the order of VERDICTS."""
    counts = Counter(claim.verdict for claim in found)
    return {verdict: counts[verdict] for verdict in VERDICTS}


def topic(row: Mapping[str, Any]) -> str:
    """The file of a claim's first experiment, which is its topic."""
    return next((_files().get(test["experiment"], "") for test in row["experiments"]), "")


@cache
def _files() -> dict[str, str]:
    return {name: experiment.file.removesuffix(".toml") for name, experiment in experiments_by_name().items()}


def _test(test: Mapping[str, Any]) -> Test:
    known = test.get("mean") is not None
    share = test["effect_is"] in IN_PER_CENT
    return Test(
        name=test["experiment"], does=test["does"], measured=test["observable"],
        expected=ARROWS.get(test["expected"], test["expected"].replace("-", MINUS)), remark=test["remark"],
        verdict=test["verdict"], effect=figure(test["mean"], share) if known else "",
        interval=f"{figure(test['low'], share)} to {figure(test['high'], share)}" if known else "",
        strip=_strip(test) if known else None,
    )  # fmt: skip


def figure(value: float, share: bool) -> str:
    """An effect: in per cent of the base, or in the unit of what is observed."""
    return f"{number(100 * value, signed=True)} %" if share else number(value)


def _strip(test: Mapping[str, Any]) -> Strip:
    """The interval against zero or, where a band is expected, against the band; coloured by verdict."""
    low, mean, high = test["low"], test["mean"], test["high"]
    band = re.fullmatch(r"(-?[\d.]+) to (-?[\d.]+)", test["expected"])
    if band:
        strip = in_band(low, mean, high, (float(band[1]), float(band[2])))
    else:
        edge = 1.08 * max(abs(low), abs(high)) or 1.0
        strip = around_zero(low, mean, high, (-edge, edge))
    return replace(strip, verdict=SHADES.get(test["verdict"], "still"))
