"""Pairs share their luck and their past, a failing run is a row, and processes end with the work."""

from __future__ import annotations

import multiprocessing
import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from experiments import pool
from experiments.errors import RequestError, RunError
from experiments.pairs import run_pairs, run_variants
from experiments.variants import Variant, parse
from model import PharmaMarket
from model.storage import content_hash

SMALL = {"scale": 0.02, "branch": "2001-01", "until": "2001-06"}


def whole_state(market: PharmaMarket) -> str:
    return content_hash(market.world)


def process_and_threads(market: PharmaMarket) -> tuple[int, str | None]:
    return os.getpid(), os.environ.get("OMP_NUM_THREADS")


def failing(market: PharmaMarket, seed: int) -> int:
    if market.seed_number == seed and market.values["capital.supply"].ndim:
        raise ArithmeticError("one bad run")
    return market.month


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_equal_variants_are_equal_bit_for_bit(own_cache: Path) -> None:
    pairs = run_pairs("baseline", "baseline", [1, 2], measure=whole_state, workers=1, **SMALL)
    assert [pair.seed for pair in pairs] == [1, 2]
    assert all(pair.a == pair.b for pair in pairs)
    assert pairs[0].a != pairs[1].a
    whole = PharmaMarket("baseline", rng=1, scale=0.02).run_until("2001-07")
    assert pairs[0].a == content_hash(whole.world)


def test_a_rule_of_the_past_gives_a_past_of_its_own(own_cache: Path) -> None:
    """As the same variant would give in a plain run."""
    own = Variant(("baseline",), {"licensing.search_breadth": 12.0})
    (pair,) = run_pairs("baseline", own, [1], measure=whole_state, workers=1, **SMALL)
    whole = PharmaMarket("baseline", rng=1, scale=0.02, changes=own.changes).run_until("2001-07")
    assert pair.b == content_hash(whole.world) != pair.a


def test_a_failing_run_is_a_row(own_cache: Path) -> None:
    variants = ("baseline", "baseline+capital.supply=0.5")
    runs = list(run_variants(variants, [1, 2], measure=partial(failing, seed=2), workers=1, **SMALL))
    assert [(run.seed, run.variant, run.measures) for run in runs if not run.error] == [
        (1, 0, 18),
        (1, 1, 18),
        (2, 0, 18),
    ]
    (failed,) = (run for run in runs if run.error)
    assert (failed.seed, failed.variant) == (2, 1)
    assert "ArithmeticError: one bad run" in failed.error
    with pytest.raises(RunError, match="one bad run"):
        run_pairs(*variants, [1, 2], measure=partial(failing, seed=2), workers=1, **SMALL)


def killed(market: PharmaMarket) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_is_a_row(own_cache: Path) -> None:
    runs = list(run_variants(("baseline", "baseline"), [1, 2], measure=killed, workers=2, **SMALL))
    assert sorted((run.seed, run.variant) for run in runs) == [(1, 0), (1, 1), (2, 0), (2, 1)]
    assert all("ended from outside" in run.error for run in runs)


def test_processes_use_one_thread_each_and_end_with_the_work(own_cache: Path) -> None:
    pairs = run_pairs("baseline", "baseline", [1, 2], measure=process_and_threads, workers=2, **SMALL)
    assert all(pair.a[0] == pair.b[0] != os.getpid() for pair in pairs)
    assert {pair.a[1] for pair in pairs} == {"1"}
    assert multiprocessing.active_children() == []


def test_whoever_stops_reading_ends_the_processes(own_cache: Path) -> None:
    runs = run_variants(("baseline",), [1, 2, 3, 4], measure=whole_state, workers=2, **SMALL)
    next(runs)
    runs.close()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(
    ("text", "names"),
    [("baseline", ["baseline"]), ("baseline + mine.toml", ["baseline", "mine.toml"]), ("a+b", ["a", "b"])],
)
def test_a_variant_is_scenarios_joined_by_plus(text: str, names: list[str]) -> None:
    assert list(parse(text, "2025-01").scenarios) == names


def test_a_value_in_a_variant_holds_from_the_branch_on() -> None:
    supply = parse("baseline+capital.supply=0.5", "2025-01").values()["capital.supply"]
    assert (supply[300:] == 0.5).all()
    assert (supply[:300] != 0.5).all()


@pytest.mark.parametrize("text", ["baseline+", "+", "baseline+capital.supply=much"])
def test_a_variant_that_cannot_be_read(text: str) -> None:
    with pytest.raises(RequestError):
        parse(text, "2025-01")


@pytest.mark.parametrize("variant", ["baselin", "baseline+capital.suply=1", "baseline+capital.supply=1e9"])
def test_wrong_rules_are_refused_before_anything_is_played(variant: str) -> None:
    with pytest.raises(RequestError):
        run_pairs("baseline", variant, [1], measure=whole_state, **SMALL)


def test_one_worker_works_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def here(task: int) -> Any:
        return task, os.getpid()

    assert list(pool.spread(here, [3, 4], 1)) == [(3, os.getpid()), (4, os.getpid())]
