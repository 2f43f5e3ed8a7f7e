"""The page Play in a browser: playing, going back and forth, levers, links, sessions, and what fails."""

from __future__ import annotations

import time

import pytest
from app_fixtures import PHONE, OpenPage
from chart_contrast import assert_charts_are_readable
from playwright.sync_api import Page, expect

SMALL = "/?scale=0.05"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def clock(page: Page) -> str:
    return page.locator("#clock").inner_text()


def until(page: Page, month: str) -> None:
    """Wait until the clock shows a month or a later one."""
    page.wait_for_function("month => document.getElementById('clock')?.textContent >= month", arg=month)


def ready(page: Page) -> Page:
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled()
    return page


def set_lever(page: Page, name: str, place: int) -> None:
    page.get_by_role("slider", name=name).evaluate(
        "(slider, place) => { slider.value = place; slider.dispatchEvent(new Event('change')); }", place
    )


def test_it_plays_and_pauses(open_page: OpenPage) -> None:
    page = ready(open_page(SMALL))
    assert clock(page) == "2000-01"
    press(page, "Play")
    until(page, "2001-06")
    began = time.monotonic()
    press(page, "Pause")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert time.monotonic() - began < 2
    shown = clock(page)
    time.sleep(0.4)
    assert clock(page) == shown and f"month={shown}" in page.url
    page.get_by_role("region", name="Who approves").scroll_into_view_if_needed()
    page.get_by_role("region", name="Who approves").locator("canvas").wait_for()
    assert page.get_by_role("region", name="Largest firms").get_by_role("button").count() == 10


def test_steps_and_keys(open_page: OpenPage) -> None:
    page = ready(open_page(SMALL))
    press(page, "Step")
    expect(page.locator("#clock")).to_have_text("2000-02")
    press(page, "Back")
    expect(page.locator("#clock")).to_have_text("2000-01")
    page.locator("h1").click()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#clock")).to_have_text("2000-04")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#clock")).to_have_text("2000-03")
    page.keyboard.press(" ")
    until(page, "2000-06")
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_seeking(open_page: OpenPage) -> None:
    page = ready(open_page(SMALL + "&month=2008-12"))
    expect(page.locator("#clock")).to_have_text("2008-12")
    slider = page.get_by_role("slider", name="Month", exact=True)
    for month, label in ((30, "2002-07"), (107, "2008-12"), (0, "2000-01")):
        slider.evaluate("(slider, month) => { slider.value = month; slider.dispatchEvent(new Event('input')); }", month)
        expect(page.locator("#clock")).to_have_text(label)


def test_seeking_what_was_never_played_shows_the_way_and_lands(open_page: OpenPage) -> None:
    page = ready(open_page(SMALL + "&seed=77"))
    slider = page.get_by_role("slider", name="Month", exact=True)
    slide = "(slider, month) => { slider.value = month; slider.dispatchEvent(new Event('input')); }"
    slider.evaluate(slide, 432)
    way = page.get_by_role("progressbar", name="Playing to 2036-01")
    way.wait_for()
    assert clock(page) == "2000-01" and slider.input_value() == "432"
    heads = page.locator(".pm-panel-head")
    assert way.bounding_box()["y"] < heads.first.bounding_box()["y"] - 20  # it covers no panel
    press(page, "Stay here")
    way.wait_for(state="detached")
    assert clock(page) == "2000-01" and slider.input_value() == "0"
    slider.evaluate(slide, 432)
    expect(page.locator("#clock")).to_have_text("2036-01")
    assert way.count() == 0


@pytest.mark.slow
def test_rules_change_while_it_plays_and_links_bring_it_all_back(open_page: OpenPage) -> None:
    page = ready(open_page(SMALL + "&seed=4&scenario=biosecure"))
    press(page, "Play")
    until(page, "2001-03")
    set_lever(page, "Supply of capital against the series", 20)
    page.get_by_text("dashed: the untouched world").wait_for()
    until(page, "2002-06")
    press(page, "Pause")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.wait_for_function("location.search.includes('levers=')")
    link, shown = page.url, clock(page)
    assert "scenario=biosecure" in link and "seed=4" in link
    page.reload()
    expect(page.locator("#clock")).to_have_text(shown)
    page.get_by_text("dashed: the untouched world").wait_for()
    press(page, "Undo all changes")
    expect(page.get_by_text("dashed: the untouched world")).to_have_count(0)


