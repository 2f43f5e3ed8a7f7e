"""The browser that the tests of the app drive: ``python -m tests.get_browser`` sees to it that there is one.

A Chromium of this machine is taken as it is; else Debian's package where apt is at hand and may be used; else the one
that Playwright downloads.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from viz.browser import installed


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


def from_playwright() -> bool:
    """Download Playwright's own, with the libraries that it needs where that is allowed."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if os.geteuid() == 0:
        command.insert(-1, "--with-deps")
    return subprocess.run(command, check=False).returncode == 0


def main() -> None:
    """Get a browser if there is none; without one the tests of the app fail, the others do not need it."""
    if not (installed() or from_apt() or from_playwright()):
        print("no browser could be had; the tests of the app will fail until Chromium is installed", file=sys.stderr)


if __name__ == "__main__":
    main()
