"""Columns of result tables: Arrow arrays made straight from the arrays of the state, which they do not share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa

from model.arrays import unpack_regions
from model.clock import NEVER, dates
from model.labels import REGIONS


def buffered(kind: pa.DataType, values: np.ndarray, known: np.ndarray | None = None) -> pa.Array:
    """An array of fixed width of a copy of ``values``, null where not ``known``."""
    bits = None if known is None or known.all() else packed(known)
    return pa.Array.from_buffers(kind, len(values), [bits, pa.py_buffer(values.tobytes())])


def packed(flags: np.ndarray) -> pa.Buffer:
    """Truth values as bits."""
    return pa.py_buffer(np.packbits(flags, bitorder="little").tobytes())


def numbers(values: np.ndarray) -> pa.Array:
    """Numbers as they are; what is not a number is null."""
    known = ~np.isnan(values) if values.dtype.kind == "f" else None
    return buffered(pa.from_numpy_dtype(values.dtype), values, known)


def flags(values: np.ndarray) -> pa.Array:
    """Truth values."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, packed(np.asarray(values, bool))])


def months(values: np.ndarray) -> pa.Array:
    """Month numbers as first-of-month dates, open ones null."""
    known = np.abs(values) < NEVER
    played = np.where(known, values, 0)
    low, high = int(played.min(initial=0)), int(played.max(initial=0))
    return buffered(pa.timestamp("s"), dates(np.arange(low, high + 1))[played - low], known)


def texts(values: Sequence[str]) -> pa.Array:
    """Texts as they are."""
    encoded = [value.encode() for value in values]
    ends = np.cumsum([0, *map(len, encoded)]).astype(np.int64)
    buffers = [None, pa.py_buffer(ends.tobytes()), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.large_string(), len(encoded), buffers)


@cache
def words(names: tuple[str, ...]) -> pa.Array:
    """The texts that codes stand for."""
    return texts(names).cast(pa.string())


def labels(codes: np.ndarray, names: tuple[str | None, ...]) -> pa.Array:
    """Codes as texts of a dictionary; a code whose name is None (the first ones) becomes null."""
    known = tuple(name for name in names if name is not None)
    places = np.asarray(codes, np.int64) - (len(names) - len(known))
    width = np.int8 if len(known) <= 127 else np.int16
    indices = buffered(pa.from_numpy_dtype(width), places.astype(width), places >= 0)
    return pa.DictionaryArray.from_arrays(indices, words(known))


def chosen(marked: np.ndarray, names: tuple[str, ...]) -> pa.Array:
    """Lists of the names marked in each row: bool (rows, names)."""
    ends = np.concatenate([[0], np.cumsum(marked.sum(axis=1))])
    return listed(ends, np.nonzero(marked)[1], names)


def listed(ends: np.ndarray, codes: np.ndarray, names: tuple[str, ...]) -> pa.Array:
    """Lists of names: the codes of all rows one after the other, and where the rows end (with a leading 0)."""
    texts_of_rows = words(names).take(buffered(pa.int32(), codes.astype(np.int32)))
    return pa.ListArray.from_arrays(buffered(pa.int32(), ends.astype(np.int32)), texts_of_rows)


def region_lists(bits: np.ndarray) -> pa.Array:
    """Region bits as lists of labels."""
    return chosen(unpack_regions(bits), REGIONS)
