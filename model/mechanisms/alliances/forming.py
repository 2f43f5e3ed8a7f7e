"""Alliances begin: who the partners are to each other, and the governance that they agree on."""

from __future__ import annotations

import numpy as np

from agents import Firm
from agents.choices import CODEVELOPMENT, COPROMOTION, SALE_DEAL
from agents.decisions.governance import Governance, GovernKnown
from model.arrays import width, within
from model.clock import NEVER
from model.kernels.grouping import step
from model.labels import PHASE3
from model.ledger import STAFF
from model.mechanisms.alliances import memory
from model.mechanisms.alliances.log import FORMED, tell
from model.mechanisms.costs import entry_cost
from model.mechanisms.valuation import chances, total_worth
from model.world import World

JOINT = (CODEVELOPMENT, COPROMOTION)
"""The partners work side by side."""
PROGRAMME_YEARS = 3.0
USUAL_LEAD, SPREAD_OF_LEADS = 2.5, 1.3
"""Mean and standard deviation of the partners' difference in log alliances so far."""
KIND_PAIRS = ("biotech-biotech", "biotech-pharma_regional", "biotech-pharma_global",
              "pharma_regional-pharma_regional", "pharma_regional-pharma_global",
              "pharma_global-pharma_global")  # fmt: skip
KIND_TABLE = np.array([[0, 1, 2], [1, 3, 4], [2, 4, 5]])


def form(world: World, deals: np.ndarray) -> None:
    """Make alliances of new contracts (rows); sales of assets and of firms are none."""
    deals = deals[world.deals.kind[deals] < SALE_DEAL]
    if not len(deals):
        return
    table, now = world.deals, world.now
    asset, seller, buyer = table.asset[deals], table.payee[deals], table.payer[deals]
    identity = (world.assets.asset[asset] << 8) | table.ordinal[deals]
    traits = meet(world, identity, asset, seller, buyer)
    stake = 0.5 * total_worth(world, asset)
    traits["skew"] = unfairness(world, deals, 2 * stake)
    rules = agree(world, deals, stake, traits)
    turn = (4 * world.draws.uniform("alliance.turn", identity)).astype(np.int8)
    apart = (1 - traits["clarity"]) * (1 + traits["distance"])
    gap = now["alliance.gap_start"] * apart * np.abs(world.draws.normal("alliance.gap", identity))
    rows = world.alliances.append(
        len(deals), deal=deals, identity=identity, turn=turn, asset=asset, started=world.month, gap=gap,
        tie=memory.tie(world, seller, buyer), seen=world.assets.belief[asset], **traits, **rules,
    )  # fmt: skip
    enter(world, rows, seller, buyer)
    pay_lawyers(world, rows)
    tell(world, rows, FORMED)


def enter(world: World, rows: np.ndarray, seller: np.ndarray, buyer: np.ndarray) -> None:
    """Put new alliances on the lists; an asset is developed in the widest of its alliances."""
    alliances, assets, deals = world.alliances, world.assets, world.deals
    world.state["allied"] = np.concatenate([world.state["allied"], rows])
    step(alliances.tie[rows], 1, world.ties.deals)
    for firm, other in ((seller, buyer), (buyer, seller)):
        step(firm, 1, world.firms.alliances)
        world.firms.partner[firm] = other
    asset = alliances.asset[rows]
    before = assets.alliance[asset]
    new, old = (width(deals.territory[alliances.deal[these]]) for these in (rows, before))
    wider = (before < 0) | (new >= old)
    assets.alliance[asset[wider]] = rows[wider]


def meet(world: World, identity: np.ndarray, asset: np.ndarray, seller: np.ndarray,
         buyer: np.ndarray) -> dict[str, np.ndarray]:  # fmt: skip
    """What the partners are to each other: trust, goals, culture, power, experience, (rows,) each."""
    firms = world.firms
    trust = memory.expected_trust(world, seller, buyer)
    area = world.assets.area[asset]
    fits = sum(((firms.focus[firm] == area) | (firms.second_focus[firm] == area)) * 0.5 for firm in (seller, buyer))
    alike = 1 - np.abs(firms.stance[seller] - firms.stance[buyer])
    luck = world.draws.normal("alliance.goals", identity)
    row = memory.find(world, seller, buyer)
    size = [np.log10(firms.sales_12[firm] + 10.0) for firm in (seller, buyer)]
    past = [np.log1p(firms.alliances[firm]) for firm in (seller, buyer)]
    return {
        "trust": trust, "clarity": within(0.2 + 0.25 * fits + 0.25 * alike + 0.1 * (row >= 0) + 0.15 * luck, 0.02, 1.0),
        "distance": cultural_distance(world, seller, buyer, row), "asymmetry": np.abs(size[0] - size[1]),
        "inexperience": (np.abs(past[0] - past[1]) - USUAL_LEAD) / SPREAD_OF_LEADS,
    }  # fmt: skip


