"""Facts on tables made by hand: each counts what its sentence says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments import counts, market_facts, research_facts
from experiments.fact import Tables
from experiments.headlines import FACTS


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(f"{text}-01")


def months_of(years: range) -> list[pd.Timestamp]:
    return [day(f"{year}-{month:02d}") for year in years for month in range(1, 13)]


def test_growth_and_ratios_are_those_of_december() -> None:
    months = months_of(range(2000, 2025))
    december = np.array([m.month == 12 for m in months])
    years = np.array([m.year for m in months]) - 2000
    firms = np.where(december, 1000 * 1.05**years, 1.0)
    tables: Tables = {"indicators": pd.DataFrame({"month": months, "firms": firms, "pipeline_assets": 4 * firms})}
    assert research_facts.growth("firms", tables) == pytest.approx(5.0)
    assert research_facts.candidates_per_company(2012, tables) == pytest.approx(4.0)


def test_likelihood_multiplies_the_steps_and_areas_keep_their_order() -> None:
    trials, filings, assets = [], [], []
    for place, area in enumerate(research_facts.AREAS):
        for number in range(20):
            asset = 100 * place + number
            assets.append({"asset": asset, "area": area})
            good = number >= 2 * place  # the further down the list, the less succeeds
            trials += [{"asset": asset, "phase": phase, "ended": day("2015-03"), "outcome": "success" if good else "failure"}
                       for phase in research_facts.STEPS[:3]]  # fmt: skip
            filings.append({"asset": asset, "regulator": "FDA", "outcome": "approved", "decided": day("2016-01")})
    tables: Tables = {"assets": pd.DataFrame(assets), "trials": pd.DataFrame(trials), "filings": pd.DataFrame(filings)}
    assert research_facts.likelihood(research_facts.DECADE, tables, "neurology") == pytest.approx(100 * 0.8**3)
    assert research_facts.order_of_areas(tables) == 1.0
    assert np.isnan(research_facts.likelihood((2016, 2020), tables, "neurology"))  # no trial ended then
    upside_down = {**tables, "assets": pd.DataFrame(assets).assign(area=[a["area"] for a in assets][::-1])}
    assert research_facts.order_of_areas(upside_down) == -1.0


def test_the_fastest_tenth_is_counted_from_phase_one() -> None:
    assets = pd.DataFrame(
        {"asset": range(11), "first_approval": [day(f"{2011 + n // 2}-{1 + 6 * (n % 2):02d}") for n in range(11)]}
    )
    trials = pd.DataFrame({"asset": range(11), "phase": "phase1", "started": day("2008-01"), "cost": 30.0})
    tables: Tables = {"assets": assets, "trials": trials}
    assert research_facts.fastest(0.1, 2011, 2020, tables) == pytest.approx(3.5)
    early = {**tables, "trials": trials.assign(started=day("2012-01"))}
    assert research_facts.cost_per_approval(2012, 2013, early) == pytest.approx(11 * 30 / 4)


def test_shares_of_regions_and_pathways() -> None:
    regional = pd.DataFrame({"month": day("2023-12"), "region": ["US", "CA", "EU", "CN"], "firms": [40, 10, 30, 20],
                             "net_sales": [40.0, 3.0, 20.0, 5.0], "generic_sales": [5.0, 2.0, 5.0, 20.0]})  # fmt: skip
    filings = pd.DataFrame({"regulator": ["FDA", "FDA", "FDA", "FDA", "NMPA"], "decided": day("2020-01"), "cycles": [1, 1, 2, 1, 1],
                            "outcome": ["approved", "approved", "approved", "refused", "approved"],
                            "pathway": ["conditional", "standard", "expedited", "conditional", "conditional"]})  # fmt: skip
    tables: Tables = {"regional": regional, "filings": filings}
    assert counts.market_share(("US", "CA"), 2023, tables) == pytest.approx(50.0)
    assert research_facts.companies_at_home("US", 2023, tables) == pytest.approx(40.0)
    assert research_facts.conditional("FDA", 2018, 2024, tables) == pytest.approx(100 / 3)
    assert market_facts.first_cycle(2015, 2023, tables) == pytest.approx(200 / 3)


def test_medicines_of_a_region_and_firms_short_of_cash() -> None:
    assets = pd.DataFrame({"origin_region": ["CN", "CN", "US", "CN"],
                           "first_approval": [day("2019-05"), day("2020-01"), day("2019-01"), pd.NaT]})  # fmt: skip
    months = months_of(range(2019, 2021))
    indicators = pd.DataFrame({"month": months, "runway_below_1y_share": [0.2] * 12 + [0.4] * 12})
    tables: Tables = {"assets": assets, "indicators": indicators}
    assert research_facts.approved_of("CN", 2019, 2020, tables) == pytest.approx(1.0)
    assert research_facts.short_of_cash(2020, 2020, tables) == pytest.approx(40.0)
    assert research_facts.short_of_cash(2019, 2020, tables) == pytest.approx(30.0)


def test_indicators_over_years() -> None:
    months, lags = months_of(range(2030, 2032)), [np.inf] * 5 + [8.0] * 9 + [9.0] * 10
    tables: Tables = {"indicators": pd.DataFrame({"month": months, "deals": 2.0, "launch_lag_median": lags})}
    assert counts.yearly("deals", 0.5, 2030, tables) == pytest.approx(12.0)
    assert counts.over_years("deals", "mean", 12, 2030, 2031, tables) == pytest.approx(24.0)
    assert counts.over_years("launch_lag_median", "median", 1, 2030, 2031, tables) == pytest.approx(9.0)


def test_prices_are_compared_for_what_is_sold_in_both_places() -> None:
    rows = [
        (1, "US", 300.0, 3.0),
        (1, "EU", 40.0, 1.0),
        (1, "JP", 10.0, 1.0),
        (2, "US", 900.0, 1.0),
        (1, "CN", 1.0, 9.0),
    ]
    sales = pd.DataFrame(rows, columns=["asset", "region", "net_sales", "patients"]).assign(year=2022)
    assert market_facts.price_ratio(2022, {"sales": sales}) == pytest.approx(4.0)


def test_access_and_list_rounds() -> None:
    filings = pd.DataFrame(
        {"asset": [1, 2], "regulator": "EMA", "outcome": "approved", "decided": [day("2016-01"), day("2017-01")]}
    )
    rows = [(1, "EU_DE", "2016-05", "listed", 0.1), (2, "EU_DE", "2017-07", "listed", 0.1), (1, "EU_FR", "2017-01", "listed", 0.2),
            (2, "EU_FR", "2017-06", "refused", 0.0), (1, "CN_NRDL", "2021-01", "refused", 0.0), (1, "CN_NRDL", "2022-01", "listed", 0.6),
            (2, "CN_NRDL", "2023-01", "listed", 0.5), (2, "CN_NRDL", "2019-01", "refused", 0.0)]  # fmt: skip
    listings = pd.DataFrame(rows, columns=["asset", "payer", "decided", "outcome", "discount"])
    tables: Tables = {"filings": filings, "listings": listings.assign(decided=listings.decided.map(day))}
    germany = ((day("2016-05") - day("2016-01")).days + (day("2017-07") - day("2017-01")).days) / 2
    france = (day("2017-01") - day("2016-01")).days
    assert market_facts.access_days("EU_DE", 2019, tables) == pytest.approx(germany)
    assert market_facts.access_days("EU_", 2019, tables) == pytest.approx((germany + france) / 2)
    assert market_facts.list_success(tables) == pytest.approx(200 / 3)
    assert market_facts.list_cut(tables) == pytest.approx(55.0)


def test_uptake_is_a_share_of_the_own_peak() -> None:
    """Sales that follow the observed curve by year after a launch in July have no gap to it."""
    curve = [0.0, *market_facts.UPTAKE, 1.0, 1.0]
    calendar = np.zeros(9)
    for age in range(1, 8):  # half of the calendar year before, half of that after
        calendar[age] = 2 * curve[age] - calendar[age - 1]
    calendar = np.clip(calendar, 0.0, None)
    sales = pd.DataFrame({"asset": 1, "region": "US", "year": 2005 + np.arange(9), "net_sales": 50 * calendar})
    launches = pd.DataFrame({"asset": [1], "region": ["US"], "month": [day("2005-07")]})
    tables: Tables = {"sales": sales, "launches": launches}
    assert market_facts.uptake_gap(tables) < 6.0
    slow = {**tables, "sales": sales.assign(net_sales=50 * np.linspace(0, 1, 9) ** 3)}
    assert market_facts.uptake_gap(slow) > 20.0


def test_the_best_selling_tenth() -> None:
    assets = pd.DataFrame({"asset": range(20), "originator": 1.0, "first_approval": day("2004-01")})
    sales = pd.DataFrame({"asset": range(20), "region": "US", "year": 2010, "net_sales": [100.0, 80.0, *[10.0] * 18]})
    assert market_facts.top_decile({"assets": assets, "sales": sales}) == pytest.approx(50.0)


def test_facts_stand_in_one_of_two_tables() -> None:
    assert {fact.headline for fact in FACTS} == {True, False}
    assert all(fact.target is None or fact.low <= fact.target <= fact.high for fact in FACTS)
