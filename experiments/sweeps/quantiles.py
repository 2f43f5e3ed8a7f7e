"""Series of many runs as their quantiles over the runs of each scenario and choice of levers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.sweeps import files
from experiments.sweeps.store import PLAN, SERIES, Store

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
FILE = "quantiles.parquet"
VALUES_AT_A_TIME = 40_000_000
"""Values that are in memory together: the more runs, the fewer series are read at a time."""


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
    """One row per scenario, levers, month and quantile: these, ``runs`` (how many), and each series."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    heads = [name for name in plan.column_names if name != "run"]
    keys = plan.to_pandas().set_index("run")
    parts: list[pd.DataFrame] = []
    together = max(VALUES_AT_A_TIME // sum(pq.read_metadata(path).num_rows for path in chunks), 1)
    for first in range(0, len(names), together):
        chosen = names[first : first + together]
        frame = _read(chunks, chosen).join(keys, on="run").drop(columns="run")
        grouped = frame.groupby([*heads, "month"], observed=True)[chosen]
        found = grouped.quantile(np.array(SHARES)).astype(np.float32)
        parts.append(found.assign(runs=np.repeat(grouped.size().to_numpy(), len(SHARES))) if not parts else found)
    whole = pd.concat(parts, axis=1).rename_axis([*heads, "month", "quantile"]).reset_index()
    return pa.Table.from_pandas(whole, preserve_index=False)


def _read(chunks: list[Path], names: list[str]) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = [pq.read_table(path, columns=["run", "month", *names], partitioning=None) for path in chunks]
    return pa.concat_tables(tables).to_pandas()
