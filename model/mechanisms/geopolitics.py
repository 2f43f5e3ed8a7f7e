"""Geopolitics: tension of pairs of regions, the measures that governments take, what they do to borders.

Tension has a level and an unpredictability of its own. Governments answer it with measures (``MEASURES``) that come
above thresholds, outlive the tension, and provoke answers. Laws that are dated in a scenario and measures that
governments take here act through the same arrays, the stronger of the two, so that nothing counts twice:

==================  =====================================================================================
``deal_friction``   log loss of the value of a deal, by home of seller and buyer (10, 10), 0 at home
``deal_blocked``    chance that governments refuse it, (10, 10)
``deal_months``     months that their review adds, (10, 10)
``newco_friction``  as ``deal_friction`` for a new company at the buyer's home that takes over the asset
``tension_loss``    log loss of the appeal of a firm of a home (rows) to prescribers of a region, (10, 10)
``presence_loss``   log loss of what a firm of a home makes alone in a region: that, and tariffs, (10, 10)
``hesitation``      share of the value of a commitment that waiting is worth, (10, 10)
``data_block``      share of the data of one region that cannot be used in the other, (10, 10)
``equity_block``    share of equity from one region that cannot go to the other, (10, 10)
``foreign_data``    multiplier on the acceptance of data of one region (rows) by each regulator, (10, 10)
``provider_ban``    share of the work of clients (rows) that providers of a region must give up, (10, 10)
``equity_kept``     venture supply against the series, (10,)
``supply``          manufacturing capacity against need, (10,)
``talent``          science talent against the data, (10,)
==================  =====================================================================================
"""

from __future__ import annotations

import numpy as np

from agents import Government
from agents.decisions.policy import MEASURES, RestrictKnown
from model.labels import CN, US
from model.world import REGION_COUNT, World

LAST_TENSION_READ = 26 * 12
"""From 2026 on tension follows its process and governments take measures; before, the series and the dated laws."""
UPPER = np.triu_indices(REGION_COUNT, 1)
ABROAD = ~np.eye(REGION_COUNT, dtype=bool)
EXPORTED = ABROAD & (np.arange(REGION_COUNT) == CN)[:, None]
"""Pairs of which the seller is in China and the buyer is not."""
BITS = 1 << np.arange(len(MEASURES))
(SCREENING, TARIFF, DATA, BAN, OUTBOUND, REVIEW, REFUSAL, STANCE, INPUTS, TALENT) = range(len(MEASURES))
EACH = np.arange(REGION_COUNT * REGION_COUNT * len(MEASURES)).reshape(REGION_COUNT, REGION_COUNT, len(MEASURES))
"""Identity of each measure of each region against each other."""
PAIR = UPPER[0] * REGION_COUNT + UPPER[1]


def move_borders(world: World) -> None:
    """A month of tension, measures and what they do."""
    update_tension(world)
    take_measures(world)
    publish(world)


def update_tension(world: World) -> None:
    """Tension of each pair of regions: the series to 2025, then a mean-reverting process.

    Yearly persistence, volatility and jumps of the data, in monthly steps. What it has moved lately is what
    everybody takes for its unpredictability.
    """
    level, now, state = np.clip(world.now["geopolitics.tension"], 0, 1), world.now, world.state
    if world.month < LAST_TENSION_READ or "tension" not in state:
        state["tension"], state["unrest"] = level, usual_unrest(world) ** 2
        return
    old = state["tension"]
    shock = world.draws.normal("tension.shock", PAIR, world.month)
    luck = world.draws.uniform("tension.jump", PAIR, world.month)
    pull = 1 - now["geopolitics.persistence"][UPPER] ** (1 / 12)
    step = pull * (level[UPPER] - old[UPPER])
    surprise = now["geopolitics.volatility"][UPPER] * now["geopolitics.uncertainty"] / 12**0.5 * shock
    jump = luck < now["geopolitics.jump_rate"][UPPER] / 12
    surprise += jump * now["geopolitics.jump_size"][UPPER] * np.where(shock > -0.674, 1, -1)
    state["tension"] = pairwise(np.clip(old[UPPER] + step + surprise, 0, 1))
    memory = 0.5 ** (1 / 12)
    state["unrest"] = memory * state["unrest"] + (1 - memory) * pairwise(12 * surprise**2)


