"""A results folder: Parquet tables and a manifest, written complete or not at all."""

from __future__ import annotations

import errno
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.content_hash import Digest, content_hash
from experiments.errors import RequestError, RunError
from experiments.settings import Settings

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from model import PharmaMarket

MANIFEST = "manifest.json"
WRITTEN = (".parquet", ".html")
"""Endings of the other files of a results folder: tables and reports."""
ROWS_AT_ONCE = 131_072
PACKAGES = ("pharmarket", "mesa", "numpy", "pandas", "pyarrow")


def to_arrow(frames: Mapping[str, pd.DataFrame]) -> dict[str, pa.Table]:
    """The tables as they are digested and stored; the index is not part of them."""
    import pyarrow as pa

    return {name: pa.Table.from_pandas(frame, preserve_index=False) for name, frame in frames.items()}


class Written(Mapping[str, "pd.DataFrame"]):
    """The tables of a results folder by name, each read when it is first asked for."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._folder, self._names = folder, names
        self._known: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        import pandas as pd

        if name not in self._known:
            self._known[name] = pd.read_parquet(self._folder / f"{name}.parquet")
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def one_by_one(market: PharmaMarket, digest: Digest) -> Iterator[tuple[str, pa.Table]]:
    """The tables of a market by name, each made when it is its turn (all at once would need much memory)."""
    for name in sorted(market.table_names):
        table = market.arrow(name)
        digest.add(name, table)
        yield name, table


def write(
    folder: Path,
    tables: Mapping[str, pa.Table] | Iterable[tuple[str, pa.Table]],
    manifest: Mapping[str, Any] | Callable[[], Mapping[str, Any]],
    began: float,
    texts: Mapping[str, str] | None = None,
) -> Path:
    """Write all tables, texts by file name and, last, the manifest with the time and memory used; returns the folder.

    Everything goes into a hidden sibling first and takes its place by one rename, so the folder
    holds either what it held before or the complete results. Tables may come one by one, as pairs of name and
    table; then ``manifest`` is a function that is asked once they have all been written. ``began`` is the
    ``time.perf_counter()`` of the start of the whole run. Raises RequestError when the folder holds
    something else than results, RunError when the disk is full or refuses.
    """
    target = check_folder(folder)
    partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
    try:
        partial.mkdir(parents=True)
        for name, table in tables.items() if isinstance(tables, Mapping) else tables:
            write_table(table, partial / f"{name}.parquet")
        for name, text in (texts or {}).items():
            (partial / name).write_text(text, encoding="utf-8")
        told = manifest() if callable(manifest) else manifest
        write_manifest({**told, **usage(began)}, partial / MANIFEST)
        replace(partial, target)
    except OSError as error:
        raise RunError(f"cannot write {folder}: {reason(error)}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target


def write_analysis(folder: Path, frames: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any], began: float,
                   texts: Mapping[str, str]) -> Path:  # fmt: skip
    """Write the tables of an analysis, with the digest that marks a folder as results which may be replaced."""
    tables = to_arrow(frames)
    return write(folder, tables, {**manifest, "content_hash": content_hash(tables)}, began, texts)


def reason(error: OSError) -> str:
    """Why results could not be written, and what became of them."""
    if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
        return "another run has just written there, and its results stay; name another --out"
    return f"{error.strerror or error}; nothing was kept there"


def check_folder(folder: Path) -> Path:
    """The folder's real path. Raises RequestError if results cannot take its place."""
    target = Path(os.path.realpath(folder))
    try:
        if target.exists() and not target.is_dir():
            raise RequestError(f"out: {folder} is a file; name a folder")
        if os.path.ismount(target):
            raise RequestError(f"out: {folder} is a mount point; name a folder inside it")
        check_content(folder, list(target.iterdir()) if target.is_dir() else [])
    except OSError as error:
        raise RequestError(f"out: cannot use {folder}: {error.strerror}; choose another --out") from error
    return target


