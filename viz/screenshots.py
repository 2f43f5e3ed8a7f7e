"""Pictures of every page for the documentation: ``python -m viz.screenshots [PAGE...] [--out docs/images]``.

Those that the README and ``docs/app.md`` show; small PNG files with few colours. Needs Playwright and a Chromium.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from viz.browser import chromium, running_app

OUT = Path(__file__).parent.parent / "docs" / "images"
SIZES = {"wide": (1440, 900), "phone": (414, 896)}
HEIGHTS = {("play", "wide"): 1420}
"""Of pages of which more is worth seeing than fits a screen."""
COLOURS = 256
PATIENCE = 300_000
"""Milliseconds for what is played before a picture."""


def play(page: Any) -> None:
    """Decoupling half a decade after its rupture, with less capital from 2026 on beside the untouched world."""
    page.wait_for_function("document.getElementById('clock')?.textContent === '2034-06'", timeout=PATIENCE)


def compare(page: Any) -> None:
    """A comparison that has been played."""
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_text("What stands out in B").wait_for(timeout=PATIENCE)


def explore(page: Any) -> None:
    """The network of a run that has been played."""
    page.get_by_role("button", name="Play it now").click()
    page.locator("canvas").first.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(4000)


def studio(page: Any) -> None:
    """A change while it is edited, with what it does to its value."""
    page.get_by_role("button", name="Edit geopolitics.tension.US-CN").click()
    page.locator("canvas").first.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(2000)
    page.evaluate("window.scrollTo(0, 0)")


def still(page: Any) -> None:
    """What is there at once."""
    page.wait_for_selector("h1")
    page.wait_for_timeout(4000)


class Shot(NamedTuple):
    """A page to take pictures of: its address, what to wait for, and its pictures as size and colours."""

    address: str
    prepare: Callable[[Any], None]
    pictures: tuple[tuple[str, str], ...]


SHOTS = {
    "play": Shot("/?scenario=decoupling&month=2034-06&levers=2026-01:capital.supply=0.6", play,
                 (("wide", "light"), ("wide", "dark"), ("phone", "light"))),
    "compare": Shot("/compare?a=baseline&b=decoupling&seeds=4&size=0.25", compare, (("wide", "light"),)),
    "explore": Shot("/explore?scenario=decoupling&scale=0.25&view=network", explore,
                    (("wide", "light"), ("phone", "dark"))),
    "studio": Shot("/studio?scenario=decoupling", studio, (("wide", "dark"),)),
    "evidence": Shot("/evidence", still, (("wide", "light"), ("phone", "light"))),
}  # fmt: skip


def shoot(names: list[str], out: Path) -> list[Path]:
    """Take the pictures of these pages; returns their files."""
    out.mkdir(parents=True, exist_ok=True)
    files = []
    with running_app() as (address, _), chromium() as browser:
        for name in names:
            shot = SHOTS[name]
            page = browser.new_context(color_scheme="light").new_page()
            page.set_viewport_size(size("wide", name))
            page.goto(address + shot.address)
            shot.prepare(page)
            for kind, shade in shot.pictures:
                page.set_viewport_size(size(kind, name))
                files.append(kept(page, out / f"{name}-{kind}-{shade}.png"))
            page.context.close()
    return files


def size(kind: str, name: str) -> dict[str, int]:
    """A size as Playwright wants it."""
    width, height = SIZES[kind]
    return {"width": width, "height": HEIGHTS.get((name, kind), height)}


def kept(page: Any, file: Path) -> Path:
    """One picture in the colours that its name says, with few colours."""
    wanted = "Dark colours" if file.stem.endswith("dark") else "Light colours"
    switch = page.get_by_role("button", name=wanted)
    if switch.count():
        switch.click()
    page.mouse.move(2, 2)
    page.wait_for_timeout(1500)
    picture = (
        Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, kmeans=1, dither=Image.Dither.NONE)
    )
    picture.save(file, optimize=True)
    return file


def main() -> None:
    """Take pictures and say how large they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"of {', '.join(SHOTS)}; all without")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    for file in shoot(given.pages or list(SHOTS), given.out):
        print(f"{file.name}: {file.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
