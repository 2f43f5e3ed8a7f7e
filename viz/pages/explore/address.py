"""Addresses of the parts of the Explore page."""

from __future__ import annotations

import dataclasses

from viz.explore.views import Ref
from viz.link import Link
from viz.parts.table import Cell
from viz.player.desk import LEVERS

KEPT = ("run", LEVERS)
"""Words of an address that go on to every part: which run, and the levers of the Play page."""


def address(link: Link, **more: str) -> str:
    """An address of this page for the same run, with these words and no others."""
    kept = {word: link.more[word] for word in KEPT if word in link.more}
    return "/explore?" + dataclasses.replace(link, more={**kept, **more}).search()


def cell(link: Link, what: str | Ref) -> Cell:
    """A text, or a link to the page of something."""
    return Cell(what) if isinstance(what, str) else Cell(what.text, address(link, **{what.kind: str(what.number)}))
