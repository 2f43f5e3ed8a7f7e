"""Tables, sentences and code in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Cells = Iterable[object]


def table(head: Sequence[str], rows: Iterable[Cells]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", r"\|").replace("\n", " ")


def sentence(text: str | None) -> str:
    """The first paragraph of a docstring in one line, its code marked as Markdown does."""
    return " ".join((text or "").strip().split("\n\n")[0].split()).replace("``", "`")


def code(words: Iterable[str]) -> str:
    """Words as code, with commas."""
    return ", ".join(f"`{word}`" for word in words)
