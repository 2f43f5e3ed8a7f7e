"""Months as integers: 0 is January 2000, the first month that the world can play."""

from __future__ import annotations

import re

import numpy as np

EPOCH_YEAR = 2000
NEVER = 32_000
"""Month of what has not happened; later than any month that can be played."""


def month_index(label: str) -> int:
    """Month number of a label such as ``"2025-01"``. Raises ValueError for anything else."""
    match = re.fullmatch(r"(\d{4})-(\d{2})", label)
    if not match or not 1 <= int(match[2]) <= 12:
        raise ValueError(f"{label!r} is not a month; write it as YYYY-MM, for example 2025-01")
    return (int(match[1]) - EPOCH_YEAR) * 12 + int(match[2]) - 1


def month_label(month: int) -> str:
    """Label ``YYYY-MM`` of a month number."""
    return f"{EPOCH_YEAR + month // 12}-{month % 12 + 1:02d}"


def year_of(month: int) -> int:
    """Calendar year of a month number."""
    return EPOCH_YEAR + month // 12


def dates(months: np.ndarray) -> np.ndarray:
    """First-of-month dates, datetime64[s]; NEVER and negative months become NaT."""
    months = np.asarray(months, dtype=np.int64)
    first = np.datetime64(f"{EPOCH_YEAR}-01", "M") + months.astype("timedelta64[M]")
    known = (months < NEVER) & (months > -NEVER)
    return np.where(known, first.astype("datetime64[s]"), np.datetime64("NaT", "s"))
