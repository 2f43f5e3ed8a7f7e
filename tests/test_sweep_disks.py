"""Sweeps on disks that are full, read-only or damaged: another call finishes what is missing, part by part."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from crashes import DESIGN, PLAYER, assert_clean, assert_whole

from experiments.errors import RunError
from experiments.sweeps import files, rows
from experiments.sweeps.driver import sweep
from experiments.sweeps.status import status


@pytest.mark.parametrize("writes", [0, 1, 4, 9, 40])
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path, expected: str, writes: int) -> None:
    """The disk is full at some file: a clear error, and a store that another call finishes."""
    left = [writes]
    real = files.sync

    def sync(path: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(path)

    monkeypatch.setenv("PLAYER_SECONDS", "0")
    with monkeypatch.context() as full:
        full.setattr(files, "sync", sync)
        with pytest.raises(RunError, match="No space left on device"):
            sweep(DESIGN, tmp_path / "sweep", engine="serial", player=PLAYER)
    assert not list((tmp_path / "sweep").rglob("*.partial-*"))
    sweep(DESIGN, tmp_path / "sweep", engine="serial", player=PLAYER)
    assert_whole(tmp_path / "sweep", expected, log, 0)


@contextlib.contextmanager
def mounted(place: Path, *options: str) -> Iterator[None]:
    """A small disk of its own, where the system lets us have one."""
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", str(place)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_is_really_full_and_then_read_only(tmp_path: Path, log: Path, expected: str) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "-o", "size=160k"):
        with pytest.raises(RunError, match="No space left on device; what is finished is kept"):
            sweep(DESIGN, disk / "sweep", workers=2, player=PLAYER)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(RunError, match="Read-only file system"):
            sweep(DESIGN, disk / "sweep", workers=2, player=PLAYER)
        subprocess.run(["mount", "-o", "remount,rw,size=9m", str(disk)], check=True)
        sweep(DESIGN, disk / "sweep", workers=2, player=PLAYER)
        assert_whole(disk / "sweep", expected, log, 4)


def test_a_damaged_chunk_is_played_again(tmp_path: Path, expected: str) -> None:
    store = sweep(DESIGN, tmp_path / "sweep", engine="serial", player=PLAYER)
    path = store.file("runs", 2)
    path.write_bytes(path.read_bytes()[:-40])
    assert status(store.folder)["complete"] is False
    sweep(DESIGN, tmp_path / "sweep", engine="serial", player=PLAYER)
    assert rows.store_hash(store) == expected


def test_parts_side_by_side(tmp_path: Path, expected: str) -> None:
    for part in range(3):
        store = sweep(DESIGN, tmp_path / "sweep", engine="serial", part=(part, 3), player=PLAYER)
        assert status(store.folder)["complete"] is (part == 2)
    assert_clean(store.folder)
    assert rows.store_hash(store) == expected
