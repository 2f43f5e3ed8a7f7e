"""Numbers that a person can read: 1.7 tn, not 1700000000000. ``assets/custom.js`` writes them alike on axes."""

from __future__ import annotations

STEPS = ((1e12, " tn"), (1e9, " bn"), (1e6, " m"), (1e4, " k"))


def short(value: float | None) -> str:
    """About three digits and a size; a dash for what is unknown."""
    if value is None or value != value:
        return "–"
    limit, unit = next((step for step in STEPS if abs(value) >= step[0]), (1.0, ""))
    scaled = value / (1e3 if unit == " k" else limit)
    digits = 0 if abs(scaled) >= 100 or float(scaled).is_integer() else 1 if abs(scaled) >= 1 else 2
    text = f"{scaled:,.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−") + unit


def money(million: float | None) -> str:
    """An amount of million US$."""
    return "–" if million is None or million != million else f"${short(million * 1e6)}".replace("$−", "−$")


def per_cent(share: float | None) -> str:
    """A share of 0 to 1."""
    return "–" if share is None or share != share else f"{short(100 * share)} %"
