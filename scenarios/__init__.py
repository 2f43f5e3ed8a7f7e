"""The rules as data: dated, sourced changes of named values, and how they compose."""

from scenarios.checks import check, check_scenario
from scenarios.loader import available, compose, load, parse, positions, trace
from scenarios.schema import Change, Expectation, Problem, Scenario, ScenarioError

__all__ = [
    "Change", "Expectation", "Problem", "Scenario", "ScenarioError", "available", "check", "check_scenario", "compose",
    "load", "parse", "positions", "trace",
]  # fmt: skip
