"""The command line ``pharmarket``. Commands import what they need, so that help answers at once."""

from __future__ import annotations

import errno
import functools
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, ParamSpec

import typer

from experiments.errors import RequestError, RunError

BEGAN = time.perf_counter()
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a run is one thread: more would only wait, and be paid for
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # gives back what a table took before the next one
P = ParamSpec("P")

app = typer.Typer(
    name="pharmarket",
    help="The global pharma market, company by company and candidate by candidate.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
scenarios_app = typer.Typer(help="List, show, check and start scenarios.", rich_markup_mode=None)
app.add_typer(scenarios_app, name="scenarios")

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def answers(command: Callable[P, None]) -> Callable[P, None]:
    """Turn the ways a command can end badly into one line on standard error and an exit code."""

    @functools.wraps(command)
    def answering(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except (RequestError, RunError) as error:
            explain(error)
            complain(str(error))
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            complain("interrupted; nothing was written")
            raise typer.Exit(1) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever reads has seen enough
                raise
            silence_output()
            complain(f"cannot print: {error.strerror}; what was written to files is complete")
            raise typer.Exit(1) from error

    return answering


def silence_output() -> None:
    """Send what is still to be printed nowhere, so that ending the process does not fail once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def explain(error: Exception) -> None:
    """Where in the code a failed run broke, for who mends it; nothing for what a user can mend."""
    cause = error.__cause__
    if isinstance(error, RunError) and cause and not isinstance(cause, OSError):
        import traceback

        traceback.print_exception(cause)


def complain(message: str) -> None:
    """One message on standard error."""
    typer.echo(f"pharmarket: {message}", err=True)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """The global pharma market, company by company and candidate by candidate."""
    if version:
        from experiments.results import versions

        typer.echo(f"pharmarket {versions()['pharmarket']}")
        raise typer.Exit


@app.command()
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


@scenarios_app.callback(invoke_without_command=True)
@answers
def scenarios_alone(context: typer.Context, as_json: Json = False) -> None:
    """List, show, check and start scenarios; without a further word, list them."""
    if context.invoked_subcommand is None:
        from experiments.rules_commands import list_scenarios

        list_scenarios(as_json)


@scenarios_app.command("list")
@answers
def scenarios_list(as_json: Json = False) -> None:
    """List the scenarios of the library."""
    from experiments.rules_commands import list_scenarios

    list_scenarios(as_json)


@scenarios_app.command("show")
@answers
def scenarios_show(
    names: Annotated[list[str], typer.Argument(help="Names or files; several compose in order.")],
    at: Annotated[list[str] | None, typer.Option(help="Month for values before and after; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Resolve a scenario: its changes, where each stands, its source, and the value before and after."""
    from experiments.rules_commands import show_scenario

    show_scenario(names, at or (), as_json)


@scenarios_app.command("check")
@answers
def scenarios_check(
    file: Annotated[Path, typer.Argument(help="Scenario file (TOML).")],
) -> None:
    """Validate a scenario file: all its errors at once, with place and remedy."""
    from experiments.rules_commands import check_scenario

    check_scenario(file)


@scenarios_app.command("new")
@answers
def scenarios_new(
    file: Annotated[Path, typer.Argument(help="File to start; it must not exist yet.")],
) -> None:
    """Start a scenario file with an example of each part."""
    from experiments.rules_commands import new_scenario

    new_scenario(file)


@app.command()
@answers
def parameters(
    pattern: Annotated[str, typer.Argument(help="Part of a name, or a pattern with *.")] = "",
    as_json: Json = False,
) -> None:
    """List named values: unit, default, range, role and source."""
    from experiments.rules_commands import list_parameters

    list_parameters(pattern, as_json)


@app.command()
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


@app.command()
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


@app.command("explain")
@answers
def explain_run(
    folder: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="Results folder of a run.")],
    identity: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Number of an asset, deal or firm (asset:5 where unclear), or a firm's name."
        ),
    ],
    as_json: Json = False,
) -> None:
    """Tell what happened to one asset, deal or firm, and why."""
    from experiments.explain import explain_command

    explain_command(folder, identity, as_json)


@app.command()
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


@app.command()
@answers
def claims(
    numbers: Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="Claims.", show_default="all")] = None,
    pairs: Annotated[int, typer.Option(help="How many pairs of runs per experiment.")] = 8,
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


@app.command()
@answers
def sensitivity(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished sweep.")],
    outputs: Annotated[
        list[str] | None,
        typer.Option(
            "--output", metavar="INDICATOR", help="Column of its runs; repeatable.", show_default="main indicators"
        ),
    ] = None,
    method: Annotated[
        str | None, typer.Option(help="morris, sobol or pawn.", show_default="what the design was sampled for")
    ] = None,
    without_failed: Annotated[
        bool, typer.Option("--without-failed", help="Leave out points that failed, and what belongs to them.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Results folder.", show_default="DIR/sensitivity")] = None,
    report: Annotated[bool, typer.Option(help="Write report.html beside the tables.")] = True,
    as_json: Json = False,
) -> None:
    """Say which of the values that a sweep varied matter, and how surely."""
    from experiments.analysis.sensitivity_command import sensitivity_command

    sensitivity_command(
        folder, outputs or (), method, out, BEGAN, without_failed=without_failed, report=report, as_json=as_json
    )


@app.command()
@answers
def discover(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished sweep.")],
    outcome: Annotated[str, typer.Option(metavar="INDICATOR", help="Column of its runs.")],
    above: Annotated[float | None, typer.Option(help="Look for outcomes above this.")] = None,
    below: Annotated[float | None, typer.Option(help="Look for outcomes below this.")] = None,
    without_failed: Annotated[bool, typer.Option("--without-failed", help="Leave out points that failed.")] = False,
    out: Annotated[Path | None, typer.Option(help="Results folder.", show_default="DIR/discovery")] = None,
    report: Annotated[bool, typer.Option(help="Write report.html beside the tables.")] = True,
    as_json: Json = False,
) -> None:
    """Say where in its space a sweep gives an outcome (PRIM and CART)."""
    from experiments.analysis.discovery import Case
    from experiments.analysis.discovery_command import discover_command

    case = Case(outcome, above, below)
    discover_command(folder, case, out, BEGAN, without_failed=without_failed, report=report, as_json=as_json)


@app.command()
@answers
def bench(
    scales: Annotated[str, typer.Option(help="Scales to measure.")] = "0.25,0.5,1,2",
    until: Annotated[str, typer.Option(help="Last month played.")] = "2040-12",
    as_json: Json = False,
) -> None:
    """Seconds per run and part of the month, growth with scale, and plain Mesa beside it."""
    from experiments.bench import bench_command

    bench_command(scales, until, as_json)


@app.command()
@answers
def play(
    port: Annotated[int, typer.Option(help="Port to listen at.")] = 8765,
    host: Annotated[str, typer.Option(help="Address to listen at; by default this machine only.")] = "127.0.0.1",
    origins: Annotated[
        list[str] | None,
        typer.Option("--origin", metavar="URL", help="Address of a reverse proxy in front; repeatable."),
    ] = None,
) -> None:
    """Open the app: watch the market live, ask what if, and show it."""
    from experiments.play_command import play_command

    play_command(host, port, tuple(origins or ()))


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; ends the process with the exit code."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    app(arguments)


if __name__ == "__main__":
    main()
