"""How a sweep stands, from its folder alone."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Any

from experiments.errors import RequestError
from experiments.sweeps import rows, stream
from experiments.sweeps.driver import GUARD
from experiments.sweeps.store import ABOUT, OPEN, Store

COUNTED = (stream.OK, stream.FAILED, stream.CRASHED, "undefined")


def status(folder: Path) -> dict[str, Any]:
    """Counts of runs by how they ended, and ``content_hash`` of all rows once the sweep is complete.

    Raises RequestError when ``folder`` is no sweep.
    """
    if not (folder / ABOUT).is_file():
        raise RequestError(f"{folder} is no sweep: it has no {ABOUT}")
    store = Store(folder)
    notes = dict(store.whole())
    done = sum(map(store.size, notes))
    complete = done == store.runs
    total = rows.total(int(note["hash"], 16) for note in notes.values())
    return {
        "out": str(folder),
        "runs": store.runs,
        "done": done + _open_runs(store),
        **{kind: sum(int(note[kind]) for note in notes.values()) for kind in COUNTED},
        "chunks": len(store.chunks),
        "chunks_done": len(notes),
        "complete": complete,
        "at_work": _at_work(folder / OPEN / GUARD),
        "content_hash": rows.as_text(total) if complete else None,
        "megabytes": round(sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6, 2),
    }


def _open_runs(store: Store) -> int:
    """Finished runs of chunks that are not done."""
    places = (place for place in (store.folder / OPEN).glob("*") if place.is_dir())
    return sum(len(stream.salvage(place).runs) for place in places)


def _at_work(guard: Path) -> bool:
    """Whether a sweep holds the folder right now."""
    try:
        with guard.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def words(found: dict[str, Any]) -> str:
    """The status in a few lines."""
    state = (
        "complete" if found["complete"] else "at work" if found["at_work"] else "not complete; run it again to go on"
    )
    lines = [
        f"{found['out']}: {found['done']:,} of {found['runs']:,} runs, {state}",
        f"{found['ok']:,} ok ({found['undefined']:,} with undefined figures), {found['failed']:,} failed, "
        f"{found['crashed']:,} crashed; {found['megabytes']:,.1f} MB",
    ]
    if found["content_hash"]:
        lines.append(f"content hash {found['content_hash']}")
    return "\n".join(lines)
