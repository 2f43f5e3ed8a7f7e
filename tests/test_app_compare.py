"""The page Compare in a browser: from a question to its report, cancelling, wrong questions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from app_fixtures import PHONE, WIDE, OpenPage
from chart_contrast import assert_charts_are_readable

LINK = "/compare?a=baseline&b=baseline+capital.supply%3D0.02&seeds=3&size=0.05&from=2001-01&until=2002-12"
FOUND = "What stands out in B"


@pytest.mark.slow
def test_a_comparison_from_question_to_report(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(LINK)
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_role("progressbar").wait_for()
    page.get_by_text(FOUND).wait_for(timeout=400_000)
    for name in ("Main effects", "Over the years", "Around the world", "Who gains and who loses in B"):
        page.get_by_role("group", name=name).wait_for()
    page.get_by_role("region", name=re.compile("in A and B by year")).locator("canvas").wait_for()
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("region", name=re.compile("Map of .*, 2001, A")).wait_for()
    assert_charts_are_readable(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Report (HTML)").click()
    report = tmp_path / "report.html"
    download.value.save_as(report)
    assert report.read_text("utf-8").startswith("<!doctype html>")
    page.reload()
    page.get_by_text(FOUND).wait_for()
    page.route("**", lambda route: route.abort() if route.request.url.startswith("http") else route.continue_())
    page.goto(report.as_uri())
    assert "against" in page.locator("h1").inner_text()
    assert page.locator("svg").count() >= 5


@pytest.mark.slow
def test_a_comparison_is_cancelled(open_page: OpenPage) -> None:
    page = open_page("/compare?seeds=50&size=1", PHONE)
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled; nothing of it is kept.").wait_for()
    assert page.get_by_role("button", name="Compare", exact=True).is_enabled()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_wrong_questions_are_told(open_page: OpenPage) -> None:
    page = open_page("/compare?a=baseline&b=no-such-scenario", WIDE)
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_text(re.compile("B: .*'no-such-scenario'")).first.wait_for()
    page.goto(page.url.split("?")[0] + "?seeds=many")
    page.get_by_text("seeds: 'many' is not a number").wait_for()
