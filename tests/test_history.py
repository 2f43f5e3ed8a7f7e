"""A history comes back from the cache as it was played, is shared where the rules are the same, and heals itself."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from worlds import base

from experiments import cache, compiled, history
from experiments.history import key_of, market_at, world_at
from experiments.variants import Variant
from model import PharmaMarket
from model.storage import content_hash
from scenarios import Scenario

SCALE, MONTH, END = 0.02, 30, 42
BASELINE = Variant()
LATER = Variant(
    ("baseline", Scenario(name="later", title="Later", change=[{"value": "capital.supply", "set": 0.3, "from": "2002-08"}]))
)  # fmt: skip
EARLIER = Variant(
    ("baseline", Scenario(name="earlier", title="Earlier", change=[{"value": "capital.supply", "set": 0.3, "from": "2002-06"}]))
)  # fmt: skip


def whole(variant: Variant, until: int) -> str:
    """Digest of the state of a run without branch and cache."""
    market = PharmaMarket(list(variant.scenarios), rng=3, scale=SCALE, changes=dict(variant.changes))
    return content_hash(market.run_until(until).world)


@pytest.mark.parametrize("variant", [BASELINE, LATER, Variant(changes={"licensing.search_breadth": 9.0})])
def test_a_branch_plays_on_like_the_whole_run(variant: Variant, tmp_path: Path) -> None:
    """Played anew and from the cache; with nothing changed, a change after the branch, and one for the whole run."""
    expected = whole(variant, END)
    for _ in range(2):
        market = market_at(variant, 3, SCALE, MONTH, tmp_path)
        assert market.month == MONTH
        assert content_hash(market.run_until(END - MONTH).world) == expected
    assert len(list(tmp_path.iterdir())) == 1


def test_a_history_from_the_cache_is_a_whole_market(tmp_path: Path) -> None:
    world_at(BASELINE, 3, SCALE, MONTH, tmp_path)
    market = market_at(BASELINE, 3, SCALE, MONTH, tmp_path).run_until(2)
    assert market.steps == len(market.datacollector.get_model_vars_dataframe()) == MONTH + 2
    assert len(market.indicators) == MONTH + 2
    assert {name: len(market.table(name)) for name in market.table_names}


def test_variants_that_differ_later_share_a_history() -> None:
    assert key_of(LATER, 3, SCALE, MONTH) == key_of(LATER, 3, SCALE, MONTH) == key_of(BASELINE, 3, SCALE, MONTH)


@pytest.mark.parametrize(
    ("variant", "seed", "scale", "month"),
    [(EARLIER, 3, SCALE, MONTH), (LATER, 3, SCALE, MONTH + 2), (BASELINE, 4, SCALE, MONTH), (BASELINE, 3, 0.03, MONTH),
     (BASELINE, 3, SCALE, MONTH - 1), (Variant(changes={"licensing.search_breadth": 9.0}), 3, SCALE, MONTH)],
)  # fmt: skip
def test_what_decides_a_history_is_in_its_key(variant: Variant, seed: int, scale: float, month: int) -> None:
    assert key_of(variant, seed, scale, month) != key_of(BASELINE, 3, SCALE, MONTH)


def test_other_code_has_other_histories(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of(BASELINE, 3, SCALE, MONTH)
    monkeypatch.setattr(history, "code_digest", lambda library: f"other code {library}")
    assert key_of(BASELINE, 3, SCALE, MONTH) != before


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign"])
def test_a_damaged_file_is_made_anew(damage: str, tmp_path: Path) -> None:
    expected = content_hash(world_at(BASELINE, 3, SCALE, MONTH, tmp_path))
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2  # a run of bytes, so that not only padding is hit
    content[middle : middle + 4096] = bytes(byte ^ 0xFF for byte in content[middle : middle + 4096])
    spoilt = {"cut": content[:-2000], "flipped": content, "empty": b"", "foreign": b"no archive at all"}
    path.write_bytes(bytes(spoilt[damage]))
    assert cache.get(tmp_path, path.stem) is None
    assert content_hash(world_at(BASELINE, 3, SCALE, MONTH, tmp_path)) == expected
    assert cache.get(tmp_path, path.stem) is not None


def test_a_file_without_all_arrays_is_made_anew(tmp_path: Path) -> None:
    cache.keep(tmp_path, key_of(BASELINE, 3, SCALE, MONTH), {"month": np.asarray(MONTH)})
    assert world_at(BASELINE, 3, SCALE, MONTH, tmp_path).month == MONTH


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    arrays = {
        "flags": np.array([True, False]),
        "square": np.arange(6, dtype=np.int16).reshape(2, 3),
        "none": np.empty((0, 4)),
        "number": np.asarray(7.5),
        "names": np.array(["a", "bc"]),
    }
    cache.keep(tmp_path, "key", arrays)
    back = cache.get(tmp_path, "key")
    assert back is not None
    assert list(back) == list(arrays)
    for name, array in arrays.items():
        assert (back[name].dtype, back[name].shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(back[name], array)
        assert back[name].flags.writeable


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    block = {"noise": np.random.default_rng(1).integers(0, 256, 10_000, np.uint8)}
    for age, key in enumerate(("new", "middle", "old")):
        cache.keep(tmp_path, key, block)
        os.utime(tmp_path / f"{key}.npz", (1e9 - age, 1e9 - age))
    assert cache.get(tmp_path, "old") is not None  # and now it is the one used last
    cache.keep(tmp_path, "newest", block, largest=35_000)
    assert {path.stem for path in tmp_path.iterdir()} == {"newest", "old", "new"}


def test_files_that_were_never_finished_go(tmp_path: Path) -> None:
    for name, age in (("fresh", 60), ("abandoned", 7200)):
        path = tmp_path / f".{name}.1.partial"
        path.write_bytes(b"half a file")
        os.utime(path, (time.time() - age, time.time() - age))
    cache.keep(tmp_path, "key", {"number": np.asarray(1)})
    assert sorted(path.name for path in tmp_path.iterdir()) == [".fresh.1.partial", "key.npz"]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert world_at(BASELINE, 3, SCALE, 1, tmp_path / "file").month == 1


def test_the_cache_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.folder("history") == tmp_path / "pharmarket" / "history"


def test_who_has_no_home_has_no_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", str)  # a user that the system does not know
    place = cache.folder("history")
    cache.keep(place, "key", {"a": np.zeros(1)})
    assert cache.get(place, "key") is None
    assert list(tmp_path.iterdir()) == []


def test_compiled_loops_have_a_place_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Path(os.devnull) / "kernels"
    monkeypatch.setenv(compiled.PLACE, "")
    monkeypatch.delenv(compiled.PLACE)
    monkeypatch.setattr(compiled, "user_cache", lambda _: nowhere)
    compiled.find_place()
    assert (compiled.PLACE in os.environ) != compiled.writable(compiled.SOURCES)
    monkeypatch.setattr(compiled, "SOURCES", nowhere)
    compiled.find_place()
    assert Path(os.environ[compiled.PLACE]).is_dir()


def test_what_is_kept_is_what_was_played(tmp_path: Path) -> None:
    market = base(scale=SCALE, months=MONTH, seed=3)
    assert content_hash(world_at(BASELINE, 3, SCALE, MONTH, tmp_path)) == content_hash(market.world)
    assert cache.get(tmp_path, key_of(LATER, 3, SCALE, MONTH)) is not None
