"""What the command ``play`` does: hand over to the app, which is found by name because it stands above this room."""

from __future__ import annotations

from importlib import metadata

from experiments.errors import RunError

APPS = "pharmarket.apps"
"""Entry points that serve an app: functions of host, port, further origins and ``ahead``; they return when it ends."""


def play_command(host: str, port: int, origins: tuple[str, ...], ahead: bool) -> None:
    """Serve the app until Ctrl-C. Raises RunError where none is installed, RequestError for an address in use."""
    found = [entry for entry in metadata.entry_points(group=APPS) if entry.name == "play"]
    if not found:
        raise RunError("no app is installed; run `pip install -e '.[app]'` in the project's folder")
    found[0].load()(host, port, origins, ahead=ahead)
