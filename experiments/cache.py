"""Arrays kept in the user's cache folder: one file per key, of bounded total size, shared by many processes.

A file appears complete or not at all, is used whole or not at all, and may vanish at any time: whoever wants its
content must be able to make it again.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from experiments.compiled import user_cache

LARGEST_BYTES = 2 * 1024**3
SUFFIX = ".npz"
ABANDONED = 3600.0
"""Seconds after which a file or folder that is still being written belongs to nobody."""


def folder(name: str) -> Path:
    """The folder of that name in the user's cache (``XDG_CACHE_HOME`` counts); nothing is kept without a home."""
    return user_cache("pharmarket") / name


def keep(place: Path, key: str, arrays: Mapping[str, np.ndarray], largest: int = LARGEST_BYTES) -> None:
    """Store ``arrays`` under ``key`` and drop what was used longest ago beyond ``largest`` bytes.

    A cache that cannot be written (a full disk, a folder of somebody else) is no error: nothing is kept.
    """
    partial = place / f".{key}.{os.getpid()}.partial"
    try:
        place.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            np.savez(file, allow_pickle=False, **_packed(arrays))
        partial.replace(place / (key + SUFFIX))
        prune(place, largest)
    except OSError:
        pass
    finally:
        _drop(partial)


def get(place: Path, key: str) -> dict[str, np.ndarray] | None:
    """What was stored under ``key``; None if there is nothing, or nothing whole."""
    path = place / (key + SUFFIX)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = _unpacked(stored)
        os.utime(path)  # used just now, so it is dropped last
    except FileNotFoundError:
        return None
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile):
        _drop(path)
        return None
    return arrays


def has(place: Path, key: str) -> bool:
    """Whether something is stored under ``key``."""
    return (place / (key + SUFFIX)).is_file()


def drop(place: Path, key: str) -> None:
    """Forget what is stored under ``key``."""
    _drop(place / (key + SUFFIX))


def prune(place: Path, largest: int) -> None:
    """Drop the files used longest ago until the rest holds at most ``largest`` bytes, and what was never finished."""
    for partial in place.glob(".*.partial"):
        if _age(partial) > ABANDONED:
            _drop(partial)
    found = sorted(_sizes(place), key=lambda entry: entry[0], reverse=True)
    total = 0
    for _, size, path in found:
        total += size
        if total > largest:
            _drop(path)


def _sizes(place: Path) -> list[tuple[float, int, Path]]:
    """Time of last use, bytes and path of every file; those that another process drops meanwhile are left out."""
    entries = []
    for path in place.glob(f"*{SUFFIX}"):
        try:
            status = path.stat()
        except OSError:
            continue
        entries.append((status.st_mtime, status.st_size, path))
    return entries


def _age(path: Path) -> float:
    """Seconds since a file was written; 0 for one that another process has moved or dropped."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


def _drop(path: Path) -> None:
    with contextlib.suppress(OSError):  # in use or not ours: whoever may will drop it
        path.unlink(missing_ok=True)


def _packed(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """One block of compressed bytes per array, and what it takes to read them."""
    codec = _codec()
    raw = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    index = {name: (array.dtype.str, array.shape, array.nbytes) for name, array in raw.items()}
    blocks = {
        f"block{number}": np.frombuffer(codec.compress(array.tobytes(), asbytes=True), np.uint8)
        for number, array in enumerate(raw.values())
    }
    return {"index": np.frombuffer(json.dumps(index).encode(), np.uint8), **blocks}


def _unpacked(stored: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    codec = _codec()
    arrays = {}
    for number, (name, (kind, shape, size)) in enumerate(json.loads(stored["index"].tobytes()).items()):
        raw = codec.decompress(stored[f"block{number}"], decompressed_size=size)
        arrays[name] = np.frombuffer(raw, np.dtype(kind)).reshape(shape).copy()  # the buffer itself is read-only
    return arrays


def _codec() -> Any:
    import pyarrow as pa

    return pa.Codec("zstd", compression_level=1)
