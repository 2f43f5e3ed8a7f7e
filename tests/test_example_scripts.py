"""The scripts of docs/examples, in a small world."""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT, needs_engine

pytestmark = [needs_engine, pytest.mark.slow]

SMALL = {"scale": 0.02, "branch": "2000-07", "until": "2000-12", "engine": "serial"}


def script(name: str) -> ModuleType:
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "examples" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_if(tmp_path: Path) -> None:
    found = script("what_if").main(tmp_path / "sweep", seeds=3, **SMALL)
    assert found["count"].to_dict() == {"baseline": 3, "decoupling": 3}
    assert "decoupling" in (tmp_path / "sweep" / "fan.svg").read_text("utf-8")


def test_sensitivity(tmp_path: Path) -> None:
    found = script("sensitivity").main(tmp_path / "sweep", trajectories=3, seeds=1, **SMALL | {"until": "2001-12"})
    effect = found[found.label == "Venture capital"].set_index("name").value
    assert effect.idxmax() == "capital.supply" and effect["capital.supply"] > 0


def test_discovery(tmp_path: Path) -> None:
    found = script("discovery").main(tmp_path / "sweep", points=40, **SMALL | {"until": "2001-12"})
    prim = found[(found.method == "prim") & (found.box == 1)].set_index("name")
    assert prim.coverage.iloc[0] > 0.5 and prim.high["capital.supply"] < 1.2


def test_calibration() -> None:
    module = script("calibration")
    small = {"seeds": 1, "scale": 0.02, "until": "2000-06"}
    study = module.main(module.venture(1.5, **small), trials=12, **small)
    assert study.best_value < study.trials[0].value / 2


def test_on_slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a cluster of this machine in the place of SLURM's."""
    from distributed import LocalCluster

    class Cluster(LocalCluster):
        def __init__(self, *, cores: int, processes: int, job_script_prologue: list[str], **_: object) -> None:
            assert cores == processes == 1 and any("MALLOC_TRIM" in line for line in job_script_prologue)
            super().__init__(n_workers=0, threads_per_worker=1, dashboard_address=None)

        def scale(self, count: int = 0, *, jobs: int = 0) -> None:
            super().scale(count or jobs)

    monkeypatch.setitem(sys.modules, "dask_jobqueue", types.SimpleNamespace(SLURMCluster=Cluster))
    design = tmp_path / "design.toml"
    design.write_text('scale = 0.02\nuntil = "2000-03"\nreplicates = 2\n', "utf-8")
    folder = script("on_slurm").main(design, tmp_path / "sweep", jobs=1, cores=1)
    assert list((folder / "runs").glob("*.parquet"))
