"""Results are written complete or not at all, and equal results have equal digests."""

from __future__ import annotations

import errno
import json
import pickle
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import environment, needs_engine

import experiments
from experiments import results
from experiments.content_hash import content_hash
from experiments.errors import RequestError, RunError
from scenarios import Scenario

Tables = dict[str, pd.DataFrame]


def digest(tables: Tables) -> str:
    return content_hash(results.to_arrow(tables))


def write(folder: Path, tables: Tables) -> Path:
    manifest = {"content_hash": digest(tables)}
    return results.write(folder, results.to_arrow(tables), manifest, time.perf_counter())


def test_tables_come_back_as_they_were(tmp_path: Path, tables: Tables) -> None:
    folder = write(tmp_path / "out" / "run", tables)
    back = pd.read_parquet(folder / "assets.parquet")
    sent = tables["assets"].astype({"started": back.started.dtype})  # files know no seconds, only milliseconds
    pd.testing.assert_frame_equal(back.drop(columns="regions"), sent.drop(columns="regions"))
    assert [list(row) for row in back.regions] == [["US", "CN"], [], ["JP"]]
    assert json.loads((folder / "manifest.json").read_text())["content_hash"] == digest(tables)


def test_digest_does_not_depend_on_the_file(tmp_path: Path, tables: Tables) -> None:
    folder = write(tmp_path / "run", tables)
    back = {name: pd.read_parquet(folder / f"{name}.parquet") for name in reversed(list(tables))}
    assert digest(back) == digest(tables)


@pytest.mark.parametrize("hash_seed", ["0", "7"])
def test_digest_is_the_same_in_every_process(tables: Tables, tmp_path: Path, hash_seed: str) -> None:
    kept = tmp_path / "tables.pickle"
    kept.write_bytes(pickle.dumps(tables))
    code = (
        "import pickle, sys; from experiments import results; from experiments.content_hash import content_hash;"
        "print(content_hash(results.to_arrow(pickle.load(open(sys.argv[1], 'rb')))))"
    )
    command = [sys.executable, "-c", code, str(kept)]
    env = environment(PYTHONHASHSEED=hash_seed)
    assert subprocess.check_output(command, env=env, text=True).strip() == digest(tables)


def _changed(tables: Tables, column: str, row: int, value: object) -> Tables:
    frame = tables["assets"].astype({"phase": object}).copy()
    frame.at[row, column] = value
    return {**tables, "assets": frame}


@pytest.mark.parametrize(
    ("column", "row", "value"),
    [
        ("asset", 0, 2**60 + 1),
        ("area", 1, ""),
        ("orphan", 1, True),
        ("novelty", 1, 0.0),
        ("novelty", 0, np.nextafter(0.5, 1)),
        ("started", 2, pd.Timestamp("1970-01-01")),
        ("phase", 0, "phase2"),
        ("regions", 1, ["KR"]),
    ],
)
def test_digest_sees_every_change(tables: Tables, column: str, row: int, value: object) -> None:
    same = {**tables, "assets": tables["assets"].astype({"phase": object})}
    assert digest(same) == digest(tables), "how a text is stored does not matter"
    assert digest(_changed(tables, column, row, value)) != digest(same)


def test_digest_sees_names(tables: Tables) -> None:
    renamed = {**tables, "assets": tables["assets"].rename(columns={"area": "field"})}
    assert len({digest(tables), digest(renamed), digest({"a": tables["assets"]})}) == 3


def test_earlier_results_are_replaced_whole(tmp_path: Path, tables: Tables) -> None:
    folder = write(tmp_path / "run", tables)
    write(folder, {"assets": tables["assets"]})
    assert sorted(p.name for p in folder.iterdir()) == ["assets.parquet", "manifest.json"]
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_other_peoples_files_are_left_alone(tmp_path: Path, tables: Tables) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(RequestError, match=r"no manifest\.json"):
        write(tmp_path, tables)
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_what_others_put_beside_results_is_not_lost(tmp_path: Path, tables: Tables) -> None:
    folder = write(tmp_path / "run", tables)
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(RequestError, match=r"notes\.txt"):
        write(folder, tables)
    assert (folder / "notes.txt").read_text() == "mine"


