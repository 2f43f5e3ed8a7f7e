"""The app as a process and a browser that looks at it; any error in its console or request elsewhere fails the test.

Tests take ``open_page``: a function of a path (``"/compare?seed=2"``) and a size that returns a Playwright page.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import environment
from playwright.sync_api import Browser, Page, expect

from model import PharmaMarket
from viz.browser import chromium, running_app

OpenPage = Callable[..., Page]
WIDE, PHONE = (1440, 900), (414, 896)
PATIENCE = 30_000
"""Milliseconds that a page may take on a busy machine."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def app_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the app finds the folders of its user: ``cache`` and ``data``."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def app(app_home: Path) -> Iterator[str]:
    """Address of a running app, whose user folders are temporary ones."""
    PharmaMarket(scale=0.02).run_until(1)  # no page has to wait for the compiler
    home = app_home
    folders = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "XDG_DATA_HOME": str(home / "data")}
    if "NUMBA_CACHE_DIR" not in os.environ and "XDG_CACHE_HOME" in os.environ:
        folders["NUMBA_CACHE_DIR"] = os.environ["XDG_CACHE_HOME"]
    with (home / "log").open("wb") as log, running_app(environment(**folders), log) as (address, _):
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def troubles() -> Iterator[list[str]]:
    """What went wrong in the pages of a test: errors in the console, requests that left this machine."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def open_page(app: str, browser: Browser, troubles: list[str]) -> Iterator[OpenPage]:
    """Open a path of the app in a session of its own."""
    contexts: list[Any] = []

    def opening(path: str = "/", size: tuple[int, int] = WIDE, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        watch(page, troubles)
        page.goto(app + path)
        page.wait_for_selector("nav[aria-label=Pages]")
        return page

    yield opening
    for context in contexts:
        context.close()


def watch(page: Page, troubles: list[str]) -> None:
    """Note what must not happen on a page."""
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: troubles.append(request.url) if leaves(request.url) else None)


def leaves(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1"
