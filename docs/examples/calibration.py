"""Calibration: Optuna looks for the value with which the model gives a number that was observed.

python docs/examples/calibration.py
"""

from __future__ import annotations

import optuna

from experiments import run

NAME, LOW, HIGH = "capital.supply", 0.5, 2.0


def venture(supply: float, seeds: int, scale: float, until: str) -> float:
    """Mean venture capital of a month per unit of scale, million US$, averaged over seeds."""
    runs = [run("baseline", seed, scale=scale, until=until, changes={NAME: supply}) for seed in range(1, seeds + 1)]
    return sum(float(one.indicators["venture"].mean()) for one in runs) / seeds / scale


def main(
    observed: float = 1_500.0, *, trials: int = 30, seeds: int = 4, scale: float = 0.1, until: str = "2005-12"
) -> optuna.Study:
    """Return the study: ``best_params`` holds the value, ``best_value`` how far from the observed number it ends."""

    def miss(trial: optuna.Trial) -> float:
        return abs(venture(trial.suggest_float(NAME, LOW, HIGH), seeds, scale, until) / observed - 1)

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1))
    study.enqueue_trial({NAME: 1.0})
    study.optimize(miss, n_trials=trials)
    return study


if __name__ == "__main__":
    found = main()
    print(f"{NAME} = {found.best_params[NAME]:.3f}: {found.best_value:.1%} off")
