"""Tables on scenarios, facts and what came out."""

from __future__ import annotations

import csv
import inspect
from collections.abc import Mapping
from functools import partial

from experiments import record_keeping
from experiments.document.markdown import code, sentence, table
from experiments.document.source_files import ROOT
from experiments.fact import Measure

PERIOD = ("first", "last", "year", "years")
"""What functions that count call their years."""


def library() -> str:
    """The scenarios of the library."""
    import scenarios

    rows = []
    for name in scenarios.available():
        one = scenarios.load(name)
        rows.append((f"`{name}`", one.title, code(one.extends), len(one.changes), " ".join(one.story.split())))
    return table(("name", "title", "extends", "changes", "story"), rows)


def expectations() -> str:
    """What sources expect of each scenario and what came out, as kept by ``python -m experiments.expectations``."""
    kept = record_keeping.read("expectations")
    if not kept:
        return "Not played yet."
    rows = [
        (f"`{row['scenario']}`", f"`{row['column']}`", row["direction"], f"{row['from']} to {row['until']}",
         f"{row['effect']:+.3g} ({row['low']:.3g} to {row['high']:.3g})", row["unit"], row["verdict"], _why(row))
        for row in kept["expectations"]
    ]  # fmt: skip
    found = [row["verdict"] for row in kept["expectations"]]
    said = ", ".join(f"{found.count(verdict)} {verdict}" for verdict in sorted(set(found)))
    head = f"Scale {kept['scale']:g}, {len(kept['seeds'])} seeds: {said}.\n\n"
    return head + table(
        ("scenario", "column", "expected", "months", "effect (95 % interval)", "unit", "came out", "why"), rows
    )


def _why(row: Mapping[str, str]) -> str:
    """Why the source expects it; where it did not come, also why not."""
    found = findings().get((row["scenario"], row["column"]), "")
    return row["reason"] if row["verdict"] == "as expected" or not found else f"{row['reason']}. But: {found}"


def findings() -> dict[tuple[str, str], str]:
    """Why a scenario did not move a column as expected, by scenario and column: read off the runs by hand."""
    with (ROOT / "experiments" / "data" / "findings.csv").open(encoding="utf-8", newline="") as file:
        return {(row["scenario"], row["column"]): row["finding"] for row in csv.DictReader(file)}


def million() -> str:
    """What a million runs take, from what ``python -m experiments.analysis.bench --write`` has kept."""
    from experiments.analysis import planning

    found = planning.measured()
    if found is None:
        return "Not measured yet."
    return planning.sentences(found) + "\n\n" + table(planning.HEADS, planning.rows(found))


def headlines() -> str:
    """The headline facts: how each is counted in the model, and the band that is accepted."""
    from experiments.headlines import FACTS

    rows = []
    for fact in FACTS:
        band = f"{_figure(fact.low)} to {_figure(fact.high)}"
        target = "" if fact.target is None else _figure(fact.target)
        rows.append((fact.name, fact.unit, _counted(fact.measure), target, band, f"{fact.status}: {fact.source}"))
    return table(("fact", "unit", "counted in the model", "observed", "accepted", "source"), rows)


def _counted(measure: Measure) -> str:
    """What a fact's function counts, and of which indicator, region or stage; the years stand in the fact's name."""
    if not isinstance(measure, partial):
        return sentence(measure.__doc__)
    given = inspect.signature(measure.func).bind_partial(*measure.args, **measure.keywords).arguments
    said = ", ".join(f"{name} {_given(value)}" for name, value in given.items() if name not in PERIOD)
    return f"{sentence(measure.func.__doc__).removesuffix('.')} ({said})." if said else sentence(measure.func.__doc__)


def _given(value: str | tuple[str, ...] | float) -> str:
    """An argument as a reader takes it: names as code, factors and shares as numbers."""
    if isinstance(value, float):
        return f"{value:g}"
    return code([value] if isinstance(value, str) else value)


def calibration() -> str:
    """The facts beside the headlines and what the baseline gives, as kept by ``python -m experiments.facts``."""
    from experiments.facts import RECORD, markdown

    return markdown(record_keeping.read(RECORD), headline=False)


def limits(part: str) -> str:
    """Sentences on what the model cannot tell."""
    from experiments.limits import limits as sentences

    return "\n".join(f"{number}. {text}" for number, text in enumerate(sentences(part), 1))


def counting() -> str:
    """What sources and the model count under the same name."""
    from experiments.limits import counting as rows

    head = ("figure", "the source counts", "the model counts", "hence")
    return table(head, [(row["figure"], row["source"], row["model"], row["hence"]) for row in rows()])


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