@pytest.mark.slow
def test_two_sessions_do_not_touch_each_other(open_page: OpenPage) -> None:
    one, other = ready(open_page(SMALL)), ready(open_page(SMALL + "&seed=2"))
    press(one, "Play")
    until(one, "2001-01")
    assert clock(other) == "2000-01"
    press(other, "Step")
    expect(other.locator("#clock")).to_have_text("2000-02")
    press(one, "Pause")
    names = [page.locator(".pm-race .pm-worth").all_inner_texts() for page in (one, other)]
    assert names[0] != names[1]


def test_other_pages_and_back(open_page: OpenPage) -> None:
    page = ready(open_page(SMALL + "&month=2001-05"))
    expect(page.locator("#clock")).to_have_text("2001-05")
    page.get_by_role("link", name="Evidence").click()
    page.wait_for_selector("#clock", state="detached")
    page.get_by_role("link", name="Play", exact=True).click()
    expect(page.locator("#clock")).to_have_text("2001-05")


def test_news_are_whole_and_levers_tell_only_what_is_to_come(open_page: OpenPage) -> None:
    page = ready(open_page(SMALL + "&scenario=decoupling&month=2020-06"))
    expect(page.locator("#clock")).to_have_text("2020-06")
    lever = page.locator(".pm-lever").filter(has_text="demand.pandemic")
    expect(lever).to_contain_text("2020-02 becomes 1 until 2022-02")
    assert "2009-06" not in lever.inner_text()
    ends = page.locator(".pm-feed li").evaluate_all("all => all.map(one => one.offsetTop + one.offsetHeight)")
    assert page.locator(".pm-feed ul").evaluate("list => list.clientHeight") in ends


def test_events_open_their_causal_log(open_page: OpenPage) -> None:
    page = ready(open_page(SMALL + "&month=2002-01"))
    expect(page.locator("#clock")).to_have_text("2002-01")
    page.get_by_role("region", name="What happens").get_by_role("button").first.click()
    log = page.get_by_role("dialog", name="Causal log")
    expect(log.get_by_role("listitem").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(log).to_be_hidden()
    page.get_by_role("region", name="Largest firms").get_by_role("button").first.click()
    expect(log.get_by_role("listitem").first).to_be_visible()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/?scenario=no-such", "'no-such' is not in the library"),
        ("/?scenario=/etc/passwd", "is not in the library"),
        ("/?scale=99", "scale"),
        (SMALL + "&levers=2001-01:nothing=1", "names no lever"),
    ],
)
def test_wrong_links_say_so_and_the_page_stands(open_page: OpenPage, path: str, words: str) -> None:
    page = open_page(path)
    page.get_by_text(words).first.wait_for()
    assert page.get_by_role("navigation", name="Pages").is_visible()


@pytest.mark.slow
def test_another_world_is_begun(open_page: OpenPage) -> None:
    page = ready(open_page(SMALL))
    page.get_by_label("Scenario", exact=True).select_option("decoupling")
    page.get_by_label("Together with").select_option("capital-winter")
    page.get_by_role("spinbutton", name="Seed").fill("9")
    press(page, "Start anew")
    page.wait_for_function("location.search.includes('scenario=decoupling+capital-winter&seed=9')")
    press(ready(page), "Step")
    expect(page.locator("#clock")).to_have_text("2000-02")


@pytest.mark.slow
def test_charts_are_saved_as_pictures(open_page: OpenPage) -> None:
    page = ready(open_page(SMALL + "&month=2001-01"))
    expect(page.locator("#clock")).to_have_text("2001-01")
    chart = page.get_by_role("region", name="Net prices")
    chart.scroll_into_view_if_needed()
    assert_charts_are_readable(page)
    chart.hover()
    with page.expect_download() as saved:
        chart.get_by_role("button", name="Save as PNG").click()
    assert saved.value.suggested_filename == "net-prices.png"
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")


def test_it_fits_a_phone(open_page: OpenPage) -> None:
    page = ready(open_page(SMALL, PHONE))
    press(page, "Step")
    expect(page.locator("#clock")).to_have_text("2000-02")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
