"""One run of the market: built, played to its last month, and read out as tables."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import RequestError, RunError, hides_interrupt
from experiments.interrupts import between_months
from experiments.settings import LAST_MONTH, Settings

if TYPE_CHECKING:
    import pandas as pd

    from model import PharmaMarket
    from scenarios import Scenario

OnMonth = Callable[[str], None]


@dataclass(frozen=True)
class Results:
    """Tables of a run by name (``indicators`` and ``regional`` included) and its manifest."""

    tables: dict[str, pd.DataFrame]
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def indicators(self) -> pd.DataFrame:
        """One row per month."""
        return self.tables["indicators"]

    @property
    def regional(self) -> pd.DataFrame:
        """One row per month and region."""
        return self.tables["regional"]


def run(
    scenario: str | Path | Scenario | Sequence[str | Path | Scenario] = "baseline",
    seed: int = 1,
    *,
    scale: float = 1.0,
    start: str = "2000-01",
    until: str = LAST_MONTH,
    changes: Mapping[str, float] | None = None,
) -> Results:
    """Play one scenario (name, file, Scenario, or several of them composed in order) through the month ``until``.

    A plain function of plain values, so that any pool or analysis library can call it.
    Raises RequestError when the request is wrong, RunError when the run fails.
    """
    from experiments import results
    from experiments.content_hash import digest_of
    from model.memory import let_go
    from scenarios import Scenario

    began = time.perf_counter()
    given = [scenario] if isinstance(scenario, str | Path | Scenario) else scenario
    names = tuple(str(one) if isinstance(one, Path) else one for one in given)
    numbers = {name: float(value) for name, value in (changes or {}).items()}
    settings = Settings(names, operator.index(seed), float(scale), start, until, numbers)
    market, months_seconds = play(settings)
    tables = read_tables(market)
    manifest = results.describe(market, settings, digest_of(results.to_arrow(tables)), months_seconds)
    let_go(market)
    return Results(tables, manifest | results.usage(began))


def play(settings: Settings, on_month: OnMonth | None = None) -> tuple[PharmaMarket, float]:
    """A market played through its last month, and the wall seconds that its months took.

    ``on_month`` is called after each month with its label. Raises RequestError where the engine refuses the request,
    RunError where a month fails, KeyboardInterrupt where that was an interrupt.
    """
    market = build(settings)
    began = time.perf_counter()
    try:
        with between_months(on_month) as month:
            market.run_until(settings.stop, on_month=month)
    except Exception as error:
        if hides_interrupt(error):
            raise KeyboardInterrupt from error
        raise RunError(
            f"the run failed after {market.month_label}: {type(error).__name__}: {error}; no partial results were kept"
        ) from error
    return market, time.perf_counter() - began


def build(settings: Settings) -> PharmaMarket:
    """The market at its start. Raises RequestError where the engine refuses the request."""
    from model import PharmaMarket
    from model.values import UnknownValue

    names: Any = settings.scenarios[0] if len(settings.scenarios) == 1 else list(settings.scenarios)
    try:
        return PharmaMarket(
            names,
            rng=settings.seed,
            scale=settings.scale,
            start=settings.start,
            changes=dict(settings.changes),
        )
    except (ValueError, UnknownValue) as error:
        raise RequestError(str(error)) from error


def read_tables(market: PharmaMarket) -> dict[str, pd.DataFrame]:
    """Every table of the market by name, indicators and regional first."""
    tables = {"indicators": market.indicators, "regional": market.regional}
    others = [name for name in market.table_names if name not in tables]
    return tables | {name: market.table(name) for name in others}


class Tables(Mapping[str, "pd.DataFrame"]):
    """Every table of a market by name, made when it is asked for."""

    def __init__(self, market: PharmaMarket) -> None:
        self._market = market
        self._known: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._known:
            self._known[name] = self._market.table(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._market.table_names)

    def __len__(self) -> int:
        return len(self._market.table_names)
