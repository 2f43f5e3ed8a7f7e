"""Renew tests/baseline.json after a change of results that is meant: ``python tests/renew_baseline.py``.

Prints what has changed, for the changelog.
"""

from __future__ import annotations

import hashlib
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from model import PharmaMarket  # noqa: E402
from model.draws import Draws  # noqa: E402
from model.storage import content_hash  # noqa: E402

FILE = Path(__file__).with_name("baseline.json")
SEED, SCALE, MONTHS = 1, 0.05, 36


def play() -> PharmaMarket:
    """The run that the baseline describes."""
    return PharmaMarket("baseline", rng=SEED, scale=SCALE).run_until(MONTHS)


def arithmetic() -> str:
    """Digest of what this machine makes of exp, log and powers: the last bit differs between processors."""
    draws = Draws(0).uniform("arithmetic", np.arange(10_000))
    parts = (np.exp(3 * draws), np.log(draws), draws**0.37, Draws(0).normal("arithmetic", np.arange(10_000)))
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()[:16]


def rounded(value: float) -> float:
    """Nine significant digits."""
    return float(f"{value:.9g}")


def figure(column: pd.Series) -> Any:
    """One figure for a column: a sum of numbers, counts of labels, months after 2000, elements of lists."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return {str(label): int(number) for label, number in column.value_counts().sort_index().items() if number}
    if pd.api.types.is_datetime64_any_dtype(column):
        known = column.dropna()
        return int(((known.dt.year - 2000) * 12 + known.dt.month).sum())
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_integer_dtype(column):
        return int(column.sum())
    if pd.api.types.is_float_dtype(column):
        return rounded(float(column[np.isfinite(column)].sum()))
    return sum(map(len, column))


def figures(market: PharmaMarket) -> dict[str, dict[str, Any]]:
    """Rows and a figure for each column, by table."""
    found: dict[str, dict[str, Any]] = {}
    for name in market.table_names:
        frame = market.table(name)
        found[name] = {"rows": len(frame)} | {str(key): figure(frame[key]) for key in frame.columns}
    return found


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Columns whose figures differ, one line each."""
    lines = []
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        close = (
            isinstance(before, float) and isinstance(after, float) and np.isclose(before, after, rtol=1e-7, atol=1e-9)
        )
        if before != after and not close:
            lines.append(f"{key}: {before} -> {after}")
    return lines


def describe(market: PharmaMarket) -> dict[str, Any]:
    """What the file holds."""
    return {
        "seed": SEED, "scale": SCALE, "months": MONTHS, "arithmetic": arithmetic(),
        "state": content_hash(market.world), "tables": figures(market),
    }  # fmt: skip


def main() -> None:
    warnings.simplefilter("ignore")
    old = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {"tables": {}}
    new = describe(play())
    FILE.write_text(json.dumps(new, indent=1) + "\n", encoding="utf-8")
    for name, table in new["tables"].items():
        for line in changes(old["tables"].get(name, {}), table):
            print(f"{name}.{line}")


if __name__ == "__main__":
    main()
