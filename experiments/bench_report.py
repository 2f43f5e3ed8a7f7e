"""The measurements of ``bench`` for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments import show
from experiments.summary import Section


def print_report(report: Mapping[str, Any]) -> None:
    """Runs, growth, parts of the month, plain Mesa and the ratios, one after the other."""
    show.print_sections({"runs": runs(report), "parts": parts(report), "mesa": mesa(report)})
    for line in lines(report):
        print(line)


def runs(report: Mapping[str, Any]) -> Section:
    """One row per scale."""
    heads = ["Scale", "Run, processor s", "Run, wall s", "Months, s", "Peak memory, MB", "Firms and candidates"]
    names = (
        "scale",
        "processor_seconds",
        "wall_seconds",
        "months_seconds",
        "peak_memory_mb",
        "firms_and_candidates",
    )
    rows = [[run[name] for name in names] for run in report["runs"]]
    return Section(f"Whole runs, 2000-01 to {report['until']}", heads, rows)


def parts(report: Mapping[str, Any]) -> Section:
    """Seconds of each part of the month at each scale, in the order of the month."""
    found = report["runs"]
    names = list(found[-1]["part_seconds"])
    rows = [[name, *(run["part_seconds"].get(name) for run in found)] for name in names]
    return Section("Seconds by part of the month", ["Part", *(f"scale {r['scale']:g}" for r in found)], rows)


def mesa(report: Mapping[str, Any]) -> Section:
    """Plain Mesa, one row per number of agents."""
    rows = [[m["agents"], m["months"], m["shuffle_do_seconds"], m["do_seconds"]] for m in report["plain_mesa"]]
    return Section(
        "Plain Mesa agents that add one each month, processor seconds",
        ["Agents", "Months", "shuffle_do, s", "do, s"],
        rows,
    )


def lines(report: Mapping[str, Any]) -> list[str]:
    """Growth and ratios in words."""
    said = []
    if report["growth"]["processor_seconds"] is not None:
        said.append(
            f"Growth with scale: run ~ scale^{report['growth']['processor_seconds']:.2f}, "
            f"months ~ scale^{report['growth']['months_seconds']:.2f}"
        )
    for agents, ratio in report["ratios"].items():
        said.append(
            f"{int(agents):,} plain Mesa agents take {ratio['shuffle_do_to_run']:.2f} (shuffle_do) and "
            f"{ratio['do_to_run']:.2f} (do) times as long as the whole run at scale {report['compared_scale']:g}, "
            f"{ratio['shuffle_do_to_months']:.2f} and {ratio['do_to_months']:.2f} times as long as its months"
        )
    return said
