"""The answers of the project: what is counted, on tables made by hand, and how runs become a page."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments import answers
from experiments.document.of_answers import _effect


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(f"{text}-01")


def tables() -> dict[str, pd.DataFrame]:
    """Two Chinese medicines and one from the US; launches, contracts and sales of three firms."""
    launches = [(1, "US", "originator", "2030-01"), (1, "CN", "originator", "2029-01"), (2, "EU", "licensee", "2031-06"),
                (2, "JP", "licensee", "2039-01"), (3, "EU", "originator", "2031-01")]  # fmt: skip
    deals = [("CN", True, "licence", 500.0, "2030-02"), ("CN", True, "acquisition", 900.0, "2030-02"),
             ("CN", False, "licence", 800.0, "2031-02"), ("US", True, "licence", 700.0, "2031-02")]  # fmt: skip
    return {
        "assets": pd.DataFrame({"asset": [1, 2, 3], "origin_region": ["CN", "CN", "US"]}),
        "launches": pd.DataFrame(launches, columns=["asset", "region", "mode", "month"]).assign(
            month=lambda frame: frame.month.map(day)
        ),
        "deals": pd.DataFrame(deals, columns=["seller_home", "cross_border", "kind", "headline", "month"]).assign(
            month=lambda frame: frame.month.map(day)
        ),
        "firms": pd.DataFrame({"firm": [7, 8, 9], "home": ["US", "CN", "CN"]}),
        "firm_years": pd.DataFrame({"firm": [7, 8, 9], "year": 2031, "net_sales": [9.0, 2.0, 5.0]}),
    }


def test_what_is_counted_of_china() -> None:
    made = tables()
    assert answers.launched_abroad(2030, 2031, made) == pytest.approx(1.0)
    assert answers.solo_abroad(2030, 2031, made) == pytest.approx(50.0)
    assert np.isnan(answers.solo_abroad(2015, 2024, made))
    assert answers.out_licensed(2030, 2031, made) == pytest.approx(0.25)
    assert answers.best_rank(2030, 2031, made) == 2.0


def test_effects_are_those_of_pairs() -> None:
    """Seeds differ much and the scenario adds three to each: the effect is three without a doubt."""
    base = np.arange(5)[:, None, None] * np.ones((5, len(answers.OUTCOMES), len(answers.PERIODS) + 1))
    played = np.stack([base, *[base + 3.0] * (len(answers.SCENARIOS) - 1)])
    found = answers.condensed(played)
    assert list(found["effects"]) == list(answers.SCENARIOS[1:])
    one = found["effects"]["go-solo"][0]
    assert (one["effect"], one["low"], one["high"]) == pytest.approx((3.0, 3.0, 3.0))
    assert found["baseline"][0][0] == {"mean": 2.0, "low": 0.0, "high": 4.0}
    assert _effect(one).startswith("**+3.0")
    assert not _effect({"effect": 1.0, "low": -1.0, "high": 3.0}).startswith("**")


def test_a_small_market_can_be_measured() -> None:
    (run,) = answers.run_variants(["baseline"], [1], measure=answers.measure, scale=0.02, until="2025-06", workers=1)
    assert not run.error
    assert np.shape(run.measures) == (len(answers.OUTCOMES), len(answers.PERIODS) + 1)
