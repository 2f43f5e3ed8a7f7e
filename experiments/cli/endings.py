"""How each command ends: with one message and an exit code, whatever goes wrong."""

from __future__ import annotations

import errno
import functools
import os
import sys
import time
from collections.abc import Callable
from typing import Annotated, ParamSpec

import typer

from experiments.errors import RequestError, RunError, hides_interrupt

BEGAN = time.perf_counter()
"""When the command line was started, nearly."""
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
P = ParamSpec("P")


def answers(command: Callable[P, None]) -> Callable[P, None]:
    """Turn the ways a command can end badly into one line on standard error and an exit code."""

    @functools.wraps(command)
    def answering(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except (Exception, KeyboardInterrupt) as error:
            raise typer.Exit(told(error)) from error

    return answering


def told(error: BaseException) -> int:
    """Say how the command ended and return its exit code; what is no expected ending is raised again."""
    if hides_interrupt(error):
        complain("interrupted; what was written to files is complete")
        return 1
    if isinstance(error, RequestError | RunError):
        explain(error)
        complain(str(error))
        return error.exit_code
    if isinstance(error, OSError) and error.errno != errno.EPIPE:  # at a broken pipe whoever reads has seen enough
        silence_output()
        what = f"use {error.filename}" if error.filename else "print"
        complain(f"cannot {what}: {error.strerror}; what was written to files is complete")
        return 1
    raise error


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
