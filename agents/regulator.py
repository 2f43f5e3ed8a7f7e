"""Regulators: approve, ask again, refuse; take on reviewers."""

from agents.base import Decider, Decision
from agents.decisions import review


class Regulator(Decider):
    """A medicines agency with a queue and reviewers."""

    hire_reviewers = Decision(review.hire_reviewers)
    review = Decision(review.review)
