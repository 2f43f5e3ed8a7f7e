"""The page Evidence: the records in words, and what a browser shows of them."""

from __future__ import annotations

import time

import pytest
from app_fixtures import PHONE, OpenPage

from experiments.limits import PARTS, counting, limits
from viz.evidence import claims as ledger
from viz.evidence import facts, others
from viz.evidence.records import NAMES, is_current, record
from viz.html import coded, render

CLAIMS = ledger.claims(record("claims")["claims"])


def test_every_record_is_there_and_dated() -> None:
    for name in NAMES:
        assert record(name)["code"]
        assert is_current(name) in (True, False)


def test_a_fact_is_within_where_its_dot_lies_in_the_band() -> None:
    rows = record("facts")["facts"]
    shown = facts.facts(rows)
    assert [fact.name for fact in shown] == [row["name"] for row in rows]
    for fact in shown:
        inside = 100 / 3 - 0.01 <= fact.strip.dot <= 200 / 3 + 0.01
        assert inside == (fact.verdict == "within"), fact.name
        assert fact.source and fact.counted, fact.name
    outside = facts.facts(rows, outside_only=True)
    assert {fact.verdict for fact in outside} <= {"outside"}
    assert len(outside) == sum(not row["within"] for row in rows)


def test_facts_are_said_in_their_units() -> None:
    row = {"name": "Market", "unit": "bn US$", "target": 1700, "low": 1360, "high": 2040, "mean": 1767.2, "smallest": 1760.0,
           "largest": 1774.0, "within": True, "status": "V/M", "source": "audits"}  # fmt: skip
    fact = facts.facts([row])[0]
    assert (fact.observed, fact.accepted, fact.simulated, fact.unit) == ("1.70", "1.36 to 2.04", "1.77", "tn US$")
    assert fact.status == "read in the source and from memory"
    assert facts.facts([{**row, "target": None}])[0].observed == "–"
    assert facts.facts([{**row, "mean": None}]) == []


def test_claims_are_chosen_by_verdict_topic_kind_and_words() -> None:
    assert sum(ledger.tally(CLAIMS).values()) == len(CLAIMS)
    for verdict, count in ledger.tally(CLAIMS).items():
        assert len(ledger.chosen(CLAIMS, verdict)) == count
    assert sum(len(ledger.chosen(CLAIMS, subject=topic)) for topic in ledger.TOPICS.values()) == len(CLAIMS)
    assert sum(len(ledger.chosen(CLAIMS, kind=kind)) for kind in ledger.KIND_NAMES) == len(CLAIMS)
    found = ledger.chosen(CLAIMS, text="growth YOUNG firms")
    assert 1 in [claim.number for claim in found]
    assert ledger.chosen(CLAIMS, text="growth nonsense-word") == []


def test_effects_are_in_per_cent_where_they_are_parts_of_the_base() -> None:
    assert ledger.figure(-0.272, share=True) == "−27.2 %"
    assert ledger.figure(1036.5, share=False) == "1,036"
    for claim in CLAIMS:
        for test in claim.tests:
            assert (test.strip is None) == (test.effect == ""), test.name
            assert test.effect.endswith("%") <= test.interval.endswith("%")


@pytest.mark.parametrize(("expected", "mean", "zero"), [("up", 0.2, True), ("0.05 to 0.6", 0.3, False)])
def test_a_test_is_drawn_against_zero_or_its_band(expected: str, mean: float, zero: bool) -> None:
    test = {"experiment": "one", "does": "", "effect_is": "level", "observable": "", "expected": expected, "mean": mean,
            "low": mean - 0.1, "high": mean + 0.1, "verdict": "contested", "remark": ""}  # fmt: skip
    claim = {
        "claim": 1,
        "title": "",
        "kind": "figure",
        "place": "",
        "note": "",
        "verdict": "contested",
        "experiments": [test],
    }
    strip = ledger.claims([claim])[0].tests[0].strip
    assert strip is not None and strip.verdict == "still"
    assert (strip.zero is not None, strip.band is None) == (zero, zero)


def test_expectations_inputs_and_drivers() -> None:
    rows = record("expectations")["expectations"]
    assert sum(len(others.expectations(rows, verdict)) for verdict in others.OUTCOMES) == len(rows)
    found = others.inputs()
    assert all(sum(one.shares) == pytest.approx(100, abs=0.2) for one in found)
    assert sum(others.of_all(found)) == pytest.approx(100, abs=0.2)
    table = others.frozen({"none": {"Firms": 100.0}, "capital": {"Firms": 40.0}, "tension": {"Firms": 101.0}})
    (name, usual, (capital, tension)) = table["rows"][0]
    assert (name, usual, table["drivers"]) == ("Firms", "100", ["capital", "tension"])
    assert (capital["side"], capital["strength"], capital["change"]) == ("loss", 60, "−60 %")
    assert tension["strength"] == 0


def test_limits_are_told() -> None:
    assert all(limits(part) for part in PARTS)
    assert {row["figure"] for row in counting()} >= {"Candidates", "Market"}
    assert coded("a `b` <c>") == "a <code>b</code> &lt;c&gt;"
    assert "<script>" not in render("evidence_limits.html", texts=["<script>"], coded=coded)


def test_evidence_is_browsed_by_keyboard_and_kept_in_the_link(open_page: OpenPage) -> None:
    page = open_page("/evidence")
    page.get_by_text("facts lie in the accepted band").wait_for()
    rows = page.locator(".pm-facts tbody tr")
    assert rows.count() == len(record("facts")["facts"])
    page.get_by_role("link", name="Claims", exact=True).focus()
    began = time.monotonic()
    page.keyboard.press("Enter")
    page.get_by_text(f"of {len(CLAIMS)} claims hold").wait_for()
    print(f"claims in {time.monotonic() - began:.2f} s")
    page.get_by_label("Words").fill("trust")
    page.get_by_text(f"{len(ledger.chosen(CLAIMS, text='trust'))} claims", exact=True).wait_for()
    assert "view=claims" in page.url
    page.reload()
    page.get_by_text(f"of {len(CLAIMS)} claims hold").wait_for()


def test_every_view_fits_a_phone(open_page: OpenPage) -> None:
    page = open_page("/evidence?view=nothing", PHONE)
    for view in ("Facts", "Claims", "Expectations", "Inputs", "Drivers", "Limits"):
        page.get_by_role("link", name=view, exact=True).click()
        page.wait_for_function("name => document.querySelector('.pm-tabs .pm-here')?.textContent === name", arg=view)
        page.locator(".pm-panel").first.wait_for()
        assert page.locator(".pm-failure").count() == 0, view
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], view
