"""The command line: exit codes, one clear message for each mistake, and help at once."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from conftest import Pharmarket, environment, needs_engine

from experiments import library
from experiments.cli import endings
from experiments.interrupts import between_months
from experiments.settings import Settings
from viz import report

COMMANDS = [
    "",
    "run",
    "compare",
    "scenarios",
    "scenarios show",
    "parameters",
    "sweep",
    "bench",
    "sensitivity",
    "discover",
]
SMALL = ("--scale", "0.02", "--until", "2000-06")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_answers_at_once(pharmarket: Pharmarket, command: str) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = pharmarket(*command.split(), "--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0
    assert "Usage:" in done.stdout
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--until", "2040-13"], "until: '2040-13' is not a month"),
        (["--start", "January"], "start: 'January' is not a month"),
        (["--start", "1999-12"], "start: 1999-12 is too early"),
        ([""], "unknown scenario ''"),
        (["--start", "2001-01", "--until", "2000-12"], "until: 2000-12 lies before the start"),
        (["--scale", "0"], "scale: 0 is outside (0, 10]"),
        (["--scale", "10.5"], "scale: 10.5 is outside (0, 10]"),
        (["--scale", "nan"], "scale: nan is outside (0, 10]"),
        (["--seed", "-1"], "seed: -1 is negative"),
        (["--set", "trials.recruitment.CN"], "is not NAME=VALUE"),
        (["--set", "trials.recruitment.CN=inf"], "cannot be 'inf'"),
        (["--set", "trials.recruitment.CN=fast"], "cannot be 'fast'"),
        (["--until", "2041-01"], "until: 2041-01 is too late"),
    ],
)
def test_a_wrong_request_is_one_line(pharmarket: Pharmarket, words: list[str], message: str) -> None:
    done = pharmarket("run", *words)
    assert_refused(done, message)


def assert_refused(done: subprocess.CompletedProcess[str], message: str) -> None:
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert done.stderr.count("\n") == 1, "one line"
    assert done.stdout == ""


def test_folders_that_cannot_be_used(pharmarket: Pharmarket, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert_refused(pharmarket("run", "--out", "file"), "file is a file")
    assert_refused(pharmarket("run", "--out", "file/run"), "cannot write in")
    assert_refused(pharmarket("run", "--out", "."), "holds other files")
    assert_refused(pharmarket("run", "--out", "x" * 300), "File name too long")
    assert_refused(pharmarket("claims", "1", "--out", "."), "out: . cannot be written")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["bench", "--scales", "0.02", "--until", "2041-01"], "until: 2041-01 is too late"),
        (["cases", "mrna", "--scale", "0"], "scale: 0 is outside (0, 10]"),
        (["compare", "baseline", "no-ai", "--from", "1990-01"], "1990-01 is too early"),
        (["scenarios", "show", "ira", "--at", "2050-01"], "at: 2050-01 lies outside 2000-01 to 2040-12"),
    ],
)
def test_other_commands_refuse_what_cannot_be_played(pharmarket: Pharmarket, words: list[str], message: str) -> None:
    assert_refused(pharmarket(*words), message)


def test_results_are_called_after_the_files_of_their_scenarios() -> None:
    assert Settings(("baseline", "some/where/mine.toml", "/else/where/other")).name == "baseline+mine+other"


@needs_engine
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["baselin"], "baseline"),
        (["--set", "trials.recruitmant.CN=1"], "trials.recruitment"),
        (["--set", "trials.recruitment.CN=1e9"], "range"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_one(pharmarket: Pharmarket, words: list[str], message: str) -> None:
    assert_refused(pharmarket("run", *words, *SMALL), message)


@needs_engine
def test_a_run_writes_results_and_prints_a_summary(pharmarket: Pharmarket, tmp_path: Path) -> None:
    done = pharmarket("run", *SMALL)
    assert done.returncode == 0, done.stderr
    assert "The world at a glance" in done.stdout
    assert done.stderr == ""
    manifest = json.loads((tmp_path / "out" / "baseline" / "manifest.json").read_text())
    assert manifest["rows"]["indicators"] == 6
    assert manifest["until"] == "2000-06"
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["baseline"]


@needs_engine
def test_json_is_for_machines_and_repeats_itself(pharmarket: Pharmarket) -> None:
    documents = [
        json.loads(pharmarket("run", *SMALL, "--json", PYTHONHASHSEED=hash_seed).stdout) for hash_seed in ("1", "2")
    ]
    first, again = (document["manifest"]["content_hash"] for document in documents)
    assert first == again
    assert documents[0]["summary"]["world"]["rows"]


@needs_engine
def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "experiments.cli", "run", "--scale", "3"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True)
    time.sleep(2.0)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "interrupted" in errors
    assert list(tmp_path.rglob("*")) == []


def test_an_interrupt_waits_for_the_end_of_the_month() -> None:
    seen: list[str] = []
    with pytest.raises(KeyboardInterrupt), between_months(seen.append) as month:
        signal.raise_signal(signal.SIGINT)
        seen.append("played on")
        month("2000-01")
    assert seen == ["played on", "2000-01"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_interrupt_does_not_wait() -> None:
    with between_months(None), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)


def test_an_interrupt_inside_compiled_code_is_an_interrupt(capsys: pytest.CaptureFixture[str]) -> None:
    """Compiled code hands on an interrupt as an error of its own."""

    @endings.answers
    def command() -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise SystemError("returned a result with an exception set") from error

    with pytest.raises(typer.Exit) as ended:
        command()
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err.startswith("pharmarket: interrupted;")


def test_scenario_files(pharmarket: Pharmarket, tmp_path: Path) -> None:
    assert pharmarket("scenarios", "list").returncode == 0
    assert pharmarket("scenarios", "new", "mine.toml").returncode == 0
    assert_refused(pharmarket("scenarios", "new", "mine.toml"), "exists already")
    checked = pharmarket("scenarios", "check", "mine.toml")
    assert (checked.returncode, checked.stdout) == (0, "mine.toml: no mistakes\n"), checked.stderr
    broken = (tmp_path / "mine.toml").read_text().replace("recruitment", "recruitmant")
    (tmp_path / "mine.toml").write_text(broken)
    refused = pharmarket("scenarios", "check", "mine.toml")
    assert refused.returncode == 2
    assert "mine.toml:10: " in refused.stderr
    assert "trials.recruitment" in refused.stderr
    told = pharmarket("scenarios", "check", "mine.toml", "--json")
    assert (told.returncode, [problem["line"] for problem in json.loads(told.stdout)]) == (2, [10])


def test_parameters(pharmarket: Pharmarket) -> None:
    found = json.loads(pharmarket("parameters", "trials.recruitment.CN", "--json").stdout)
    assert {row["unit"] for row in found} != set()
    assert all(row["name"].endswith(".CN") for row in found)
    assert "trials.recruitment.phase1.CN" in pharmarket("parameters", "trials.recruitment.CN").stdout
    assert_refused(pharmarket("parameters", "recruitmnt"), "trials.recruitment")


@pytest.mark.parametrize(
    ("main", "words", "message"),
    [
        (library.main, ["nope", "--dry"], "unknown scenario 'nope'"),
        (library.main, ["--dry", "--seeds", "0"], "--seeds: at least one"),
        (library.main, ["ira", "--dry", "--scale", "0"], "scale: 0 is outside"),
        (report.main, ["nowhere"], "nowhere holds no comparison"),
    ],
)
def test_modules_that_are_commands_refuse_in_the_same_way(
    main: Callable[[list[str]], None], words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
