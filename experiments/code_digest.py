"""A digest of the sources and data that decide what a run gives."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("model", "agents", "scenarios")
SUFFIXES = {".py", ".csv", ".toml", ".json"}
LIBRARY = ("scenarios", "library")


@cache
def code_digest(library: bool = True) -> str:
    """SHA-256 over names and contents of all files of the model, the agents and the scenarios.

    ``library=False`` leaves out the library, for those who digest the resolved rules anyway. Taken once per process:
    a process plays the code that it has imported.
    """
    digest = hashlib.sha256()
    files = sorted(p for room in ROOMS for p in (ROOT / room).rglob("*") if p.suffix in SUFFIXES)
    for path in files:
        if not library and path.relative_to(ROOT).parts[:2] == LIBRARY:
            continue
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
