"""Pieces of pages from the templates of this package. Every value is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup


@cache
def environment() -> jinja2.Environment:
    """The templates, with strict names."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True,
        lstrip_blocks=True, undefined=jinja2.StrictUndefined,
    )  # fmt: skip


def render(name: str, **words: Any) -> str:
    """The template ``name`` filled with ``words``."""
    return environment().get_template(name).render(**words)


def coded(text: str) -> Markup:
    """A text in which what stands between back ticks is code."""
    parts = (
        Markup("<code>{}</code>" if place % 2 else "{}").format(part) for place, part in enumerate(text.split("`"))
    )
    return Markup("").join(parts)
