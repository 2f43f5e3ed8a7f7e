"""What the command ``compare`` does: play pairs with progress, write tables and report, print the summary."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.compare import Comparison, Request, check_complete, play
from experiments.compare_summary import summarise
from experiments.progress import progress

if TYPE_CHECKING:
    from experiments.pairs import Played

DEFAULT_OUT = Path("out")


def compare_command(
    request: Request, out: Path | None, began: float, *, report: bool, as_json: bool, quiet: bool
) -> None:
    """Compare, write to ``out`` and print; ``began`` is when the command started.

    Raises RequestError before anything is played when the request or the folder is wrong, RunError when no pair
    of runs is complete or the results cannot be written.
    """
    from experiments import reports, results

    folder = out or DEFAULT_OUT / f"{request.a.label}-vs-{request.b.label}"
    results.check_writable(folder)
    comparison = play_with_progress(request, quiet)
    texts = {}
    if report and comparison.pairs:
        texts = reports.made(reports.COMPARISON, comparison.tables, comparison.manifest)
    results.write(folder, results.to_arrow(comparison.tables), comparison.manifest, began, texts)
    check_complete(comparison, str(folder))
    if as_json:
        _print_json(comparison, folder)
    elif not quiet:
        _print_summary(comparison, folder, texts)


def play_with_progress(request: Request, quiet: bool) -> Comparison:
    """All pairs, with a bar or lines on standard error."""
    title = f"{request.a.label} vs {request.b.label}"
    with progress(title, 2 * len(request.seeds), quiet, "runs") as reporter:

        def done(run: Played) -> None:
            reporter.month(f"seed {run.seed}")

        return play(request, done)


def _print_json(comparison: Comparison, folder: Path) -> None:
    from experiments import show

    tables = {
        name: comparison.tables[name].to_dict("records") for name in ("effects", "winners", "asset_counts", "runs")
    }
    show.print_json({"out": str(folder), "manifest": comparison.manifest, **tables})


def _print_summary(comparison: Comparison, folder: Path, texts: Mapping[str, str]) -> None:
    from experiments import show

    manifest = comparison.manifest
    if manifest["history"]:
        print(f"pharmarket: note: {manifest['history']}", file=sys.stderr)
    show.print_sections(summarise(comparison))
    if comparison.failed:
        print(f"{comparison.failed} runs failed and are left out; {folder}/runs.parquet has their tracebacks.")
    places = ", ".join([f"{folder}/", *(f"{folder}/{name}" for name in texts)])
    print(
        f"{manifest['pairs']} pairs, {manifest['from']} to {manifest['until']}, scale {manifest['scale']:g}: "
        f"{manifest['wall_seconds']:.1f} s. Results are in {places}"
    )
