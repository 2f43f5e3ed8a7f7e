"""Series of many runs as their quantiles over the runs of each scenario and choice of levers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.sweeps import files
from experiments.sweeps.store import PLAN, SERIES, Store

if TYPE_CHECKING:
    import pyarrow as pa

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
FILE = "quantiles.parquet"
VALUES_AT_A_TIME = 5_000_000
"""Values that are in memory together: the more runs, the fewer series and months are read at a time."""


def reduce(store: Store) -> None:
    """Write the quantiles of all runs and remove the series of the runs; does nothing where that has been done."""
    import pyarrow.parquet as pq

    target = store.folder / SERIES / FILE
    chunks = sorted((store.folder / SERIES).glob("[0-9]*.parquet"))
    if chunks and not target.exists():
        plan = pq.read_table(store.folder / PLAN, columns=["run", "scenario", *store.about["levers"]])
        table = quantiles(chunks, plan, store.about["series"])
        files.put(target, lambda path: files.write_parquet(table, path))
    for path in chunks:
        path.unlink()


def quantiles(chunks: list[Path], plan: pa.Table, names: list[str]) -> pa.Table:
    """One row per scenario, levers, month and quantile: these, ``runs`` (how many), and each series.

    Runs without a number in a month are left out of it. Besides the plan, :data:`VALUES_AT_A_TIME` are in memory.
    """
    import pandas as pd
    import pyarrow as pa

    heads = [name for name in plan.column_names if name != "run"]
    counted, months = _runs_and_months(chunks)
    grouped = plan.to_pandas().set_index("run").loc[counted].groupby(heads, observed=True)
    group, keys = grouped.ngroup().to_numpy(), grouped.size().reset_index(name="runs")
    found = np.empty((len(keys), len(SHARES), len(months), len(names)), np.float32)
    for at_months, at_names in blocks(len(counted), len(months), len(names)):
        values = _read(chunks, counted, months[at_months], names[at_names])
        flat = pd.DataFrame(values.reshape(len(counted), -1)).groupby(group).quantile(np.array(SHARES))
        found[:, :, at_months, at_names] = flat.to_numpy().reshape(len(keys), len(SHARES), *values.shape[1:])
    each = np.indices((len(keys), len(months), len(SHARES))).reshape(3, -1)
    table = pa.Table.from_pandas(keys.iloc[each[0]], preserve_index=False)
    table = table.append_column("month", pa.array(months[each[1]])).append_column(
        "quantile", pa.array(np.array(SHARES)[each[2]])
    )
    wide = found.swapaxes(1, 2).reshape(-1, len(names))
    return pa.table({**{name: table.column(name) for name in table.column_names}, **files.columns(names, [wide])})


def blocks(runs: int, months: int, names: int) -> Iterator[tuple[slice, slice]]:
    """Slices of months and of names, together all of them, each of so many values as may be in memory together."""
    long = min(max(VALUES_AT_A_TIME // runs, 1), months)
    wide = max(VALUES_AT_A_TIME // (runs * long), 1)
    for name in range(0, names, wide):
        for month in range(0, months, long):
            yield slice(month, month + long), slice(name, name + wide)


def _runs_and_months(chunks: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the runs that have series, and the months of any of them, both ascending."""
    runs, months = zip(*((np.unique(run), np.unique(month)) for run, month in map(_places, chunks)))
    return np.unique(np.concatenate(runs)), np.unique(np.concatenate(months))


def _places(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Run and month of each row of a chunk."""
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=["run", "month"], partitioning=None)
    return table.column("run").to_numpy(), table.column("month").to_numpy()


def _read(chunks: list[Path], runs: np.ndarray, months: np.ndarray, names: list[str]) -> np.ndarray:
    """Values of some months and series, (runs, months, names); NaN where a run has none."""
    import pyarrow.parquet as pq

    values = np.full((len(runs), len(months), len(names)), np.nan, np.float32)
    for path in chunks:
        run, month = _places(path)
        here = np.isin(month, months)
        place = np.searchsorted(runs, run[here]), np.searchsorted(months, month[here])
        table = pq.read_table(path, columns=names, partitioning=None)
        for number, name in enumerate(names):
            values[(*place, number)] = table.column(name).to_numpy()[here]
    return values
