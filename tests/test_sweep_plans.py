"""Designs and plans of sweeps: what may be asked, which points are drawn, which runs are planned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from designs import stub, written

from experiments.errors import RequestError
from experiments.sweeps import create, estimate, plan, points
from experiments.sweeps.design import Keep, Uncertainties

SAMPLED = (
    '[uncertainties]\nmethod = "{method}"\npoints = {points}\nnames = ["capital.persistence", "licensing.friction"]\n'
)


# --- designs


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("replicats = 3", ["design.toml:1: unknown key 'replicats'; nearest: replicates"]),
        ('scenarios = ["decoupeling"]', ["nearest: decoupling"]),
        ("scenarios = []", ["scenarios:"]),
        ("replicates = 0\nscale = 20", ["2 mistakes", "design.toml:1: replicates", "design.toml:2: scale"]),
        ('branch = "2041-01"', ["must lie after 2000-01"]),
        ('until = "2050-01"', ["until: 2050-01 is too late"]),
        ("[levers]\n\"licensing.serch_breadth\" = [2]\n\"capital.supply\" = [1e9]", ["2 mistakes", "nearest: licensing.search_breadth", "capital.supply' cannot be 1e+09"]),
        ('[levers]\n"capital.supply" = []', ["levers.capital.supply"]),
        ("[uncertainties]\npoints = 4", ["the design is empty"]),
        ('[uncertainties]\nnames = ["capital.persistence"]', ["points is missing"]),
        ('[uncertainties]\nmethod = "sobel"\npoints = 4\nnames = ["x"]', ["nearest: sobol"]),
        ('[uncertainties]\npoints = 4\nnames = ["capital.persistance"]', ["nearest: capital.persistence"]),
        ('[uncertainties]\npoints = 4\nranges = {"capital.persistence" = [0.9, 0.1]}', ["is empty"]),
        ('[levers]\n"trials.recruitment" = [1]\n[uncertainties]\npoints = 4\nnames = ["trials.recruitment.CN"]', ["cover the same values"]),
        ('[uncertainties]\nmethod = "table"', ["give rows, or a CSV file"]),
        ('[uncertainties]\nmethod = "table"\nfile = "none.csv"', ["none.csv: cannot be read"]),
        ("scenarios = [", ["not valid TOML"]),
    ],
)  # fmt: skip
def test_mistakes_are_told_at_once(tmp_path: Path, text: str, messages: list[str]) -> None:
    with pytest.raises(RequestError) as refused:
        create.requested(written(tmp_path, text))
    for message in messages:
        assert message in str(refused.value)


def test_ranges_are_those_of_the_parameter_files(tmp_path: Path) -> None:
    request = create.requested(written(tmp_path, SAMPLED.format(method="grid", points=9)))
    assert request.bounds["capital.persistence"] == (0.4, 0.85)
    assert request.points.values[:, 0].min() == 0.4
    assert request.points.values[:, 0].max() == 0.85


@pytest.mark.parametrize(
    ("method", "asked", "got", "structure"),
    [
        ("grid", 10, 9, "plain"),
        ("latin-hypercube", 10, 10, "plain"),
        ("sobol", 10, 10, "plain"),
        ("sobol", 64, 64, "saltelli"),
        ("morris", 10, 9, "trajectories"),
    ],
)
def test_methods_draw_points(method: str, asked: int, got: int, structure: str) -> None:
    given = Uncertainties(method=method, points=asked, names=["a", "b"])  # type: ignore[arg-type]
    bounds = {"a": (0.0, 1.0), "b": (10.0, 20.0)}
    sample = points.draw(given, bounds, 1)
    assert sample.values.shape == (got, 2)
    assert sample.structure == structure
    assert bool(sample.note) == (got != asked or (method, structure) == ("sobol", "plain"))
    assert (sample.values >= [0, 10]).all()
    assert (sample.values <= [1, 20]).all()
    assert np.array_equal(sample.values, points.draw(given, bounds, 1).values)
    assert method == "grid" or not np.array_equal(sample.values, points.draw(given, bounds, 2).values)


def test_a_table_of_points_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("capital.persistence,licensing.friction\n0.5,0.1\n0.6,0.2\n")
    request = create.requested(written(tmp_path, '[uncertainties]\nmethod = "table"\nfile = "points.csv"'))
    assert request.points.names == ("capital.persistence", "licensing.friction")
    assert request.points.values.tolist() == [[0.5, 0.1], [0.6, 0.2]]


def test_an_empty_design_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.toml").write_text("# nothing yet\n")
    with pytest.raises(RequestError, match=r"empty\.toml: says nothing"):
        create.requested(tmp_path / "empty.toml")


# --- plans


def test_points_are_the_product_and_samples_vary_fastest() -> None:
    sample = points.Sample(("s",), ((0, 1),), np.array([[0.1], [0.2]]))
    found = points.all_points(["a", "b"], {"l": [1, 2]}, sample)
    assert found.scenario.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert found.values.tolist() == [[1, 0.1], [1, 0.2], [2, 0.1], [2, 0.2]] * 2


def test_seeds_depend_on_entropy_and_replicate_alone(tmp_path: Path) -> None:
    found = points.all_points(["a"], {"l": [1, 2]}, points.nothing())
    plan.write(tmp_path / "common", found, 3, 7, common=True)
    plan.write(tmp_path / "own", found, 3, 7, common=False)
    common, own = (pq.read_table(tmp_path / name).to_pandas() for name in ("common", "own"))
    assert common.groupby("replicate").seed.nunique().tolist() == [1, 1, 1]
    assert common.seed.nunique() == 3
    assert own.seed.nunique() == 6
    assert plan.seed_of(7, 1) == common.seed[2] != plan.seed_of(8, 1)


def test_rows_of_a_chunk_may_lie_in_two_groups(tmp_path: Path) -> None:
    found = points.all_points(["a"], {"l": np.arange(plan.ROWS + 50.0).tolist()}, points.nothing())
    plan.write(tmp_path / "plan", found, 1, 7, common=True)
    chunk = plan.rows_of(tmp_path / "plan", plan.ROWS - 10, plan.ROWS + 10)
    assert [row["run"] for row in chunk] == [row["l"] for row in chunk] == list(range(plan.ROWS - 10, plan.ROWS + 10))


@pytest.mark.parametrize(("runs", "workers"), [(1, 2), (8, 2), (1000, 2), (10_000, 3), (100_000, 200)])
def test_chunks_cover_all_runs_at_least_four_a_worker(runs: int, workers: int) -> None:
    bounds = plan.chunk_bounds(runs, workers)
    sizes = np.diff(bounds)
    assert bounds[0] == 0
    assert bounds[-1] == runs
    assert (sizes > 0).all()
    assert sizes.max() <= plan.LARGEST_CHUNK
    assert len(sizes) >= min(4 * workers, runs)


def test_series_are_kept_up_to_twenty_thousand_runs() -> None:
    request = create.checked(stub())
    large = create.checked(stub(replicates=2001))
    assert (request.keep, large.keep) == ("all", "none")
    assert create.checked(stub(replicates=2001, keep=Keep(runs="sample"))).keep == "sample"
    told = estimate.estimate(large, 2)
    assert told["runs"] == 20_010
    assert told["megabytes"] > 20
    assert told["hours"] == pytest.approx(told["core_hours"] / 2, rel=0.01)
