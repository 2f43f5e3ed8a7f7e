"""Investors: whom to fund, on which terms."""

from agents.base import Decider, Decision
from agents.decisions import funding


class Investor(Decider):
    """The venture capital or the public market of a region."""

    score = Decision(funding.score)
    set_terms = Decision(funding.set_terms)
