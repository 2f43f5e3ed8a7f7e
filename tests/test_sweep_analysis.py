"""Indices, boxes and fans over stores whose answers are known; what failed is refused or flagged."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import known_player
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Pharmarket
from known_player import BOX, IDLE, PERSISTENCE, SUPPLY

from experiments import reports
from experiments.analysis import bench, planning, query
from experiments.analysis.discovery import Case, discover
from experiments.analysis.sensitivity import Sensitivity, analyse
from experiments.errors import RequestError, RunError
from experiments.sweeps.design import Design
from experiments.sweeps.driver import sweep
from viz import theme
from viz.charts.fan import fan as fan_chart

RANGES = {SUPPLY: [0.5, 1.5], PERSISTENCE: [0.3, 0.6], IDLE: [0.5, 2.0]}
SHARES = {SUPPLY: 16 / 25, PERSISTENCE: 9 / 25, IDLE: 0.0}
"""Of the variance of 4 times one value plus 10 times the other, each uniform in its range."""
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A store of a design that the known player has played, by method and number of points."""

    def made(method: str | None, points: int = 0, **settings: object) -> Path:
        sampled = {"method": method, "points": points, "ranges": RANGES} if method else None
        design = Design.model_validate({"until": "2000-06", "uncertainties": sampled, **settings})
        folder = tmp_path / f"{method}-{points}"
        return sweep(design, folder, engine="serial", player=known_player.__name__).folder

    return made


def index(found: Sensitivity, name: str, outcome: str = "venture") -> pd.DataFrame:
    """Rows of one index of an outcome, by the value varied."""
    rows = found.tables["sensitivity"]
    return rows[(rows["index"] == name) & (rows["outcome"] == outcome)].set_index("name")


# --- sensitivity


def test_morris_gives_the_effects(make: Make) -> None:
    found = analyse(make("morris", 40, replicates=2), ["venture"])
    effects = index(found, "mu_star")
    assert effects.value[SUPPLY] == pytest.approx(4.0, abs=1e-4)
    assert effects.value[PERSISTENCE] == pytest.approx(3.0, abs=1e-4)
    assert effects.value[IDLE] == pytest.approx(0.0, abs=1e-4)
    assert index(found, "sigma").value.max() < 1e-4, "nothing interacts"


def test_sobol_gives_the_shares(make: Make) -> None:
    found = analyse(make("sobol", 5 * 64, replicates=2), ["venture"])
    for name in ("first", "total"):
        rows = index(found, name)
        assert rows.value.to_dict() == pytest.approx(SHARES, abs=0.1)
        assert (rows.low <= rows.value).all() and (rows.low < rows.high).loc[[SUPPLY, PERSISTENCE]].all()
    assert index(found, "first").high[IDLE] < 0.1
    assert set(analyse(make("sobol", 5 * 64, replicates=2), ["venture"], "pawn").tables["sensitivity"].method) == {
        "pawn"
    }


@pytest.mark.parametrize("method", ["latin-hypercube", "grid"])
def test_pawn_tells_what_is_idle(make: Make, method: str) -> None:
    found = analyse(make(method, 125), ["venture"])
    distance, idle = index(found, "median"), index(found, "idle")
    assert distance.value.idxmax() == SUPPLY
    assert distance.value[SUPPLY] > idle.high[SUPPLY]
    assert distance.value[PERSISTENCE] > idle.high[PERSISTENCE]
    assert distance.value[IDLE] < idle.high[IDLE]


def test_replicates_are_averaged_and_groups_kept_apart(make: Make) -> None:
    store = make(
        "morris", 12, replicates=3, scenarios=["baseline", "decoupling"], levers={"licensing.search_breadth": [2, 5]}
    )
    rows = index(analyse(store, ["venture"]), "mu_star")
    assert rows["group"].nunique() == 4
    assert (rows.points == 12).all()
    assert "decoupling, licensing.search_breadth = 5" in set(rows["group"])


def test_levers_alone_are_analysed_too(make: Make) -> None:
    levels = {SUPPLY: [0.5, 0.75, 1.0, 1.25, 1.5], PERSISTENCE: [0.3, 0.4, 0.5, 0.6]}
    found = analyse(make(None, levers=levels), ["venture"])
    assert index(found, "median").value.idxmax() == SUPPLY


FAILURES = {"PLAYER_RAISES": "venture", "PLAYER_NAN": "deals"}


@pytest.mark.parametrize(("variable", "outcome"), FAILURES.items())
def test_points_that_failed_are_refused(
    make: Make, monkeypatch: pytest.MonkeyPatch, variable: str, outcome: str
) -> None:
    monkeypatch.setenv(variable, "6 41")
    store = make("morris", 40)  # run 6 is a point of the first replicate, run 41 would be of the second
    with pytest.raises(RunError, match=rf"{outcome}: 1 of 40 points .* --without-failed leaves out 4 points"):
        analyse(store, [outcome])
    found = analyse(store, [outcome], without_failed=True)
    assert (found.tables["sensitivity"].left_out == 4).all() and (found.tables["sensitivity"].points == 36).all()
    assert found.tables["sensitivity"].value.notna().all()
    lost = found.tables["lost"]
    assert lost.run.tolist() == [6] and lost.status.tolist() == ["failed" if "RAISES" in variable else "undefined"]
    assert ("ArithmeticError: run 6 has no answer" in lost.error.iloc[0]) == ("RAISES" in variable)


