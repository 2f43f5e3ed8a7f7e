"""The two ways in which a command can end badly, and the exit code of each."""

from __future__ import annotations


class RequestError(ValueError):
    """The request was wrong: the message names the place and the remedy. Exit code 2."""

    exit_code = 2


class RunError(RuntimeError):
    """The run failed although the request was right. Exit code 1."""

    exit_code = 1
