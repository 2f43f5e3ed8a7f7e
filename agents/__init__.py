"""Who decides, and how: one class per kind of agent, decisions as pure functions of arrays."""

from agents.base import Decider, Decision, Known
from agents.firms import Biotech, Firm, Pharma
from agents.government import Government
from agents.investor import Investor
from agents.payer import Payer
from agents.provider import ServiceProvider
from agents.regulator import Regulator

__all__ = [
    "Biotech", "Decider", "Decision", "Firm", "Government", "Investor", "Known", "Payer",
    "Pharma", "Regulator", "ServiceProvider",
]  # fmt: skip
