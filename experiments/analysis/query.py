"""Questions to the store of a sweep, answered by DuckDB from its Parquet files, whether the sweep has ended or not.

``folder`` is everywhere the folder that ``pharmarket sweep`` wrote. What is asked for by name is a column of the
store: a wrong name raises RequestError with the nearest ones, as do a folder that holds no sweep and a store in which
the kind of rows asked for was not kept.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analysis.extras import load
from experiments.errors import RequestError

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
RUNS, SERIES, EVENTS = "runs", "ts", "events"
SOURCES = {
    RUNS: "the runs that are done",
    SERIES: 'series (a design with [keep] runs = "all" keeps them)',
    EVENTS: 'events (a design with [keep] runs = "all" keeps them)',
}


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
    quantiles: Sequence[float] = QUANTILES,
    where: str = "true",
) -> pd.DataFrame:
    """Quantiles over runs of one indicator by month and by columns of the plan: a row per month and group.

    Columns: those of ``by``, ``month``, ``runs`` (how many), then one per quantile as ``q05``. Runs without a number in
    a month are left out of it.
    """
    database = Database(folder)
    groups = ", ".join(database.quoted("plan", name) for name in ([by] if isinstance(by, str) else by))
    value = database.quoted(SERIES, indicator)
    heads = ", ".join(f"found[{n}] as q{100 * q:02.0f}" for n, q in enumerate(quantiles, 1))
    return database.ask(
        f"select * exclude (found), {heads} from (select {groups}, month, count({value}) as runs, "
        f"quantile_cont({value}, {list(quantiles)}) as found from plan join ts using (run) "
        f"where {where} and {value} is not null and not isnan({value}) group by {groups}, month) "
        f"order by {groups}, month"
    )


def ask(folder: Path | str, sql: str) -> pd.DataFrame:
    """The answer to a query in SQL over the views ``plan``, ``runs``, ``ts`` and ``events`` of a store."""
    return Database(folder).ask(sql)


class Database:
    """A connection to the files of one store."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        if not (self.folder / "plan.parquet").is_file():
            raise RequestError(f"{self.folder} holds no sweep; name a folder that `pharmarket sweep` wrote")
        self.duckdb = load("duckdb", "sweep")
        self.connection = self.duckdb.connect()
        self._view("plan", [self.folder / "plan.parquet"])
        for name in SOURCES:
            self._view(name, sorted((self.folder / name).glob("*.parquet")))

    def _view(self, name: str, files: Sequence[Path]) -> None:
        if files:
            texts = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
            self.connection.execute(f"create view {name} as select * from read_parquet([{texts}])")

    @cached_property
    def about(self) -> dict[str, Any]:
        """What the sweep is: the content of ``sweep.json``."""
        content: dict[str, Any] = json.loads((self.folder / "sweep.json").read_text("utf-8"))
        return content

    def ask(self, sql: str) -> pd.DataFrame:
        """The answer to a query as a DataFrame."""
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

    def _missing(self, sql: str) -> str:
        """What to say where the query reads files of a kind that the store does not have."""
        words: set[Any] = set(sql.replace("(", " ").split())
        absent = [name for name in SOURCES if name in words and not any((self.folder / name).glob("*.parquet"))]
        return "; ".join(f"the store holds none of {SOURCES[name]}" for name in absent)
