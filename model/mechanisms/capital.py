"""Capital: venture rounds, listings, follow-ons; dividends of those who have too much."""

from __future__ import annotations

import numpy as np

from agents import Investor
from agents.decisions.funding import ScoreKnown, TermsKnown
from model.arrays import total, within
from model.kernels.firms import asking, present
from model.kernels.grouping import add
from model.kernels.value import trials_ahead
from model.labels import BIOTECH, PHASE3
from model.ledger import PUBLIC, SHAREHOLDERS, VENTURE
from model.mechanisms.costs import cost_at_home, entry_cost, lean
from model.mechanisms.valuation import chances, pipeline_worth, segment
from model.world import REGION_COUNT, World

EXIT_MEMORY = np.array([1 / 24, 1 / 96, 1 / 60])
"""Monthly weights of the present in the near and the far past of exits, and in their trend (2, 8 and 5 years)."""
FOOTING = np.float32(0.2)
"""Commercial capability from which a firm counts as present in a region."""
FIRM_STATE = ("pipeline_worth", "programmes_ahead", "late_assets", "clinical_assets", "gap")
"""Figures by firm that are renewed quarterly; new firms start at zero."""


def finance(world: World) -> None:
    """Fill the investors' pools, fund the firms that ask, pay out spare cash.

    Venture funds decide in one month, the stock exchanges in the next.
    """
    if world.month % 3 == 0 or "pipeline_worth" not in world.state:
        world.state["pipeline_worth"] = pipeline_worth(world)
        world.state["programmes_ahead"] = programmes_ahead(world)
    size = len(world.firms)
    for name in FIRM_STATE:
        short = size - len(world.state[name])
        if short > 0:
            world.state[name] = np.append(world.state[name], np.zeros(short))
    fill_pools(world)
    raise_money(world, public=world.month % 2 == 1)
    list_firms(world)
    if world.month % 12 == 11:
        pay_dividends(world)


def fill_pools(world: World) -> None:
    """Supply of the month: the series to 2024, then a process of its own around the mean.

    What was not placed stays for a few months (dry powder), the rest goes elsewhere.
    """
    investors, now, state = world.investors, world.now, world.state
    state["exit_return"] = np.array(exit_return(world))
    if world.month >= 300:
        update_climate(world)
    climate = np.exp(state["climate"])  # (venture and public, regions)
    for public, name in ((False, "capital.venture"), (True, "capital.public")):
        rows = np.flatnonzero(investors.public == public)
        region = investors.region[rows]
        supply = now[name][region] / 12 * world.scale * investors.appetite[rows]
        supply = supply if public else supply * state["equity_kept"][region]
        supply *= np.maximum(1 + now["capital.rate_sensitivity"] * now["capital.rate_shift"], 0.1)
        supply *= climate[int(public), region] * now["capital.supply"]
        investors.capital[rows] = np.minimum(investors.capital[rows] + supply, supply * now["capital.dry_powder"])


def update_climate(world: World) -> None:
    """Log deviation of venture and public supply after 2024: booms and busts of the world, and regions of their own.

    The regime carries the part of the variance that regions share (``capital.region_correlation``), a yearly AR(1) in
    monthly steps the rest; the mean over time is that of the data's volatility.
    """
    now, state = world.now, world.state
    shift_regime(world)
    kinds = (
        ("capital.persistence", "capital.venture_volatility", "capital.boom_venture", "capital.bust_venture"),
        ("capital.public_persistence", "capital.public_volatility", "capital.boom_public", "capital.bust_public"),
    )
    together = now["capital.region_correlation"]
    for index, (persistence, volatility, boom, bust) in enumerate(kinds):
        keep = now[persistence] ** (1 / 12)
        luck = world.draws.normal("capital.climate", index * 16 + np.arange(REGION_COUNT), world.month)
        spread = now[volatility] * np.sqrt((1 - together) * (1 - keep**2))
        state["own_climate"][index] = keep * state["own_climate"][index] + spread * luck
        common = regime_level(world, now[boom], now[bust]) + together * now[volatility] ** 2 / 2
        state["climate"][index] = state["own_climate"][index] + common + np.log(state["exit_return"])


