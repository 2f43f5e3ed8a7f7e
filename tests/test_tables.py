"""Entity tables: growth, views, copies, own columns, the ranges of the schema; and the log of records."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import LIVELY, base, fork

from model.data.sheet import sheet
from model.labels import REGIONS
from model.logs import LOGS, Log
from model.observation import names
from model.tables import SHAPES, Column, Table, schema
from model.world import TABLES

MEMORY = Column("memory", "float64", "", "", 7.0, -np.inf, np.inf, "what an own agent remembers", "test")


def filled(rows: int) -> Table:
    table = Table("firms", capacity=16)
    table.append(rows, firm=np.arange(rows), cash=np.arange(rows) * 1.5, trust=np.full((rows, 10), 0.25))
    return table


# --- rows and columns


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_growth_keeps_every_row(counts: list[int]) -> None:
    table, rows = Table("firms", capacity=16), []
    for number, count in enumerate(counts):
        rows.append(table.append(count, cash=float(number), firm=len(table) + np.arange(count)))
    total = sum(counts)
    assert len(table) == total
    np.testing.assert_array_equal(np.concatenate(rows), np.arange(total))
    np.testing.assert_array_equal(table.firm, np.arange(total))
    np.testing.assert_array_equal(table.cash, np.repeat(np.arange(len(counts)), counts))


def test_new_rows_have_the_defaults_of_the_schema() -> None:
    table = Table("firms", capacity=1)
    table.append(40)
    table.append(5)
    for column in table.schema:
        values = getattr(table, column.name)
        assert values.shape == (45, *column.shape)
        assert values.dtype == np.dtype(column.dtype)
        assert (values == np.array(column.default).astype(column.dtype)).all()


def test_attributes_are_views() -> None:
    table = filled(5)
    view = table.cash
    view[2] = 99.0
    assert table.cash[2] == 99.0
    table.cash[3] = 98.0
    assert view[3] == 98.0


def test_changes_in_place_reach_the_table() -> None:
    table = filled(5)
    table.cash += 1
    table.cash *= 2
    np.testing.assert_allclose(table.cash, (np.arange(5) * 1.5 + 1) * 2)
    table.trust[:, 3] -= 0.25
    assert (table.trust[:, 3] == 0).all() and (table.trust[:, 4] == 0.25).all()
    table.cash = np.arange(5)
    np.testing.assert_array_equal(table.cash, np.arange(5))
    table.cash = 4.0
    assert (table.cash == 4.0).all()


def test_assigning_a_rearranged_view_of_a_column_is_not_lost() -> None:
    table = filled(5)
    table.cash = table.cash[::-1]
    np.testing.assert_allclose(table.cash, np.arange(5)[::-1] * 1.5)


def test_unknown_columns_are_told() -> None:
    table = filled(3)
    with pytest.raises(AttributeError, match="cahs"):
        _ = table.cahs
    with pytest.raises(KeyError, match="cahs"):
        table.append(1, cahs=3.0)


def test_copies_are_independent() -> None:
    table = filled(4)
    twin = table.copy()
    twin.cash[:] = -1.0
    twin.trust[0, 0] = 0.9
    rows = twin.append(30, cash=5.0)
    twin.declare(MEMORY)
    assert len(table) == 4 and len(twin) == 34 and rows[0] == 4
    np.testing.assert_allclose(table.cash, np.arange(4) * 1.5)
    assert table.trust[0, 0] == 0.25
    assert "memory" not in table.columns and "memory" not in {column.name for column in table.schema}


def test_a_declared_column_grows_with_the_table() -> None:
    table = filled(4)
    table.declare(MEMORY)
    table.memory[1] = 3.0
    table.declare(MEMORY)
    table.append(40)
    assert table.memory[1] == 3.0, "declaring again changes nothing"
    assert (np.delete(table.memory, 1) == 7.0).all()
    assert table.copy().memory[1] == 3.0


# --- the schema


@pytest.mark.parametrize("name", TABLES)
def test_schema_files_are_whole(name: str) -> None:
    with (ROOT / "model" / "schema" / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(schema(name)) == len(rows) == len({row["attribute"] for row in rows})
    for column, row in zip(schema(name), rows, strict=True):
        assert row["dims"] in SHAPES and row["description"] and row["source"]
        assert column.low <= column.default <= column.high
        stored = np.array(column.default).astype(column.dtype)
        assert float(stored) == pytest.approx(column.default), f"{name}.{column.name}: the type cannot hold the default"


def test_problems_name_the_column_that_left_its_range() -> None:
    table = filled(3)
    assert table.problems() == []
    table.trust[1, 2] = 1.5
    table.home[0] = 10
    assert table.problems() == ["firms.home left 0.0..9.0", "firms.trust left 0.0..1.0"]


def test_not_a_number_is_a_problem() -> None:
    table = filled(3)
    table.cash[1] = np.nan
    assert [line.split()[0] for line in table.problems()] == ["firms.cash"]


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_a_played_world_stays_within_its_schema(name: str) -> None:
    market = base(scale=0.1, months=120, changes=LIVELY)
    assert getattr(market.world, name).problems() == []


# --- the log


def test_a_log_joins_what_was_added() -> None:
    log = Log(month="i2", amount="f8")
    log.add(2, month=3, amount=np.array([1.0, 2.0]))
    log.add(0, month=4, amount=np.empty(0))
    log.add(1, month=np.array([5]), amount=7)
    columns = log.arrays()
    assert len(log) == 3 and {name: column.dtype.str[1:] for name, column in columns.items()} == log.types
    assert columns["month"].tolist() == [3, 3, 5] and columns["amount"].tolist() == [1.0, 2.0, 7.0]


def test_an_empty_log_has_its_columns() -> None:
    assert {name: len(column) for name, column in Log(a="i4", b="f8").arrays().items()} == {"a": 0, "b": 0}


def test_a_log_wants_all_of_its_columns() -> None:
    with pytest.raises(KeyError):
        Log(a="i4", b="f8").add(1, a=1)


def test_copies_of_a_log_grow_apart() -> None:
    log = Log(a="i4")
    log.add(1, a=1)
    twin = log.copy()
    twin.add(1, a=2)
    assert log.arrays()["a"].tolist() == [1] and twin.arrays()["a"].tolist() == [1, 2]


def test_records_do_not_change_with_the_tables() -> None:
    """What was recorded is a copy, no view of a column that is played on."""
    market = fork(base(scale=0.1, months=24, changes=LIVELY)).run_until(6)
    before = {name: {key: column.copy() for key, column in market.world.logs[name].arrays().items()} for name in LOGS}
    market.run_until(18)
    assert sum(len(column) for log in before.values() for column in log.values()) > 1000
    for name, columns in before.items():
        after = market.world.logs[name].arrays()
        for key, column in columns.items():
            np.testing.assert_array_equal(after[key][: len(column)], column, err_msg=f"{name}.{key}")


def test_firms_have_names_of_their_own() -> None:
    """As many firms as a world of one to one founds by 2040 are told apart by name, and no real one is among them."""
    founded = {"US": 10_400, "EU": 2_500, "UK": 1_750, "CH": 700, "JP": 650, "CN": 7_100, "KR": 1_200, "CA": 1_070,
               "AU": 580, "ROW": 2_650}  # fmt: skip
    shift = names.REGION_SHIFT
    identity = np.concatenate([(place << shift) + np.arange(founded[region]) for place, region in enumerate(REGIONS)])
    named = names.firm_names(identity)
    plain = [name.lower().replace(" ", "") for name in named]
    assert len(set(plain)) == len(identity)
    assert not set(plain) & {name.lower().replace(" ", "") for name in sheet("name_blocklist").texts("name").tolist()}
    assert names.firm_names(identity[::-7]) == named[::-7]


def test_more_firms_than_names_are_numbered() -> None:
    one, again = names.firm_names(np.array([5, 5 + len(names._names_of("US"))]))
    assert again == f"{one} 2"
