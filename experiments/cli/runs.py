"""The commands that play: ``run``, ``compare``, ``sweep``, ``cases`` and ``claims``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.claims.ledger import PAIRS
from experiments.cli.endings import BEGAN, Json, answers


@answers
def run(
    scenario: Annotated[
        list[str] | None,
        typer.Argument(help="Names or files; several compose in order.", show_default="baseline"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Number that fixes all luck.")] = 1,
    scale: Annotated[float, typer.Option(help="Size of the world; 1 is one-to-one.")] = 1.0,
    start: Annotated[str, typer.Option(help="First month played.")] = "2000-01",
    until: Annotated[str, typer.Option(help="Last month played.")] = "2040-12",
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Change a named value; repeatable."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Results folder.", show_default="out/SCENARIO")] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
) -> None:
    """Play one run and write its results."""
    from experiments.commands import run_command
    from experiments.settings import Settings, parse_changes

    names = tuple(scenario or ["baseline"])
    settings = Settings(names, seed, scale, start, until, parse_changes(changes or []))
    run_command(settings, out, BEGAN, as_json=as_json, quiet=quiet)


@answers
def compare(
    a: Annotated[str, typer.Argument(help="Scenarios, files and NAME=VALUE joined by +, as baseline.")],
    b: Annotated[str, typer.Argument(help="The same for what is compared with it, as baseline+capital.supply=0.5.")],
    seeds: Annotated[int, typer.Option(help="How many pairs of runs.")] = 20,
    first_seed: Annotated[int, typer.Option(help="Seed of the first pair; the others count up.")] = 1,
    branch: Annotated[str, typer.Option("--from", help="First month in which rules may differ.")] = "2025-01",
    until: Annotated[str, typer.Option(help="Last month played.")] = "2040-12",
    scale: Annotated[float, typer.Option(help="Size of the world; 1 is one-to-one.")] = 1.0,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="Change a named value in both, for the whole run; repeatable."
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes.", show_default="as many as there are cores")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Results folder.", show_default="out/A-vs-B")] = None,
    report: Annotated[bool, typer.Option(help="Write report.html beside the tables.")] = True,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
) -> None:
    """Play two scenarios with the same luck, many times, and say what differs and how surely."""
    from experiments.compare import Request
    from experiments.compare_command import compare_command
    from experiments.settings import parse_changes
    from experiments.variants import parse

    chosen = tuple(range(first_seed, first_seed + seeds))
    both = parse_changes(changes or [])
    request = Request(
        parse(a, branch, both), parse(b, branch, both), chosen, scale=scale, branch=branch, until=until, workers=workers
    )
    compare_command(request, out, BEGAN, report=report, as_json=as_json, quiet=quiet)


@answers
def sweep(
    words: Annotated[list[str], typer.Argument(metavar="DESIGN.toml | status DIR", help="Design, or status of DIR.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the sweep.")] = None,
    engine: Annotated[str, typer.Option(help="local (processes of this machine) or dask.")] = "local",
    scheduler: Annotated[str | None, typer.Option(help="Of the Dask cluster, as tcp://HOST:8786.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes.", show_default="as many as there are cores")
    ] = None,
    part: Annotated[str, typer.Option(metavar="K/N", help="Play only every Nth chunk, for arrays of jobs.")] = "0/1",
    estimate: Annotated[bool, typer.Option("--estimate", help="Only tell size, time, cost and disk.")] = False,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No estimate and no progress.")] = False,
) -> None:
    """Play a design of many runs; run it again to resume. `sweep status DIR` tells how one stands."""
    from experiments.sweeps.command import Asked, sweep_command

    sweep_command(words, Asked(out, engine, scheduler, workers, part, estimate, as_json, quiet))


@answers
def cases(
    name: Annotated[str, typer.Argument(help="mrna or oncology.")],
    seeds: Annotated[int, typer.Option(help="How many pairs of runs.", min=1)] = 8,
    scale: Annotated[float, typer.Option(help="Size of the worlds.")] = 0.1,
    as_json: Json = False,
) -> None:
    """Play a named case, both arms with the same luck: time to launches, reach and cost."""
    from experiments.cases import cases_command

    cases_command(name, seeds, scale, as_json)


@answers
def claims(
    numbers: Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="Claims.", show_default="all")] = None,
    pairs: Annotated[int, typer.Option(help="How many pairs of runs per experiment.")] = PAIRS,
    scale: Annotated[
        float | None, typer.Option(help="Size of the worlds.", show_default="that of each experiment")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    out: Annotated[Path | None, typer.Option(help="File for the record (JSON).")] = None,
    as_json: Json = False,
) -> None:
    """Test what is claimed about this market: effect with interval and verdict, claim by claim."""
    from experiments.claims.command import claims_command

    claims_command(numbers or (), pairs, scale, workers, out, as_json=as_json)