def test_the_manifest_of_another_program_is_none_of_results(tmp_path: Path, tables: Tables) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "an extension"}')
    with pytest.raises(RequestError, match=r"no manifest\.json of results"):
        write(tmp_path, tables)
    assert [p.name for p in tmp_path.iterdir()] == ["manifest.json"]


def _fill_the_disk(monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(results, function, fail)


@pytest.mark.parametrize("function", ["write_table", "write_manifest", "replace"])
def test_a_full_disk_leaves_nothing(
    tmp_path: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    _fill_the_disk(monkeypatch, function)
    with pytest.raises(RunError, match="No space left on device"):
        write(tmp_path / "run", tables)
    assert list(tmp_path.iterdir()) == []


def test_of_two_runs_that_end_at_once_the_first_stays(
    tmp_path: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, write_manifest = tmp_path / "run", results.write_manifest

    def other_comes_first(*given: object) -> None:
        write_manifest(*given)  # type: ignore[arg-type]
        monkeypatch.setattr(results, "write_manifest", write_manifest)
        monkeypatch.setattr(results.os, "getpid", lambda: 1)
        write(folder, {"assets": tables["assets"]})
        monkeypatch.setattr(Path, "exists", lambda _: False)  # seen before the other was done

    monkeypatch.setattr(results, "write_manifest", other_comes_first)
    with pytest.raises(RunError, match="another run has just written there"):
        write(folder, tables)
    assert sorted(path.name for path in folder.iterdir()) == ["assets.parquet", "manifest.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("function", ["write_table", "write_manifest"])
def test_a_full_disk_keeps_earlier_results(
    tmp_path: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    folder = write(tmp_path / "run", tables)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    _fill_the_disk(monkeypatch, function)
    with pytest.raises(RunError):
        write(folder, tables)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_an_interrupt_while_taking_the_place_brings_earlier_results_back(tmp_path: Path, tables: Tables) -> None:
    folder = write(tmp_path / "run", tables)
    with pytest.raises(FileNotFoundError):
        results.replace(tmp_path / "not there", folder)
    assert (folder / "manifest.json").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_writing_what_a_run_gives_takes_little_time(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    size = 180_000
    texts = np.array(["oncology", "neurology", "vaccines"])
    columns = {f"number{i}": generator.random(size) for i in range(8)}
    columns |= {f"text{i}": texts[generator.integers(0, 3, size)] for i in range(8)}
    frames = {"assets": pd.DataFrame(columns)}
    began = time.process_time()
    write(tmp_path / "run", frames)
    assert time.process_time() - began < 2.0, "0.3 s on an idle core; the rest is for busy machines"


@needs_engine
def test_run_is_a_plain_function_that_repeats_itself() -> None:
    function = pickle.loads(pickle.dumps(experiments.run))
    first = function("baseline", 3, scale=0.02, until="2000-06")
    again = function("baseline", 3, scale=0.02, until="2000-06")
    other = function("baseline", 4, scale=0.02, until="2000-06")
    assert len(first.indicators) == 6
    assert first.manifest["content_hash"] == again.manifest["content_hash"]
    assert first.manifest["content_hash"] != other.manifest["content_hash"]
    assert [key for key in first.manifest if "hash" in key] == ["content_hash"]


@needs_engine
def test_run_takes_a_file_or_a_scenario(tmp_path: Path) -> None:
    scenario = Scenario(title="Less", changes=[{"value": "capital.supply", "set": 0.5}])
    file = tmp_path / "less.toml"
    file.write_text(scenario.to_toml(), "utf-8")
    played = [experiments.run(one, scale=0.02, until="2000-03") for one in (str(file), file, scenario, [scenario])]
    assert len({one.manifest["content_hash"] for one in played}) == 1


@needs_engine
def test_numbers_of_other_libraries_are_numbers_in_the_manifest() -> None:
    half = {"capital.supply": np.float32(0.5)}
    played = experiments.run(seed=np.int64(2), scale=np.float32(0.02), until="2000-01", changes=half)  # type: ignore[arg-type, dict-item]
    told = json.loads(json.dumps(played.manifest))
    assert (told["seed"], told["changed"]["by_request"]) == (2, {"capital.supply": 0.5})


def test_run_refuses_before_it_builds() -> None:
    with pytest.raises(RequestError, match="scale"):
        experiments.run(scale=11)