def test_one_failed_replicate_spoils_its_point(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_RAISES", "46")
    store = make("sobol", 5 * 16, replicates=2)
    with pytest.raises(RunError, match="no outcome can be analysed"):
        analyse(store)
    found = analyse(store, ["venture"], without_failed=True)
    assert (found.tables["sensitivity"].points == 75).all()


def test_a_crash_counts_as_failed(make: Make) -> None:
    store = make("morris", 40)
    path = sorted((store / "runs").glob("*.parquet"))[0]
    table = pq.read_table(path, partitioning=None)
    status = ["crashed", *table.column("status").to_pylist()[1:]]
    place = table.column_names.index("status")
    pq.write_table(table.set_column(place, "status", pa.array(status)), path)
    with pytest.raises(RunError, match="1 of 40 points"):
        analyse(store, ["venture"])


def test_what_cannot_be_shared_out_is_told(make: Make) -> None:
    found = analyse(make("morris", 40))
    assert set(found.tables["sensitivity"].outcome) == {"venture", "deals"}
    (reason,) = found.tables["not_analysed"].reason
    assert "firms: the outcome is the same at every point" in reason


def test_requests_that_do_not_fit(make: Make, tmp_path: Path) -> None:
    morris, plain = make("morris", 40), make("latin-hypercube", 24)
    for store, asked, message in (
        (morris, ([], "sobol"), "sobol needs a design with method"),
        (morris, ([], "pawn"), "do not fill their space"),
        (plain, ([], "morris"), "morris needs a design of trajectories"),
        (plain, ([], "fast"), "'fast' is not known"),
        (plain, (["venturre"], None), "no column 'venturre'; nearest: venture"),
        (make("latin-hypercube", 8), (["venture"], None), "pawn needs 20 points at least and has 8"),
        (make(None, replicates=2), (["venture"], None), "varies no value"),
        (tmp_path, ([], None), "holds no sweep"),
    ):
        with pytest.raises(RequestError, match=message):
            analyse(store, *asked)
    sorted((plain / "runs").glob("*.parquet"))[-1].unlink()
    with pytest.raises(RequestError, match="of 24 runs are done; run the same sweep again"):
        analyse(plain, ["venture"])


@pytest.mark.parametrize(("module", "extra"), [("SALib", "sweep"), ("duckdb", "sweep"), ("ema_workbench", "discovery")])
def test_a_library_that_is_not_there_is_named(
    make: Make, monkeypatch: pytest.MonkeyPatch, module: str, extra: str
) -> None:
    store = make("latin-hypercube", 40)
    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(RequestError, match=rf"{module} is not installed .*pip install 'pharmarket\[{extra}\]'"):
        discover(store, Case("deals", above=50)) if extra == "discovery" else analyse(store, ["venture"])


# --- discovery


def test_the_box_is_found(make: Make) -> None:
    found = discover(make("latin-hypercube", 300), Case("deals", above=50))
    assert found.manifest["cases"] == pytest.approx(300 * 0.3 * 0.5, abs=12)
    for method in ("prim", "cart"):
        (box,) = found.tables["boxes"].query(f"method == {method!r} and box == 1").to_dict("records")
        assert box["coverage"] > 0.9 and box["density"] > 0.9
        limits = found.tables["limits"].query(f"method == {method!r} and box == 1").set_index("name")
        assert set(limits.index) == {SUPPLY, PERSISTENCE}
        assert limits.low[SUPPLY] == pytest.approx(BOX[SUPPLY], abs=0.03)
        assert limits.low[PERSISTENCE] == pytest.approx(BOX[PERSISTENCE], abs=0.02)
    page = reports.made(reports.DISCOVERY, found.tables, found.manifest)["report.html"]
    assert page.count("<svg") == len(found.tables["boxes"]) + 1 and SUPPLY in page


def test_cases_must_be_some_and_not_all(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make("latin-hypercube", 60)
    with pytest.raises(RequestError, match=r"0 of 60 points have Deals above 500 deals; .* deals goes from"):
        discover(store, Case("deals", above=500))
    with pytest.raises(RequestError, match="either --above or --below"):
        Case("deals")
    monkeypatch.setenv("PLAYER_NAN", "3")
    spoiled = make("latin-hypercube", 61)
    with pytest.raises(RunError, match="1 of 61 points"):
        discover(spoiled, Case("deals", below=50))
    assert discover(spoiled, Case("deals", below=50), without_failed=True).manifest["left_out"] == 1


# --- questions


def test_fans_are_quantiles_of_runs(make: Make) -> None:
    store = make("latin-hypercube", 20, scenarios=["baseline", "decoupling"], replicates=2)
    found = query.fan(store, "venture", quantiles=(0.25, 0.5))
    series = query.series(store, ["venture"], "scenario = 'decoupling'")
    wanted = series.groupby("month")["venture"].quantile([0.25, 0.5]).unstack()
    rows = found[found.scenario == "decoupling"].set_index("month")
    np.testing.assert_allclose(rows[["q25", "q50"]], wanted, rtol=1e-6)
    assert (rows.runs == 40).all() and len(rows) == known_player.MONTHS
    by_value = query.fan(store, "venture", by=["scenario", SUPPLY], where=f'"{SUPPLY}" > 1')
    assert (by_value[SUPPLY] > 1).all() and by_value.groupby("scenario").size().gt(0).all()
    svg = theme.svg(fan_chart(found, "scenario", "Venture capital", "bn US$"), "Fan")
    assert svg.count("decoupling") == 1 and "Venture capital" in svg


def test_a_fan_comes_from_kept_quantiles_too(make: Make) -> None:
    settings = {"levers": {"licensing.search_breadth": [2, 5]}, "replicates": 2}
    kept = query.fan(make("latin-hypercube", 15, **settings), "venture", by=["scenario", "licensing.search_breadth"])
    reduced = make("latin-hypercube", 14, **settings, keep={"runs": "quantiles"})
    found = query.fan(reduced, "venture", by=["scenario", "licensing.search_breadth"])
    assert list(found.columns) == list(kept.columns) and len(found) == len(kept)
    assert (found.runs == 28).all() and (found.q05 < found.q95).all()
    with pytest.raises(RequestError, match="keeps quantiles only"):
        query.fan(reduced, "venture")
    with pytest.raises(RequestError, match="the store holds no series of single runs"):
        query.series(reduced, ["venture"])


def test_runs_stand_with_what_was_played(make: Make) -> None:
    store = make("latin-hypercube", 10, keep={"runs": "none"})
    runs = query.runs(store)
    np.testing.assert_allclose(
        runs.venture - 4 * runs[SUPPLY] - 10 * runs[PERSISTENCE], runs.venture[0] - 4 * runs[SUPPLY][0] - 10 * runs[PERSISTENCE][0],
        atol=1e-5,
    )  # fmt: skip
    with pytest.raises(RequestError, match=r"no column 'ventur'|holds no series"):
        query.fan(store, "ventur")


# --- the command line


@pytest.mark.slow
def test_the_commands_write_and_print(make: Make, pharmarket: Pharmarket) -> None:
    store = make("latin-hypercube", 80)
    document = json.loads(pharmarket("sensitivity", str(store), "--output", "venture", "--json").stdout)
    assert {row["name"] for row in document["sensitivity"]} == set(RANGES)
    files = {path.name for path in (store / "sensitivity").iterdir()}
    assert files == {"manifest.json", "report.html", "sensitivity.parquet", "not_analysed.parquet", "lost.parquet"}
    found = pharmarket("discover", str(store), "--outcome", "deals", "--above", "50", "--no-report")
    assert "PRIM 1" in found.stdout and SUPPLY in found.stdout, found.stderr
    refused = pharmarket("sensitivity", str(store), "--output", "firms")
    assert refused.returncode == 2 and refused.stdout == "" and refused.stderr.count("\n") == 1


# --- planning


def test_a_plan_follows_from_what_was_measured() -> None:
    one = {"scale": 0.1, "run_seconds": 0.36, "past_seconds": 3.6, "bytes_events": 2000}
    store = {"bytes_runs": 1000, "bytes_ts": 7000}
    shared, alone = planning.plans({"scales": [one], "store": store}, runs=10_000, seeds=100)
    assert shared["core_hours"] == pytest.approx((1.0 + 0.1) / planning.EFFICIENCY)
    assert alone["core_hours"] == pytest.approx((1.0 + 10.0) / planning.EFFICIENCY)
    assert shared["days"][2] == pytest.approx(shared["core_hours"] / 48)
    assert (shared["gb_figures"], shared["gb_all"]) == pytest.approx((0.01, 0.1))


@pytest.mark.slow
def test_what_sweeps_cost_is_measured(tmp_path: Path) -> None:
    store = bench.fans(200, tmp_path, engine="serial")
    assert (store["runs"], store["months"]) == (200, 192)
    assert 0 < store["fan_seconds"] < 0.5
    assert store["bytes_ts"] < 192 * store["series"] * 4, "compressed"
    found = {"machine": {"cores": 1, "python": "3"}, "branch": bench.BRANCH, "until": bench.UNTIL, "store": store}
    rows = planning.rows({**found, "scales": [bench.played(0.02, 1, tmp_path)]})
    assert len(rows) == 2 and all(len(row) == len(planning.HEADS) for row in rows)
    assert float(rows[1][2]) > float(rows[0][2]), "a past that is not shared costs"
