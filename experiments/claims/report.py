"""The ledger's results: one record for machines, a table for readers, a page of documentation."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from experiments import record_keeping
from experiments.claims import effects, runs
from experiments.claims.ledger import PAIRS, Claim, Experiment, claims, experiments_by_name
from experiments.code_digest import ROOT, code_digest

NAME = "claims"
RECORD = record_keeping.place(NAME)
PAGE = ROOT / "docs" / "claims.md"
COMMAND = "experiments.claims --write"


def run_claims(
    chosen: Sequence[Claim], pairs: int = PAIRS, scale: float | None = None, workers: int = 2,
    done: runs.Done = lambda number, total: None,
) -> dict[str, Any]:  # fmt: skip
    """Play what the chosen claims need and return the record; ``scale`` replaces that of all experiments."""
    code = code_digest()  # before anything is played, so that it is the code that plays
    names = list(dict.fromkeys(name for claim in chosen for name in claim.experiments))
    known = experiments_by_name()
    tests = {name: resized(known[name], scale) for name in names}
    seeds = list(range(1, pairs + 1))
    measured = runs.measure(tests.values(), seeds, workers, done)
    rows = {name: experiment_row(test, seeds, measured) for name, test in tests.items()}
    return {"code": code, "pairs": pairs, "claims": [claim_row(claim, rows) for claim in chosen]}


def resized(experiment: Experiment, scale: float | None) -> Experiment:
    """The experiment in a world of another size."""
    from dataclasses import replace

    return experiment if scale is None else replace(experiment, scale=scale)


def experiment_row(experiment: Experiment, seeds: Sequence[int], measured: runs.Measured) -> dict[str, Any]:
    """What an experiment is and what came out; a failure is a row with its reason."""
    row = {"experiment": experiment.name, "does": experiment.does, "effect_is": experiment.effect,
           "arms": {arm: list(items) for arm, items in runs.arms_of(experiment).items()},
           "observable": observed(experiment), "expected": experiment.expected}  # fmt: skip
    try:
        values = runs.values_of(experiment, seeds, measured)
        found = effects.judge(experiment, values)
    except Exception as error:
        return row | {"verdict": effects.UNTESTABLE, "remark": f"failed: {error}"}
    return row | {
        "arm": found.name, "mean": number(found.mean), "low": number(found.low), "high": number(found.high),
        "pairs": found.pairs, "verdict": found.verdict, "remark": found.remark, "levels": levels(values),
    }  # fmt: skip


def observed(experiment: Experiment) -> str:
    """The observable in words."""
    if experiment.decision is not None:
        chosen = f" in {list(experiment.decision.equals)}" if experiment.decision.equals else ""
        return f"mean of {experiment.decision.function.split(':')[1]}{chosen} over random situations"
    return "; against ".join(each.text for each in experiment.observables)


def levels(values: effects.Values) -> dict[str, list[float | None]]:
    """Mean of each observable in each arm over the pairs in which it is known."""
    means = {}
    for arm, rows in values.items():
        columns = [[value for value in column if math.isfinite(value)] for column in zip(*rows, strict=True)]
        means[arm] = [number(sum(column) / len(column)) if column else None for column in columns]
    return means


def number(value: float) -> float | None:
    """A figure of six digits, None for unknown."""
    return float(f"{value:.6g}") if math.isfinite(value) else None


def claim_row(claim: Claim, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A claim with its experiments and the verdict on it."""
    mine = [rows[name] for name in claim.experiments]
    verdict = effects.together([row["verdict"] for row in mine])
    if claim.kind == "name" and not mine:
        verdict = "documented"
    return {"claim": claim.claim, "title": claim.title, "kind": claim.kind, "place": claim.place,
            "note": claim.note, "verdict": verdict, "experiments": mine}  # fmt: skip


def tally(record: dict[str, Any]) -> str:
    """How many claims have which verdict."""
    counts = Counter(row["verdict"] for row in record["claims"])
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())


def lines(record: dict[str, Any]) -> Iterable[str]:
    """The record as lines of text: claim, verdict, then each experiment with effect and interval."""
    for row in record["claims"]:
        yield f"{row['claim']:>3}  {row['verdict']:<13}  {row['title']}"
        yield from (f"       {_line(test)}" for test in row["experiments"])
        if row["note"] and not row["experiments"]:
            yield f"       {row['note']}"
    yield f"\n{tally(record)}; {record['pairs']} pairs, intervals of {effects.LEVEL:.0%}"


def _line(test: dict[str, Any]) -> str:
    return f"{test['verdict']}: {test['experiment']} {effect_text(test)} (expected {test['expected']})"


def effect_text(test: dict[str, Any]) -> str:
    """Effect with interval; relative ones in per cent."""
    if test.get("mean") is None:
        return test.get("remark", "")
    share = test["effect_is"] in ("relative", "interaction", "each", "contrast", "peak")
    mean, low, high = (_figure(test[key], share) for key in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})" + (f"; {test['remark']}" if test["remark"] else "")


def _figure(value: float, share: bool) -> str:
    return f"{value:+.1%}" if share else f"{value:.3g}"


def staleness() -> str:
    """One line: whether the kept verdicts belong to the present code."""
    return record_keeping.staleness(NAME, COMMAND)


def keep(record: dict[str, Any]) -> None:
    """Write the record and the page made from it."""
    record_keeping.keep(NAME, record)
    PAGE.write_text(page(record), "utf-8")


def page(record: dict[str, Any]) -> str:
    """The record in Markdown."""
    head = (ROOT / "experiments" / "data" / "claims_page.md").read_text("utf-8")
    table = ["| claim | place in the model | experiment | effect (interval) | verdict |", "|---|---|---|---|---|"]
    table += [line for row in record["claims"] for line in _rows(row)]
    return (
        f"{head}\n{tally(record)}, of {len(record['claims'])}; {record['pairs']} pairs.\n\n" + "\n".join(table) + "\n"
    )


def _rows(row: dict[str, Any]) -> Iterable[str]:
    claim = f"{row['claim']} {row['title']}"
    if not row["experiments"]:
        yield f"| {claim} | {row['place']} | {row['note']} | | {row['verdict']} |"
    for index, test in enumerate(row["experiments"]):
        first = index == 0
        what = f"`{test['experiment']}`: {test['does']} Measured: {test['observable']}. Expected: {test['expected']}."
        note = f" {row['note']}" if first and row["note"] else ""
        verdict = (
            test["verdict"] if len(row["experiments"]) == 1 or not first else f"**{row['verdict']}**; {test['verdict']}"
        )
        yield (
            f"| {claim if first else ''} | {row['place'] if first else ''} | {_escaped(what + note)} "
            f"| {_escaped(effect_text(test))} | {verdict} |"
        )


def _escaped(text: str) -> str:
    return text.replace("|", "or")


def read() -> dict[str, Any]:
    """The kept record."""
    return record_keeping.read(NAME)


def chosen_claims(numbers: Sequence[int]) -> list[Claim]:
    """Claims by number, all without any. Raises RequestError for an unknown number."""
    from experiments.errors import RequestError

    known = {claim.claim: claim for claim in claims()}
    missing = [number for number in numbers if number not in known]
    if missing:
        raise RequestError(f"claims: there is no claim {missing[0]}; they run from 1 to {max(known)}")
    return [known[number] for number in numbers] if numbers else list(known.values())
