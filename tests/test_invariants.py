"""What holds in every world and every month, whatever the parameters: money, rights, dates, counts, sums.

The invariants are asked of a lively world of some years, one by one, and all together of small worlds with random
parameters.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from invariants import CHECKS
from worlds import LIVELY, base

from model import PharmaMarket
from model.data.reader import Point, families


@lru_cache(maxsize=2)
def played(lively: bool) -> PharmaMarket:
    return base(scale=0.1, months=132, changes=LIVELY if lively else ())


@pytest.mark.slow
@pytest.mark.parametrize("lively", [False, True], ids=["baseline", "lively"])
@pytest.mark.parametrize("name", CHECKS)
def test_invariant_after_years(name: str, lively: bool) -> None:
    assert list(CHECKS[name](played(lively))) == []


@pytest.mark.slow
def test_old_originals_do_not_leave_together() -> None:
    """The portfolios of 2000 fade; a market that loses them in one month has lost a fifth of its sales."""
    market = played(False)
    positions, log = market.world.positions, market.world.logs["withdrawals"].arrays()
    old = {(int(positions.asset[row]), int(positions.region[row])) for row in np.flatnonzero(positions.mature)}
    gone = [month for asset, region, month in zip(log["asset"], log["region"], log["month"], strict=True)
            if (int(asset), int(region)) in old]  # fmt: skip
    assert len(old) > 20
    assert np.bincount(gone, minlength=1).max() < 0.2 * len(old)


def cells() -> list[tuple[str, Point]]:
    """Every cell of a family by name with its plausible range; a dated one is set for the whole run."""
    found = []
    for family in families().values():
        for labels, points in family.points.items():
            found.append((".".join((family.name, *labels)), points[len(points) // 2]))
    return found


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, float]:
    """Some values anywhere in their plausible ranges, the rules more often than the data."""
    every = cells()
    rules = [cell for cell in every if families().get(cell[0]) is not None]
    chosen = draw(st.lists(st.sampled_from(rules), max_size=12)) + draw(st.lists(st.sampled_from(every), max_size=6))
    changes = dict(LIVELY) if draw(st.booleans()) else {}
    return changes | {name: draw(st.floats(point.low, point.high)) for name, point in chosen}


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
          phases=(Phase.explicit, Phase.generate))  # fmt: skip # to shrink a failure would take minutes
@given(parameters(), st.sampled_from([0.02, 0.04]), st.integers(1, 40), st.integers(1, 10_000))
def test_invariants_under_any_parameters(changes: dict[str, float], scale: float, months: int, seed: int) -> None:
    market = PharmaMarket("baseline", rng=seed, scale=scale, changes=changes).run_until(months)
    assert {name: broken for name, check in CHECKS.items() if (broken := list(check(market)))} == {}
