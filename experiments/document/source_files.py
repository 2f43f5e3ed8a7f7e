"""What the source files of the project draw and read."""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DRAWS = ("uniform", "normal", "choice", "together", "base", "bases")
"""What is called to decide at random, or to let a compiled loop do so: methods of ``model.draws.Draws``."""


def sources(*rooms: str) -> list[Path]:
    """The Python files of some rooms."""
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def drawn(path: Path) -> Iterator[str]:
    """The random decisions that a file names; ``*`` stands for what a function is told."""
    constants = vars(import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and isinstance(called, ast.Attribute) and called.attr in DRAWS and node.args:
            yield from _decisions(node.args[0], constants)


def _decisions(node: ast.expr, constants: dict[str, object]) -> Sequence[str]:
    """The decisions that an expression gives with the constants of its file; a pattern where it needs more."""
    try:
        found = eval(compile(ast.Expression(node), "decision", "eval"), dict(constants))
    except NameError:
        return [_pattern(node)]
    return [found] if isinstance(found, str) else found


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
