"""How the page Play performs in a browser without a window: ``python -m viz.measure [--scale 1] [--minutes 8]``.

Prints months a second with the charts live, how soon Pause and a jump answer (in a world that was never played, in one
that is being played, in another session and after a restart), and the memory of server and page while it plays and
after the tab is closed. Needs Playwright and a Chromium; the user's cache is left alone.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from model.clock import month_index, month_label
from viz.browser import chromium, running_app

JUMPS = (120, 6, 240, 30, 420, 491, 0)
"""Months to jump to, as numbers since 2000-01."""
FAR = 432
"""A month to jump to before it has been played."""
RELEASE = 110.0
"""Seconds after closing a tab within which its memory should be free."""
SLIDE = """const slide = month => {
  const slider = document.querySelector('.pm-timeline input');
  slider.value = (Number(month.slice(0, 4)) - 2000) * 12 + Number(month.slice(5)) - 1;
  slider.dispatchEvent(new Event('input'));
};"""
TIMED = """const timed = true_ => new Promise(done => {
  const began = performance.now();
  const look = () => true_() ? done(performance.now() - began) : requestAnimationFrame(look);
  look();
});"""
"""Seconds are taken in the page, so that the way to this script does not count."""
WATCH = f"""month => {{ {SLIDE} {TIMED}
  const clock = document.getElementById('clock');
  slide(month);
  return timed(() => clock.textContent === month);
}}"""
ANSWER = f"""month => {{ {SLIDE} {TIMED}
  slide(month);
  return timed(() => document.querySelector('.pm-way')?.textContent.includes(`of ${{month}}`));
}}"""
LAND = f"month => {{ {TIMED} return timed(() => document.getElementById('clock').textContent === month); }}"
PAUSE = f"""() => {{ {TIMED}
  document.querySelector("button[aria-label=Pause]").click();
  return timed(() => document.querySelector("button[aria-label=Play]"));
}}"""
COUNT = """() => {
  const number = text => Number(text.slice(0, 4)) * 12 + Number(text.slice(5));
  const clock = document.getElementById('clock');
  let last = number(clock.textContent);
  Object.assign(window, { drawn: 0, months: 0 });
  new MutationObserver(() => {
    const now = number(clock.textContent);
    window.drawn += 1;
    window.months += Math.max(now - last, 0);
    last = now;
  }).observe(clock, { childList: true, characterData: true, subtree: true });
}"""


def measure(scale: float, minutes: float, worlds: int) -> dict[str, Any]:
    """All figures by name."""
    with tempfile.TemporaryDirectory() as home, chromium() as browser:
        found: dict[str, Any] = {"scale": scale, "from_the_start": from_the_start(browser, Path(home) / "start")}
        environment = {"XDG_CACHE_HOME": f"{home}/sessions"}
        with running_app(environment) as (address, process):
            found["memory_mb_before"] = memory(process)
            found |= first_session(browser, f"{address}/?scale={scale:g}", process)
            context, page, opening = opened(browser, f"{address}/?scale={scale:g}")
            found["another_session"] = {"seconds_to_open": opening, "seconds_to_jump": jumps(page)}
            found["looped"] = while_playing(page, process, minutes)
            found["memory_mb_after_each_world"] = [
                another(page, address, scale, n, process) for n in range(2, worlds + 2)
            ]
            context.close()
            found["memory_mb_closed"] = after(lambda: memory(process))
        with running_app(environment) as (address, _):
            context, page, opening = opened(browser, f"{address}/?scale={scale:g}")
            found["after_a_restart"] = {"seconds_to_open": opening, "seconds_to_jump": jumps(page)}
            context.close()
        return found


def from_the_start(browser: Any, home: Path) -> dict[str, Any]:
    """Seconds from the command that starts the app until every month of the default world, then of others, is there."""
    began = time.monotonic()
    with running_app({"XDG_CACHE_HOME": str(home)}, ahead=True) as (address, _):
        found: dict[str, Any] = {"seconds_to_answer": round(time.monotonic() - began, 2)}
        for name, query in (("default", ""), ("other_scenario", "?scenario=decoupling"), ("other_seed", "?seed=7")):
            context, page, opening = opened(browser, f"{address}/{query}")
            page.evaluate(WATCH, month_label(491))
            found[name] = {"seconds_to_open": opening, "seconds_to_the_end": round(time.monotonic() - began, 2),
                           "seconds_to_jump": jumps(page)}  # fmt: skip
            context.close()
            began = time.monotonic()
        return found


def first_session(browser: Any, address: str, process: int) -> dict[str, Any]:
    """A world that nobody has played: a jump far ahead, then (in another one) the pace while it is played."""
    context, page, opening = opened(browser, f"{address}&seed=9")
    found: dict[str, Any] = {"seconds_to_open": opening, "default": pace(page, 16), "fastest": pace(page, 120)}
    context.close()
    context, page, _ = opened(browser, address)
    answer = page.evaluate(ANSWER, month_label(FAR))
    found["never_played"] = {"to": month_label(FAR), "seconds_to_answer": seconds(answer),
                             "seconds_to_land": seconds(answer + page.evaluate(LAND, month_label(FAR)))}  # fmt: skip
    page.evaluate(WATCH, month_label(491))
    found["seconds_to_jump"] = jumps(page)
    time.sleep(5)  # the recording is being written
    found["memory_mb_after_a_run"] = memory(process)
    context.close()
    return found


def opened(browser: Any, address: str) -> tuple[Any, Any, float]:
    """A session of its own, its page, and the seconds until it could be played."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page, began = context.new_page(), time.monotonic()
    page.set_default_timeout(600_000)
    page.goto(address)
    page.wait_for_selector("button[aria-label=Play]:not([disabled])")
    took = round(time.monotonic() - began, 2)
    page.evaluate(COUNT)
    return context, page, took


