"""What the Explore page computes agrees with the tables that it is computed from."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import worlds
from hypothesis import given
from hypothesis import strategies as st

from experiments.errors import RequestError
from experiments.run import Tables
from experiments.settings import Settings
from viz.explore import lanes, lookup, network, query, runs, words
from viz.explore.asset import asset_view, holder
from viz.explore.network import Network
from viz.explore.query import Filter, Query, ask
from viz.explore.source import FolderSource, MarketSource, folder_of, run_folders


@pytest.fixture(scope="module")
def source(run_folder: Path) -> FolderSource:
    return FolderSource(run_folder)


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


# --- pages of firms, assets, deals


def best_seller(source: FolderSource) -> int:
    sales, launches = source.frame("sales"), source.frame("launches")
    sold = sales[sales["asset"].isin(launches["asset"])].groupby("asset")["net_sales"].sum()
    return int(sold.idxmax())


def test_the_page_of_an_asset_agrees_with_its_tables(source: FolderSource) -> None:
    asset = best_seller(source)
    view = asset_view(source, asset)
    sales, launches = source.rows("sales", asset=asset), source.rows("launches", asset=asset)
    drawn = next(figure for figure in view.figures if figure.title == "Net sales").option["series"]
    assert sum(value or 0 for one in drawn for value in one["data"]) == pytest.approx(sales["net_sales"].sum())
    rights = {row[0]: row for row in view.listings[0].rows}
    assert {region for region, row in rights.items() if row[5] != "–"} == set(launches["region"].astype(str))
    assert list(rights) == list(words.REGIONS)
    assert [line.month for line in view.log] == sorted(line.month for line in view.log)


def test_the_holder_of_a_region_is_the_last_licensee(source: FolderSource) -> None:
    day = pd.Timestamp
    deals = pd.DataFrame(
        {
            "deal": [1, 2, 3, 4],
            "month": [day("2001-01-01"), day("2002-01-01"), day("2003-01-01"), day("2004-01-01")],
            "ended": [day("2001-06-01"), pd.NaT, pd.NaT, pd.NaT],
            "kind": ["licence", "licence", "licence", "copromotion"],
            "territory": [["US"], ["US", "CN"], ["CN"], ["CN"]],
        }
    )
    assert holder("US", deals)["deal"] == 2  # type: ignore[index]
    assert holder("CN", deals)["deal"] == 3  # type: ignore[index]
    assert holder("JP", deals) is None


def test_the_page_of_a_deal_adds_up_its_payments(source: FolderSource) -> None:
    deals = source.frame("deals")
    row = deals[deals["kind"] == "licence"].nlargest(1, "paid").iloc[0]
    view = lookup.view(source, f"deal:{row['deal']}")
    paid = next(figure for figure in view.figures if figure.title == "Payments").option["series"]
    payments = source.rows("payments", deal=int(row["deal"]))
    assert sum(value or 0 for one in paid for value in one["data"]) == pytest.approx(payments["amount"].sum())
    assert {fact.label for fact in view.facts} >= {"Seller", "Buyer", "Headline", "Paid so far"}


def test_the_page_of_a_firm_is_found_by_name_and_number(source: FolderSource) -> None:
    names = source.firm_names()
    firm = int(source.frame("firm_years").groupby("firm")["net_sales"].sum().idxmax())
    view = lookup.view(source, f"firm:{firm}")
    assert view.title == names[firm] and {figure.title for figure in view.figures} == {"Money", "Net sales by region"}
    hits = lookup.suggestions(source, names[firm][:5])
    assert hits and all(names[firm][:5].lower() in name.lower() for _, name in hits)
    with pytest.raises(RequestError, match="nearest"):
        lookup.view(source, "deal:7")
    with pytest.raises(RequestError, match="longer"):
        lookup.view(source, "x" * 500)


def test_a_market_that_is_played_is_as_good_as_a_folder() -> None:
    market = worlds.base(0.05, 60)
    live = MarketSource(Tables(market), "now")
    assert live.months() == ("2000-01", "2004-12")
    deal = int(live.frame("deals")["deal"].iloc[0])
    assert lookup.view(live, f"deal:{deal}").log
    assert Network(live).at(59).alliances == len(Network(live).alive(59))
    with pytest.raises(RequestError, match="nearest"):
        lookup.view(live, "asset:-5")


def test_spans_of_a_lane_do_not_overlap() -> None:
    rng = np.random.default_rng(5)
    begins = rng.uniform(0, 100, 60)
    spans = [lanes.Span(f"lane {n % 3}", b, b + rng.uniform(0, 30), str(n), "@US") for n, b in enumerate(begins)]
    rows = lanes.apart(spans)
    assert sum(len(row) for _, row in rows) == 60 and len({name for name, _ in rows}) == len(rows)
    assert all(a.end <= b.begin + 1e-9 for _, row in rows for a, b in pairwise(row))
    drawn = lanes.option(spans, 130.0)["series"]
    ends = np.zeros(len(rows))
    for series in drawn:
        ends += [item["value"] if isinstance(item, dict) else item for item in series["data"]]
    assert ends + lanes.option(spans, 130.0)["xAxis"]["min"] == pytest.approx([row[-1].end for _, row in rows])


# --- the network


def test_the_network_holds_the_contracts_in_force(source: FolderSource) -> None:
    known, deals = Network(source), source.frame("deals")
    for month in (known.first, 60, 120, known.last):
        date = pd.Timestamp(2000 + month // 12, month % 12 + 1, 1)
        kinds = deals["kind"].isin(network.ALLIANCES)
        alive = deals[kinds & (deals["month"] <= date) & (deals["ended"].isna() | (deals["ended"] > date))]
        moment = known.at(month)
        assert moment.alliances == len(alive)
        both = pd.concat([alive["seller"], alive["buyer"]]).value_counts()
        assert (moment.firms["alliances"] == both.reindex(moment.firms.index)).all()
        assert set(moment.links["a"]) | set(moment.links["b"]) <= set(moment.firms.index)


def test_firms_stay_where_they_are(source: FolderSource) -> None:
    known = Network(source)
    early, late = known.at(100).firms, known.at(170).firms
    both = early.index.intersection(late.index)
    assert len(both) and (early.loc[both, ["x", "y"]] == late.loc[both, ["x", "y"]]).all(axis=None)
    (left, bottom), (right, top) = network.FRAME
    assert known.places["x"].between(left, right).all() and known.places["y"].between(bottom, top).all()


def test_a_month_that_was_not_played_has_no_network(source: FolderSource) -> None:
    with pytest.raises(RequestError, match="2015-01 is outside 2000-01 to 2014-12"):
        Network(source).at(180)


def test_trust_is_that_of_the_last_entry(source: FolderSource) -> None:
    known, month = Network(source), 150
    log = source.frame("alliances")
    log = log[network.since_2000(log["month"]) <= month]
    alive = known.alive(month)
    last = [log[log["deal"] == deal]["trust"].iloc[-1] for deal in alive["deal"] if (log["deal"] == deal).any()]
    assert known.at(month).trust == pytest.approx(np.mean(last))


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