def check_content(folder: Path, found: Sequence[Path]) -> None:
    """Raise RequestError unless all that a folder holds is earlier results, which may be replaced as a whole."""
    if found and not is_results(folder):
        raise RequestError(f"out: {folder} holds other files and no {MANIFEST} of results; name a new folder")
    strange = sorted(path.name for path in found if path.name != MANIFEST and path.suffix not in WRITTEN)
    if strange:
        raise RequestError(f"out: {folder} holds other files than results ({', '.join(strange[:3])}), which would be "
                           "lost; move them away, or name a new folder")  # fmt: skip


def is_results(folder: Path) -> bool:
    """Whether a folder has the manifest of results; other programs have files of that name too."""
    try:
        return "content_hash" in json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError, TypeError):
        return False


def check_writable(folder: Path) -> None:
    """Raise RequestError unless ``folder`` can be made and filled; leaves nothing behind."""
    target = check_folder(folder)
    parent = next(p for p in target.parents if p.exists())
    probe = parent / f".{target.name}.probe-{os.getpid()}"
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        reason = error.strerror or str(error)
        raise RequestError(f"out: cannot write in {parent}: {reason}; choose another --out") from error


def write_table(table: pa.Table, path: Path) -> None:
    """One table as a Parquet file that has reached the disk."""
    import pyarrow.parquet as pq

    with path.open("wb") as file:
        pq.write_table(
            table,
            file,
            row_group_size=ROWS_AT_ONCE,
            compression="lz4",  # as small as fast zstd here, for a quarter less time
            use_dictionary=repeated_texts(table.schema),
            write_statistics=False,
        )
        file.flush()
        os.fsync(file.fileno())


def repeated_texts(schema: pa.Schema) -> list[str]:
    """Columns of a few texts, as Parquet calls them; all others are stored as they are, for a dictionary takes time."""
    import pyarrow as pa

    lists = [f"{field.name}.list.element" for field in schema if pa.types.is_list(field.type)]
    return [field.name for field in schema if pa.types.is_dictionary(field.type)] + lists


def write_manifest(manifest: Mapping[str, Any], path: Path) -> None:
    """The manifest as readable JSON that has reached the disk."""
    with path.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=2, default=str)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def replace(partial: Path, target: Path) -> None:
    """Put ``partial`` in the place of ``target``; on any failure the earlier results come back."""
    aside = target.with_name(f".{target.name}.earlier-{os.getpid()}")
    had_earlier = target.exists()
    if had_earlier:
        target.rename(aside)
    try:
        partial.rename(target)
    except BaseException:
        if had_earlier:
            aside.rename(target)
        raise
    finally:
        if had_earlier and target.exists():
            shutil.rmtree(aside, ignore_errors=True)


def describe(
    market: PharmaMarket,
    settings: Settings,
    digest: Digest,
    months_seconds: float,
) -> dict[str, Any]:
    """The manifest: what was asked, with which versions, what came out and how long months took."""
    rules = market.rules.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {
        "scenario": rules,
        "changed": {"by_scenario": changed_names(rules), "by_request": dict(settings.changes)},
        "seed": settings.seed,
        "scale": settings.scale,
        "start": settings.start,
        "until": settings.until,
        "versions": versions(),
        "git_commit": git_commit(),
        "rows": digest.rows,
        "content_hash": digest.hexdigest(),
        "months_seconds": round(months_seconds, 4),
        "part_seconds": {part: round(taken, 4) for part, taken in market.timings.items()},
    }


def changed_names(rules: Mapping[str, Any]) -> list[str]:
    """Names of the values that the resolved scenario changes, each once, in order."""
    return list(dict.fromkeys(change["value"] for change in rules.get("change", [])))


def usage(began: float) -> dict[str, float]:
    """Wall seconds since ``began`` and peak memory, MB."""
    return {
        "wall_seconds": round(time.perf_counter() - began, 4),
        "peak_memory_mb": round(peak_memory_mb(), 1),
    }


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that a result can depend on."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


@cache
def git_commit() -> str | None:
    """Commit of the checkout that runs, ``-dirty`` when it has changes; None outside a checkout.

    Asked once per process: what runs is what was imported, and git takes longer than a small run may.
    """
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def peak_memory_mb() -> float:
    """Largest resident memory of this process so far, MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
