"""Regulators: approve, ask again, refuse."""

from agents.base import Decider, Decision
from agents.decisions import review


class Regulator(Decider):
    """A medicines agency with a queue and reviewers."""

    review = Decision(review.review)
