"""The user's own scenarios: files in the user's data folder, with safe names and bounded size."""

from __future__ import annotations

import os
import re
from pathlib import Path

from experiments.errors import RequestError, RunError
from viz.studio.verdict import LARGEST

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")
MOST = 500
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)")
"""Names that some systems keep for devices."""


def place() -> Path:
    """The folder of the user's scenarios (``XDG_DATA_HOME`` counts)."""
    from platformdirs import user_data_path

    return user_data_path("pharmarket", appauthor=False) / "scenarios"


def saved() -> list[str]:
    """Names of the scenarios in the folder, in alphabetical order."""
    return sorted(path.stem for path in place().glob("*.toml") if NAME.fullmatch(path.stem))


def save(name: str, text: str) -> Path:
    """Write a text under a name, whole or not at all; replaces what was there.

    Raises RequestError for a name that is no safe file name, a text that is too long or a full shelf, RunError where
    the disk refuses.
    """
    path = place() / f"{safe(name)}.toml"
    content = text.encode("utf-8")
    if len(content) > LARGEST:
        raise RequestError(f"save: {len(content):,} bytes are too many; a scenario may have {LARGEST:,}")
    if not path.is_file() and len(saved()) >= MOST:
        raise RequestError(f"save: {place()} holds {MOST} scenarios already; delete some")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise RunError(f"save: cannot write {path}: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    return path


def read(name: str) -> str:
    """The text of a saved scenario. Raises RequestError for one that is not there, too long, or no text."""
    path = place() / f"{safe(name)}.toml"
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise RequestError(f"load: there is no scenario {name!r} in {place()} ({error.strerror})") from error
    if len(content) > LARGEST:
        raise RequestError(f"load: {name} has more than {LARGEST:,} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(f"load: {name} is no text in UTF-8 (byte {error.start})") from error


def delete(name: str) -> None:
    """Remove a saved scenario; nothing happens if there is none."""
    (place() / f"{safe(name)}.toml").unlink(missing_ok=True)


def safe(name: str) -> str:
    """The name, if a file can be called so everywhere. Raises RequestError with one that can."""
    if NAME.fullmatch(name) and not RESERVED.fullmatch(name):
        return name
    offer = suggestion(name)
    raise RequestError(f"name: use small letters, digits and hyphens, at most 48, such as {offer}")


def suggestion(title: str) -> str:
    """A safe name made of a title."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40].strip("-")
    return words if words and not RESERVED.fullmatch(words) else "my-scenario"
