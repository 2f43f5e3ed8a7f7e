"""What if: two scenarios under many seeds, a figure of each month with its spread, and who ended how.

python docs/examples/what_if.py
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from experiments.analysis import query
from experiments.catalogue import figure
from experiments.sweeps.design import Design
from experiments.sweeps.driver import sweep
from viz.charts.fan import fan

INDICATOR = "cross_border_share"


def main(out: Path = Path("out/what-if"), *, seeds: int = 30, scale: float = 0.1, branch: str = "2025-01",
         until: str = "2040-12", engine: str = "local") -> pd.DataFrame:  # fmt: skip
    """Play, draw ``fan.svg`` and return mean and spread of the figure over all months, by scenario."""
    scenarios = ["baseline", "decoupling"]
    design = Design(scenarios=scenarios, replicates=seeds, scale=scale, branch=branch, until=until)
    store = sweep(design, out, engine=engine).folder
    label, _ = figure(INDICATOR)
    rows = query.fan(store, INDICATOR, by="scenario")
    fan(rows, "scenario", label, "share, trailing 12 months").savefig(out / "fan.svg")
    runs = query.runs(store)
    return runs[runs.status == "ok"].groupby("scenario")[INDICATOR].describe()


if __name__ == "__main__":
    print(main())
