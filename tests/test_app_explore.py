"""The page Explore in a browser: tables, pages of firms and assets, the network, a run that is played for it."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from app_fixtures import PHONE, WIDE, OpenPage
from chart_contrast import assert_charts_are_readable
from playwright.sync_api import Page, expect

from experiments.settings import Settings
from viz.explore import runs
from viz.explore.source import FolderSource

RUN = "/explore?scale=0.05&run=whole"


@pytest.fixture(scope="session")
def explored(app: str, app_home: Path, run_folder: Path) -> FolderSource:
    """The tables that the app finds for ``RUN``: a small run that ends early."""
    folder = runs.folder_of_run(app_home / "cache" / "pharmarket" / "explored", Settings(("baseline",), 1, 0.05))
    shutil.copytree(run_folder, folder)
    return FolderSource(folder)


def rows(page: Page) -> list[list[str]]:
    """The texts of the table that is shown."""
    return [row.locator("td").all_inner_texts() for row in page.get_by_role("table").first.locator("tbody tr").all()]


def test_a_table_is_filtered_grouped_sorted_and_saved(open_page: OpenPage, explored: FolderSource) -> None:
    deals = explored.frame("deals")
    page = open_page(RUN)
    page.get_by_text(f"of {len(deals):,} rows").wait_for()
    page.get_by_role("combobox", name="Filter", exact=True).select_option("kind")
    page.get_by_role("combobox", name="Value", exact=True).select_option("licence")
    page.get_by_role("button", name="Add filter").click()
    licences = deals[deals["kind"] == "licence"]
    page.get_by_text(f"of {len(licences):,} rows").wait_for()
    assert {row[2] for row in rows(page)} == {"licence"}
    page.get_by_role("button", name="headline value").click()
    largest = licences.nlargest(1, "headline").iloc[0]
    expect(page.get_by_role("table").locator("tbody tr").first.locator("td").first).to_have_text(str(largest["deal"]))
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as CSV").click()
    written = pd.read_csv(io.BytesIO(Path(saved.value.path()).read_bytes()))
    assert written["deal"].tolist() == licences.sort_values("headline", ascending=False, kind="stable")["deal"].tolist()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as Parquet").click()
    assert len(pd.read_parquet(saved.value.path())) == len(licences)
    page.get_by_role("combobox", name="Group by").select_option("buyer_home")
    page.get_by_role("combobox", name="Measure").select_option("headline")
    page.get_by_role("region", name="Sum of headline value of deals by buyer_home").wait_for()
    by_home = licences.groupby("buyer_home", observed=True)["headline"].sum()
    expect(page.get_by_role("table").locator("tbody tr").first.locator("td").first).to_have_text(str(by_home.idxmax()))
    page.get_by_role("button", name="Remove filter kind").click()
    page.wait_for_url(re.compile("group=buyer_home"))
    page.go_back()
    page.get_by_role("button", name="Remove filter kind").wait_for()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("&table=nothing", "there is no table 'nothing'"),
        ("&where=headline:at%20least:much", "needs a number such as"),
        ("&asset=12", "nearest: asset"),
        ("&run=../../etc", "there is no run"),
        ("&scenario=no-such", "is not in the library"),
    ],
)
def test_wrong_addresses_are_told_in_place(
    open_page: OpenPage, explored: FolderSource, words: str, message: str
) -> None:
    page = open_page(RUN.replace("&run=whole", "") + words if "run=" in words else RUN + words)
    page.get_by_role("alert").filter(has_text=message).first.wait_for()
    assert page.get_by_role("heading", name="Explore").is_visible()


def test_from_a_name_to_a_firm_an_asset_and_a_deal(open_page: OpenPage, explored: FolderSource) -> None:
    sold = explored.frame("sales").groupby("firm")["net_sales"].sum()
    firm = int(sold.idxmax())
    name = explored.firm_names()[firm]
    page = open_page(RUN)
    field = page.get_by_role("searchbox", name="Firm, asset or deal")
    field.fill(name.lower())
    page.get_by_role("list", name="Firms of this name").get_by_role("link").first.wait_for()
    field.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=name).wait_for()
    page.get_by_role("region", name="Money", exact=True).locator("canvas").wait_for()
    page.get_by_role("group", name="Assets").get_by_role("link").first.click()
    page.get_by_role("heading", name=re.compile(r"Asset \d+")).wait_for()
    page.get_by_role("region", name="Rights by region").wait_for()
    assert "asset=" in page.url and "firm=" not in page.url
    field.fill("there is no such firm")
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("alert").filter(has_text="no firm is called").wait_for()


def test_a_deep_link_opens_the_page_of_an_asset(open_page: OpenPage, explored: FolderSource) -> None:
    approved = explored.frame("launches")["asset"].mode()[0]
    page = open_page(f"{RUN}&asset={approved}", PHONE)
    page.get_by_role("heading", name=f"Asset {approved}").wait_for()
    for name in ("Timeline", "Net sales"):
        page.get_by_role("region", name=name, exact=True).locator("canvas").wait_for()
    assert_charts_are_readable(page)
    page.get_by_role("combobox", name="Show").select_option("launch")
    log = page.get_by_role("region", name="Causal log")
    expect(log.locator("tbody td:nth-child(2)").first).to_have_text("launch")
    assert set(log.locator("tbody td:nth-child(2)").all_inner_texts()) == {"launch"}
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_the_network_follows_the_slider(open_page: OpenPage, explored: FolderSource) -> None:
    page = open_page(RUN + "&view=network&month=2010-06", WIDE)
    page.get_by_role("heading", name="Alliances in force in 2010-06").wait_for()
    page.get_by_role("region", name="Network of alliances").locator("canvas").wait_for()
    assert_charts_are_readable(page)
    slider = page.get_by_role("slider", name="Month")
    slider.focus()
    page.keyboard.press("End")
    page.get_by_role("heading", name="Alliances in force in 2014-12").wait_for()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("heading", name="Alliances in force in 2014-11").wait_for()
    assert "month=2014-11" in page.url and "view=network" in page.url and "2010-06" not in page.url
    page.reload()
    page.get_by_role("heading", name="Alliances in force in 2014-11").wait_for()
    slider.focus()
    page.keyboard.press("Home")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("heading", name=re.compile("Alliances in force in 2000-(0[4-9]|1)"))).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    slider.focus()
    page.keyboard.press("End")
    page.get_by_role("region", name="Firms with the most alliances").get_by_role("link").first.click()
    page.wait_for_url(re.compile("firm="))


def test_a_run_is_played_with_progress_and_cancelled(open_page: OpenPage) -> None:
    page = open_page("/explore?scale=0.06&seed=2")
    page.get_by_role("button", name="Play it now").click()
    page.get_by_role("progressbar").wait_for()
    page.get_by_text(re.compile(r"\d+ of 493, 20\d\d-\d\d")).wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Play it now").wait_for()


def test_the_market_of_the_play_page_is_looked_at(open_page: OpenPage) -> None:
    page = open_page("/?scale=0.02&month=2001-06")
    expect(page.locator("#clock")).to_have_text("2001-06")
    page.get_by_role("region", name="What happens").get_by_role("button").first.click()
    page.get_by_role("link", name="Open its page").click()
    page.get_by_role("heading", name="What happened, and why").wait_for()
    expect(page.get_by_role("combobox", name="Run", exact=True)).to_have_value("market")
    page.get_by_text(re.compile(r"played to 20\d\d-\d\d")).wait_for()
    page.get_by_role("button", name="Read again").click()
    page.get_by_role("link", name="Tables").click()
    page.get_by_text(re.compile(r"1–25 of [\d,]+ rows")).wait_for()
    page.get_by_role("link", name="Play", exact=True).click()
    expect(page.locator("#clock")).to_have_text("2001-06")


def test_a_table_that_cannot_be_read_does_not_take_the_page(
    open_page: OpenPage, app: str, app_home: Path, run_folder: Path
) -> None:
    folder = runs.folder_of_run(app_home / "cache" / "pharmarket" / "explored", Settings(("baseline",), 1, 0.04))
    shutil.copytree(run_folder, folder)
    (folder / "trials.parquet").write_bytes(b"this is no table")
    page = open_page("/explore?scale=0.04&run=whole&table=trials")
    page.get_by_role("alert").first.wait_for()
    assert page.get_by_role("heading", name="Explore").is_visible()
    page.get_by_text("Alliances", exact=True).first.click()
    page.get_by_text("Alliances in force").wait_for()
    assert page.get_by_role("alert").count() == 0
