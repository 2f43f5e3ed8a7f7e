"""Append-only records of what happened, which the result tables are made of."""

from __future__ import annotations

from typing import Any

import numpy as np

WAITING_ROWS = 8192
"""As many rows of a record wait as they came before they are packed."""

LOGS: dict[str, dict[str, str]] = {
    "payments": {"deal": "i4", "month": "i2", "trigger": "i1", "payer": "i4", "payee": "i4", "amount": "f8"},
    "events": {"month": "i2", "kind": "i1", "region": "i1", "firm": "i4", "partner": "i4", "asset": "i4", "deal": "i4"},
    "sales": {"asset": "i4", "region": "i1", "year": "i2", "firm": "i4", "net_sales": "f8", "patients": "f8",
              "health_gain": "f8"},
    "firm_years": {"firm": "i4", "year": "i2", "net_sales": "f8", "income": "f8", "products": "i4", "rd_spend": "f8",
                   "cash": "f8"},
    "withdrawals": {"asset": "i4", "region": "i1", "month": "i2", "reason": "i1", "patients_exposed": "f8"},
    "tensions": {"month": "i2", "a": "i1", "b": "i1", "level": "f8", "measures": "i4"},
    "providers": {"provider": "i4", "year": "i2", "clients": "f8", "utilisation": "f8", "price": "f8"},
    "alliances": {"deal": "i4", "month": "i2", "trust": "f4", "belief_gap": "f4", "event": "i1"},
    "readouts": {"asset": "i4", "month": "i2", "phase": "i1", "chance": "f8", "luck": "f8", "signal": "f4",
                 "success": "?"},
    "gates": {"asset": "i4", "month": "i2", "phase": "i1", "answer": "i1", "value": "f8", "cost": "f8", "money": "f8"},
    "offers": {"month": "i2", "asset": "i4", "phase_at": "f4", "seller": "i4", "route": "i1", "runway": "f8",
               "kept": "f8", "bidders": "i2", "best": "f8", "second": "f8", "buyer": "i4"},
}  # fmt: skip
"""Columns of each record with their types; firms, assets, deals and providers are rows of their tables."""


class Log:
    """Append-only record: columns of fixed types, joined when they are read.

    ``Log(month="i2", amount="f8")`` has two columns. What is recorded must not change afterwards: copies, not views.
    """

    def __init__(self, **types: str) -> None:
        self.types = types
        self._packed: list[dict[str, np.ndarray]] = []
        self._waiting: list[tuple[Any, ...]] = []
        self._room = WAITING_ROWS

    def __len__(self) -> int:
        return sum(len(next(iter(piece.values()))) for piece in self._packed) + sum(part[0] for part in self._waiting)

    def add(self, count: int, **values: Any) -> None:
        """Record ``count`` rows; scalars are repeated."""
        if not count:
            return
        self._waiting.append((count, *map(values.__getitem__, self.types)))
        self._room -= count
        if self._room < 0:
            self._pack()

    def _pack(self) -> None:
        """Join what waits into columns of their types, which need less memory."""
        if not self._waiting:
            return
        counts, *columns = zip(*self._waiting, strict=True)
        self._packed.append({
            name: joined(counts, parts, kind) for (name, kind), parts in zip(self.types.items(), columns, strict=True)
        })  # fmt: skip
        self._waiting, self._room = [], WAITING_ROWS

    def column(self, name: str) -> np.ndarray:
        """All rows so far of one column, an array of its own."""
        self._pack()
        return np.concatenate([np.empty(0, self.types[name]), *(piece[name] for piece in self._packed)])

    def arrays(self) -> dict[str, np.ndarray]:
        """All rows so far, one array per column."""
        return {name: self.column(name) for name in self.types}

    def copy(self) -> Log:
        """Copy that shares the (never changed) pieces."""
        twin = Log(**self.types)
        twin._packed, twin._waiting, twin._room = list(self._packed), list(self._waiting), self._room
        return twin


def joined(counts: tuple[int, ...], parts: tuple[Any, ...], kind: str) -> np.ndarray:
    """One column of arrays and of scalars that stand for so many rows."""
    column, start = np.empty(sum(counts), kind), 0
    for count, part in zip(counts, parts, strict=True):
        column[start : start + count] = part
        start += count
    return column
