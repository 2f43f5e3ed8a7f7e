"""A saved market comes back whole and plays on like the original, or says why it cannot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from own_behaviour import Counting
from worlds import LIVELY, base, digest, fork

from agents import Payer
from model import PharmaMarket, storage
from model.logs import Log
from model.storage import content_hash
from model.tables import Table
from scenarios import Scenario

WIDER = Scenario(name="wider", title="Wider", change=[{"value": "licensing.search_breadth", "scale": 1.5}])


@pytest.fixture(scope="module")
def market() -> PharmaMarket:
    return base(scale=0.1, months=17, changes=LIVELY)


@pytest.fixture
def saved(market: PharmaMarket, tmp_path: Path) -> Path:
    market.save(tmp_path / "state")
    return tmp_path / "state"


def same(one: Any, other: Any, place: str) -> None:
    """Assert that two parts of a state hold the same, down to types."""
    assert type(one) is type(other), place
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, place
        np.testing.assert_array_equal(one, other, err_msg=place)
    elif isinstance(one, dict):
        assert list(one) == list(other) or sorted(one) == sorted(other), place
        for key in one:
            same(one[key], other[key], f"{place}.{key}")
    elif isinstance(one, Table):
        same(
            {c.name: getattr(one, c.name) for c in one.schema},
            {c.name: getattr(other, c.name) for c in other.schema},
            place,
        )
    elif isinstance(one, Log):
        same(one.arrays(), other.arrays(), place)
    elif hasattr(one, "__dict__"):
        same(vars(one), vars(other), place)
    else:
        assert one == other or (one != one and other != other), place


def test_everything_comes_back(market: PharmaMarket, saved: Path) -> None:
    """Every attribute of the world, also those that are added one day."""
    back = PharmaMarket.load(saved)
    apart = {"values", "now", "draws", "overrides"}  # rebuilt from rules, seed and behaviour
    assert set(vars(back.world)) == set(vars(market.world))
    same(
        {k: v for k, v in vars(market.world).items() if k not in apart},
        {k: v for k, v in vars(back.world).items() if k not in apart},
        "world",
    )
    assert back.values.digest() == market.values.digest()
    assert back.world.draws.seed == market.world.draws.seed
    same(dict(market.world.now), dict(back.world.now), "now")
    assert digest(back) == digest(market)
    assert (back.month, back.steps, back.scale, back.seed_number) == (17, 17, 0.1, 1)


@pytest.mark.parametrize("months", [0, 1, 17])
def test_a_loaded_market_plays_on_like_the_original(months: int, tmp_path: Path) -> None:
    original = fork(base(scale=0.1, months=0, changes=LIVELY)).run_until(months)
    original.save(tmp_path / "state")
    back = PharmaMarket.load(tmp_path / "state").run_until(18)
    original.run_until(18)
    assert content_hash(back.world) == content_hash(original.world)
    assert digest(back) == digest(original)


def test_series_of_the_data_collector_come_back(market: PharmaMarket, saved: Path) -> None:
    back = PharmaMarket.load(saved).run_until(2)
    frame = back.datacollector.get_model_vars_dataframe()
    assert len(frame) == 19
    np.testing.assert_array_equal(frame["pipeline_assets"], back.indicators["pipeline_assets"])


def test_a_branch_is_saved_with_its_rules(market: PharmaMarket, tmp_path: Path) -> None:
    """Also with what was fixed when the world was built, under the rules of then."""
    fork_ = market.branch([WIDER], changes={"access.price_base": 9000.0, "trials.patience": 3.0})
    fork_.run_until(2)
    fork_.save(tmp_path / "fork")
    back = PharmaMarket.load(tmp_path / "fork")
    assert back.values["licensing.search_breadth"] == 1.5 * market.values["licensing.search_breadth"]
    assert content_hash(back.run_until(12).world) == content_hash(fork_.run_until(12).world)


def test_a_branch_of_a_loaded_market_is_the_branch_of_the_original(market: PharmaMarket, tmp_path: Path) -> None:
    """A scenario that is there already counts once, loaded or not."""
    first = market.branch([WIDER])
    first.save(tmp_path / "first")
    again, loaded = first.branch([WIDER]), PharmaMarket.load(tmp_path / "first").branch([WIDER])
    assert loaded.values.digest() == again.values.digest() == first.values.digest()
    assert loaded.rules.changes == again.rules.changes
    assert content_hash(loaded.run_until(6).world) == content_hash(again.run_until(6).world)


def test_own_behaviour_comes_back_with_its_memory(market: PharmaMarket, tmp_path: Path) -> None:
    original = fork(market, {Payer: Counting}).run_until(12)
    assert original.world.payers.seen.sum() > 0
    original.save(tmp_path / "own")
    with pytest.raises(ValueError, match="Payer: Counting"):
        PharmaMarket.load(tmp_path / "own")
    back = storage.load(PharmaMarket, tmp_path / "own", agents={Payer: Counting})
    np.testing.assert_array_equal(back.world.payers.seen, original.world.payers.seen)
    standard = storage.load(PharmaMarket, tmp_path / "own", agents={})
    np.testing.assert_array_equal(standard.run_until(6).world.payers.seen, original.world.payers.seen)
    assert content_hash(back.run_until(6).world) == content_hash(original.run_until(6).world)
    assert back.world.payers.seen.sum() > standard.world.payers.seen.sum()


def test_load_takes_own_behaviour(market: PharmaMarket, saved: Path) -> None:
    back = PharmaMarket.load(saved, agents={Payer: Counting})
    assert len(back.agents_by_type[Counting]) == 48


def test_the_manifest_tells_what_it_is(market: PharmaMarket, saved: Path) -> None:
    manifest = json.loads((saved / "manifest.json").read_text())
    assert manifest["seed"] == 1 and manifest["scale"] == 0.1 and manifest["month"] == 17
    assert manifest["played_to"] == "2001-05" and manifest["next_month"] == "2001-06"
    assert manifest["changes"] == dict(LIVELY)
    assert manifest["rules"]["title"] == market.rules.title
    assert manifest["rows"]["assets"] == len(market.world.assets)
    assert [key for key in manifest if "hash" in key] == ["content_hash"]
    back = PharmaMarket.load(saved)
    back.save(saved)
    assert json.loads((saved / "manifest.json").read_text()) == manifest, "equal states have equal manifests"
    back.step()
    assert content_hash(back.world) != manifest["content_hash"]


# --- places


def test_an_earlier_state_is_replaced_whole(market: PharmaMarket, saved: Path) -> None:
    (saved / "log_left_over.parquet").write_bytes(b"old")
    fork(market).run_until(1).save(saved)
    assert PharmaMarket.load(saved).month == 18
    assert not (saved / "log_left_over.parquet").exists()
    assert [path.name for path in saved.parent.iterdir()] == ["state"]


def test_folders_are_made_and_texts_are_paths(market: PharmaMarket, tmp_path: Path) -> None:
    market.save(str(tmp_path / "a" / "b"))
    assert PharmaMarket.load(str(tmp_path / "a" / "b")).month == 17


@pytest.mark.parametrize("name", ["notes.txt", "manifest.json"])
def test_other_peoples_files_are_left_alone(market: PharmaMarket, tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text('{"seed": 1}')
    with pytest.raises(ValueError, match="holds other files"):
        market.save(tmp_path / "out")
    assert [path.name for path in tmp_path.rglob("*")] == ["out", name]


def test_a_file_is_no_folder(market: PharmaMarket, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ValueError, match="is a file"):
        market.save(tmp_path / "out")


@pytest.mark.parametrize("failing", ["write", "replace"])
def test_a_failure_keeps_the_earlier_state_and_nothing_else(
    market: PharmaMarket, saved: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(*given: Any, **named: Any) -> None:
        raise OSError("No space left on device")

    if failing == "write":
        monkeypatch.setattr(np, "savez", fail)
    else:
        monkeypatch.setattr(storage, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        fork(market).run_until(1).save(saved)
    with pytest.raises(OSError, match="No space"):
        market.save(saved.parent / "fresh")
    assert [path.name for path in saved.parent.iterdir()] == ["state"]
    assert PharmaMarket.load(saved).month == 17


# --- what cannot be loaded


def test_what_is_no_state_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no saved state"):
        PharmaMarket.load(tmp_path / "nowhere")
    for text in ("", "{}", "[]", '{"format": "something else"}'):
        (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(ValueError, match="no saved state"):
            PharmaMarket.load(tmp_path)


def edit(folder: Path, **changes: Any) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, **changes}))


def test_another_version_is_refused(saved: Path) -> None:
    edit(saved, format_version=99)
    with pytest.raises(ValueError, match="format version 99"):
        PharmaMarket.load(saved)


@pytest.mark.parametrize("name", ["assets.parquet", "arrays.npz", "log_events.parquet"])
@pytest.mark.parametrize("how", ["missing", "cut short"])
def test_damage_is_told(saved: Path, name: str, how: str) -> None:
    path = saved / name
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ValueError, match="damaged"):
        PharmaMarket.load(saved)


def test_a_change_of_content_is_told(saved: Path) -> None:
    edit(saved, month=16)
    with pytest.raises(ValueError, match="not what was saved"):
        PharmaMarket.load(saved)


def test_tables_of_another_schema_are_refused(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq

    table = pq.read_table(saved / "firms.parquet")
    pq.write_table(table.drop_columns(["know_how"]), saved / "firms.parquet")
    with pytest.raises(ValueError, match="firms differs in know_how"):
        PharmaMarket.load(saved)


def test_changed_data_are_told(saved: Path) -> None:
    edit(saved, values_digest="of another day")
    with pytest.warns(UserWarning, match="the data of the model have changed"):
        PharmaMarket.load(saved)
