"""The commands about rules: ``scenarios`` and ``parameters``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.endings import Json, answers

scenarios_app = typer.Typer(help="List, show, check and start scenarios.", rich_markup_mode=None)


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
    as_json: Json = False,
) -> None:
    """Validate a scenario file: all its errors at once, with place and remedy."""
    from experiments.rules_commands import check_scenario

    check_scenario(file, as_json)


@scenarios_app.command("new")
@answers
def scenarios_new(
    file: Annotated[Path, typer.Argument(help="File to start; it must not exist yet.")],
) -> None:
    """Start a scenario file with an example of each part."""
    from experiments.rules_commands import new_scenario

    new_scenario(file)


@answers
def parameters(
    pattern: Annotated[str, typer.Argument(help="Part of a name, or a pattern with *.")] = "",
    as_json: Json = False,
) -> None:
    """List named values: unit, default, range, role and source."""
    from experiments.rules_commands import list_parameters

    list_parameters(pattern, as_json)
