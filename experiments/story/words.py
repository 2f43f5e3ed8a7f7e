"""Words for phases, causes, money, months and places."""

from __future__ import annotations

from typing import Any

import pandas as pd

PHASES = {"preclinical": "preclinical work", "phase1": "phase I", "phase2": "phase II", "phase3": "phase III",
          "filed": "filing", "marketed": "market"}  # fmt: skip
CAUSES = {"efficacy": "it did not work well enough", "safety": "it was not safe",
          "strategy": "it was not worth its next step", "money": "nobody paid for it", "refused": "it was refused",
          "off the market": "it left the market", "preclinical failure": "it failed in the laboratory"}  # fmt: skip


def money(amount: float) -> str:
    """Million US$ in words."""
    return (
        f"{amount / 1000:.1f} bn"
        if abs(amount) >= 1000
        else f"{amount:.0f} m"
        if abs(amount) >= 10
        else f"{amount:.1f} m"
    )


def label(month: Any) -> str:
    """``YYYY-MM`` of a date."""
    return pd.Timestamp(month).strftime("%Y-%m")


def ordinal(share: float) -> str:
    """``71st percentile`` of a share."""
    number = min(max(round(100 * share), 1), 99)
    tail = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number not in (11, 12, 13) else 0, "th")
    return f"{number}{tail} percentile"


def places(regions: Any) -> str:
    """Regions as words."""
    names = list(regions)
    return "the world" if len(names) == 10 else ", ".join(names) or "no region"
