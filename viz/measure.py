"""How the page Play performs in a browser without a window: ``python -m viz.measure [--scale 1] [--minutes 1]``.

Prints months a second with the charts live, how soon Pause and a jump answer, and the server's memory while it plays
and after the tab is closed. Needs Playwright and a Chromium.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from viz.browser import chromium, running_app

JUMPS = (120, 6, 240, 30, 420, 0)
"""Months to jump to, as numbers since 2000-01."""
WATCH = """month => new Promise(done => {
  const clock = document.getElementById('clock'), began = performance.now();
  const look = () => clock.textContent === month ? done(performance.now() - began) : requestAnimationFrame(look);
  const slider = document.querySelector('.pm-timeline input');
  slider.value = (Number(month.slice(0, 4)) - 2000) * 12 + Number(month.slice(5)) - 1;
  slider.dispatchEvent(new Event('input'));
  look();
})"""
PAUSE = """() => new Promise(done => {
  const began = performance.now();
  const stopped = () => document.querySelector("button[aria-label=Play]");
  const look = () => stopped() ? done(performance.now() - began) : requestAnimationFrame(look);
  document.querySelector("button[aria-label=Pause]").click();
  look();
})"""
"""Seconds are taken in the page, so that the way to this script does not count."""
COUNT = """() => { window.drawn = 0; new MutationObserver(() => { window.drawn += 1; })
  .observe(document.getElementById('clock'), { childList: true, characterData: true, subtree: true }); }"""


def measure(scale: float, minutes: float) -> dict[str, Any]:
    """All figures by name."""
    with running_app() as (address, process), chromium() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        found: dict[str, Any] = {"scale": scale, "memory_mb_before": memory(process)}
        began = time.monotonic()
        page.goto(f"{address}/?scale={scale:g}")
        page.wait_for_selector("button[aria-label=Play]:not([disabled])", timeout=120_000)
        found["seconds_to_open"] = round(time.monotonic() - began, 2)
        page.evaluate(COUNT)
        found |= {"default": pace(page, 16), "fastest": pace(page, 120)}
        found["memory_mb_after_a_run"] = settled(page, process)
        found["seconds_to_jump"] = [jump(page, month) for month in JUMPS]
        found["memory_mb_playing"] = while_playing(page, process, minutes)
        context.close()
        found["memory_mb_closed"] = after(lambda: memory(process))
        return found


def pace(page: Any, speed: int, seconds: float = 12.0) -> dict[str, float]:
    """Play for a while at a speed asked for, and pause."""
    page.get_by_label("Months a second").select_option(str(speed))
    page.get_by_role("button", name="Play", exact=True).click()
    time.sleep(1)
    first, frames, began = month(page), page.evaluate("window.drawn"), time.monotonic()
    time.sleep(seconds if speed < 100 else 3.0)
    took, played = time.monotonic() - began, month(page) - first
    drawn = page.evaluate("window.drawn") - frames
    pausing = page.evaluate(PAUSE) if page.locator("button[aria-label=Pause]").count() else 0.0
    return {"asked": speed, "months_a_second": round(played / took, 1), "frames_a_second": round(drawn / took, 1),
            "seconds_to_pause": round(pausing / 1000, 3)}  # fmt: skip


def month(page: Any) -> int:
    """Number of the month shown."""
    text = page.locator("#clock").inner_text()
    return (int(text[:4]) - 2000) * 12 + int(text[5:]) - 1


def label(number: int) -> str:
    """``YYYY-MM`` of a month number."""
    return f"{2000 + number // 12}-{number % 12 + 1:02d}"


def jump(page: Any, to: int) -> float:
    """Seconds from moving the slider to the clock."""
    return round(page.evaluate(WATCH, label(to)) / 1000, 3)


def settled(page: Any, process: int) -> float:
    """Memory once the whole run has been played ahead."""
    page.evaluate(WATCH, label(491))
    return after(lambda: memory(process), 5.0)


def while_playing(page: Any, process: int, minutes: float) -> list[float]:
    """Memory every ten seconds of playing over and over."""
    found, ends = [], time.monotonic() + 60 * minutes
    while time.monotonic() < ends:
        if not page.locator("button[aria-label=Pause]").count():
            page.evaluate(WATCH, label(0))
            page.get_by_role("button", name="Play", exact=True).click()
        time.sleep(10)
        found.append(memory(process))
    return found


def after(read: Callable[[], float], seconds: float = 100.0) -> float:
    """The lowest value read within some seconds."""
    lowest, ends = read(), time.monotonic() + seconds
    while time.monotonic() < ends:
        time.sleep(1)
        lowest = min(lowest, read())
    return lowest


def memory(process: int) -> float:
    """Resident memory of a process in MB (Linux); NaN elsewhere."""
    path = Path(f"/proc/{process}/status")
    found = re.search(r"VmRSS:\s+(\d+)", path.read_text()) if path.exists() else None
    return round(int(found[1]) / 1024, 1) if found else float("nan")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--minutes", type=float, default=1.0)
    given = parser.parse_args()
    print(json.dumps(measure(given.scale, given.minutes), indent=1))


if __name__ == "__main__":
    main()
