"""The commands about what was played: ``explain``, ``sensitivity`` and ``discover``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.endings import BEGAN, Json, answers


@answers
def explain(
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
