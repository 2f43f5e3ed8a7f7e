"""Effects over pairs of runs, their intervals, and verdicts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.claims.ledger import Experiment
from experiments.effects import paired

LEVEL = 0.90
"""Confidence of the intervals over seeds: a claimed direction is accepted at 5 % on its side."""
LEAST_PAIRS = 3
HOLDS, FAILS, CONTESTED, UNTESTABLE = "holds", "does not hold", "contested", "not testable"
VERDICTS = (HOLDS, FAILS, CONTESTED, UNTESTABLE)
Values = Mapping[str, Sequence[Sequence[float]]]
"""By arm: one row per seed, one column per observable."""


@dataclass(frozen=True)
class Effect:
    """Mean effect over pairs with its interval, and what it says about the expectation."""

    name: str
    mean: float
    low: float
    high: float
    pairs: int
    verdict: str
    remark: str = ""


def judge(experiment: Experiment, values: Values) -> Effect:
    """The effect of an experiment; of several that must all appear, the one that speaks most against them."""
    found = [_effect(experiment, name, series) for name, series in series_of(experiment, values).items()]
    return max(found, key=lambda effect: (VERDICT_ORDER[effect.verdict], -_margin(experiment, effect)))


VERDICT_ORDER = {HOLDS: 0, CONTESTED: 1, UNTESTABLE: 2, FAILS: 3}


def _margin(experiment: Experiment, effect: Effect) -> float:
    """How far inside the accepted band the mean lies."""
    inside = min(effect.mean - experiment.low, experiment.high - effect.mean)
    return inside if math.isfinite(inside) else -math.inf


def series_of(experiment: Experiment, values: Values) -> dict[str, np.ndarray]:
    """The effect in each pair, by name: one series, or one per arm where each must have its effect."""
    arms = {arm: np.asarray(rows, float) for arm, rows in values.items()}
    base = arms.pop("base")
    kind = experiment.effect
    if kind == "level":
        return {"level": base[:, 0]}
    if kind == "excess":
        return {"excess": base[:, 0] - base[:, 1]}
    moved = {arm: relative(found, base, kind == "difference") for arm, found in arms.items()}
    if kind == "each":
        return {arm: found[:, 0] for arm, found in moved.items()}
    if kind == "contrast":
        return {arm: found[:, 0] - found[:, 1] for arm, found in moved.items()}
    if kind == "interaction":
        together = moved.pop("all")
        return {"interaction": (together - sum(moved.values()))[:, 0]}
    if kind == "peak":
        return {arm: -found[:, 0] for arm, found in moved.items()}
    return {arm: found[:, 0] for arm, found in moved.items()}


def relative(found: np.ndarray, base: np.ndarray, absolute: bool) -> np.ndarray:
    """Difference of paired runs, over the mean of the base unless ``absolute``, shape (pairs, observables)."""
    if absolute:
        return found - base
    usual = np.abs(base[np.isfinite(base).all(axis=1)].mean(axis=0)) if len(base) else np.full(base.shape[1], np.nan)
    return (found - base) / np.where(usual > 0, usual, np.nan)


def _effect(experiment: Experiment, name: str, series: np.ndarray) -> Effect:
    known = series[np.isfinite(series)]
    if len(known) < LEAST_PAIRS:
        seen = f"only {len(known)} of {len(series)} pairs have such events"
        return Effect(name, math.nan, math.nan, math.nan, len(known), UNTESTABLE, seen)
    mean, low, high = interval(known)
    idle = experiment.effect not in ("level", "excess") and not known.any()
    remark = "the runs do not differ in it" if idle else ""
    return Effect(name, mean, low, high, len(known), verdict(experiment, low, high), remark)


def interval(values: np.ndarray, level: float = LEVEL) -> tuple[float, float, float]:
    """(mean, low, high) of Student's interval of the mean, finite values only."""
    found = paired(np.zeros_like(values), values, level)
    return float(found["effect"]), float(found["low"]), float(found["high"])


def verdict(experiment: Experiment, low: float, high: float) -> str:
    """HOLDS when the interval lies inside the accepted band, FAILS when outside, else CONTESTED.

    A band that ends at 0 does not include 0: no effect is not the expected one.
    """
    if low > experiment.low and high < experiment.high:
        return HOLDS
    if high <= experiment.low or low >= experiment.high:
        return FAILS
    return CONTESTED


def together(verdicts: Sequence[str]) -> str:
    """Verdict on a claim from those of its experiments: unanimous, else contested; the untestable do not count."""
    known = {each for each in verdicts if each != UNTESTABLE}
    if not known:
        return UNTESTABLE
    return known.pop() if len(known) == 1 else CONTESTED
