"""Stores of sweeps: what is on disk, what belongs to it, and what the command tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Pharmarket
from designs import stub, written

from experiments import history
from experiments.errors import RequestError
from experiments.sweeps import quantiles, rows
from experiments.sweeps.design import Design
from experiments.sweeps.driver import sweep
from experiments.sweeps.status import status
from experiments.sweeps.store import Store

TINY = """
scenarios = ["baseline", "decoupling"]
replicates = 2
scale = 0.01
branch = "2000-04"
until = "2000-06"
[levers]
"licensing.search_breadth" = [2, 10]
"""


def read(store: Store, kind: str) -> pa.Table:
    return pa.concat_tables([pq.read_table(path) for path in sorted((store.folder / kind).glob("*.parquet"))])


def test_a_sweep_of_markets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run is a row, pasts are played once per seed, and processes give the same as one process."""
    played: list[int] = []
    real = history.played_world
    monkeypatch.setattr(history, "played_world", lambda v, seed, s, m: played.append(seed) or real(v, seed, s, m))
    design = written(tmp_path, TINY)
    store = sweep(design, tmp_path / "serial", engine="serial")
    runs, series, events = (read(store, kind) for kind in ("runs", "ts", "events"))
    assert runs.column("run").to_pylist() == list(range(8))
    assert set(runs.column("status").to_pylist()) == {"ok"}
    assert len(played) == len(set(played)) == 2, "one past per seed: the scenarios differ later only"
    assert series.num_rows == 8 * 3
    assert series.column_names[:2] == ["run", "month"]
    assert events.column_names[0] == "run"
    assert np.allclose(np.unique(np.diff(series.column("run").to_numpy())), [0, 1])
    other = sweep(design, tmp_path / "local", workers=2)
    assert status(other.folder)["content_hash"] == status(store.folder)["content_hash"] == rows.store_hash(store)
    assert sorted(path.name for path in other.folder.iterdir()) == [
        "events",
        "plan.parquet",
        "runs",
        "sweep.json",
        "ts",
    ]


def test_values_hold_from_the_start_without_a_branch(tmp_path: Path) -> None:
    from experiments.run import run as play_one

    design = Design.model_validate({"scale": 0.01, "until": "2000-03", "levers": {"capital.supply": [0.8]}})
    store = sweep(design, tmp_path / "sweep", engine="serial")
    first = pq.read_table(store.folder / "plan.parquet").to_pylist()[0]
    plain = play_one("baseline", first["seed"], scale=0.01, until="2000-03", changes={"capital.supply": 0.8})
    found = read(store, "ts")
    for name in ("venture", "pipeline_assets", "net_sales"):
        assert found.column(name).to_numpy() == pytest.approx(plain.indicators[name].to_numpy(), rel=1e-6)
    total = read(store, "runs").column("venture")[0].as_py()
    assert total == pytest.approx(plain.indicators.venture.sum() / 1000, rel=1e-5), "bn US$ over the horizon"


def test_independent_replicates_share_no_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[int] = []
    real = history.played_world
    monkeypatch.setattr(history, "played_world", lambda v, seed, s, m: played.append(seed) or real(v, seed, s, m))
    text = TINY.replace('"baseline", "decoupling"', '"baseline"').replace(
        "replicates = 2", "common_random_numbers = false"
    )
    store = sweep(written(tmp_path, text), tmp_path / "sweep", engine="serial")
    assert read(store, "runs").column("status").to_pylist() == ["ok", "ok"]
    assert sorted(played) == sorted(pq.read_table(store.folder / "plan.parquet").column("seed").to_pylist())
    assert len(set(played)) == 2


def test_another_design_is_refused(tmp_path: Path) -> None:
    sweep(stub(), tmp_path / "sweep", engine="serial", player="sweep_player")
    for changed, what in [(stub(entropy=2), "entropy"), (stub(replicates=2), "the design")]:
        with pytest.raises(RequestError, match=f"{what} changed since it began"):
            sweep(changed, tmp_path / "sweep", engine="serial", player="sweep_player")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    with pytest.raises(RequestError, match="holds other files"):
        sweep(stub(), tmp_path / "mine", engine="serial", player="sweep_player")


def test_a_scenario_that_changes_is_refused(tmp_path: Path) -> None:
    """The rules travel with the sweep, so that its runs read no other file; another version of them is another sweep."""
    mine = tmp_path / "mine.toml"
    text = 'title = "Mine"\nextends = ["baseline"]\n[[change]]\nvalue = "capital.supply"\nset = 0.8\nfrom = "2001-01"\n'
    mine.write_text(text)
    store = sweep(stub(scenarios=[str(mine)]), tmp_path / "sweep", engine="serial", player="sweep_player")
    assert '"set": 0.8' in store.rules[str(mine)]
    mine.write_text(text.replace("0.8", "0.9"))
    with pytest.raises(RequestError, match="the scenarios' rules changed since it began"):
        sweep(stub(scenarios=[str(mine)]), tmp_path / "sweep", engine="serial", player="sweep_player")


def test_another_model_is_refused(tmp_path: Path) -> None:
    store = sweep(stub(), tmp_path / "sweep", engine="serial", player="sweep_player")
    about = json.loads((store.folder / "sweep.json").read_text())
    about["identity"]["model"] = "another"
    (store.folder / "sweep.json").write_text(json.dumps(about))
    with pytest.raises(RequestError, match="code or data of the model changed"):
        sweep(stub(), tmp_path / "sweep", engine="serial", player="sweep_player")


