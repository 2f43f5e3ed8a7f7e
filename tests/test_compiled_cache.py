"""Compiled loops follow their sources, also those in other files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from model import kernels
from model.kernels import drop_outdated

HELPER = "from numba import njit\n\n@njit\ndef rate():\n    return {}\n"
LOOP = "from numba import njit\nfrom loops.helper import rate\n\n@njit(cache=True)\ndef doubled():\n    return 2 * rate()\n"
PACKAGE = """
from pathlib import Path
from model.kernels import drop_outdated
here = Path(__file__).parent
drop_outdated(sorted(here.glob("*.py")), here / "__pycache__")
"""


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    files = [tmp_path / "one.py", tmp_path / "two.py"]
    for file in files:
        file.write_text("rate = 1\n", "utf-8")
    return files


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


def compiled(folder: Path) -> list[Path]:
    files = [folder / "one.doubled.nbi", folder / "one.doubled.1.nbc"]
    for file in files:
        file.write_bytes(b"")
    return files


def test_present_loops_are_kept(sources: list[Path], kept: Path) -> None:
    assert drop_outdated(sources, kept)
    files = compiled(kept)
    assert not drop_outdated(sources, kept)
    assert all(file.exists() for file in files)


def test_outdated_loops_are_dropped_once(sources: list[Path], kept: Path) -> None:
    drop_outdated(sources, kept)
    files, other = compiled(kept), kept / "one.cpython.pyc"
    other.write_bytes(b"")
    sources[1].write_text("rate = 2\n", "utf-8")
    assert drop_outdated(sources, kept)
    assert not any(file.exists() for file in files)
    assert other.exists()
    assert not drop_outdated(sources, kept)


def test_a_missing_folder_is_left_alone(sources: list[Path], tmp_path: Path) -> None:
    assert not drop_outdated(sources, tmp_path / "nowhere")


def test_every_source_of_the_loops_is_watched() -> None:
    assert all(file.is_file() for file in kernels.SOURCES)


def test_a_loop_follows_a_function_of_another_file(tmp_path: Path) -> None:
    package = tmp_path / "loops"
    package.mkdir()
    (package / "__init__.py").write_text(PACKAGE, "utf-8")
    (package / "loop.py").write_text(LOOP, "utf-8")
    found = []
    for rate in (1, 20):
        (package / "helper.py").write_text(HELPER.format(rate), "utf-8")
        done = subprocess.run(
            [sys.executable, "-c", "from loops.loop import doubled; print(doubled())"],
            capture_output=True, text=True, check=True, env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[1]}"},
        )  # fmt: skip
        found.append(int(done.stdout))
    assert found == [2, 40]