def pairwise(upper: np.ndarray) -> np.ndarray:
    """Values of pairs as a symmetric square, (10, 10)."""
    square = np.zeros((REGION_COUNT, REGION_COUNT))
    square[UPPER] = upper
    return square + square.T


def usual_unrest(world: World) -> np.ndarray:
    """Standard deviation of a year's change of tension in the data, (10, 10)."""
    now = world.now
    jumps = now["geopolitics.jump_rate"] * now["geopolitics.jump_size"] ** 2
    return np.sqrt(now["geopolitics.volatility"] ** 2 + jumps)


def take_measures(world: World) -> None:
    """Governments decide on measures; what was in force before 2026 stands in the dated laws."""
    now, table, state = world.now, world.governments, world.state
    taken = state.setdefault("taken", np.full((REGION_COUNT, REGION_COUNT, len(MEASURES)), -999.0))
    alone = world.month >= LAST_TENSION_READ
    rows = np.arange(REGION_COUNT)
    before = in_force(world)
    after = world.decide(Government, "restrict", rows, RestrictKnown(
        tension=state["tension"].copy(), in_force=before, lawful=lawful(world),
        provoked=(world.month - taken < 12).transpose(1, 0, 2), stance=table.stance.copy(),
        luck=world.draws.uniform("policy", EACH, world.month),
        threshold=tuple(now[f"geopolitics.threshold.{name}"] for name in MEASURES),
        gap=now["geopolitics.effect.removal_gap"], trigger_rate=now["geopolitics.effect.trigger_rate"] * alone,
        removal_rate=now["geopolitics.effect.removal_rate"] * alone,
        retaliation=now["geopolitics.effect.retaliation"] * alone), "governments") & ABROAD[:, :, None]  # fmt: skip
    table.measures[:] = after @ BITS
    state["taken"] = np.where(after & ~before, world.month, taken)


def in_force(world: World) -> np.ndarray:
    """Measures that governments (rows) hold against regions, bool (10, 10, measures)."""
    return (world.governments.measures[:, :, None] & BITS) > 0


def lawful(world: World) -> np.ndarray:
    """Measures that the dated laws of the month hold, bool (10, 10, measures)."""
    now = world.now
    held = np.zeros((REGION_COUNT, REGION_COUNT, len(MEASURES)), bool)
    held[US, :, TARIFF] = now["geopolitics.tariff"] > 0
    held[US, :, BAN] = now["geopolitics.provider_ban"] > 0
    held[..., DATA] = now["geopolitics.data_block"] > 0
    held[..., SCREENING] = held[..., OUTBOUND] = now["geopolitics.investment_block"] > 0
    held[..., REVIEW] = now["geopolitics.deal_delay"] > 0
    held[..., REFUSAL] = now["geopolitics.deal_block"] > 0
    held[..., STANCE] = now["approvals.foreign_data"].T < 1
    return held & ABROAD[:, :, None]


def publish(world: World) -> None:
    """What laws and measures do, as arrays for those who feel them."""
    now, state = world.now, world.state
    force = in_force(world)
    either = force | force.transpose(1, 0, 2)
    size = np.array([now[f"geopolitics.measure.{name}"] for name in MEASURES])
    state["data_block"] = np.maximum(now["geopolitics.data_block"], size[DATA] * either[..., DATA])
    equity = np.maximum(size[SCREENING] * either[..., SCREENING], size[OUTBOUND] * either[..., OUTBOUND])
    state["equity_block"] = np.maximum(now["geopolitics.investment_block"], equity)
    state["equity_kept"] = equity_kept(world)
    refused = 1 - size[STANCE] * force[..., STANCE].T
    state["foreign_data"] = np.minimum(now["approvals.foreign_data"], np.where(refused < 1, refused, np.inf))
    state["supply"] = now["supply.capacity"] * (1 - size[INPUTS] * force[..., INPUTS].any(axis=0))
    leaving = size[TALENT] * force[..., TALENT]
    state["talent"] = (1 - np.minimum(leaving.sum(axis=1), 0.5)) * (1 + np.minimum(leaving.sum(axis=0), 0.5))
    law = np.zeros((REGION_COUNT, REGION_COUNT))
    law[US] = now["geopolitics.provider_ban"]
    grandfathered = np.clip((world.month - state["taken"][..., BAN]) / now["geopolitics.grandfathering"], 0, 1)
    state["provider_ban"] = np.maximum(law, size[BAN] * force[..., BAN] * grandfathered)
    publish_deals(world, either, size)


