"""The shell of the app: pages, theme, links, and what the server refuses."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from app_fixtures import PHONE, WIDE, OpenPage
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from experiments.errors import RequestError
from viz import link, numbers, theme
from viz.safety import LARGEST_BODY, Guarded

PAGES = ("Play", "Compare", "Explore", "Studio", "Evidence")


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_every_page_opens_and_fits(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page("/?seed=7", size)
    for name in PAGES:
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_function("name => document.querySelector('[aria-current=page]')?.textContent === name", arg=name)
        page.wait_for_selector("h1")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert "seed=7" in page.url
    page.go_back()
    page.wait_for_function("document.querySelector('[aria-current=page]').textContent === 'Studio'")


def test_colours_are_kept(open_page: OpenPage) -> None:
    page = open_page("/evidence", color_scheme="dark")
    page.wait_for_selector(".pm-dark")
    page.get_by_role("button", name="Light colours").click()
    page.wait_for_selector("html:not(.pm-dark)")
    page.reload()
    page.wait_for_selector("nav[aria-label=Pages]")
    page.wait_for_selector("button[aria-label='Dark colours']")
    assert page.evaluate("document.querySelectorAll('.pm-dark').length") == 0


def status(url: str, **headers: str) -> int:
    request = urllib.request.Request(url, headers=headers, method=headers.pop("method", "GET"))
    try:
        return int(urllib.request.urlopen(request, timeout=20).status)
    except urllib.error.HTTPError as error:
        return error.code


def test_strangers_are_refused(app: str) -> None:
    close = f"{app}/_solara/api/close/nothing?session_id=none"
    assert status(app) == 200
    assert status(app, Host="market.example") == 421
    assert status(close, method="POST", Origin=app) == 200
    assert status(close, method="POST", Origin="http://elsewhere.example") == 403
    assert status(close, method="POST") == 403
    assert status(f"{app}/_solara/cdn/not-here@1.0.0/main.js") == 404
    assert status(f"{app}/_solara/cdn/../../../../etc/passwd") == 404


def asked(**headers: str) -> dict[str, Any]:
    given = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "websocket", "path": "/jupyter/api/kernels/x/channels", "headers": given}


def test_a_reverse_proxy_is_known_by_its_address() -> None:
    proxied = Guarded(None, ("https://market.example/",), Path(), local=True)  # type: ignore[arg-type]
    assert proxied.refusal(asked(host="market.example", origin="https://market.example")) is None
    assert proxied.refusal(asked(host="market.example", origin="https://elsewhere.example")) == (403, "foreign origin")
    assert proxied.refusal(asked(host="elsewhere.example", origin="https://elsewhere.example"))[0] == 421  # type: ignore[index]


def test_large_requests_are_refused() -> None:
    guarded = Guarded(None, (), Path(), local=True)  # type: ignore[arg-type]
    large = asked(host="localhost:80", origin="http://localhost:80") | {"type": "http", "method": "POST"}
    assert guarded.refusal(large) is None
    large["headers"].append((b"content-length", str(LARGEST_BODY + 1).encode()))
    assert guarded.refusal(large)[0] == 413  # type: ignore[index]


@pytest.mark.parametrize("origin", ["http://elsewhere.example", None])
def test_pages_of_strangers_get_no_connection(app: str, origin: str | None) -> None:
    address = f"{app.replace('http', 'ws')}/jupyter/api/kernels/some/channels?session_id=a"
    with pytest.raises(InvalidStatus) as refused, connect(address, origin=origin):  # type: ignore[arg-type]
        pass
    assert refused.value.response.status_code == 403
    with connect(address, origin=app):  # type: ignore[arg-type]
        pass


def test_cookies_and_policy(app: str) -> None:
    headers = urllib.request.urlopen(app, timeout=20).headers
    assert "httponly" in headers["set-cookie"].lower()
    assert "default-src 'self'" in headers["content-security-policy"]


def test_links_come_back() -> None:
    chosen = link.Link(("baseline", "biosecure"), 7, 0.25, "2012-05", {"table": "deals"})
    assert link.parse(chosen.search()) == chosen
    assert link.parse(None) == link.Link()


@pytest.mark.parametrize(
    ("search", "match"),
    [
        ("seed=x", "seed"),
        ("scale=99", "scale"),
        ("month=2050-01", "month"),
        ("month=May", "month"),
        ("seed=-1", "seed"),
    ],
)
def test_wrong_links_are_told(search: str, match: str) -> None:
    with pytest.raises(RequestError, match=match):
        link.parse(search)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.7e12, "1.7 tn"),
        (2.5e9, "2.5 bn"),
        (-3e6, "−3 m"),
        (12345, "12.3 k"),
        (2232, "2,232"),
        (999, "999"),
        (0.256, "0.26"),
        (None, "–"),
    ],
)
def test_numbers_for_people(value: float | None, text: str) -> None:
    assert numbers.short(value) == text


def brightness(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("ground", ["card", "page"])
@pytest.mark.parametrize("text", ["ink", "quiet", "accent", "warn", "loss-text"])
def test_texts_stand_out(text: str, ground: str, side: int) -> None:
    named = theme.COLOURS | theme.APP
    dark, light = sorted(brightness(named[name][side]) for name in (text, ground))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_texts_on_buttons_stand_out() -> None:
    for ground, text in zip(theme.APP["accent"], theme.APP["on-accent"]):
        dark, light = sorted(map(brightness, (ground, text)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5
