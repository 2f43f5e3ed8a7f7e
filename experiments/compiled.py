"""Where compiled loops are kept: by Numba beside the sources or in the user's cache, else in a folder that goes."""

from __future__ import annotations

import os
from pathlib import Path

PLACE = "NUMBA_CACHE_DIR"
SOURCES = Path(__file__).resolve().parent.parent / "model" / "kernels" / "__pycache__"


def find_place() -> None:
    """Give Numba a folder for this process where it could write neither beside the sources nor in the user's cache.

    It would refuse to work there, as in a read-only container without a home.
    """
    if PLACE in os.environ or writable(SOURCES) or writable(user_cache("numba")):
        return
    import atexit
    import shutil
    import tempfile

    os.environ[PLACE] = tempfile.mkdtemp(prefix="pharmarket-")
    atexit.register(shutil.rmtree, os.environ[PLACE], ignore_errors=True)


def user_cache(package: str) -> Path:
    """The folder of a package in the user's cache; one that cannot be made where the user has no home."""
    from platformdirs import user_cache_path

    try:
        return user_cache_path(package, appauthor=False)
    except RuntimeError:
        return Path(os.devnull) / package


def writable(folder: Path) -> bool:
    """Whether a folder can be written, or made."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return os.access(there, os.W_OK | os.X_OK)
