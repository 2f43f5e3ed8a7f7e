"""The server of the app: Solara behind checks, for this machine only unless told otherwise."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import warnings
from collections.abc import Sequence
from typing import Any

from experiments.errors import RequestError, RunError
from experiments.settings import Settings

CULL_AFTER = "90s"
"""How long a closed tab's session is kept, for a page that comes back."""
MOST_CONNECTIONS, MOST_TABS = 40, 12
"""Pages connected at once, and tabs of one browser."""
LOCAL_BINDS = ("127.0.0.1", "::1", "localhost")


def serve(host: str, port: int, origins: Sequence[str] = (), *, ahead: bool = True) -> None:
    """Serve the app until Ctrl-C.

    ``origins`` are addresses of a reverse proxy under which pages are reached; ``ahead`` plays the default world before
    a page asks for it. Raises RequestError where the address cannot be had, RunError where the app is not installed.
    """
    check_free(host, port)
    try:
        config = configuration(host, port, tuple(origins))
    except ImportError as error:
        raise RunError(f"the app is not installed ({error}); `make play` or pip install 'pharmarket[app]'") from error
    import uvicorn

    if ahead:
        from viz.player.session import rehearse

        rehearse(Settings())
    print(
        f"pharmarket: http://{'127.0.0.1' if host in LOCAL_BINDS else host}:{port}/  (Ctrl-C ends it)", file=sys.stderr
    )
    with contextlib.suppress(KeyboardInterrupt):  # the way to end it
        uvicorn.Server(config).run()


def configuration(host: str, port: int, origins: tuple[str, ...] = ()) -> Any:
    """The server, ready to run."""
    settle()
    import uvicorn
    from solara.server import settings
    from solara.server.app import AppScript, apps
    from solara.server.starlette import app as solara_app

    from viz.safety import LARGEST_MESSAGE, Guarded

    apps["__default__"] = AppScript("viz.app")
    guarded = Guarded(solara_app, origins, settings.assets.proxy_cache_dir, host in LOCAL_BINDS)
    return uvicorn.Config(
        guarded, host=host, port=port, log_level="error", access_log=False, ws_max_size=LARGEST_MESSAGE,
        timeout_graceful_shutdown=3, server_header=False,
    )  # fmt: skip


def settle() -> None:
    """Solara's settings: production, offline, limited, nothing told to anybody."""
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "false"
    from solara.server import settings

    settings.main.mode = "production"
    settings.telemetry.mixpanel_enable = False
    settings.theme.variant = settings.ThemeVariant.light
    settings.theme.show_banner = False
    settings.theme.title = "pharmarket"
    settings.kernel.cull_timeout = CULL_AFTER
    settings.kernel.max_count = MOST_CONNECTIONS
    settings.kernel.max_per_session = MOST_TABS
    settings.session.http_only = True
    settings.assets.fontawesome_enabled = False
    settings.assets.extra_locations = ["viz.assets"]


def check_free(host: str, port: int) -> None:
    """Raise RequestError where nothing can listen at an address."""
    if not 0 < port < 65536:
        raise RequestError(f"port: {port} is none; take 1024 to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise RequestError(
                f"port: cannot listen at {host}:{port} ({error.strerror}); try --port {port + 1}"
            ) from error