@pytest.mark.parametrize(("keep", "kept"), [("all", 30), ("sample", 5), ("none", 0)])
def test_keep_policies(tmp_path: Path, keep: str, kept: int) -> None:
    design = stub(keep={"runs": keep, "sample": 5})
    store = sweep(design, tmp_path / "sweep", engine="serial", player="sweep_player")
    series = list((store.folder / "ts").glob("*.parquet"))
    assert len(set(read(store, "ts").column("run").to_pylist()) if series else ()) == kept
    assert read(store, "runs").num_rows == 30


def test_quantiles_take_the_place_of_series(tmp_path: Path) -> None:
    every = sweep(stub(), tmp_path / "all", engine="serial", player="sweep_player")
    store = sweep(stub(keep={"runs": "quantiles"}), tmp_path / "quantiles", engine="serial", player="sweep_player")
    assert [path.name for path in (store.folder / "ts").iterdir()] == ["quantiles.parquet"]
    found = pq.read_table(store.folder / "ts" / "quantiles.parquet").to_pandas()
    expected = read(every, "ts").to_pandas().groupby("month").x.quantile([0.05, 0.5, 0.95])
    got = found.set_index(["month", "quantile"]).x
    assert np.allclose(got.loc[expected.index], expected, rtol=1e-6)
    assert set(found.runs) == {30}
    assert status(store.folder)["content_hash"] == rows.store_hash(store)


def test_quantiles_in_small_blocks_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The more runs, the fewer series and months at a time: what is in memory stays, and so do the numbers."""
    design = stub(keep={"runs": "quantiles"})
    whole = sweep(design, tmp_path / "whole", engine="serial", player="sweep_player")
    sizes, real = [], quantiles._read

    def read_block(*given: Any) -> Any:
        sizes.append((block := real(*given)).size)
        return block

    monkeypatch.setattr(quantiles, "VALUES_AT_A_TIME", 210)
    monkeypatch.setattr(quantiles, "_read", read_block)
    parts = sweep(design, tmp_path / "parts", engine="serial", player="sweep_player")
    assert len(sizes) > 2
    assert max(sizes) <= 210
    first, second = (pq.read_table(one.folder / "ts" / quantiles.FILE) for one in (whole, parts))
    assert first.equals(second)


def test_the_hash_knows_rows_not_order_hosts_or_seconds() -> None:
    table = pa.table(
        {"run": [1, 2], "x": [0.5, float("nan")], "seconds": [1.0, 2.0], "host": ["a", "b"], "s": ["u", None]}
    )
    same = pa.table(
        {"run": [2, 1], "x": [float("nan"), 0.5], "seconds": [5.0, 6.0], "host": ["c", "d"], "s": [None, "u"]}
    )
    other = pa.table({"run": [1, 2], "x": [0.5, 0.0], "seconds": [1.0, 2.0], "host": ["a", "b"], "s": ["u", None]})
    assert rows.hash_of([table]) == rows.hash_of([same]) != rows.hash_of([other])
    parts = [table.slice(0, 1), table.slice(1, 1)]
    assert rows.total(rows.hash_of([part]) for part in parts) == rows.hash_of([table])


def test_the_command(pharmarket: Pharmarket, tmp_path: Path) -> None:
    written(tmp_path, TINY.replace("replicates = 2", "replicates = 1"))
    told = pharmarket("sweep", "design.toml", "--estimate")
    assert "4 points, 4 runs" in told.stdout
    assert pharmarket("sweep", "design.toml").returncode == 2, "where to?"
    assert not (tmp_path / "out").exists()
    done = pharmarket("sweep", "design.toml", "--out", "out", "--workers", "1", "--json")
    assert done.returncode == 0, done.stderr
    assert "4 runs of about" in done.stderr
    found = json.loads(done.stdout)
    assert (found["done"], found["ok"], found["complete"]) == (4, 4, True)
    assert json.loads(pharmarket("sweep", "status", "out", "--json").stdout) == found
    refused = pharmarket("sweep", "status", ".")
    assert refused.returncode == 2
    assert "is no sweep" in refused.stderr
    for words in (["design.toml", "more"], ["status"], ["design.toml", "--out", "x", "--engine", "dask"]):
        assert pharmarket("sweep", *words).returncode == 2


def test_points_with_the_values_of_the_baseline_change_nothing(tmp_path: Path) -> None:
    """A run after a branch is the plain run of its seed where it sets what holds anyway."""
    from experiments.run import run as play_one

    shared = {"scale": 0.01, "branch": "2000-03", "until": "2000-05"}
    design = Design.model_validate({**shared, "levers": {"licensing.search_breadth": [5]}})
    store = sweep(design, tmp_path / "sweep", engine="serial")
    seed = pq.read_table(store.folder / "plan.parquet").to_pylist()[0]["seed"]
    plain = play_one("baseline", seed, scale=0.01, until="2000-05").indicators
    assert read(store, "ts").column("preclinical").to_pylist() == plain.preclinical.iloc[2:].tolist()
    assert read(store, "ts").column("rd_spend").to_numpy() == pytest.approx(
        plain.rd_spend.iloc[2:].to_numpy(), rel=1e-6
    )


@pytest.mark.parametrize(("options", "message"), [
    (("--part", "3/2"), "part: '3/2' is no part"),
    (("--engine", "loca"), "engine: 'loca' is unknown"),
    (("--out", "design.toml"), "out: design.toml is a file"),
])  # fmt: skip
def test_wrong_options_are_told_before_anything_is_reckoned(
    pharmarket: Pharmarket, tmp_path: Path, options: tuple[str, str], message: str
) -> None:
    (tmp_path / "design.toml").write_text("replicates = 2\n")
    done = pharmarket("sweep", "design.toml", "--out", "out", *options)
    assert done.returncode == 2 and done.stderr.startswith(f"pharmarket: {message}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["design.toml"]
