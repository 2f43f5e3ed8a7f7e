"""Facts: what was observed beside what the baseline gives.

``python -m experiments.facts --seeds 1 2 3 4 --write-readme`` plays the baseline one-to-one with each seed, keeps
the figures in ``experiments/results/facts.json`` and writes the table into the README. ``--check`` only says whether
the kept figures belong to the present code and data.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from experiments import record_keeping
from experiments.code_digest import ROOT
from experiments.fact import Fact
from experiments.headlines import FACTS, measure

RECORD, COMMAND = "facts", "experiments.facts --write-readme"
LAST_MONTH = "2024-12"
BEGIN, END = record_keeping.marks(RECORD)


def staleness() -> str:
    """One line: whether the kept figures belong to the present code."""
    return record_keeping.staleness(RECORD, COMMAND)


def measure_seed(seed: int) -> dict[str, float]:
    """Every fact's simulated value for one seed, by name; NaN where the run has no such events."""
    from experiments.run import run

    return measure(run("baseline", seed, until=LAST_MONTH).tables)


def collect(seeds: Sequence[int], workers: int | None = None) -> dict[str, Any]:
    """The record of all facts over ``seeds``, played in parallel."""
    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(measure_seed, seeds))
    rows = [row(fact, [values[fact.name] for values in found]) for fact in FACTS]
    return {"scenario": "baseline", "seeds": list(seeds), "facts": rows}


def row(fact: Fact, values: Sequence[float]) -> dict[str, Any]:
    """One fact with target, band, simulated mean and range, and whether the mean lies in the band."""
    known = [value for value in values if value == value]
    mean = sum(known) / len(known) if known else None
    return {
        "name": fact.name,
        "unit": fact.unit,
        "target": fact.target,
        "low": fact.low,
        "high": fact.high,
        "mean": mean,
        "smallest": min(known, default=None),
        "largest": max(known, default=None),
        "within": mean is not None and fact.low <= mean <= fact.high,
        "status": fact.status,
        "source": fact.source,
        "headline": fact.headline,
    }


def markdown(record: dict[str, Any], headline: bool = True) -> str:
    """The record as a table: the headline facts for the README, or the others."""
    rows = [fact for fact in record["facts"] if fact["headline"] == headline]
    lines = [
        f"Baseline, scale 1, seeds {', '.join(map(str, record['seeds']))}; the range is over seeds.",
        "",
        "| fact | observed (accepted) | simulated (range) | | source |",
        "|---|---|---|---|---|",
        *map(_markdown_row, rows),
        "",
        f"Within: {sum(fact['within'] for fact in rows)} of {len(rows)}. "
        "Status of a source: V read there, M from memory, A assumption, C computed.",
    ]
    return "\n".join(lines)


def _markdown_row(fact: dict[str, Any]) -> str:
    observed = "" if fact["target"] is None else f"{_figure(fact['target'])} "
    simulated = f"{_figure(fact['mean'])} ({_figure(fact['smallest'])} to {_figure(fact['largest'])})"
    mark = "within" if fact["within"] else "**outside**"
    band = f"({_figure(fact['low'])} to {_figure(fact['high'])})"
    name = f"{fact['name']}, {fact['unit']}" if fact["unit"] else fact["name"]
    return f"| {name} | {observed}{band} | {simulated} | {mark} | {fact['status']}: {fact['source']} |"


def _figure(value: float | None) -> str:
    if value is None:
        return "none"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def write_readme(table: str, readme: Path) -> None:
    """Put the table between its marks. Raises RequestError when the README has none."""
    record_keeping.put_between(readme, RECORD, table)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m experiments.facts", description="The headline facts.")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--write-readme", action="store_true", help="renew the table in README.md")
    record_keeping.add_workers(parser)
    chosen = record_keeping.asked(parser, arguments, RECORD, COMMAND)
    record = collect(chosen.seeds, chosen.workers)
    record_keeping.keep(RECORD, record)
    print(markdown(record))
    if chosen.write_readme:
        write_readme(markdown(record), ROOT / "README.md")


if __name__ == "__main__":
    main()
