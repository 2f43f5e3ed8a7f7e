"""A plain page of figures and tables that needs nothing else: for analyses of sweeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from viz import html, theme


@dataclass(frozen=True)
class Part:
    """One section of a page: charts as SVG, and a table that can be folded."""

    title: str
    charts: list[Markup] = field(default_factory=list)
    summary: str = "All numbers"
    heads: Sequence[str] = ()
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    open: bool = False


def page(
    title: str, kicker: str, lead: str, sections: Sequence[Part], method: Sequence[str], warnings: Sequence[str] = ()
) -> str:
    """The page as HTML, in light or dark as the reader's system is."""
    return html.render(
        "page.html", title=title, kicker=kicker, lead=lead, sections=sections, method=method, warnings=warnings,
        css=Markup(theme.css()),
    )  # fmt: skip


def number(value: float) -> str:
    """Three digits of a number, a dash for what is unknown."""
    return "–" if value != value else f"{value:.3g}".replace("-", "−")
