"""Files and folders that appear whole or not at all: written under another name, synced, renamed."""

from __future__ import annotations

import errno
import os
import shutil
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def put(path: Path, write: Callable[[Path], None], beside: Path | None = None) -> None:
    """Let ``write`` make a file and give it the name ``path`` once it has reached the disk.

    The unfinished file stands in the folder ``beside`` (that of ``path`` by default), of the same disk.
    """
    partial = (beside or path.parent) / f".{path.name}.partial-{_who()}"
    try:
        write(partial)
        sync(partial)
        partial.replace(path)
        sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def put_text(path: Path, text: str) -> None:
    """A text file by :func:`put`."""

    def write(partial: Path) -> None:
        partial.write_text(text, "utf-8")

    put(path, write)


def put_folder(path: Path, fill: Callable[[Path], None]) -> bool:
    """Let ``fill`` make the content of a folder and give it the name ``path`` once it is whole.

    False where somebody else has been first: then theirs stays as it is.
    """
    partial = path.with_name(f".{path.name}.partial-{_who()}")
    try:
        partial.mkdir()
        fill(partial)
        partial.rename(path)  # takes the place of an empty folder, never of one that holds something
        sync(path.parent)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        return False
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return True


def _who() -> str:
    """This process, among all that may share a disk."""
    return f"{socket.gethostname()}-{os.getpid()}"


def sync(path: Path) -> None:
    """Wait until a file or folder has reached the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_parquet(table: pa.Table, path: Path, about: Mapping[str, str] | None = None) -> None:
    """A table with its numbers split into streams of bytes, which compress fast, texts and dates by dictionary."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    floats, others = split_columns(table)
    numbers = [name for name in others if pa.types.is_int64(table.schema.field(name).type) and name != "run"]
    coded = [name for name in others if name not in numbers]
    with pq.ParquetWriter(
        path,
        table.schema,
        compression="lz4",  # zstd takes twice the time for a seventh less space
        use_dictionary=coded,
        use_byte_stream_split=[*floats, *numbers],
        write_statistics=[name for name in coded if name == "run"],  # what readers look for
        store_schema=False,  # of hundreds of columns it would be larger than the runs of a chunk
    ) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata(dict(about or {}))


def split_columns(table: pa.Table) -> tuple[list[str], list[str]]:
    """Names of the columns of floats, and of all others."""
    import pyarrow as pa

    floats = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    known = set(floats)
    return floats, [name for name in table.column_names if name not in known]


def about(path: Path) -> dict[str, str]:
    """What :func:`write_parquet` noted beside a table. Raises OSError or pyarrow's errors for what is no such file."""
    import pyarrow.parquet as pq

    noted: dict[bytes, bytes] = pq.read_metadata(path).metadata or {}
    return {key.decode(): value.decode() for key, value in noted.items()}


def columns(names: Sequence[str], blocks: Sequence[Any]) -> dict[str, Any]:
    """Columns by name, each of consecutive values, of matrices (rows, names) that stand one below the other."""
    import numpy as np

    wide = np.empty((len(names), sum(len(block) for block in blocks)), blocks[0].dtype)
    end = 0
    for block in blocks:
        begin, end = end, end + len(block)
        wide[:, begin:end] = block.T
    return dict(zip(names, wide))