def shift_regime(world: World) -> None:
    """Booms and busts alternate with their mean lengths, unless the rules hold one of them."""
    now, state = world.now, world.state
    if "regime" not in state:
        share = now["capital.boom_months"] / (now["capital.boom_months"] + now["capital.bust_months"])
        boom = world.draws.uniform("capital.first_regime", np.zeros(1, np.int64)) < share
        state["regime"] = np.where(boom, 1.0, -1.0)
        state["own_climate"] = np.zeros((2, REGION_COUNT))
    length = now["capital.boom_months"] if state["regime"][0] > 0 else now["capital.bust_months"]
    turns = world.draws.uniform("capital.regime", np.zeros(1, np.int64), world.month) < 1 / length
    state["regime"] = np.where(turns, -state["regime"], state["regime"])


def regime_level(world: World, boom: float, bust: float) -> float:
    """Log supply in the regime of the month, against its mean over booms and busts of the given levels."""
    now = world.now
    power = np.sqrt(now["capital.region_correlation"])
    high, low = max(boom, 1e-3) ** power, max(bust, 1e-3) ** power
    share = now["capital.boom_months"] / (now["capital.boom_months"] + now["capital.bust_months"])
    up = share_of_boom(float(world.state["regime"][0]), now["capital.regime"])
    return float(np.log(up * high + (1 - up) * low) - np.log(share * high + (1 - share) * low))


def share_of_boom(regime: float, held: float) -> float:
    """1 in a boom, 0 in a bust; what the rules hold counts by its strength."""
    free = 1.0 if regime > 0 else 0.0
    return abs(held) * (held > 0) + (1 - abs(held)) * free


def exit_return(world: World) -> float:
    """Response of supply to what research firms earn from deals: the near past against the far one, less the trend."""
    now, state = world.now, world.state
    supplied = (now["capital.venture"].sum() + now["capital.public"].sum()) / 12 * world.scale
    present = world.flows["deal_upfront"].sum() / max(supplied, 1e-9)
    near, far, trend = state.setdefault("exits", np.array([present, present, 0.0]))
    rise = np.log(min(max((near + 0.01) / (far + 0.01), 0.25), 4.0))
    state["exits"] = state["exits"] + EXIT_MEMORY * (np.array([present, present, rise]) - state["exits"])
    return float(np.exp(now["capital.success_sensitivity"] * (rise - trend)))


def raise_money(world: World, public: bool) -> None:
    """Firms that run short ask the investors of their home; the best are funded while money lasts.

    While investors cannot place their money, firms come earlier and rounds are larger: money chases deals.
    """
    firms, investors, now = world.firms, world.investors, world.now
    pools = np.flatnonzero(investors.public == public)
    plenty = 1 + now["capital.abundance"] * fullness(world)
    rows, burn = asking(
        world.alive, world.month, public, firms.kind, firms.listed, firms.scope, firms.sales_12, firms.income_12,
        firms.research, firms.trial_burn, firms.cash, firms.raised, world.state["programmes_ahead"], firms.home,
        now["capital.small_sales"], now["capital.asking_runway"] * plenty[pools], now["capital.round_gap"],
    )  # fmt: skip
    if not len(rows):
        return
    pool = pools[firms.home[rows]]
    value = world.state["pipeline_worth"][rows]
    offer = world.decide(Investor, "set_terms", pool, TermsKnown(
        burn=burn, value=value, runway_months=now["capital.round_runway"],
        least=least_round(world),
        value_share=now["capital.value_share"], plenty=plenty[pool]),
        "investors")  # fmt: skip
    liked = world.decide(Investor, "score", pool, ScoreKnown(
        value=value, need=offer,
        late_share=world.state["late_assets"][rows] / np.maximum(firms.candidates[rows], 1),
        footprint=present(rows, firms.commercial, FOOTING) / REGION_COUNT, reputation=firms.reputation[rows],
        luck=world.draws.normal("capital.luck", firms.firm[rows], firms.rounds[rows]) * now["capital.noise"],
        footprint_weight=investors.footprint[pool], stage_weight=now["capital.stage_weight"]),
        "investors")  # fmt: skip
    place(world, rows, pool, offer, liked, PUBLIC if public else VENTURE)


def least_round(world: World) -> float:
    """Smallest round, million US$ of the month."""
    return float(world.now["capital.least_round"] * world.prices(2020))


def fullness(world: World) -> np.ndarray:
    """How much money of their limit investors hold without having placed it, 0-1, (investors,)."""
    investors, now = world.investors, world.now
    supply = np.where(
        investors.public, now["capital.public"][investors.region], now["capital.venture"][investors.region]
    )
    most = supply / 12 * world.scale * now["capital.supply"] * now["capital.dry_powder"]
    return within(investors.capital / np.maximum(most, 1e-9), 0.0, 1.0)


