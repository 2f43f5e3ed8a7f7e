"""How everything looks: one palette in light and dark, safe for colour-blind readers, one colour per region everywhere.

Figures are drawn in the light colours; :func:`svg` turns each into the CSS variable of its name, so that the page
decides between light and dark.
"""

from __future__ import annotations

import functools
import html
import io
import re
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import matplotlib as mpl
from matplotlib.figure import Figure

P = ParamSpec("P")
R = TypeVar("R")

REGIONS = {
    "US": ("#2409c8", "#9e7bee"), "EU": ("#08a1bb", "#2fdeff"), "UK": ("#26a07f", "#9df8e0"),
    "CH": ("#809e53", "#af5221"), "JP": ("#cc42e6", "#df7ab6"), "CN": ("#d92301", "#d5355f"),
    "KR": ("#59108a", "#8448f9"), "CA": ("#754530", "#f5ff3c"), "AU": ("#141523", "#78e050"),
    "ROW": ("#57586d", "#c8cd95"),
}  # fmt: skip
"""Light and dark colour of each region, set so that all ten stay apart in usual and in red-green blind eyes."""
ROLES = {
    "ink": ("#1c2430", "#e8ecf2"), "quiet": ("#5b6675", "#a3adba"), "rule": ("#d5dae1", "#39424e"),
    "paper": ("#fefefe", "#12161c"), "a": ("#6d7684", "#aab3bf"), "b": ("#0072b2", "#56b4e9"),
    "gain": ("#0073b3", "#57b5ea"), "loss": ("#d55e00", "#ff9a4d"), "still": ("#9aa3af", "#6d7684"),
}  # fmt: skip
APP = {
    "page": ("#f3f5f8", "#0d1117"), "card": ("#ffffff", "#161b22"), "accent": ("#0b63a5", "#6cb6ff"),
    "on-accent": ("#ffffff", "#0d1117"), "sea": ("#e8edf3", "#10161e"), "land": ("#cdd5de", "#2d3743"),
    "warn": ("#9a4a00", "#ffb067"), "loss-text": ("#b34700", "#ff9a4d"),
}  # fmt: skip
"""Further roles of the app: page behind the cards, what can be pressed, and the map."""
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b5892b", "#56b4e9", "#77787b", "#44aa99"), (
    "#56b4e9", "#ff9a4d", "#3ecf9f", "#e79ac3", "#e0c060", "#9fd8ff", "#b4b5b8", "#7fd6c6")  # fmt: skip
"""Light and dark colours of series that are no regions, as ``s0`` to ``s7`` (Okabe and Ito)."""
"""Text, lines and the two variants; gains are blue and losses vermilion (Okabe and Ito), never red and green."""
COLOURS = ROLES | REGIONS
STYLE = {
    "svg.fonttype": "none", "svg.hashsalt": "pharmarket", "font.family": "sans-serif", "font.size": 8,
    "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": ROLES["rule"][0],
    "axes.labelcolor": ROLES["quiet"][0], "axes.titlecolor": ROLES["ink"][0], "axes.titlelocation": "left",
    "axes.titlesize": 8.5, "axes.titleweight": "bold", "axes.labelsize": 7.5, "axes.linewidth": 0.8,
    "text.color": ROLES["ink"][0], "xtick.color": ROLES["quiet"][0], "ytick.color": ROLES["quiet"][0],
    "xtick.labelsize": 7.5, "ytick.labelsize": 7.5, "xtick.major.size": 2.5, "ytick.major.size": 0,
    "axes.grid": True, "axes.grid.axis": "y", "grid.color": ROLES["rule"][0], "grid.linewidth": 0.5,
    "axes.axisbelow": True, "lines.linewidth": 1.6, "figure.facecolor": "none", "axes.facecolor": "none",
    "legend.frameon": False, "legend.fontsize": 7.5, "axes.formatter.limits": (-4, 6),
}  # fmt: skip


def colour(name: str) -> str:
    """Light colour of a role or region, by which :func:`svg` knows it."""
    return COLOURS[name][0]


def styled(chart: Callable[P, R]) -> Callable[P, R]:
    """Draw a chart in this style, whatever the style of the session."""

    @functools.wraps(chart)
    def drawing(*args: P.args, **kwargs: P.kwargs) -> R:
        with mpl.rc_context(STYLE):  # type: ignore[arg-type]
            return chart(*args, **kwargs)

    return drawing


def svg(figure: Figure, title: str) -> str:
    """A figure as inline SVG for an HTML page: named colours, a title for screen readers, nothing external."""
    buffer = io.StringIO()
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]
        figure.savefig(buffer, format="svg", metadata={"Date": None}, transparent=True)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="[^"]*"', "<g", text).replace("xlink:href", "href")  # ids of groups repeat between figures
    head, rest = text.split(">", 1)
    head = re.sub(r' (?:width|height|version|xmlns(?::\w+)?)="[^"]*"', "", head)
    return f'{head} role="img" aria-label="{html.escape(title)}">{re.sub(r"#[0-9a-f]{6}", _variable, rest)}'


def css() -> str:
    """The variables of all colours, light and dark."""
    light, dark = ("".join(f"--{name}:{pair[side]};" for name, pair in COLOURS.items()) for side in (0, 1))
    return f":root{{color-scheme:light dark;{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"


def app_css() -> str:
    """The variables of all colours of the app, light unless the root has the class ``pm-dark``."""
    named = COLOURS | APP | {f"s{number}": pair for number, pair in enumerate(zip(*SERIES))}
    named |= {"paper": APP["page"]}
    light, dark = ("".join(f"--{name}:{pair[side]};" for name, pair in named.items()) for side in (0, 1))
    return f":root{{color-scheme:light;{light}}}:root.pm-dark{{color-scheme:dark;{dark}}}"


def _variable(found: re.Match[str]) -> str:
    name = next((name for name, pair in COLOURS.items() if pair[0] == found[0]), None)
    return f"var(--{name})" if name else found[0]
