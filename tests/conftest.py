"""What several test files share: a run too small to matter, values and tables, and the command line as a process."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from model.values import Values
from viz.explore.source import FolderSource

pytest_plugins = ["app_fixtures", "crashes", "twins"]
ROOT = Path(__file__).resolve().parent.parent
Pharmarket = Callable[..., subprocess.CompletedProcess[str]]


def engine_is_there() -> bool:
    """Whether the market itself can be imported."""
    return hasattr(importlib.import_module("model"), "PharmaMarket")


needs_engine = pytest.mark.skipif(not engine_is_there(), reason="the market is not there")


def environment(**changes: str) -> dict[str, str]:
    """The environment of a process that imports this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **changes}


@pytest.fixture
def pharmarket(tmp_path: Path) -> Pharmarket:
    """Run the command line in an empty folder; returns the finished process with its texts."""

    def call(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "experiments.cli", *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment(**changes), capture_output=True, text=True, timeout=300
        )

    return call


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a small run to 2014, for everything that only reads."""
    from experiments.commands import play_and_write
    from experiments.settings import Settings

    out = tmp_path_factory.mktemp("small") / "run"
    play_and_write(Settings(("baseline",), 1, 0.05, "2000-01", "2014-12", {}), out, 0.0, quiet=True)
    return out


@pytest.fixture(scope="module")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One cache for all tests of a file, away from that of the user."""
    place = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(place))
        yield place


@pytest.fixture(scope="session")
def source(run_folder: Path) -> FolderSource:
    """The tables of the small run as the Explore page reads them."""
    return FolderSource(run_folder)


@pytest.fixture(scope="session")
def values() -> Values:
    """The named values of the baseline."""
    return Values.load()


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    """Two small tables with every kind of column that results have."""
    months = pd.Series(pd.to_datetime(["2000-01-01", "2000-02-01", None]).astype("datetime64[s]"))
    assets = pd.DataFrame(
        {
            "asset": [2**60, 2, 3],
            "area": ["oncology", None, "oncology"],
            "orphan": [True, False, True],
            "novelty": [0.5, float("nan"), 1.0],
            "started": months,
            "phase": pd.Categorical(["phase1", "phase2", "phase1"]),
            "regions": [["US", "CN"], [], ["JP"]],
        }
    )
    return {"assets": assets, "events": assets[["started", "area"]].iloc[:0]}
