"""Compiled inner loops: arrays in, arrays out, no world, no rule that is not written in its docstring.

Each is compiled once per machine and kept beside the file (or in the user's cache where that is read-only).
Arithmetic stays in the order of the formulas (no fast-math), so results do not depend on the processor's width.

Numba compiles a loop anew when its own file changes, but loops also take functions and constants from other files.
So whatever was compiled is dropped as soon as one of those files differs from what it was compiled from.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

HERE = Path(__file__).resolve().parent
AGENTS = HERE.parent.parent / "agents"
SOURCES = [*sorted(HERE.glob("*.py")), HERE.parent / "labels.py", AGENTS / "choices.py", AGENTS / "compiling.py"]
"""Files whose functions and constants go into compiled loops."""


def drop_outdated(sources: list[Path], kept: Path) -> bool:
    """Drop loops out of the folder ``kept`` that were compiled from other ``sources`` than these; whether any were.

    A folder that is missing or cannot be written is left alone: its files came with one installation.
    """
    stamp = kept / "sources.digest"
    digest = blake2b(b"\0".join(source.read_bytes() for source in sources)).hexdigest()
    try:
        if stamp.exists() and stamp.read_text("ascii") == digest:
            return False
        for compiled in (*kept.glob("*.nbi"), *kept.glob("*.nbc")):
            compiled.unlink(missing_ok=True)
        stamp.write_text(digest, "ascii")
    except OSError:
        return False
    return True


for folder in (HERE, AGENTS):
    drop_outdated(SOURCES, folder / "__pycache__")