def equity_kept(world: World) -> np.ndarray:
    """Venture supply of each region against the series, whose money from abroad borders may keep out, (10,)."""
    now = world.now
    givers = now["capital.venture"] * ABROAD
    open_share = 1 - world.state["equity_block"]
    reached = (givers * open_share).sum(axis=1) / np.maximum(givers.sum(axis=1), 1e-9)
    return 1 - now["capital.foreign_share"] * (1 - now["capital.foreign_access"] * reached)


def publish_deals(world: World, either: np.ndarray, size: np.ndarray) -> None:
    """What borders take from deals and from going alone.

    Strong tension cuts trade. Mild tension moves it: presence abroad suffers first, and a licence or a new company
    at the partner's home then looks better (the inverted U of the data).
    """
    now, state = world.now, world.state
    tension, reviewed = state["tension"], either[..., REVIEW]
    excess = np.sqrt(state["unrest"]) - usual_unrest(world)
    state["hesitation"] = np.clip(now["geopolitics.effect.uncertainty_delay"] * excess / 0.1, -0.3, 0.9) * ABROAD
    mild = 4 * tension * np.maximum(0.5 - tension, 0) / 0.25
    political = -now["geopolitics.effect.deal_hazard"] * np.maximum(tension - 0.5, 0) * now["licensing.tension_weight"]
    political = political + now["licensing.review_cost"] * reviewed - np.log1p(-state["hesitation"])
    political = political - now["geopolitics.effect.mild_deal_gain"] * mild
    culture = now["licensing.culture_weight"] * now["culture.distance"]
    state["deal_friction"] = (culture + political) * ABROAD
    relief = 1 - now["geopolitics.newco_relief"] * (political > 0)
    state["newco_friction"] = (culture + political * relief) * ABROAD
    state["deal_months"] = np.maximum(now["geopolitics.deal_delay"], size[REVIEW] * reviewed) * ABROAD
    blocked = np.maximum(now["geopolitics.deal_block"], size[REFUSAL] * either[..., REFUSAL])
    state["deal_blocked"] = blocked * ABROAD
    state["tension_loss"] = now["geopolitics.effect.presence"] * np.maximum(tension - 0.4, 0) * ABROAD


def borders(world: World) -> np.ndarray:
    """What friction and delay leave of the value of a deal, by home of seller and buyer, 0-1, (10, 10)."""
    state, now = world.state, world.now
    months = state["deal_months"] + now["deal.cross_border_months"] * ABROAD
    months = months + now["deal.china_export_months"] * EXPORTED
    delay = months / 12 * np.log1p(now["valuation.discount_rate"])
    return np.exp(-state["deal_friction"] - delay)


def permitted(world: World, seller: np.ndarray, buyer: np.ndarray, identity: np.ndarray) -> np.ndarray:
    """Whether governments let pairs of firms (rows) sign, bool (rows,); ``identity`` is what is sold."""
    firms = world.firms
    refused = world.state["deal_blocked"][firms.home[seller], firms.home[buyer]]
    return world.draws.uniform("deal.permission", identity, firms.firm[buyer]) >= refused


def record_tension(world: World) -> None:
    """Yearly record of tension and of the measures in force by law or decision, by pair."""
    a, b = UPPER
    under = (in_force(world) | lawful(world)) @ BITS
    world.logs["tensions"].add(len(a), month=world.month, a=a, b=b, level=world.state["tension"][a, b],
                               measures=under[a, b] + (under[b, a] << len(MEASURES)))  # fmt: skip
