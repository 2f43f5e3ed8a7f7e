"""Result tables with the columns and labels that the surface promises, as Arrow tables and as DataFrames."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyarrow as pa

from model.observation import entities, records
from model.world import World

if TYPE_CHECKING:
    import pandas as pd

BUILDERS: dict[str, Callable[[World], pa.Table]] = {
    "indicators": entities.indicators, "regional": entities.regional, "firms": entities.firms,
    "firm_years": records.firm_years, "assets": entities.assets, "trials": entities.trials,
    "filings": entities.filings, "listings": entities.listings, "launches": entities.launches,
    "deals": entities.deals, "payments": records.payments, "alliances": records.alliances, "sales": records.sales,
    "withdrawals": records.withdrawals, "tensions": records.tensions, "providers": records.providers,
    "events": records.events, "readouts": records.readouts, "gates": records.gates, "offers": records.offers,
}  # fmt: skip
TABLES = tuple(BUILDERS)


def arrow(world: World, name: str) -> pa.Table:
    """One of the tables in Arrow. Raises KeyError with the known names."""
    if name not in BUILDERS:
        raise KeyError(f"no table {name!r}; there are {', '.join(TABLES)}")
    return BUILDERS[name](world)


def table(world: World, name: str) -> pd.DataFrame:
    """One of the tables as a DataFrame. Raises KeyError with the known names."""
    return to_frame(arrow(world, name))


def to_frame(table: pa.Table) -> pd.DataFrame:
    """A table as a DataFrame of its own; lists are Python lists."""
    frame: pd.DataFrame = table.to_pandas().copy()
    for field in table.schema:
        if pa.types.is_list(field.type):
            frame[field.name] = table[field.name].to_pylist()
    return frame