def pace(page: Any, speed: int) -> dict[str, float]:
    """Play for a while at a speed asked for, and pause."""
    page.get_by_label("Months a second").select_option(str(speed))
    page.get_by_role("button", name="Play", exact=True).click()
    time.sleep(1)
    first, frames, began = month(page), page.evaluate("window.drawn"), time.monotonic()
    time.sleep(12.0 if speed < 100 else 3.0)
    took, played = time.monotonic() - began, month(page) - first
    drawn = page.evaluate("window.drawn") - frames
    pausing = page.evaluate(PAUSE) if page.locator("button[aria-label=Pause]").count() else 0.0
    return {"asked": speed, "months_a_second": round(played / took, 1), "frames_a_second": round(drawn / took, 1),
            "seconds_to_pause": seconds(pausing)}  # fmt: skip


def month(page: Any) -> int:
    """Number of the month shown."""
    return month_index(page.locator("#clock").inner_text())


def seconds(milliseconds: float) -> float:
    """For people."""
    return round(milliseconds / 1000, 3)


def jumps(page: Any) -> list[float]:
    """Seconds from moving the slider to the clock, for several months."""
    return [seconds(page.evaluate(WATCH, month_label(to))) for to in JUMPS]


def while_playing(page: Any, process: int, minutes: float) -> dict[str, Any]:
    """Memory of server and page every half minute of playing over and over as fast as can be chosen."""
    page.get_by_label("Months a second").select_option("120")
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable")
    page.evaluate("window.months = window.drawn = 0")
    server, heap, ends = [], [], time.monotonic() + 60 * minutes
    while time.monotonic() < ends:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if not page.locator("button[aria-label=Pause]").count():
                page.get_by_role("button", name="Play", exact=True).click()
            time.sleep(0.5)
        server.append(memory(process))
        heap.append(heap_of(metrics))
    shown, drawn = page.evaluate("[window.months, window.drawn]")
    if page.locator("button[aria-label=Pause]").count():
        page.evaluate(PAUSE)
    return {"months_shown": shown, "frames_drawn": drawn, "hours_at_16_months_a_second": round(shown / 16 / 3600, 2),
            "server_mb": server, "page_heap_mb": heap}  # fmt: skip


def heap_of(metrics: Any) -> float:
    """What the scripts of a page hold in MB, without what is only waiting to be dropped."""
    metrics.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in metrics.send("Performance.getMetrics")["metrics"]}
    return round(found["JSHeapUsedSize"] / 2**20, 1)


def another(page: Any, address: str, scale: float, seed: int, process: int) -> float:
    """The server's memory after one more world was played to its end in the same session."""
    page.get_by_role("spinbutton", name="Seed").fill(str(seed))
    page.get_by_role("button", name="Start anew", exact=True).click()
    page.wait_for_function(f"location.search.includes('seed={seed}')")
    page.wait_for_function("document.getElementById('clock').textContent === '2000-01'")
    page.evaluate(WATCH, month_label(491))
    time.sleep(5)
    return memory(process)


def after(read: Callable[[], float]) -> float:
    """The lowest value read while the server may release what a closed tab held."""
    lowest, ends = read(), time.monotonic() + RELEASE
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
    parser.add_argument("--minutes", type=float, default=8.0, help="of playing over and over")
    parser.add_argument("--worlds", type=int, default=3, help="further worlds to be played to their end")
    given = parser.parse_args()
    print(json.dumps(measure(given.scale, given.minutes, given.worlds), indent=1))


if __name__ == "__main__":
    main()
