"""The page Studio in a browser: mistakes, the form, the folder, links, and what becomes of a scenario."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from app_fixtures import PHONE, OpenPage
from chart_contrast import assert_charts_are_readable
from playwright.sync_api import Locator, Page, expect

from viz.studio import link
from viz.studio.verdict import judge

GOOD = 'title = "More demand"\nextends = ["baseline"]\n\n# why\n[[change]]\nvalue = "access.demand.US"\nscale = 1.5\n'


def editor(page: Page) -> Locator:
    return page.get_by_label("Scenario as text")


def written(page: Page, text: str) -> None:
    """Type a text, leave the field and wait for the verdict."""
    editor(page).fill(text)
    editor(page).blur()
    page.get_by_text("TOML; no mistakes" if judge(text).playable else re.compile(r"TOML; \d+ mistake")).wait_for()
    if judge(text).playable:
        expect(page.get_by_role("textbox", name="Title")).to_have_value("More demand")


def test_mistakes_are_placed_and_mended(open_page: OpenPage) -> None:
    page = open_page("/studio")
    written(page, GOOD.replace("access.demand.US", "acces.demand.US"))
    mistake = page.get_by_role("list", name="Mistakes").get_by_role("listitem")
    expect(mistake).to_contain_text("Line 6")
    expect(mistake).to_contain_text("unknown value 'acces.demand.US'; nearest: ")
    assert page.get_by_role("button", name="Play this").is_disabled()
    mistake.get_by_role("link", name="Line 6").click()
    expect(editor(page)).to_be_focused()
    mistake.get_by_role("button", name="Use access.demand.US").click()
    page.get_by_text("TOML; no mistakes").wait_for()
    expect(editor(page)).to_have_value(GOOD)
    written(page, GOOD.replace("1.5", "99"))
    expect(mistake).to_contain_text("allowed range")
    written(page, 'title = "a')
    expect(mistake).to_contain_text("not valid TOML")
    assert page.get_by_role("button", name="Add a change").is_disabled()


def test_huge_texts_are_refused(open_page: OpenPage) -> None:
    page = open_page("/studio")
    editor(page).fill("# " + "x" * 70_000)
    expect(page.get_by_role("alert")).to_contain_text("too long to be a scenario")
    editor(page).fill("é" * 40_000)
    expect(page.get_by_role("list", name="Mistakes")).to_contain_text("80,000 bytes are too many")
    written(page, GOOD)


def test_a_change_is_made_in_the_form(open_page: OpenPage) -> None:
    page = open_page("/studio", PHONE)
    written(page, GOOD)
    page.get_by_role("button", name="Add a change").click()
    expect(page.get_by_role("textbox", name="Value")).to_be_focused()
    page.keyboard.type("search breadth")
    page.get_by_role("list", name="Values of this name").get_by_role("button").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name="A new change")
    expect(form).to_contain_text("lever: somebody decides it")
    expect(form).to_contain_text("1 to 40")
    form.get_by_label("What happens").select_option("ramp")
    form.get_by_label("Number").fill("400")
    form.get_by_label("From").fill("2026-01")
    form.get_by_label("Arrives in").fill("2030-01")
    expect(form.get_by_role("status")).to_contain_text("allowed range: 1 to 40")
    form.get_by_label("Number").fill("12")
    page.get_by_role("region", name="licensing.search_breadth without this change and with it").locator(
        "canvas"
    ).wait_for()
    assert_charts_are_readable(page)
    form.get_by_label("Source").fill("a test")
    expect(form.get_by_role("status")).to_have_text("")
    page.keyboard.press("Enter")
    block = '[[change]]\nvalue = "licensing.search_breadth"\nramp = 12.0\nfrom = "2026-01"\nuntil = "2030-01"\nsource = "a test"\n'
    expect(editor(page)).to_have_value(GOOD + "\n" + block)
    page.get_by_role("button", name="Remove access.demand.US").click()
    expect(editor(page)).to_have_value(re.compile("# why\n"))
    expect(page.get_by_role("list", name="Changes").get_by_role("listitem")).to_have_count(1)
    page.get_by_label("Title").fill("Another title")
    page.get_by_label("Title").press("Tab")
    expect(editor(page)).to_have_value(re.compile('title = "Another title"'))
    page.get_by_role("combobox", name="Add").select_option("tariffs")
    expect(editor(page)).to_have_value(re.compile(r'extends = \["baseline", "tariffs"\]'))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_scenarios_are_kept_and_found_again(open_page: OpenPage, app_home: Path) -> None:
    page = open_page("/studio")
    written(page, GOOD)
    page.get_by_label("Name in your folder").fill("../../evil")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("use small letters, digits and hyphens").wait_for()
    page.get_by_label("Name in your folder").fill("more-demand")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text(re.compile("Saved as .*more-demand.toml")).wait_for()
    kept = app_home / "data" / "pharmarket" / "scenarios"
    assert [path.name for path in kept.iterdir()] == ["more-demand.toml"]
    assert (kept / "more-demand.toml").read_text("utf-8") == GOOD
    other = open_page("/studio")
    other.get_by_label("Begin with").select_option("mine:more-demand")
    expect(editor(other)).to_have_value(GOOD)
    other.get_by_label("Begin with").select_option("decoupling")
    expect(editor(other)).to_have_value(re.compile('title = "Decoupling"'))
    with other.expect_download() as saved:
        other.get_by_role("button", name="Save as file").click()
    assert "geopolitics.tension.US-CN" in Path(saved.value.path()).read_text("utf-8")
    other.get_by_label("Begin with").select_option("mine:more-demand")
    other.get_by_role("button", name="Remove", exact=True).click()
    other.get_by_text("is removed from your folder").wait_for()
    assert list(kept.iterdir()) == []


def test_a_link_carries_the_scenario(open_page: OpenPage) -> None:
    page = open_page("/studio?seed=4")
    written(page, GOOD)
    page.get_by_role("button", name="Share by link").click()
    page.get_by_text(re.compile("the whole scenario is in", re.IGNORECASE)).wait_for()
    shared = page.get_by_label("Link", exact=True).input_value()
    assert link.unpacked(re.search(r"scenario=(~[\w-]+)", shared)[1]) == GOOD  # type: ignore[index]
    page.reload()
    expect(editor(page)).to_have_value(GOOD)
    other = open_page(shared[shared.index("/studio") :])
    expect(editor(other)).to_have_value(GOOD)
    assert "seed=4" in shared


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("~eNpdamaged", "damaged or cut off"),
        ("/etc/passwd", "not in the library"),
        (link.packed(GOOD.replace("demand", "demond")), "unknown value"),
    ],
)
def test_links_with_mistakes_are_opened_and_told(open_page: OpenPage, code: str, words: str) -> None:
    page = open_page(f"/studio?scenario={code}")
    page.get_by_text(words).first.wait_for()
    assert editor(page).is_visible()


def test_a_scenario_goes_on_to_other_pages(open_page: OpenPage) -> None:
    page = open_page("/studio?scale=0.02&seed=3")
    written(page, GOOD)
    page.get_by_role("button", name="Compare with baseline").click()
    page.get_by_role("heading", name="B More demand").wait_for()
    assert "b=~" in page.url
    page.go_back()
    expect(editor(page)).to_have_value(GOOD)
    page.get_by_role("button", name="Play this").click()
    expect(page.get_by_role("combobox", name="Scenario")).to_have_value(re.compile("~"))
    expect(page.locator("#clock")).to_have_text("2000-01")
    assert "scenario=~" in page.url and "seed=3" in page.url
    page.get_by_role("button", name="Step").click()
    expect(page.locator("#clock")).to_have_text("2000-02")
