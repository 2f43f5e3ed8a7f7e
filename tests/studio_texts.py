"""Texts of scenarios that several test files of the Scenario studio read."""

from __future__ import annotations

from experiments.rules_commands import TEMPLATE
from scenarios import Scenario, parse


def scenario_of(text: str) -> Scenario:
    found, problems = parse(text, "a.toml")
    assert found is not None, problems
    return found


WRONG = TEMPLATE.replace("trials.recruitment.CN", "trials.recruitmnt.CN").replace(
    'column = "regional.CN.trial_starts"', 'column = "regional.CN.trial_start"'
)