def raisable(world: World, firm: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Money that investors at home would put into firms for what is worth ``value``, million US$, (rows,).

    A part of the worth, and of what flows into their pool in a year: less when capital is short.
    """
    firms, now = world.firms, world.now
    yearly = np.stack([now["capital.venture"], now["capital.public"]]) * np.exp(world.state["climate"])
    pool = yearly[firms.listed[firm].astype(np.int64), firms.home[firm]] * now["capital.supply"]
    return np.minimum(now["capital.value_share"] * value, now["capital.largest_part"] * pool)


def programmes_ahead(world: World) -> np.ndarray:
    """Monthly cost of the trials and launches ahead of each firm, million US$, (firms,).

    What waits counts in full, what runs by its odds of getting there.
    """
    assets, now = world.assets, world.now
    cost = entry_cost(world) / now["capital.round_runway"]
    ahead = trials_ahead(
        world.pipeline, assets.phase, assets.area, assets.waiting, assets.origin, assets.sponsor,
        now["area.success"] * now["capital.foresight"], cost, world.once(cost_at_home), PHASE3, len(world.firms),
    )  # fmt: skip
    return ahead * lean(world, np.arange(len(world.firms))) + launches_ahead(world)


def launches_ahead(world: World) -> np.ndarray:
    """Monthly cost of building a sales organisation at home for what research firms may launch, million US$, (firms,).

    Candidates in phase III and under review count by their odds, as far as their owners hold the rights at home.
    """
    assets, firms, now = world.assets, world.firms, world.now
    rows = world.pipeline[assets.phase[world.pipeline] >= PHASE3]
    sponsor = assets.sponsor[rows]
    home = firms.home[sponsor]
    mine = (firms.kind[sponsor] == BIOTECH) & (assets.holder[rows, home] == sponsor)
    rows, sponsor, home = rows[mine], sponsor[mine], home[mine]
    cost = now["launch.build_cost"][segment(world, assets.indication[rows]), home] * world.prices(2022)
    cost = cost * chances(world, rows) / now["capability.build_money"] / now["capital.round_runway"]
    return total(sponsor, cost, len(firms))


def place(world: World, rows: np.ndarray, pool: np.ndarray, offer: np.ndarray, liked: np.ndarray, account: int) -> None:
    """Hand out each pool's money in the order of its liking."""
    firms, investors = world.firms, world.investors
    order = np.lexsort((-liked, pool))
    amount = offer[order]
    running = np.cumsum(amount)
    first = np.searchsorted(pool[order], pool[order], side="left")
    before = running - amount - np.concatenate([[0.0], running])[first]
    grant = np.minimum(amount, investors.capital[pool[order]] - before)
    granted = (grant > 0) & (grant >= np.minimum(amount, least_round(world)))
    who, money = rows[order][granted], grant[granted]
    world.ledger.receive(firms.cash, who, money, account)
    add(pool[order][granted], -money, investors.capital)
    np.maximum(investors.capital, 0.0, out=investors.capital)
    firms.raised[who] = world.month
    firms.funds[who] = np.maximum(firms.cash[who], 0.0)
    firms.rounds[who] += 1
    world.flow("venture", firms.home[who], money if account == VENTURE else np.zeros(len(who)))


def list_firms(world: World) -> None:
    """Private firms with something in the clinic list where the public pool has money to spare."""
    firms, investors, now = world.firms, world.investors, world.now
    if world.month % 3:
        return
    rows = world.alive[~firms.listed[world.alive] & (firms.kind[world.alive] == BIOTECH)]
    pool = np.flatnonzero(investors.public)
    ease = np.minimum(investors.capital[pool] / np.maximum(now["capital.public"] / 12 * world.scale, 1e-9), 3.0)
    chance = now["capital.listing_rate"] / 4 * ease[firms.home[rows]] * (world.state["clinical_assets"][rows] > 0)
    luck = world.draws.uniform("capital.listing", firms.firm[rows], world.month)
    new = rows[luck < chance]
    firms.listed[new] = True
    firms.raised[new] = world.month - 100


def pay_dividends(world: World) -> None:
    """Firms with sales return cash beyond what two years of spending need."""
    firms, now = world.firms, world.now
    rows = world.alive[firms.sales_12[world.alive] > now["capital.small_sales"]]
    need = now["capital.reserve_years"] * (firms.spend_12[rows] + 0.2 * firms.sales_12[rows])
    spare = np.maximum(firms.cash[rows] - need, 0.0)
    world.ledger.pay(firms.cash, rows, spare, SHAREHOLDERS)
