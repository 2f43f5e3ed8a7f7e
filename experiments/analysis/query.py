"""Questions to the store of a sweep, answered by DuckDB from its Parquet files, whether the sweep has ended or not.

``folder`` is everywhere the folder that ``pharmarket sweep`` wrote. What is asked for by name is a column of the
store: a wrong name raises RequestError with the nearest ones, as do a folder that holds no sweep and a store in which
the kind of rows asked for was not kept.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.analysis.extras import load
from experiments.errors import RequestError
from experiments.sweeps.quantiles import FILE as QUANTILES_FILE
from experiments.sweeps.quantiles import SHARES
from experiments.sweeps.store import EVENTS, PLAN, RUNS, SERIES
from experiments.sweeps.store import Store as Stored

if TYPE_CHECKING:
    import pandas as pd

PLAN_VIEW, REDUCED = "plan", "quantiles"
SOURCES = {
    RUNS: "the runs that are done",
    SERIES: "series of single runs; [keep] in the design says of which runs they are kept",
    EVENTS: "events; [keep] in the design says of which runs they are kept",
    REDUCED: "quantiles",
}
"""The views besides ``plan``, and what each holds. ``quantiles`` stands for ``ts`` where only these are kept."""


def runs(folder: Path | str) -> pd.DataFrame:
    """One row per run that is done, in the order of the plan: what was played, then how it ended and what came out."""
    return ask(folder, "select * from plan join runs using (run) order by run")


def series(folder: Path | str, columns: Sequence[str], where: str = "true") -> pd.DataFrame:
    """Monthly series with ``run`` and ``month``; ``where`` is a condition in SQL on them and the plan."""
    database = Database(folder)
    chosen = ", ".join(database.quoted(SERIES, name) for name in columns)
    return database.ask(f"select run, month, {chosen} from plan join ts using (run) where {where} order by run, month")


def fan(
    folder: Path | str,
    indicator: str,
    by: str | Sequence[str] = "scenario",
    quantiles: Sequence[float] = SHARES,
    where: str = "true",
) -> pd.DataFrame:
    """Quantiles over runs of one indicator by month and by columns of the plan: a row per month and group.

    Columns: those of ``by``, ``month``, ``runs`` (how many), then one per quantile as ``q05``. Runs without a number in
    a month are left out of it.
    """
    database = Database(folder)
    groups = [by] if isinstance(by, str) else list(by)
    if database.has(REDUCED):
        return database.reduced_fan(indicator, groups, quantiles, where)
    heads = ", ".join(database.quoted(PLAN_VIEW, name) for name in groups)
    value = database.quoted(SERIES, indicator)
    shares = ", ".join(f"found[{n}] as {_column(share)}" for n, share in enumerate(quantiles, 1))
    return database.ask(
        f"select * exclude (found), {shares} from (select {heads}, month, count({value}) as runs, "
        f"quantile_cont({value}, {list(quantiles)}) as found from plan join ts using (run) "
        f"where ({where}) and {value} is not null and not isnan({value}) group by {heads}, month) "
        f"order by {heads}, month"
    )


def _column(share: float) -> str:
    """Name of the column of a quantile: ``q05`` for 0.05, ``q2_5`` for 0.025."""
    return f"q{100 * share:04.1f}".removesuffix(".0").replace(".", "_")


def ask(folder: Path | str, sql: str) -> pd.DataFrame:
    """The answer to a query in SQL over the views ``plan``, ``runs``, ``ts`` and ``events`` of a store.

    Raises RequestError for a folder without a sweep and for a query that cannot be answered.
    """
    return Database(folder).ask(sql)


class Database:
    """A connection to the files of one store."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        if not (self.folder / PLAN).is_file():
            raise RequestError(f"{self.folder} holds no sweep; name a folder that `pharmarket sweep` wrote")
        self.duckdb = load("duckdb", "sweep")
        self.connection = self.duckdb.connect()
        self.files = {
            PLAN_VIEW: [self.folder / PLAN],
            **{kind: sorted((self.folder / kind).glob("[0-9]*.parquet")) for kind in (RUNS, SERIES, EVENTS)},
            REDUCED: sorted((self.folder / SERIES).glob(QUANTILES_FILE)),
        }
        for name, files in self.files.items():
            self._view(name, files)

    def has(self, source: str) -> bool:
        """Whether the store holds rows of this kind."""
        return bool(self.files[source])

    def _view(self, name: str, files: Sequence[Path]) -> None:
        if files:
            texts = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
            self.connection.execute(f"create view {name} as select * from read_parquet([{texts}])")

    def ask(self, sql: str) -> pd.DataFrame:
        """The answer to a query as a DataFrame. Raises RequestError where it cannot be answered."""
        try:
            found: pd.DataFrame = self.connection.execute(sql).df()
        except self.duckdb.Error as error:
            raise RequestError(f"{self.folder}: {self._missing(sql) or str(error).splitlines()[0]}") from error
        return found

    def columns(self, source: str) -> list[str]:
        """Names of the columns of a view."""
        return [str(name) for name in self.ask(f"describe {source}")["column_name"]]

    def quoted(self, source: str, name: str) -> str:
        """A name of the view for use in SQL. Raises RequestError with the nearest names when there is none such."""
        known = self.columns(source)
        if name not in known:
            near = ", ".join(difflib.get_close_matches(name, known, 3, 0.4)) or ", ".join(known[:8])
            raise RequestError(f"{self.folder}: {source} has no column {name!r}; nearest: {near}")
        return '"' + name.replace('"', '""') + '"'

    def reduced_fan(self, indicator: str, by: Sequence[str], quantiles: Sequence[float], where: str) -> pd.DataFrame:
        """A fan from the quantiles that a sweep has kept instead of series: by scenario and all levers only."""
        levers = Stored(self.folder).about["levers"]
        if where != "true" or set(by) != {"scenario", *levers} or not set(quantiles) <= set(SHARES):
            raise RequestError(
                f"{self.folder} keeps quantiles only: a fan is by {', '.join(['scenario', *levers])} over all runs, "
                f"with quantiles among {', '.join(map(str, SHARES))}"
            )
        heads = ", ".join(self.quoted(REDUCED, name) for name in by)
        value = self.quoted(REDUCED, indicator)
        shares = ", ".join(f"any_value({value}) filter (abs(quantile - {q}) < 1e-6) as {_column(q)}" for q in quantiles)
        return self.ask(f"select {heads}, month, any_value(runs) as runs, {shares} from quantiles "
                        f"group by {heads}, month order by {heads}, month")  # fmt: skip

    def _missing(self, sql: str) -> str:
        """What to say where the query reads files of a kind that the store does not have."""
        words = set(sql.replace("(", " ").split())
        return "; ".join(f"the store holds no {what}" for name, what in SOURCES.items() if name in words - self._held())

    def _held(self) -> set[str]:
        return {name for name in self.files if self.has(name)}
