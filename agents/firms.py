"""Biotechs and pharma firms: who discovers, develops, licenses, launches and sells medicines."""

from agents.base import Decider, Decision
from agents.decisions import governance, partnering, research, selling, sites, trials


class Firm(Decider):
    """A company with medicines in its pipeline or on the market."""

    set_research_budget = Decision(research.set_research_budget)
    choose_targets = Decision(research.choose_targets)
    plan_trial = Decision(trials.plan_trial)
    continue_development = Decision(trials.continue_development)
    choose_filings = Decision(trials.choose_filings)
    choose_route = Decision(partnering.choose_route)
    offer_firm = Decision(partnering.offer_firm)
    bid_for_licence = Decision(partnering.bid_for_licence)
    share_development = Decision(partnering.share_development)
    exercise_option = Decision(partnering.exercise_option)
    bid_for_firm = Decision(partnering.bid_for_firm)
    govern_alliance = Decision(governance.govern_alliance)
    review_alliance = Decision(governance.review_alliance)
    launch = Decision(selling.launch)
    build_plants = Decision(sites.build_plants)
    set_price = Decision(selling.set_price)


class Biotech(Firm):
    """A research firm: what to start, where to try and file it, which route, whether to sell."""


class Pharma(Firm):
    """A firm with medicines on the market, global or regional."""
