"""The commands ``bench`` and ``play``."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.endings import Json, answers


@answers
def bench(
    scales: Annotated[str, typer.Option(help="Scales to measure.")] = "0.25,0.5,1,2",
    until: Annotated[str, typer.Option(help="Last month played.")] = "2040-12",
    as_json: Json = False,
) -> None:
    """Seconds per run and part of the month, growth with scale, and plain Mesa beside it."""
    from experiments.bench import bench_command

    bench_command(scales, until, as_json)


@answers
def play(
    port: Annotated[int, typer.Option(help="Port to listen at.")] = 8765,
    host: Annotated[str, typer.Option(help="Address to listen at; by default this machine only.")] = "127.0.0.1",
    origins: Annotated[
        list[str] | None,
        typer.Option("--origin", metavar="URL", help="Address of a reverse proxy in front; repeatable."),
    ] = None,
    ahead: Annotated[
        bool, typer.Option("--ahead/--no-ahead", help="Play the default world before a page asks for it.")
    ] = True,
) -> None:
    """Open the app: watch the market live, ask what if, and show it."""
    from experiments.play_command import play_command

    play_command(host, port, tuple(origins or ()), ahead)
