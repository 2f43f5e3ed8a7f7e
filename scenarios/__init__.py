"""The rules as data: dated, sourced changes of named values, and how they compose."""

from scenarios.checks import check
from scenarios.loader import available, compose, load
from scenarios.schema import Change, Problem, Scenario, ScenarioError

__all__ = ["Change", "Problem", "Scenario", "ScenarioError", "available", "check", "compose", "load"]
