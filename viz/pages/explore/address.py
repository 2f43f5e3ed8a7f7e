"""Addresses of the parts of the Explore page."""

from __future__ import annotations

import dataclasses

from viz.explore.views import Ref
from viz.link import Link
from viz.parts.table import Cell

KINDS = ("firm", "asset", "deal")


def address(link: Link, **more: str) -> str:
    """An address of this page for the same run, with these words and no others."""
    kept = {"run": link.more["run"]} if "run" in link.more else {}
    return "/explore?" + dataclasses.replace(link, more={**kept, **more}).search()


def cell(link: Link, what: str | Ref) -> Cell:
    """A text, or a link to the page of something."""
    return Cell(what) if isinstance(what, str) else Cell(what.text, address(link, **{what.kind: str(what.number)}))
