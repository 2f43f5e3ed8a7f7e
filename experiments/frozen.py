"""The headline facts with one driver frozen at its value of 2000: what remains is the model's own doing.

``python -m experiments.frozen`` plays the baseline at a quarter of the size, once as it is and once per group of
drivers, keeps the figures in ``experiments/results/frozen.json`` and writes the table into ``docs/validation.md``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np

from experiments import record_keeping
from experiments.code_digest import ROOT
from experiments.facts import LAST_MONTH
from experiments.headlines import measure

DRIVERS: dict[str, tuple[str, ...]] = {
    "none": (),
    "science": ("science.base", "science.talent", "science.discovery_cost"),
    "capital": ("capital.venture", "capital.public"),
    "trial sites": ("trials.capacity", "trials.recruitment", "trials.startup", "trials.us_rate"),
    "trial cost": ("trials.cost_per_patient", "trials.cost_level", "trials.region_fixed_cost"),
    "regulators": ("regulator.standard_days", "regulator.expedited_days", "regulator.expedited_share",
                   "regulator.first_cycle_share", "regulator.capacity", "regulator.authorisation_days",
                   "regulator.accepts_foreign_data", "requirement.distance"),
    "income": ("macro.gdp", "macro.health_share"),
    "population": ("macro.population",),
    "tension": ("geopolitics.tension",),
}  # fmt: skip
SHOWN = ("Candidates, end of 2024", "Companies, end of 2024", "FDA approvals, mean 2015-24",
         "Phase I to approval, 2011-20", "Audited market 2024", "China's share of the market 2024",
         "China involved in candidates, 2024", "World R&D spending 2024")  # fmt: skip
SCALE = 0.25
RECORD = "frozen"


def frozen_values(families: Sequence[str]) -> dict[str, float]:
    """Changes that hold every value of the families at January 2000."""
    from model.values import Values

    values = Values.load("2000-01", 492)
    changes: dict[str, float] = {}
    for family in families:
        for name in values.names(family + ".*" if values[family].ndim > 1 else family)["name"]:
            changes[str(name)] = _first(values, family, str(name))
    return changes


def _first(values: Any, family: str, name: str) -> float:
    from model.data.reader import families
    from model.labels import DIMENSIONS, SQUARES

    labels = name[len(family) :].strip(".").split(".") if name != family else []
    place: list[int] = []
    for dimension, label in zip(families()[family].dims, labels, strict=True):
        if dimension in SQUARES:
            axis = DIMENSIONS[SQUARES[dimension]]
            place += [axis.index(part) for part in label.split("-")]
        else:
            place.append(DIMENSIONS[dimension].index(label))
    return float(np.asarray(values[family])[(0, *place)])


def measure_frozen(driver: str) -> dict[str, float]:
    """The shown facts with one group of drivers frozen, counts brought to full size."""
    from experiments.run import run

    results = run("baseline", 1, scale=SCALE, until=LAST_MONTH, changes=frozen_values(DRIVERS[driver]))
    counts = ("Candidates", "Companies", "FDA approvals", "Audited", "World")
    found = measure(results.tables)
    return {name: found[name] / (SCALE if name.startswith(counts) else 1) for name in SHOWN}


def table(record: dict[str, dict[str, float]]) -> str:
    """The record in Markdown: a fact a row, a frozen driver a column."""
    lines = ["| fact | " + " | ".join("as it is" if d == "none" else d for d in record) + " |"]
    lines.append("|---" * (len(record) + 1) + "|")
    for name in SHOWN:
        cells = [
            f"{found[name]:,.0f}" if abs(found[name]) >= 100 else f"{found[name]:.1f}" for found in record.values()
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m experiments.frozen", description="Facts with frozen drivers.")
    record_keeping.add_workers(parser)
    chosen = record_keeping.asked(parser, arguments, RECORD, "experiments.frozen")
    with ProcessPoolExecutor(chosen.workers) as pool:
        record = dict(zip(DRIVERS, pool.map(measure_frozen, DRIVERS), strict=True))
    record_keeping.keep(RECORD, {"scale": SCALE, "seed": 1, "frozen": record})
    record_keeping.put_between(ROOT / "docs" / "validation.md", RECORD, f"\n{table(record)}\n")
    print(table(record))


if __name__ == "__main__":
    main()
