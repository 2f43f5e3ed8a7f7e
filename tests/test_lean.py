"""A run brings in no library that it does not use, and tables in Arrow are those of the DataFrames."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow as pa

from model.clock import NEVER
from model.data import table
from model.data.sheet import sheet
from model.observation import columns
from tests.worlds import base

PLAY_AND_READ = """
import sys
from model import PharmaMarket
from experiments.content_hash import Digest
from experiments.results import one_by_one
market = PharmaMarket(rng=1, scale=0.01).run_until(13)
assert len(dict(one_by_one(market, Digest()))) == len(market.table_names)
print(*[name for name in sys.argv[1:] if name in sys.modules])
"""
USE_WHAT_WAS_POSTPONED = """
from agents.framework import mesa
import pandas
assert mesa.experimental.devs.__name__ == "mesa.experimental.devs"
assert isinstance(mesa.DataCollector({"one": lambda model: 1}).get_model_vars_dataframe(), pandas.DataFrame)
from scipy.linalg.cython_blas import __pyx_capi__
import mesa.experimental
print(mesa.experimental.__file__.count("experimental"))
"""


POSTPONED = ("scipy.linalg", "scipy.spatial", "mesa.experimental")
"""What the last Mesa for Python 3.11 does not need; the newest one imports it by itself."""


def said(program: str, *words: str) -> str:
    command = [sys.executable, "-c", program, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_run_and_its_tables_need_no_pandas_and_no_scipy() -> None:
    postponed = POSTPONED if sys.version_info < (3, 12) else ()
    assert said(PLAY_AND_READ, "pandas", *postponed) == ""


def test_what_was_postponed_comes_when_it_is_used() -> None:
    assert said(USE_WHAT_WAS_POSTPONED) == "1"


def test_tables_in_arrow_and_frames_agree() -> None:
    market = base(scale=0.02, months=12)
    for name in market.table_names:
        frame, arrow = market.table(name), market.arrow(name)
        again = pa.Table.from_pandas(frame, preserve_index=False)
        assert again.column_names == arrow.column_names
        for column in arrow.column_names:
            assert again[column].to_pylist() == arrow[column].to_pylist(), f"{name}.{column}"


def test_a_frame_is_no_view_of_the_world() -> None:
    market = base(scale=0.02, months=1)
    before = market.world.firms.cash.copy()
    frame = market.table("firms")
    frame.loc[:, "cash"] = -1.0
    assert (market.world.firms.cash == before).all()


def test_months_become_dates_and_open_ones_null() -> None:
    found = columns.months(np.array([-3, 0, 491, NEVER, -NEVER], np.int16)).to_pylist()
    assert [value and f"{value:%Y-%m-%d}" for value in found] == ["1999-10-01", "2000-01-01", "2040-12-01", None, None]
    assert len(columns.months(np.empty(0, np.int16))) == 0


def test_codes_without_a_name_become_null_and_lists_keep_their_rows() -> None:
    assert columns.labels(np.array([0, 2, 1], np.int8), (None, "a", "b")).to_pylist() == [None, "b", "a"]
    assert columns.chosen(np.array([[True, False], [False, False], [True, True]]), ("x", "y")).to_pylist() == [
        ["x"], [], ["x", "y"]
    ]  # fmt: skip
    assert columns.numbers(np.array([1.5, np.nan])).to_pylist() == [1.5, None]
    assert columns.texts(["", "Höchst"]).to_pylist() == ["", "Höchst"]


def test_a_sheet_reads_what_pandas_reads() -> None:
    for name in ("initial_firms", "initial_market", "initial_pipeline", "initial_firm_tails", "indications"):
        wanted = table(name)
        for column in wanted.columns:
            if pd.api.types.is_numeric_dtype(wanted[column]) and wanted[column].notna().any():
                np.testing.assert_array_equal(sheet(name).numbers(column), wanted[column].to_numpy(float))
