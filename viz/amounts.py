"""Numbers as people read them: about three digits, and the word for thousands of millions instead of zeros."""

from __future__ import annotations

from typing import Any

LARGER = {"bn": "tn", "m": "bn"}
"""What a thousand of a unit is called."""
MINUS = "−"


def number(value: Any, signed: bool = False) -> str:
    """About three digits, thousands apart, a real minus sign; a dash for what is unknown, and a text as it is."""
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return "–"
    if abs(value) == float("inf"):
        return "∞"
    size = abs(value)
    digits = 0 if size >= 100 or float(value).is_integer() else next(
        (digits for digits, least in enumerate((10.0, 0.1, 0.01), 1) if size >= least), 4
    )  # fmt: skip
    rounded = round(value, digits) + 0.0
    return f"{rounded:{'+' if signed and rounded else ''},.{digits}f}".replace("-", MINUS)


def amount(value: float | None, unit: str) -> str:
    """A value with its unit: ``1,712 bn US$`` reads ``1.71 tn US$``, a share ``62.4 %``."""
    factor, unit = readable(value, unit)
    text = number(None if value is None else value * factor)
    return f"{text} {beside(unit)}".strip()


def readable(value: float | None, unit: str) -> tuple[float, str]:
    """The factor and the unit in which people say an amount as large as ``value``."""
    word, _, rest = unit.partition(" ")
    if value is None or value != value or abs(value) < 1000 or word not in LARGER:
        return 1.0, unit
    return 1e-3, f"{LARGER[word]} {rest}"


def beside(unit: str) -> str:
    """A unit beside a number: what a share is taken of stands elsewhere."""
    return "%" if unit.startswith("% of ") else "" if unit in ("ratio", "0-1") else unit


def per_cent(share: float | None) -> str:
    """A share in per cent with its sign; a dash where it is unknown or means nothing."""
    if share is None or share != share or abs(share) == float("inf"):
        return "–"
    digits = 0 if abs(share) >= 0.1 else 1 if abs(share) >= 0.001 else 2
    return f"{100 * share:+.{digits}f} %".replace("-", MINUS) if abs(share) >= 5e-5 else "0 %"


def span(low: float | None, high: float | None, unit: str = "") -> str:
    """Two ends of an interval, or a dash."""
    if low is None or low != low or high is None:
        return "–"
    factor, unit = readable(max(abs(low), abs(high)), unit)
    return f"{number(low * factor)} to {number(high * factor)} {beside(unit)}".strip()


def months(label: str) -> str:
    """``2031-04`` as ``Apr 2031``."""
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    year, _, month = label.partition("-")
    return f"{names[int(month) - 1]} {year}"


def whole(unit: str) -> tuple[float, str]:
    """The factor that undoes the size in a unit (``bn US$`` is 1e9 US$), for axes that write sizes themselves."""
    word, _, rest = unit.partition(" ")
    factor = {"tn": 1e12, "bn": 1e9, "m": 1e6}.get(word, 1.0) if rest else 1.0
    return factor, rest if factor != 1.0 else unit
