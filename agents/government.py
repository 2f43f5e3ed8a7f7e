"""Governments: restrictions, subsidies, tariffs, price law."""

from agents.base import Decider, Decision
from agents.decisions import policy


class Government(Decider):
    """The government of a region."""

    restrict = Decision(policy.restrict)
    subsidise = Decision(policy.subsidise)
    set_tariff = Decision(policy.set_tariff)
    set_price_law = Decision(policy.set_price_law)
