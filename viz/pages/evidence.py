"""The page Evidence: facts, claims, expectations, inputs, drivers, and what the model cannot tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara

from experiments.claims.effects import LEVEL
from experiments.limits import counting, limits
from viz.evidence import claims as ledger
from viz.evidence import facts, others
from viz.evidence.records import is_current, record
from viz.html import coded, render
from viz.link import use_link
from viz.numbers import per_cent
from viz.pages.compare_form import Pick
from viz.parts.field import Search
from viz.parts.guard import guarded
from viz.parts.page import Heading, Panel, Words
from viz.parts.tabs import Tabs

VIEWS = {"facts": "Facts", "claims": "Claims", "expectations": "Expectations", "inputs": "Inputs", "drivers": "Drivers",
         "limits": "Limits"}  # fmt: skip
WORDS = "What the model was held against, and how it came out. What is outside stays in the tables, marked."
FIRST_CLAIMS = 25
ALL = ""


@solara.component
def Page() -> None:
    """One view at a time, which the link names."""
    link, _, _ = use_link()
    view = link.more.get("view", "facts")
    view = view if view in VIEWS else "facts"
    Heading("Evidence", WORDS)

    def address(name: str) -> str:
        return f"/evidence?{replace(link, more={**link.more, 'view': name}).search()}"

    with solara.Div(classes=["pm-scroll", "pm-views"]):
        Tabs("Evidence", [(label, address(name)) for name, label in VIEWS.items()], VIEWS[view])
    with solara.Div(classes=["pm-stack"]):
        SHOWN[view]()


def html(template: str, **words: Any) -> None:
    """A template as an element."""
    solara.HTML(unsafe_innerHTML=render(template, **words))


def dated(name: str, words: str) -> str:
    """``words``, and whether the record belongs to the present model."""
    return words if is_current(name) else f"{words}; the model has changed since these were made"


@guarded("Facts")
def Facts() -> None:
    """Observed, accepted, simulated."""
    kept = record("facts")
    part, set_part = solara.use_state(ALL)
    rows = kept["facts"]
    inside = sum(row["within"] for row in rows)
    seeds = f"baseline, one-to-one, {len(kept['seeds'])} seeds"
    words = f"{seeds}; grey: accepted, line: observed, dot: mean over seeds, bar: their range"
    with Panel(f"{inside} of {len(rows)} facts lie in the accepted band", dated("facts", words)):
        html("evidence_tally.html", counts={"within": inside, "outside": len(rows) - inside},
             shades={"within": "gain", "outside": "loss"}, several={})  # fmt: skip
        with solara.Div(classes=["pm-fields"]):
            Pick("Show", part, {ALL: "all facts", "outside": "outside the band only"}, set_part)
        html("evidence_facts.html", rows=facts.facts(rows, part == "outside"))
    with Panel("What the sources count, and what the model counts", "where the same word means different things"):
        html("evidence_counting.html", rows=counting(), coded=coded)


@guarded("Claims")
def Claims() -> None:
    """The ledger, filtered."""
    kept = record("claims")
    found = solara.use_memo(lambda: ledger.claims(kept["claims"]), [])
    verdict, set_verdict = solara.use_state(ALL)
    subject, set_subject = solara.use_state(ALL)
    kind, set_kind = solara.use_state(ALL)
    text, set_text = solara.use_state("")
    every, set_every = solara.use_state(False)
    counts = ledger.tally(found)
    chosen = ledger.chosen(found, verdict, subject, kind, text)
    shown = chosen if every else chosen[:FIRST_CLAIMS]
    words = f"what is said of this market, against {kept['pairs']} pairs of runs; intervals {per_cent(LEVEL)}"
    with Panel(f"{counts['holds']} of {len(found)} claims hold", dated("claims", words)):
        html("evidence_tally.html", counts=counts, shades=ledger.SHADES, several=ledger.SEVERAL)
        with solara.Div(classes=["pm-fields"]):
            topics = {ALL: "all topics", **{name: name for name in ledger.TOPICS.values()}}
            verdicts = {ALL: "all verdicts", **{name: f"{name} ({count})" for name, count in counts.items()}}
            Pick("Verdict", verdict, verdicts, set_verdict)
            Pick("Topic", subject, topics, set_subject)
            Pick("Kind", kind, {ALL: "all kinds", **ledger.KIND_NAMES}, set_kind)
            Search("Words", text, set_text)
        Words(f"{len(chosen)} claims", classes="pm-note")
        html("evidence_claims.html", rows=shown, kinds=ledger.KIND_NAMES)
        if len(shown) < len(chosen):
            solara.Button(f"Show all {len(chosen)}", on_click=lambda: set_every(True), classes=["pm-button"], text=True)


@guarded("Expectations")
def Expectations() -> None:
    """What the sources of the library's scenarios expect."""
    kept = record("expectations")
    rows = kept["expectations"]
    verdict, set_verdict = solara.use_state(ALL)
    counts = {name: sum(row["verdict"] == name for row in rows) for name in others.OUTCOMES}
    words = f"every scenario of the library, {len(kept['seeds'])} pairs of runs, scale {kept['scale']:g}"
    title = f"{counts['as expected']} of {len(rows)} expectations come out"
    with Panel(title, dated("expectations", words)):
        html("evidence_tally.html", counts=counts, shades=others.SHADES, several={})
        with solara.Div(classes=["pm-fields"]):
            Pick("Show", verdict, {ALL: "all", **{name: name for name in others.OUTCOMES}}, set_verdict)
        html("evidence_expectations.html", rows=others.expectations(rows, verdict))


@guarded("Inputs")
def Inputs() -> None:
    """Where the numbers come from."""
    rows = others.inputs()
    shares = others.of_all(rows)
    total = sum(row.numbers for row in rows)
    with Panel(f"{total:,} input numbers, {shares[2]:.0f} % of them assumptions", "by group of named values"):
        html("evidence_inputs.html", rows=rows)
    with Panel("The weakest inputs", "only memory or assumption, in the order in which they can mislead"):
        html("evidence_limits.html", texts=limits("inputs"), coded=coded)


@guarded("Drivers")
def Drivers() -> None:
    """Facts with one driver frozen."""
    kept = record("frozen")
    words = (
        f"each column: one group of series from outside held at January 2000, all else moves; scale {kept['scale']:g}, "
        f"seed {kept['seed']}. Where a figure stays, the model makes it; where it falls, the driver does"
    )
    with Panel("What remains with a driver frozen", dated("frozen", words)):
        html("evidence_frozen.html", **others.frozen(kept["frozen"]))


@guarded("Limits")
def Limits() -> None:
    """What the model cannot tell."""
    untold = [row for row in ledger.claims(record("claims")["claims"]) if row.verdict == "not testable"]
    with Panel("What the model cannot tell", "read this before you quote a number"):
        html("evidence_limits.html", texts=limits("reach"), coded=coded)
    with Panel("What it is known to miss", "where levels differ from what sources count"):
        html("evidence_limits.html", texts=limits("misses"), coded=coded)
    with Panel("Claims that it cannot test", "there is no such mechanism, or no such event in the runs"):
        html("evidence_claims.html", rows=untold, kinds=ledger.KIND_NAMES)


SHOWN = {"facts": Facts, "claims": Claims, "expectations": Expectations, "inputs": Inputs, "drivers": Drivers,
         "limits": Limits}  # fmt: skip
