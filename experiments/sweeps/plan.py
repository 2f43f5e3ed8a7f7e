"""From points to runs: which run plays what, with which seed, in which chunk."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.sweeps.points import Points

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 10_000
"""Runs in a row group of the plan: what a worker reads at a time."""
LARGEST_CHUNK, CHUNKS_PER_WORKER, TAPER = 200, 4, 16


def seed_of(entropy: int, replicate: int, point: int | None = None) -> int:
    """Seed of a replicate: the same at every point (common random numbers), unless a ``point`` is given."""
    key = (replicate,) if point is None else (replicate, point)
    return int(np.random.SeedSequence(entropy, spawn_key=key).generate_state(1, np.uint64)[0] >> np.uint64(1))


def chunk_bounds(runs: int, workers: int) -> list[int]:
    """First run of each chunk, and the number of runs: at least four chunks a worker, smaller towards the end.

    Chunks get smaller so that all workers end at about the same time.
    """
    top = min(max(runs // (CHUNKS_PER_WORKER * workers), 1), LARGEST_CHUNK)
    least, bounds = max(top // TAPER, 1), [0]
    while bounds[-1] < runs:
        left = runs - bounds[-1]
        bounds.append(bounds[-1] + min(max(left // (CHUNKS_PER_WORKER * workers), least), top, left))
    return bounds


def write(path: Path, points: Points, replicates: int, entropy: int, common: bool) -> None:
    """The plan as a Parquet file: one row per run, all points of the first replicate first."""
    import pyarrow.parquet as pq

    runs = len(points) * replicates
    seeds = np.array([seed_of(entropy, replicate) for replicate in range(replicates)], np.int64)
    writer = None
    for first in range(0, runs, ROWS):
        table = _rows(np.arange(first, min(first + ROWS, runs)), points, seeds, None if common else entropy)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROWS)
    if writer:
        writer.close()


def _rows(run: np.ndarray, points: Points, seeds: np.ndarray, entropy: int | None) -> pa.Table:
    import pyarrow as pa

    replicate, point = np.divmod(run, len(points))
    seed = seeds[replicate]
    if entropy is not None:
        seed = np.array([seed_of(entropy, int(r), int(p)) for r, p in zip(replicate, point)], np.int64)
    labels = pa.DictionaryArray.from_arrays(pa.array(points.scenario[point]), pa.array(points.scenarios))
    values = {name: points.values[point, column] for column, name in enumerate(points.names)}
    return pa.table({"run": run, "point": point, "replicate": replicate, "seed": seed, "scenario": labels, **values})


def rows_of(path: Path, first: int, last: int) -> list[dict[str, object]]:
    """The rows of the runs from ``first`` to before ``last``, with one key per column."""
    import pyarrow as pa

    groups = [_group(path, number) for number in range(first // ROWS, (last - 1) // ROWS + 1)]
    rows: list[dict[str, object]] = pa.concat_tables(groups).slice(first % ROWS, last - first).to_pylist()
    return rows


@lru_cache(maxsize=2)
def _group(path: Path, number: int) -> pa.Table:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        return file.read_row_group(number)
