"""Questions of the Explore page to tables, and where the tables come from."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.errors import RequestError
from experiments.settings import Settings
from viz.explore import query, runs, words
from viz.explore.query import Filter, Query, ask
from viz.explore.source import FolderSource, folder_of, run_folders

# --- questions to tables

CASES: tuple[tuple[str, Filter, Callable[[Any], bool]], ...] = (
    ("deals", Filter("kind", "is", "licence, Option"), lambda row: row["kind"] in ("licence", "option")),
    ("deals", Filter("kind", "is not", "licence"), lambda row: row["kind"] != "licence"),
    ("deals", Filter("headline", "at least", "0.5 bn"), lambda row: row["headline"] >= 500),
    ("deals", Filter("royalty", "at most", "12.3 %"), lambda row: row["royalty"] <= 0.123),
    ("deals", Filter("month", "from", "2010"), lambda row: row["month"] >= pd.Timestamp("2010-01-01")),
    ("deals", Filter("month", "until", "2005"), lambda row: row["month"] < pd.Timestamp("2006-01-01")),
    ("deals", Filter("ended", "none"), lambda row: pd.isna(row["ended"])),
    ("deals", Filter("cross_border", "is", "yes"), lambda row: bool(row["cross_border"])),
    ("deals", Filter("territory", "includes", "us, cn"), lambda row: {"US", "CN"} <= set(row["territory"])),
    ("events", Filter("text", "contains", "ACQUIRED"), lambda row: "acquired" in row["text"]),
)  # fmt: skip


@pytest.mark.parametrize(("table", "one", "holds"), CASES, ids=lambda value: str(value)[:40])
def test_filters_keep_the_rows_that_hold(
    source: FolderSource, table: str, one: Filter, holds: Callable[[Any], bool]
) -> None:
    frame = source.frame(table)
    kept = ask(frame, Query((one,)), source.firm_names()).rows
    expected = [bool(holds(row)) for _, row in frame.iterrows()]
    assert kept.index.tolist() == frame.index[expected].tolist()
    assert 0 < len(kept) < len(frame)


def test_firms_are_found_by_a_part_of_their_name(source: FolderSource) -> None:
    names = source.firm_names()
    rows = ask(source.frame("deals"), Query((Filter("buyer", "name contains", "PHARMA"),)), names).rows
    assert len(rows) and all("pharma" in names[firm].lower() for firm in rows["buyer"])


def test_groups_add_up(source: FolderSource) -> None:
    deals = source.frame("deals")
    rows = ask(deals, Query(group=("month", "kind"), measure="headline"), source.firm_names()).rows
    assert rows["headline"].sum() == pytest.approx(deals["headline"].sum())
    assert rows["rows"].sum() == len(deals)
    assert rows["headline"].is_monotonic_decreasing
    one = rows.iloc[0]
    same = deals[(deals["month"].dt.year == one["month"]) & (deals["kind"] == one["kind"])]
    assert one["headline"] == pytest.approx(same["headline"].sum())


def test_a_list_counts_in_each_of_its_members(source: FolderSource) -> None:
    trials = source.frame("trials")
    rows = ask(trials, Query(group=("regions",), measure="patients", how="mean"), source.firm_names()).rows
    in_us = trials[[("US" in list(regions)) for regions in trials["regions"]]]
    found = rows.set_index("regions").loc["US"]
    assert found["rows"] == len(in_us) and found["patients"] == pytest.approx(in_us["patients"].mean())


def test_pages_and_order(source: FolderSource) -> None:
    frame, names = source.frame("payments"), source.firm_names()
    first = ask(frame, Query(sort="amount"), names)
    last = ask(frame, Query(sort="amount", page=10**6), names)
    assert first.shown["amount"].tolist() == frame["amount"].nlargest(query.ROWS).tolist()
    assert last.page == last.pages - 1 and last.shown["amount"].iloc[-1] == frame["amount"].min()
    assert len(first.shown) == query.ROWS and len(first.rows) == len(frame)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Query((Filter("headlin", "at least", "1"),)), "no column 'headlin'; choose one of deal, month"),
        (Query((Filter("headline", "contains", "1"),)), "headline knows at least"),
        (Query((Filter("headline", "at least", "much"),)), "needs a number such as"),
        (Query((Filter("month", "from", "May 2020"),)), "needs a year or month"),
        (Query((Filter("month", "from", "99999"),)), "needs a year or month"),
        (Query((Filter("cross_border", "is", "maybe"),)), "yes or no"),
        (Query((Filter("deal", "is", "1e9"),)), "up to 19 digits"),
        (Query((Filter("kind", "is", "x" * 999),)), "longer than"),
        (Query((Filter("kind", "is", "licence"),) * 99), "at most"),
        (Query(group=("headline",)), "too many values; choose one of"),
        (Query(group=("kind",), measure="kind"), "choose a column of numbers"),
        (Query(group=("kind",), measure="paid", how="eval"), "cannot take the eval"),
    ],
)
def test_wrong_questions_get_a_clear_answer(source: FolderSource, asked: Query, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        ask(source.frame("deals"), asked, source.firm_names())


TEXTS = st.text(st.characters(exclude_characters="~", exclude_categories=["Cs"]), max_size=12)
WORD = st.sampled_from(["kind", "headline", "month"])


@given(st.lists(st.builds(Filter, WORD, st.sampled_from(["is", "at least"]), TEXTS), max_size=3), st.lists(WORD, max_size=2),
       WORD, st.booleans(), st.integers(0, 999))  # fmt: skip
def test_a_question_comes_back_from_its_address(
    filters: list[Filter], group: list[str], sort: str, descending: bool, page: int
) -> None:
    asked = Query(
        tuple(filters), tuple(group), "paid" if group else "", "mean" if group else "sum", sort, descending, page
    )
    assert query.from_search(query.to_search(asked)) == asked


def test_strange_addresses_are_no_failure() -> None:
    assert query.from_search({"where": "~~::~a:b", "page": "x", "sort": "-"}) == Query()
    assert query.from_search({"page": "9" * 50}).page == 0


def test_exports_hold_every_row(source: FolderSource) -> None:
    rows = ask(source.frame("deals"), Query((Filter("kind", "is", "option"),)), source.firm_names()).rows
    assert pd.read_parquet(io.BytesIO(query.parquet(rows)))["deal"].tolist() == rows["deal"].tolist()
    again = pd.read_csv(io.BytesIO(query.csv(rows)), parse_dates=["month", "ended"])
    assert again["deal"].tolist() == rows["deal"].tolist()
    assert again["territory"].str.split().tolist() == [list(regions) for regions in rows["territory"]]
    assert (again["ended"].isna().to_numpy() == rows["ended"].isna().to_numpy()).all()


def test_every_table_can_be_asked_and_read(source: FolderSource) -> None:
    assert set(source.names) == set(words.TABLES)
    for table in source.names:
        frame = source.frame(table)
        answer = ask(frame, Query(), source.firm_names())
        for name in frame.columns:
            column = words.words(frame, str(name))
            assert all(words.cell(value, column) for value in answer.shown[name]), (table, name)
        for name in query.groupable(frame)[:2]:
            assert len(ask(frame, Query(group=(name,)), source.firm_names()).rows)


# --- where the tables come from


def test_only_runs_of_the_folder_can_be_opened(run_folder: Path, tmp_path: Path) -> None:
    root = run_folder.parent
    assert run_folders(root) == ["run"]
    assert folder_of(root, "run") == run_folder
    for name in ("../run", "/etc", "", "run/.."):
        with pytest.raises(RequestError, match="there is no run"):
            folder_of(root, name)
    with pytest.raises(RequestError, match="holds no results"):
        FolderSource(tmp_path)


def test_unknown_tables_are_told(source: FolderSource) -> None:
    with pytest.raises(RequestError, match="choose one of alliances"):
        source.frame("../../deals")


def test_a_run_is_played_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    settings = Settings(("baseline",), 3, 0.02, "2000-01", "2001-06", {})
    left = runs.place() / ".left.partial-1"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    seen: list[tuple[int, int, str]] = []
    assert runs.played(settings) is None
    folder = Path(runs.play_run(lambda *news: seen.append(news), settings))
    assert runs.played(settings) == folder and tmp_path in folder.parents
    assert [done for done, _, _ in seen] == [*range(1, 19), 18] and {total for _, total, _ in seen} == {19}
    assert [path.name for path in runs.place().iterdir()] == [folder.name]
    assert runs.opened(folder, "a run").months() == ("2000-01", "2001-06")
    assert runs.played(Settings(("baseline",), 4, 0.02, "2000-01", "2001-06", {})) is None
