"""The exact baseline: a small run, table by table, against what is on record.

A difference is no error by itself. It says that results have changed; whoever meant that runs the script.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from renew_baseline import FILE, arithmetic, changes, figures, play

from model import PharmaMarket
from model.storage import content_hash

RECORD: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
ADVICE = (
    "results have changed: if that is meant, run tests/renew_baseline.py, tell the changelog why, and keep the new file"
)


@cache
def market() -> PharmaMarket:
    return play()


@cache
def found() -> dict[str, dict[str, Any]]:
    return figures(market())


@pytest.mark.parametrize("name", list(RECORD["tables"]))
def test_table_is_as_on_record(name: str) -> None:
    assert changes(RECORD["tables"][name], found().get(name, {})) == [], ADVICE


def test_no_table_is_off_the_record() -> None:
    assert set(found()) == set(RECORD["tables"]), ADVICE


def test_the_state_is_bit_for_bit_as_on_record() -> None:
    if arithmetic() != RECORD["arithmetic"]:
        pytest.skip("this processor or NumPy rounds otherwise than the one that made the record")
    assert content_hash(market().world) == RECORD["state"], ADVICE


def test_a_change_is_seen() -> None:
    table = RECORD["tables"]["assets"]
    assert changes(table, table) == []
    assert changes(table, {**table, "rows": table["rows"] + 1}) == [f"rows: {table['rows']} -> {table['rows'] + 1}"]
    sales = RECORD["tables"]["sales"]
    assert changes(sales, {**sales, "net_sales": sales["net_sales"] * (1 + 1e-6)}) != []
    assert changes(sales, {**sales, "net_sales": sales["net_sales"] * (1 + 1e-11)}) == []
