"""Service providers: contract research, manufacturing and AI platforms."""

from agents.base import Decider, Decision
from agents.decisions import services


class ServiceProvider(Decider):
    """A CRO, CDMO or AI platform sector of a region."""

    set_price = Decision(services.set_price)
    choose_clients = Decision(services.choose_clients)
