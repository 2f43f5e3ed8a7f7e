"""What is kept of each month for the screen: one row of figures, named as in the tables (``regional.US.approvals``)."""

from __future__ import annotations

import numpy as np

from model.labels import REGIONS
from model.observation.entities import launched
from model.observation.recorder import INDICATORS, REGIONAL
from model.world import World

STOCKS = ("preclinical", "phase1", "phase2", "phase3", "filed", "launch_lag_median", "cr4", "cr10", "alliance_trust",
          "tension_us_cn", "cross_border_share", "ai_adoption")  # fmt: skip
"""Read in the month itself."""
FLOWS = ("approvals_first", "deals", "deal_headline", "deal_upfront", "deal_paid", "disputes", "terminations",
         "acquisitions")  # fmt: skip
"""Summed over the trailing twelve months."""
REGIONAL_STOCKS = ("pipeline_originated", "net_price_index", "review_days_median", "firms")
REGIONAL_FLOWS = ("approvals", "net_sales", "venture", "launches", "trial_starts", "out_licences")
MODES = ("launches.originator", "launches.licensee", "launches.copromotion", "launches.acquirer")
"""Launches of the trailing twelve months by who launches."""


def regional(names: tuple[str, ...]) -> list[str]:
    """Names of regional figures, figure by figure."""
    return [f"regional.{region}.{name}" for name in names for region in REGIONS]


NAMES: tuple[str, ...] = (*STOCKS, *FLOWS, *regional(REGIONAL_STOCKS), *regional(REGIONAL_FLOWS), *MODES)
PLACE = {name: place for place, name in enumerate(NAMES)}
_WORLD = {name: place for place, name in enumerate(INDICATORS)}
_REGION = {name: place for place, name in enumerate(REGIONAL)}
_PICK = {names: [known[name] for name in names] for names, known in (
    (STOCKS, _WORLD), (FLOWS, _WORLD), (REGIONAL_STOCKS, _REGION), (REGIONAL_FLOWS, _REGION))}  # fmt: skip


def row(world: World) -> np.ndarray:
    """The figures of the month played last, float32 (columns,)."""
    recorder = world.recorder
    last, first = recorder.months - 1, max(recorder.months - 12, 0)
    year = 12 / (recorder.months - first)
    figures, regions = recorder.indicators, recorder.regional
    flows = figures[first : last + 1, _PICK[FLOWS]].sum(axis=0) * year
    regional_flows = regions[first : last + 1][:, :, _PICK[REGIONAL_FLOWS]].sum(axis=0).T * year
    parts = (figures[last, _PICK[STOCKS]], flows, regions[last][:, _PICK[REGIONAL_STOCKS]].T.ravel(),
             regional_flows.ravel(), modes(world) * year)  # fmt: skip
    return np.concatenate(parts).astype(np.float32)


def modes(world: World) -> np.ndarray:
    """Launches of the trailing twelve months by mode, (4,)."""
    table = world.positions
    rows = launched(world)
    recent = rows[(table.launched[rows] > world.month - 13) & (table.launched[rows] >= 0)]
    return np.bincount(table.mode[recent], minlength=len(MODES)).astype(float)
