"""Pages of firms, assets and deals and the network agree with the tables that they are computed from."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import worlds

from experiments.errors import RequestError
from experiments.run import Tables
from viz.explore import lanes, lookup, network, words
from viz.explore.asset import asset_view, holder
from viz.explore.network import Network
from viz.explore.source import FolderSource, MarketSource

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
    begins = rng.uniform(-60, 100, 60)
    spans = [lanes.Span(f"lane {n % 3}", b, b + rng.uniform(0, 30), str(n), "@US") for n, b in enumerate(begins)]
    rows = lanes.apart(spans)
    assert sum(len(row) for _, row in rows) == 60 and len({name for name, _ in rows}) == len(rows)
    assert all(a.end <= b.begin + 1e-9 for _, row in rows for a, b in pairwise(row))
    drawn, ends = lanes.option(spans, 130.0)["series"], np.zeros(len(rows))
    for series in drawn:  # bars of a stack begin at 0, wherever the axis does
        assert series["stackStrategy"] == "all"
        ends += [item["value"] if isinstance(item, dict) else item for item in series["data"]]
    assert ends == pytest.approx([row[-1].end for _, row in rows])


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
