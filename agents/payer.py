"""Payers: cover or not, at which net price, when."""

from agents.base import Decider, Decision
from agents.decisions import coverage


class Payer(Decider):
    """Who pays for medicines in a region or part of it."""

    schedule = Decision(coverage.schedule)
    negotiate = Decision(coverage.negotiate)
