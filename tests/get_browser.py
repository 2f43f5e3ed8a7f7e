"""The browser that the tests of the app drive: ``python -m tests.get_browser`` sees to it that there is one.

A Chromium of this machine is taken as it is; else Debian's package where apt is at hand and may be used; else the one
that Playwright downloads.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
         "--disable-background-networking", "--disable-sync", "--disable-dev-shm-usage")  # fmt: skip


def installed() -> str | None:
    """Path of a Chromium on this machine, Playwright's own included."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or downloaded()


def downloaded() -> str | None:
    """Path of Playwright's Chromium if it is there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def from_apt() -> bool:
    """Install Debian's package; False where that cannot be."""
    if not shutil.which("apt-get"):
        return False
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    try:
        subprocess.run([*may, "apt-get", "-qq", "update"], check=False, **quiet)
        command = [*may, "apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium"]
        return subprocess.run(command, check=False, **quiet).returncode == 0 and bool(shutil.which("chromium"))
    except OSError:
        return False


def main() -> int:
    """Get a browser if there is none; the tests of the app fail without one, the others do not need it."""
    if installed() or from_apt():
        return 0
    command = [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
    if os.geteuid() != 0:
        command.remove("--with-deps")
    if subprocess.run(command, check=False).returncode:
        print("no browser could be had; the tests of the app will fail until Chromium is installed", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
