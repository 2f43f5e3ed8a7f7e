"""Scenario discovery: under which conditions does venture capital run dry?

python docs/examples/discovery.py
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from experiments.analysis import query
from experiments.analysis.discovery import Case, discover
from experiments.sweeps.design import Design
from experiments.sweeps.driver import sweep

RANGES = {"capital.supply": [0.5, 1.5], "capital.persistence": [0.2, 0.9], "trials.recruitment.CN": [0.8, 2.5]}


def main(out: Path = Path("out/discovery"), *, points: int = 300, scale: float = 0.1, branch: str = "2025-01",
         until: str = "2040-12", engine: str = "local") -> pd.DataFrame:  # fmt: skip
    """Play and return the limits of the boxes in which venture capital is among its lowest quarter."""
    sampled = {"method": "latin-hypercube", "points": points, "ranges": RANGES}
    design = Design.model_validate({"uncertainties": sampled, "scale": scale, "branch": branch, "until": until})
    store = sweep(design, out, engine=engine).folder
    low = float(query.runs(store)["venture"].quantile(0.25))
    found = discover(store, Case("venture", below=low))
    return found.tables["boxes"].merge(found.tables["limits"], on=["method", "box"])


if __name__ == "__main__":
    print(main().to_string(index=False))
