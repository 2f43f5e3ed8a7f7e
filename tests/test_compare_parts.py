"""Parts of comparisons on made-up figures: verdicts, assets of both sides, sums of years, names and colours."""

from __future__ import annotations

import re

import numpy as np
import pytest

from experiments import asset_differences, expectations, yearly
from experiments.catalogue import MAIN, MAIN_REGIONAL, REGIONAL, WORLD, Series
from experiments.errors import RequestError
from model.clock import NEVER
from model.observation import recorder
from scenarios.schema import Expectation
from viz import theme


def test_an_expectation_of_nothing_is_unclear() -> None:
    one = Expectation(column="firms", direction="up")
    values = np.random.default_rng(1).normal(5, 1, (4, 24, 1))
    frame = expectations.judge([one], values, values + np.array([1, -1, 2, -2])[:, None, None], 0, 0, 24)
    assert list(frame.verdict) == ["unclear"]
    with pytest.raises(RequestError, match="no column 'regional"):
        expectations.position("regional.XX.firms")


def test_assets_are_aligned_by_identity() -> None:
    def moved(rows: list[tuple[int, int, int, int]]) -> dict[str, np.ndarray]:
        asset, month, modes, partner = (np.array(column, np.int64) for column in zip(*rows))
        same = {name: np.zeros(len(rows), np.int64) for name in ("area", "origin", "modality", "started", "originator")}
        return {"asset": asset, "first_approval": month, "modes": modes, "partner": partner, **same}

    a = moved([(11, 30, 1, -1), (12, 30, 2, 7), (13, 30, 1, -1), (15, NEVER, 0, 8)])
    b = moved([(11, 30, 1, -1), (12, 28, 1, -1), (14, 31, 3, 9), (15, NEVER, 0, 9)])
    found = asset_differences.align(a, b, NEVER)
    assert list(found["asset"]) == [11, 12, 13, 14, 15]
    assert [asset_differences.APPROVAL[code] for code in found["approval"]] == [
        "same month", "earlier in B", "only A", "only B", "neither"]  # fmt: skip
    assert [asset_differences.PARTNERS[code] for code in found["partner"]] == [
        "none",
        "only A",
        "none",
        "only B",
        "another",
    ]
    counts = asset_differences.counts([found]).set_index(["question", "fate"]).assets
    assert counts["Route to market", "by a partner in A, alone in B"] == 1
    assert counts["First approval", "only in A"] == 1
    frame = asset_differences.frame({5: found}, NEVER)
    assert list(frame.asset) == [12, 13, 14, 15]
    assert frame.months_later_in_b.iloc[0] == -2


def test_years_and_horizons() -> None:
    series = (Series("flow", "", "", "sum", 10.0), Series("stock", "", "", "last"), Series("share", "", "", "mean"))
    months = np.arange(18, dtype=float)
    values = np.stack([months, months, np.where(months < 6, np.nan, months)], axis=-1)[None]
    years, levels = yearly.by_year(values, 24, series)
    assert list(years) == [2002, 2003]
    np.testing.assert_allclose(levels[0], [[660, 11, 8.5], [870, 17, 14.5]])
    np.testing.assert_allclose(yearly.over(values, series)[0], [1530, 8.5, 11.5])


def test_every_figure_is_described() -> None:
    assert set(recorder.INDICATORS) == {series.name for series in WORLD}
    assert set(recorder.REGIONAL) == {series.name for series in REGIONAL}
    assert set(MAIN) <= set(recorder.INDICATORS)
    assert set(MAIN_REGIONAL) <= set(recorder.REGIONAL)


def test_colours_of_the_theme_are_distinct() -> None:
    light = [pair[0] for pair in theme.COLOURS.values()]
    assert len(set(light)) == len(light)
    assert all(re.fullmatch(r"#[0-9a-f]{6}", shade) for pair in theme.COLOURS.values() for shade in pair)
