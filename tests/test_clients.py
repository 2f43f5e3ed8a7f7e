"""Libraries that others wrote drive the market as it is: batches, indices, policies, optimisers, plain pools."""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from conftest import environment, needs_engine

from experiments import Results, run
from model import PharmaMarket

pytestmark = needs_engine

SMALL = {"scale": 0.02, "until": "2000-06"}
LEVER, IDLE = "capital.supply", "trials.recruitment.preclinical.CN"
"""One named value that moves venture capital within months, and one of which nothing is read: no enrolment there."""
RANGES = {LEVER: (0.5, 2.0), IDLE: (0.5, 2.0)}


def venture(changes: dict[str, float], seed: int = 1) -> float:
    """Mean venture capital of a month of a small world, million US$."""
    return float(run("baseline", seed, changes=changes, **SMALL).indicators["venture"].mean())  # type: ignore[arg-type]


def values(points: np.ndarray) -> np.ndarray:
    """The same at each point of a design: (points, names)."""
    return np.array([venture(dict(zip(RANGES, point.tolist()))) for point in points])


def test_a_run_is_a_plain_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.chdir(tmp_path)
    results = pickle.loads(pickle.dumps(run))("baseline", 3, **SMALL)
    again: Results = pickle.loads(pickle.dumps(results))
    pd.testing.assert_frame_equal(again.indicators, results.indicators)
    assert again.manifest == results.manifest
    assert len(results.indicators) == 6
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_the_function_is_there_at_once() -> None:
    heavy = "{'numpy', 'pandas', 'numba', 'mesa', 'pyarrow', 'matplotlib'}"
    code = f"from experiments import run; import sys; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    assert done.stdout == "[]\n"


@pytest.mark.slow
def test_a_pool_of_processes() -> None:
    play = partial(run, "baseline", **SMALL)
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        pooled = [results.manifest["content_hash"] for results in pool.map(play, (1, 2, 3))]
    assert pooled == [play(seed).manifest["content_hash"] for seed in (1, 2, 3)]
    assert len(set(pooled)) == 3


def test_mesa_batches_over_named_values() -> None:
    changes = [{LEVER: 0.5}, {LEVER: 2.0}]
    rows = mesa.batch_run(
        PharmaMarket,
        {"scenario": "baseline", "scale": 0.02, "rng": [1, 2], "changes": changes},
        max_steps=5,
        data_collection_period=1,
        display_progress=False,
    )
    frame = pd.DataFrame(rows)
    frame["supply"] = [chosen[LEVER] for chosen in frame["changes"]]
    means = frame.groupby(["rng", "supply"])["venture"].mean().unstack()
    months = frame.groupby(["rng", "supply"]).size().iloc[0]
    alone = PharmaMarket(rng=2, scale=0.02, changes={LEVER: 2.0}).run_until(int(months)).indicators
    assert means.loc[2, 2.0] == alone["venture"].mean()
    assert (means[2.0] > means[0.5]).all()


def test_salib_finds_what_matters() -> None:
    from SALib.analyze import morris as analyse
    from SALib.sample import morris as sample

    problem = {"num_vars": len(RANGES), "names": list(RANGES), "bounds": list(RANGES.values())}
    points = sample.sample(problem, N=4, num_levels=4, seed=1)
    found = analyse.analyze(problem, points, values(points), num_levels=4, seed=1)
    effect = dict(zip(found["names"], found["mu_star"]))
    assert effect[IDLE] == 0
    assert effect[LEVER] > 1


@pytest.mark.filterwarnings("ignore:ipyparallel not installed:UserWarning")
def test_ema_workbench_plays_scenarios_against_policies() -> None:
    from ema_workbench import Constant, Model, RealParameter, ScalarOutcome, SequentialEvaluator

    market = Model("pharmarket", function=_outcomes)
    market.uncertainties = [RealParameter("persistence", 0.6, 0.95)]
    market.levers = [RealParameter("supply", *RANGES[LEVER])]
    market.constants = [Constant("seed", 5)]
    market.outcomes = [ScalarOutcome("venture"), ScalarOutcome("firms")]
    with SequentialEvaluator(market) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=2, policies=3)
    assert len(experiments) == 6 and np.isfinite(outcomes["venture"]).all()
    assert experiments["supply"].nunique() == 3 and len(np.unique(outcomes["venture"])) >= 3
    for row, point in experiments.iterrows():
        alone = _outcomes(persistence=point["persistence"], supply=point["supply"], seed=5)
        assert outcomes["venture"][row] == alone["venture"] and outcomes["firms"][row] == alone["firms"]


def _outcomes(persistence: float, supply: float, seed: int) -> dict[str, float]:
    changes = {"capital.persistence": persistence, LEVER: supply}
    last = run("baseline", seed, changes=changes, **SMALL).indicators.mean(numeric_only=True)  # type: ignore[arg-type]
    return {"venture": float(last["venture"]), "firms": float(last["firms"])}


def test_optuna_finds_a_value_again() -> None:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    truth = 1.6
    target = venture({LEVER: truth})

    def miss(trial: optuna.Trial) -> float:
        return abs(venture({LEVER: trial.suggest_float("supply", *RANGES[LEVER])}) - target)

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1, n_startup_trials=6))
    study.enqueue_trial({"supply": 1.0})
    study.optimize(miss, n_trials=16)
    assert study.trials[0].value is not None and study.best_value < study.trials[0].value / 2
    assert study.best_params["supply"] == pytest.approx(truth, abs=0.3)


@pytest.mark.parametrize("wrong", [{"capital.suply": 1.0}, {LEVER: float("nan")}, {LEVER: 11.0}])
def test_a_client_is_told_what_is_wrong(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"capital\.supply"):
        venture(wrong)
