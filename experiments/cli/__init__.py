"""The command line ``pharmarket``. Commands import what they need, so that help answers at once."""

from __future__ import annotations

import os
import signal
from typing import Annotated, Any

import typer

from experiments.cli import results, rules, runs, tools

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a run is one thread: more would only wait, and be paid for
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # gives back what a table took before the next one

app = typer.Typer(
    name="pharmarket",
    help="The global pharma market, company by company and candidate by candidate.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(rules.scenarios_app, name="scenarios")
for command in (
    runs.run,
    rules.parameters,
    runs.compare,
    runs.sweep,
    results.explain,
    runs.cases,
    runs.claims,
    results.sensitivity,
    results.discover,
    tools.bench,
    tools.play,
):
    app.command()(command)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """The global pharma market, company by company and candidate by candidate."""
    if version:
        from experiments.results import versions

        typer.echo(f"pharmarket {versions()['pharmarket']}")
        raise typer.Exit


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; ends the process with the exit code."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    app(arguments)
