"""A hash of what runs gave that depends neither on their order nor on files, chunks, engines, hosts or seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.sweeps import files
from experiments.sweeps import store as layout

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.sweeps.store import Store

MAY_DIFFER = ("second", "time", "host")
"""A column whose name contains one of these may differ between two executions of a plan."""
MODULUS = 2**128


def hash_of(tables: Iterable[pa.Table], lists: Mapping[str, Sequence[str]] | None = None) -> int:
    """Sum over runs of a digest of all their rows in these tables, modulo 2^128.

    ``lists`` names the values of columns of lists, which count as columns side by side.
    """
    running: dict[int, Any] = {}
    for number, table in enumerate(tables):
        for run, pieces in per_run(table, lists or {}):
            if run not in running:
                running[run] = hashlib.sha256(b"%d|" % run)
            running[run].update(b"%d:" % number)
            for piece in pieces:
                running[run].update(piece)
    return total(int.from_bytes(digest.digest()[:16], "big") for digest in running.values())


def total(hashes: Iterable[int]) -> int:
    """The hash of what several hashes stand for."""
    return sum(hashes) % MODULUS


def store_hash(store: Store) -> str:
    """The hash of a store, from its rows (not from what is noted in its files)."""
    return as_text(total(hash_of(tables_of(store, chunk)) for chunk, _ in store.whole()))


def as_text(number: int) -> str:
    """A hash as 32 hexadecimal digits."""
    return f"{number:032x}"


def hashed(store: Store) -> tuple[str, ...]:
    """The kinds of files whose rows count: not the series of runs that become quantiles in the end."""
    return (layout.RUNS,) if store.about["keep"] == "quantiles" else layout.MADE


def tables_of(store: Store, chunk: int) -> list[pa.Table]:
    """Runs, series and events of a done chunk; those that were not kept are left out."""
    import pyarrow.parquet as pq

    paths: list[Path] = [store.file(kind, chunk) for kind in hashed(store)]
    return [pq.read_table(path, partitioning=None) for path in paths if path.exists()]


def per_run(table: pa.Table, lists: Mapping[str, Sequence[str]]) -> Iterable[tuple[int, list[Any]]]:
    """Run and content of its rows, in the order in which they stand: names, then column by column, figures by row."""
    if not table.num_rows:
        return
    runs = table.column("run").to_numpy()
    names = [name for name in table.column_names if name != "run" and name not in lists and not may_differ(name)]
    floats, others = files.split_columns(table.select(names))
    numbers = [_as_numbers(table.column(name)) for name in others]
    figures, named = _figures(table, floats, lists)
    if np.any(runs[1:] < runs[:-1]):
        order = np.argsort(runs, kind="stable")
        runs, numbers, figures = runs[order], [column[order] for column in numbers], figures[order]
    head = "|".join([*others, *named]).encode()
    found, first = np.unique(runs, return_index=True)
    for run, begin, end in zip(found.tolist(), first, [*first[1:], len(runs)]):
        yield run, [head, *(column[begin:end].data for column in numbers), figures[begin:end].data]


def _figures(table: pa.Table, floats: list[str], lists: Mapping[str, Sequence[str]]) -> tuple[np.ndarray, list[str]]:
    """All floats of a table side by side, (rows, names), and their names; there is one way not to be a number."""
    wide = [name for name in table.column_names if name in lists]
    blocks = [_unrolled(table.column(name), len(lists[name])) for name in wide]
    if floats or not blocks:
        blocks.insert(0, _stacked([table.column(name).to_numpy() for name in floats], np.float32, table.num_rows))
    named = [*floats, *(each for name in wide for each in lists[name])]
    figures = blocks[0] if len(blocks) == 1 else np.hstack(blocks)
    known = [place for place, each in enumerate(named) if not may_differ(each)]
    if len(known) < len(named):
        figures, named = np.ascontiguousarray(figures[:, known]), [named[place] for place in known]
    figures[np.isnan(figures)] = np.nan
    return figures, named


def may_differ(name: str) -> bool:
    """Whether a column of that name may differ between two executions of a plan."""
    return any(part in name for part in MAY_DIFFER)


def _unrolled(column: pa.ChunkedArray, width: int) -> np.ndarray:
    """A column of lists of equal length as a matrix, (rows, width)."""
    return np.concatenate([chunk.flatten().to_numpy().reshape(-1, width) for chunk in column.chunks])


def _stacked(columns: list[np.ndarray], kind: Any, length: int) -> np.ndarray:
    """Columns side by side, (rows, columns), each row's values next to each other."""
    matrix = np.empty((length, len(columns)), kind)
    for place, column in enumerate(columns):
        matrix[:, place] = column
    return matrix


def _as_numbers(column: Any) -> np.ndarray:
    """A column without floats as int64: dates by day, texts by a digest."""
    import pyarrow as pa

    if pa.types.is_integer(column.type):
        return column.to_numpy().astype(np.int64, copy=False)
    if pa.types.is_date32(column.type):
        return column.cast(pa.int32()).to_numpy().astype(np.int64)
    codes = column.combine_chunks()
    codes = codes if pa.types.is_dictionary(codes.type) else codes.dictionary_encode()
    known = [_text_number(text) for text in codes.dictionary.to_pylist()]
    return np.array([*known, 0], np.int64)[codes.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)]


def _text_number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)
