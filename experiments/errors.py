"""The ways in which a command can end badly: a wrong request, a failed run, an interrupt."""

from __future__ import annotations


class RequestError(ValueError):
    """The request was wrong: the message names the place and the remedy. Exit code 2."""

    exit_code = 2


class RunError(RuntimeError):
    """The run failed although the request was right. Exit code 1."""

    exit_code = 1


def hides_interrupt(error: BaseException | None) -> bool:
    """Whether the user ended it: compiled code turns an interrupt that reaches it into an error of its own."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return error is not None
