"""What the source files of the project draw and read."""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DRAWS = ("uniform", "normal", "choice", "together")


def sources(*rooms: str) -> list[Path]:
    """The Python files of some rooms."""
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def drawn(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and isinstance(called, ast.Attribute) and called.attr in DRAWS and node.args:
            yield from _texts(node.args[0])


def _texts(node: ast.AST) -> Iterator[str]:
    """All texts in an expression, those that are put together as one."""
    text = _pattern(node)
    if text:
        yield text
    else:
        for part in ast.iter_child_nodes(node):
            yield from _texts(part)


def _pattern(node: ast.AST) -> str:
    """A text in the code; where it is put together, its parts with ``*`` between; else nothing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
    return ""


def families_read(path: Path) -> set[str]:
    """Families whose name stands in a file as a text, or matches a text that is put together there."""
    from model.data.reader import families

    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        text = _pattern(node)
        if text in families():
            found.add(text)
        elif "*" in text and "." in text.split("*")[0].strip("."):
            found.update(fnmatch.filter(families(), text))
    return found
