"""What the server refuses: foreign origins and hosts, large bodies, files that would have to be fetched elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 1 << 20
LARGEST_MESSAGE = 4 << 20
"""Bytes of a request and of one message of a page."""
CDN = "/_solara/cdn/"
HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
"""The page compiles its own templates in the browser, which needs ``unsafe-eval``; nothing comes from elsewhere."""
LOCAL = ("127.0.0.1", "localhost", "[::1]")


class Guarded:
    """An ASGI application behind these checks.

    ``origins`` are further addresses under which the app is reached (a reverse proxy: ``https://market.example``),
    ``files`` is the folder of Solara's scripts: what is not in it is not fetched from the internet instead. ``local``
    says that only this machine may ask, so that other names for it (DNS rebinding) are refused.
    """

    def __init__(self, app: App, origins: tuple[str, ...], files: Path, local: bool) -> None:
        self.app, self.files, self.local = app, files, local
        self.origins = {origin.rstrip("/") for origin in origins}
        self.hosts = {urlsplit(origin).netloc for origin in self.origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = self.refusal(scope)
        if refusal is None:
            await self.app(scope, receive, with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[1]})
        else:
            await answer(send, *refusal)

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Status and reason for which a request is refused, None for one that may pass."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not self.known_host(headers.get("host", "")):
            return 421, "unknown host; start the app with --origin ADDRESS to reach it by this name"
        if changes(scope) and not self.known_origin(headers):
            return 403, "foreign origin"
        if int(headers.get("content-length") or 0) > LARGEST_BODY:
            return 413, f"more than {LARGEST_BODY} bytes"
        path = str(scope["path"])
        if path.startswith(CDN) and not self.has_file(path.removeprefix(CDN)):
            return 404, "no such file"
        return None

    def known_host(self, host: str) -> bool:
        """Whether the app may be asked for by this name."""
        return not self.local or host.rpartition(":")[0] in LOCAL or host in LOCAL or host in self.hosts

    def known_origin(self, headers: dict[str, str]) -> bool:
        """Whether the page that asks came from here."""
        origin = headers.get("origin", "")
        return origin in self.origins or (bool(origin) and urlsplit(origin).netloc == headers.get("host"))

    def has_file(self, name: str) -> bool:
        """Whether a script is installed."""
        path = (self.files / name).resolve()
        return path.is_relative_to(self.files.resolve()) and path.is_file()


def changes(scope: Scope) -> bool:
    """Whether a request can do something and not only read."""
    return scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD")


def with_headers(send: Send) -> Send:
    """Add the headers of safety to every answer."""
    extra = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            sent = [(name, value.replace(b"SameSite=none", b"SameSite=lax")) for name, value in message["headers"]]
            message["headers"] = [*sent, *extra]
        await send(message)

    return sending


async def answer(send: Send, status: int, reason: str) -> None:
    """A short refusal."""
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": reason.encode()})
