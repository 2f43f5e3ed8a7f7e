"""Sensitivity: which of five uncertain values move the outcomes, screened by the method of Morris.

python docs/examples/sensitivity.py
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from experiments.analysis.sensitivity import analyse
from experiments.sweeps.design import Design
from experiments.sweeps.driver import sweep

RANGES = {
    "capital.supply": [0.7, 1.3],
    "capital.persistence": [0.4, 0.8],
    "trials.recruitment.CN": [0.8, 2.5],
    "licensing.search_breadth": [2, 10],
    "valuation.discount_rate": [0.08, 0.14],
}


def main(out: Path = Path("out/sensitivity"), *, trajectories: int = 20, seeds: int = 5, scale: float = 0.1,
         branch: str = "2025-01", until: str = "2040-12", engine: str = "local") -> pd.DataFrame:  # fmt: skip
    """Play and return the mean absolute effect of each value on venture capital and deals, with its interval."""
    sampled = {"method": "morris", "points": trajectories * (len(RANGES) + 1), "ranges": RANGES}
    design = Design.model_validate(
        {"uncertainties": sampled, "replicates": seeds, "scale": scale, "branch": branch, "until": until}
    )
    store = sweep(design, out, engine=engine).folder
    found = analyse(store, ["venture", "deals"]).tables["sensitivity"]
    return found[found["index"] == "mu_star"][["label", "name", "value", "low", "high", "unit"]]


if __name__ == "__main__":
    print(main().to_string(index=False))
