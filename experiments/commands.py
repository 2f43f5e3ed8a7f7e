"""What the command ``run`` does: play with progress, write the results, print the summary."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.progress import progress
from experiments.variants import Variant

if TYPE_CHECKING:
    from experiments.results import Written
    from experiments.settings import Settings
    from model import PharmaMarket

DEFAULT_OUT = Path("out")


def run_command(settings: Settings, out: Path | None, began: float, *, as_json: bool, quiet: bool) -> None:
    """Play ``settings``, write to ``out`` and print; ``began`` is when the command started.

    Raises RequestError before anything is played when the request or the folder is wrong, RunError
    when the run or the writing fails.
    """
    from experiments import results

    Variant(settings.scenarios).rules()
    folder = out or DEFAULT_OUT / settings.name
    results.check_writable(folder)
    frames, manifest = play_and_write(settings, folder, began, quiet)
    if as_json:
        _print_json(frames, manifest, folder)
    elif not quiet:
        _print_summary(frames, manifest, folder)


def play_and_write(settings: Settings, folder: Path, began: float, quiet: bool) -> tuple[Written, dict[str, Any]]:
    """Play and write; returns the tables as they were written and the manifest. The world itself is let go."""
    from experiments.results import Written
    from experiments.run import play

    with progress(settings.name, settings.months, quiet) as reporter:
        market, months_seconds = play(settings, reporter.month)
    manifest = write_market(market, settings, months_seconds, folder, began)
    del market.world  # a market refers to itself and would keep it
    return Written(folder, market.table_names), manifest


def write_market(
    market: PharmaMarket, settings: Settings, months_seconds: float, folder: Path, began: float
) -> dict[str, Any]:
    """Write the results of a market that was played; returns the manifest."""
    from experiments import results
    from experiments.content_hash import Digest

    digest = Digest()

    @cache
    def manifest() -> dict[str, Any]:
        return results.describe(market, settings, digest, months_seconds)

    results.write(folder, results.one_by_one(market, digest), manifest, began)
    return manifest() | results.usage(began)


def _print_json(frames: Written, manifest: dict[str, Any], folder: Path) -> None:
    from experiments import show
    from experiments.summary import summarise

    summary = show.as_document(summarise(frames))
    show.print_json({"out": str(folder), "manifest": manifest, "summary": summary})


def _print_summary(frames: Written, manifest: dict[str, Any], folder: Path) -> None:
    from experiments import show
    from experiments.summary import summarise

    show.print_sections(summarise(frames))
    print(
        f"{manifest['start']} to {manifest['until']}, seed {manifest['seed']}, "
        f"scale {manifest['scale']:g}: {manifest['wall_seconds']:.1f} s, "
        f"of which the months took {manifest['months_seconds']:.1f} s; "
        f"{manifest['peak_memory_mb']:.0f} MB. Results are in {folder}/"
    )
