"""A smaller world is the same world, with fewer in it: figures per head do not depend on the scale."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from model import PharmaMarket

MONTHS, SETTLED = 72, 12
WORLDS = {0.1: (1, 2, 3, 4), 0.4: (1, 2)}
"""Seeds by scale: twice the standard error of a mean stays near five per cent for the counts below."""
COUNTS = ("firms", "pipeline_assets", "phase1", "phase2", "trial_starts", "readouts", "deals", "entries", "rd_spend",
          "net_sales", "generic_sales", "venture")  # fmt: skip


@cache
def per_head(scale: float) -> pd.Series:
    """Mean of the indicators over the settled months and the seeds, divided by the scale."""
    means = [PharmaMarket("baseline", rng=seed, scale=scale).run_until(MONTHS).indicators.iloc[SETTLED:].mean(numeric_only=True)
             for seed in WORLDS[scale]]  # fmt: skip
    found: pd.Series = pd.concat(means, axis=1).mean(axis=1) / scale
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", COUNTS)
def test_counts_per_head_do_not_depend_on_the_scale(name: str) -> None:
    ratio = per_head(0.1)[name] / per_head(0.4)[name]
    assert abs(np.log(ratio)) < 0.25, f"{ratio:.2f} times as many per head in the small world"


@pytest.mark.slow
def test_patients_per_head_do_not_depend_on_the_scale() -> None:
    ratio = per_head(0.1)["patients"] / per_head(0.4)["patients"]
    assert abs(np.log(ratio)) < 0.35, f"{ratio:.2f} times as many patients per head in the small world"
