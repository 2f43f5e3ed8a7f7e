"""A Chromium and a running app for what looks at the app by itself: tests, measurements, pictures."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage")  # fmt: skip
PATIENCE = 60.0
"""Seconds that the app may take to start."""


def installed() -> str | None:
    """Path of a Chromium on this machine, Playwright's own included; None if there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None) or downloaded()


def downloaded() -> str | None:
    """Path of Playwright's Chromium if it is there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = str(playwright.chromium.executable_path)
    return path if Path(path).exists() else None


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Playwright's handle of a Chromium without a window. Raises RuntimeError where there is none."""
    from playwright.sync_api import sync_playwright

    path = installed()
    if path is None:
        raise RuntimeError("there is no Chromium; install one, or run `python -m playwright install chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def running_app(
    environment: Mapping[str, str] | None = None, log: Any = None, *, ahead: bool = False
) -> Iterator[tuple[str, int]]:
    """Address and process number of an app that runs meanwhile, without its playing ``ahead`` unless told so.

    Raises RuntimeError where it does not start.
    """
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "experiments.cli",
        "play",
        "--port",
        str(port),
        "--ahead" if ahead else "--no-ahead",
    ]
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address, process)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the app answers."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=20).read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the app does not start")