def cultural_distance(world: World, one: np.ndarray, other: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Distance of the cultures of homes, less with years together, and of nimble and structured firms, (rows,).

    ``row`` is that of the memory of each pair, -1 for none.
    """
    now, firms = world.now, world.firms
    kinds = world.once(distance_of_kinds)
    home = now["culture.distance"][firms.home[one], firms.home[other]]
    together = np.where(row >= 0, world.ties.years[row] if len(world.ties) else 0.0, 0.0)
    learnt = now["culture.learning"] * np.minimum(together / 8, 1.0)
    return home * (1 - learnt) + kinds[KIND_TABLE[firms.scope[one], firms.scope[other]]]


def distance_of_kinds(world: World) -> np.ndarray:
    """Distance of nimble and structured firms by pair of kinds, (6,)."""
    return np.array([world.now[f"culture.kind.{pair}"] for pair in KIND_PAIRS])


def unfairness(world: World, deals: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """Distance of the seller's part of the expected worth from the usual part, log ratio, (rows,)."""
    table, now = world.deals, world.now
    odds = chances(world, table.asset[deals])
    promised = odds * (table.development[deals] + table.commercial[deals])
    part = table.upfront[deals] + promised + table.royalty[deals] * worth / now["valuation.margin"]
    ratio = within(part / np.maximum(worth, 1e-3), 0.01, 10.0) / now["alliance.fair_part"]
    return np.minimum(np.abs(np.log(ratio)), 5.0)


def agree(world: World, deals: np.ndarray, stake: np.ndarray, traits: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Governance that both partners want: what costs money needs both, degrees meet in the middle."""
    table = world.deals
    partners = np.concatenate([table.payee[deals], table.payer[deals]])
    known = outlook(world, deals, stake, traits).take(np.tile(np.arange(len(deals)), 2))
    known.cash, known.practice = world.firms.cash[partners], world.firms.practice[partners]
    wishes: Governance = world.decide(Firm, "govern_alliance", partners, known, "firms")
    ours = [wish.reshape(2, -1) for wish in wishes]  # the seller's wishes above the buyer's
    both = {name: ours[place][0] & ours[place][1] for name, place in (("committee", 0), ("review", 3), ("platform", 4))}
    degrees = (("completeness", 1), ("transparency", 2), ("investment", 5), ("mitigation", 6))
    mean = {name: within(0.5 * (ours[place][0] + ours[place][1]), 0, 1) for name, place in degrees}
    return both | mean


def outlook(world: World, deals: np.ndarray, stake: np.ndarray, traits: dict[str, np.ndarray]) -> GovernKnown:
    """What partners know when they choose their governance."""
    now, table, dollar = world.now, world.deals, world.prices(2020)
    joint = (table.kind[deals] == JOINT[0]) | (table.kind[deals] == JOINT[1])
    strain = now["culture.dispute_elasticity"] * traits["distance"]
    strain += now["alliance.power_asymmetry_dispute"] * traits["asymmetry"]
    loss = now["alliance.dispute_cost"] * dollar + now["alliance.dispute_ends_deal"] * stake
    phase = np.minimum(table.phase[deals] + 1, PHASE3)
    yearly = entry_cost(world)[phase] / PROGRAMME_YEARS
    return GovernKnown(
        stake=stake, harm=now["alliance.dispute_hazard_base"] * np.exp(strain) * loss, joint=joint,
        double_work=now["alliance.duplication"] * yearly * joint, trust=traits["trust"], distance=traits["distance"],
        cash=stake, practice=np.zeros(len(deals), bool),
        years=now["alliance.usual_years"], ending=now["alliance.termination_hazard_annual"],
        committee_cost=now["alliance.jsc_cost"] * dollar, committee_ratio=now["alliance.jsc_dispute_hazard_ratio"],
        committee_delay=now["alliance.jsc_decision_delay"] * now["trials.month_value"],
        completeness_cost=now["alliance.contract_completeness_cost"] * dollar,
        completeness_effect=now["alliance.contract_completeness_dispute"],
        reporting_cost=now["alliance.reporting_cost"] * dollar,
        review_ratio=now["alliance.periodic_review_hazard_ratio"], platform_cost=now["alliance.platform_cost"] * dollar,
        platform_saving=now["alliance.platform_duplication"], investment_cost=now["alliance.investment_cost"] * dollar,
        mitigation_cost=now["alliance.mitigation_cost"] * dollar,
        mitigation_effect=now["alliance.mitigation_effect"], openness=now["practice.openness"],
    )  # fmt: skip


def pay_lawyers(world: World, rows: np.ndarray) -> None:
    """Each partner pays half of what a complete contract costs to write."""
    alliances, deals, now = world.alliances, world.deals, world.now
    cost = 10 * alliances.completeness[rows] * now["alliance.contract_completeness_cost"] * world.prices(2020)
    for firm in (deals.payee[alliances.deal[rows]], deals.payer[alliances.deal[rows]]):
        world.ledger.pay(world.firms.cash, firm, 0.5 * cost.astype(np.float64), STAFF)


def of_deals(world: World, deals: np.ndarray) -> np.ndarray:
    """Row of the alliance of each contract, -1 for none, (deals,)."""
    known = world.alliances.deal
    if not len(known):
        return np.full(len(deals), -1)
    place = np.minimum(np.searchsorted(known, deals), len(known) - 1)
    return np.where((known[place] == deals) & (deals >= 0), place, -1)


def is_living(world: World, rows: np.ndarray) -> np.ndarray:
    """Whether the contracts of alliances still run, bool (rows,)."""
    return world.deals.ended[world.alliances.deal[rows]] == NEVER
