"""A digest of tables that is equal for equal content, however and wherever it was stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


TEXTS_AT_ONCE = 8192


class Digest:
    """SHA-256 over names, types and values of all columns, and row counts, of tables added one by one.

    Depends on content alone: not on file encoding, index, chunks, hosts or the time taken.
    """

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self._sha = hashlib.sha256()

    def add(self, name: str, table: pa.Table) -> None:
        """One more table; tables come in the order of their names."""
        self.rows[name] = table.num_rows
        self._sha.update(f"table {name} {table.num_rows}\n".encode())
        for column in table.column_names:
            self._sha.update(f"column {column}\n".encode())
            _feed(self._sha, table.column(column).combine_chunks())

    def hexdigest(self) -> str:
        """The digest so far."""
        return self._sha.hexdigest()


def digest_of(tables: Mapping[str, pa.Table]) -> Digest:
    """Digest of all tables."""
    digest = Digest()
    for name in sorted(tables):
        digest.add(name, tables[name])
    return digest


def content_hash(tables: Mapping[str, pa.Table]) -> str:
    """SHA-256 over names, types and values of all columns, tables in the order of their names."""
    return digest_of(tables).hexdigest()


def _feed(digest: Any, array: Any) -> None:
    """Add one Arrow array: where it is null, then its values by kind."""
    import pyarrow as pa

    if isinstance(array, pa.ChunkedArray):  # what combine_chunks leaves of a column without rows
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    if array.null_count:
        digest.update(b"nulls")
        digest.update(_values(array.is_null()).data)
    kind = array.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        digest.update(b"list")
        digest.update(_values(array.value_lengths()).data)
        _feed(digest, array.flatten())
    elif is_number(kind):
        _feed_numbers(digest, array)
    else:
        _feed_texts(digest, array)


def is_number(kind: Any) -> bool:
    """Whether values of this Arrow type have a fixed width and an exact byte form."""
    import pyarrow.types as types

    return bool(types.is_primitive(kind) and not types.is_null(kind))


def _feed_numbers(digest: Any, array: Any) -> None:
    """Numbers, truth values and dates; dates as seconds since 1970, so that units do not matter."""
    import pyarrow as pa

    if pa.types.is_temporal(array.type):
        array = array.cast(pa.timestamp("s")).cast(pa.int64())
        digest.update(b"date")
    digest.update(str(array.type).encode())
    digest.update(_values(array).data)


def _values(array: Any, instead_of_null: int = 0) -> Any:
    """An array of fixed width as a NumPy array (Arrow's own way would import pandas), truth values as bytes."""
    import numpy as np
    import pyarrow as pa

    if pa.types.is_boolean(array.type):
        array = array.cast(pa.uint8())
    known = np.from_dlpack(array.drop_null())
    if not array.null_count:
        return known
    values = np.full(len(array), instead_of_null, known.dtype)
    values[_values(array.is_valid()) > 0] = known
    return values


def _feed_texts(digest: Any, array: Any) -> None:
    """Texts as the distinct values in order of appearance and the place of each row's value."""
    import pyarrow as pa

    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    places, order = _by_appearance(encoded)
    digest.update(b"text")
    _feed_json(digest, encoded.dictionary, order)
    digest.update(places.tobytes())


def _feed_json(digest: Any, texts: Any, order: Any) -> None:
    """The texts in this order as a JSON list, some at a time (all of them would need much memory)."""
    import pyarrow as pa

    places = pa.Array.from_buffers(pa.int64(), len(order), [None, pa.py_buffer(order.tobytes())])
    digest.update(b"[")
    for start in range(0, len(order), TEXTS_AT_ONCE):
        some = texts.take(places[start : start + TEXTS_AT_ONCE]).to_pylist()
        digest.update((", " * bool(start) + json.dumps(some)[1:-1]).encode())
    digest.update(b"]")


def _by_appearance(encoded: Any) -> tuple[Any, Any]:
    """(place of each row's text among those seen so far (int32, null -1), the texts' codes in order of appearance)."""
    import numpy as np

    codes = encoded.indices.cast("int64")
    order = _values(codes.unique().drop_null())
    place = np.full(len(encoded.dictionary) + 1, -1, np.int32)  # the last one is for null
    place[order] = np.arange(len(order))
    return place[_values(codes, -1)], order
