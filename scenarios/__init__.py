"""The rules as data: dated, sourced changes of named values, and how they compose."""

from scenarios.checks import check
from scenarios.loader import available, compose, load, trace
from scenarios.schema import Change, Expectation, Problem, Scenario, ScenarioError

__all__ = [
    "Change", "Expectation", "Problem", "Scenario", "ScenarioError", "available", "check", "compose", "load", "trace",
]  # fmt: skip
