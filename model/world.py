"""The state of the world: entity tables, the month, money, records. Everything else is rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from agents import Known
from model.clock import NEVER, month_label
from model.draws import Draws
from model.kernels import grouping
from model.labels import MARKETED, REGIONS
from model.ledger import Ledger
from model.logs import LOGS, Log
from model.tables import Table
from model.values import Values

TABLES = ("firms", "assets", "trials", "filings", "listings", "positions", "deals", "regulators",
          "payers", "investors", "governments", "providers", "price_book", "alliances", "ties")  # fmt: skip
ROOM = {"assets": 300_000, "trials": 150_000, "listings": 150_000, "deals": 80_000, "alliances": 60_000}
"""Rows for which there is room from the beginning at scale 1 (tables grow when it is used up)."""
USUAL_ROOM = 40_000
FLOWS = ("trial_starts", "entering", "filings", "approvals", "first_cycle", "launches",
         "out_licences", "out_licence_headline", "out_licence_upfront", "in_licences", "venture",
         "entries", "exits", "approvals_first", "readouts", "failures", "deals", "deal_headline",
         "deal_upfront", "deal_paid", "acquisitions", "cross_border", "spend", "net_sales",
         "generic_sales", "income", "patients", "health", "solo_launches",
         "foreign_launches", "programmes", "disputes", "terminations")  # fmt: skip
REGION_COUNT = len(REGIONS)


@dataclass(frozen=True)
class Indications:
    """What does not change about the indications, one row each."""

    area: np.ndarray
    prevalence: np.ndarray
    """Patients per 100,000 inhabitants."""
    specialty: np.ndarray
    need: np.ndarray
    """Unmet need, 0-1."""
    cell: np.ndarray
    """Part of its patients that the simulated world holds (below 1 only in very small worlds)."""
    name: tuple[str, ...]
    price: np.ndarray
    """Value price in the US of the 2020s at usual benefit, US$ a patient-year."""


class World:
    """Tables, month, accounts and records of one simulated world."""

    firms: Table
    assets: Table
    trials: Table
    filings: Table
    listings: Table
    positions: Table
    deals: Table
    regulators: Table
    payers: Table
    investors: Table
    governments: Table
    providers: Table
    price_book: Table
    alliances: Table
    ties: Table

    def __init__(self, values: Values, seed: int, scale: float, indications: Indications) -> None:
        self.values = values
        self.draws = Draws(seed)
        self.scale = scale
        self.month = 0
        self.indications = indications
        self.ledger = Ledger()
        for name in TABLES:
            setattr(self, name, Table(name, capacity=int(ROOM.get(name, USUAL_ROOM) * scale)))
        self.logs = {name: Log(**types) for name, types in LOGS.items()}
        self.state: dict[str, np.ndarray] = {}
        self.flows = {name: np.zeros(REGION_COUNT) for name in FLOWS}
        self.now = values.at(0)
        self.recorder: Any = None
        self.overrides: dict[str, list[tuple[str, int, Any]]] = {}
        self.refresh()

    def once(self, build: Callable[[World], Any]) -> Any:
        """What follows from the named values of the month alone: built when first asked for, kept for the month."""
        kept = self.now.kept
        if build not in kept:
            kept[build] = build(self)
        return kept[build]

    def refresh(self) -> None:
        """Find anew who lives and what is in the pipeline (after entries, exits, ends)."""
        self.alive = np.flatnonzero(self.firms.exited == NEVER)
        assets = self.assets
        self.pipeline = np.flatnonzero((assets.phase < MARKETED) & (assets.ended == NEVER))

    def flow(self, name: str, regions: np.ndarray, amounts: np.ndarray | None = None) -> None:
        """Count something that happened this month by region."""
        if amounts is None:
            grouping.count(regions, self.flows[name])
        else:
            grouping.add(regions, amounts, self.flows[name])

    def event(self, kind: int, region: Any, firm: Any, asset: Any = -1, partner: Any = -1,
              deal: Any = -1) -> None:  # fmt: skip
        """Record events; all arguments rows or arrays of rows of equal length."""
        count = len(firm) if isinstance(firm, np.ndarray) else 1
        self.logs["events"].add(count, month=self.month, kind=kind, region=region, firm=firm,
                                partner=partner, asset=asset, deal=deal)  # fmt: skip

    def prices(self, year: float) -> float:
        """US price level of this month over that of January of ``year``."""
        kept = self.now.kept
        if year not in kept:
            index = self.values["macro.price_index"]
            kept[year] = float(index[self.month] / index[min(max(int((year - 2000) * 12), 0), len(index) - 1)])
        level: float = kept[year]
        return level

    def decide(self, kind: type, name: str, deciders: np.ndarray, known: Known, table: str) -> Any:
        """Let the cohort decide, and each agent with a decision of its own decide alone.

        ``deciders`` are rows of ``table``, one per row of ``known``.
        """
        result = getattr(kind, name).function(known)
        for own_table, row, agent in self.overrides.get(name, ()):
            mine = np.flatnonzero(deciders == row)
            if own_table == table and len(mine):
                own = getattr(agent, name)(known.take(mine))
                _put(result, mine, own, f"{type(agent).__name__}.{name}", self.month)
        return result

    def copy(self) -> World:
        """Independent copy of the state (constants and records of the past are shared)."""
        twin = World.__new__(World)
        twin.__dict__.update(self.__dict__)
        for name in TABLES:
            setattr(twin, name, getattr(self, name).copy())
        twin.ledger = self.ledger.copy()
        twin.logs = {name: log.copy() for name, log in self.logs.items()}
        twin.state = {name: array.copy() for name, array in self.state.items()}
        twin.flows = {name: array.copy() for name, array in self.flows.items()}
        twin.recorder = self.recorder.copy() if self.recorder is not None else None
        twin.overrides = {}
        twin.refresh()
        return twin


def _put(result: Any, rows: np.ndarray, own: Any, who: str, month: int) -> None:
    """Let an own answer take its place. Raises ValueError for one that is no finite number or of another shape."""
    several = isinstance(result, tuple)
    if several and not (isinstance(own, tuple | list) and len(own) == len(result)):
        raise ValueError(f"{who} answers {len(result)} arrays; in {month_label(month)} it gave {type(own).__name__}")
    for array, values in zip(result, own, strict=True) if several else [(result, own)]:
        given = np.asarray(values)
        if given.dtype.kind not in "biuf" or not np.isfinite(given).all():
            raise ValueError(f"{who} answered {values!r} in {month_label(month)}; it must give finite numbers")
        try:
            array[rows] = given
        except ValueError:
            raise ValueError(
                f"{who} answered an array of shape {given.shape} in {month_label(month)}; it takes {array[rows].shape}"
            ) from None
