"""Regulators: approve, ask again, refuse; take files early; take on reviewers."""

from agents.base import Decider, Decision
from agents.decisions import review


class Regulator(Decider):
    """A medicines agency with a queue and reviewers."""

    admit_early = Decision(review.admit_early)
    hire_reviewers = Decision(review.hire_reviewers)
    review = Decision(review.review)
