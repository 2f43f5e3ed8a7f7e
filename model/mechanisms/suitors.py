"""Who meets whom on the deal market, and what the suitors bid."""

from __future__ import annotations

import numpy as np

from agents import Firm
from agents.decisions.partnering import BidKnown
from model.arrays import within
from model.kernels import pools as trees
from model.kernels import suitors as kernel
from model.kernels.offers import Offers
from model.kernels.pools import Pools
from model.labels import FILED, PHARMA
from model.ledger import PROVIDERS
from model.mechanisms.alliances import memory
from model.mechanisms.costs import entry_cost
from model.mechanisms.geopolitics import borders
from model.mechanisms.standing import views
from model.mechanisms.valuation import partners_share, segment, selling
from model.world import REGION_COUNT, World


def find_suitors(world: World, offers: Offers, territory: np.ndarray) -> np.ndarray:
    """Firms that each seller meets, (offers, breadth), -1 where there is none.

    Global pharma firms, regional ones, and research firms with money and room; of two that come into question the one
    with a fitting area is met. Sellers of repute meet more of them, and often a trusted partner of earlier.
    """
    firms, now, assets, draws = world.firms, world.now, world.assets, world.draws
    breadth, identity = int(now["licensing.search_breadth"]), assets.asset[offers.asset]
    width = now["licensing.met_share"] + now["licensing.met_reputation"] * firms.reputation[offers.seller]
    met = np.rint(breadth * width).astype(np.int64)
    familiar = memory.familiar(world, offers.seller, draws.uniform("deal.familiar", identity, world.month))
    found = np.full((len(identity), breadth), -1)
    kernel.meet(
        pools(world), identity, world.month, draws.base("deal.search.first"), draws.base("deal.search.second"),
        draws.base("deal.search.kind"), now["licensing.research_suitors"], now["licensing.regional_suitors"], met,
        assets.area[offers.asset], offers.seller, familiar, territory, firms.focus, firms.second_focus, firms.kind,
        firms.scope, firms.home, found,
    )  # fmt: skip
    return found


def asked_territory(world: World, territory: np.ndarray, kept: np.ndarray,
                    suitors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(what each suitor asks for of the territory on offer, bool (offers, breadth, 10): regional firms their home;
    what its owner forgoes of what it would have ``kept`` (offers, 10), (offers, breadth))."""
    return kernel.ask(territory, kept, suitors, world.firms.kind, world.firms.scope, world.firms.home)


def pools(world: World) -> Pools:
    """Research firms by the money they can spare, regional and global pharma firms by presence and size."""
    return gathered(world, world.alive, weights(world, world.alive))


def pharma_pool(world: World) -> Pools:
    """All pharma firms, by the square root of their sales."""
    rows = world.alive[world.firms.kind[world.alive] == PHARMA]
    return gathered(world, rows, weights(world, rows).sum(axis=0, keepdims=True))


def weights(world: World, rows: np.ndarray) -> np.ndarray:
    """Weight of firms (rows) among research firms, regional and global pharma firms, (3, rows)."""
    firms = world.firms
    return kernel.weigh(rows, firms.kind, firms.scope, firms.sales_12, firms.cash, firms.research, firms.trial_burn,
                        world.now["licensing.buyer_reserve"])  # fmt: skip


def gathered(world: World, rows: np.ndarray, weight: np.ndarray) -> Pools:
    """Pools of firms (rows) from which draws hardly change when somebody joins or leaves them."""
    return trees.gather(rows, trees.places(world.firms.firm[rows]), weight)


def fitting(world: World, pool: Pools, slot: np.ndarray, draw: str, area: np.ndarray) -> np.ndarray:
    """A firm of the pool for each slot (rows, breadth), of two that are drawn the one with the area among its own."""
    firms, draws = world.firms, world.draws
    first, second = draws.base(f"{draw}.first"), draws.base(f"{draw}.second")
    return kernel.look_for(pool, slot, world.month, first, second, area, firms.focus, firms.second_focus)


def fits(world: World, firm: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Whether an area is one of those of a firm, bool."""
    return (world.firms.focus[firm] == area) | (world.firms.second_focus[firm] == area)


def collect_bids(world: World, offers: Offers, asked: np.ndarray, suitors: np.ndarray) -> np.ndarray:
    """Most that each suitor gives for the rights it asks for, bool (offers, breadth, 10), million US$; 0 for none."""
    firms, assets, now = world.firms, world.assets, world.now
    row, place = np.nonzero(suitors >= 0)
    buyer, area = suitors[row, place], assets.area[offers.asset]
    known = BidKnown(
        value=value_to_suitors(world, offers, asked, row, place, buyer), replacement=replacement(world, offers)[row],
        cash=firms.cash[buyer] - now["licensing.bidder_reserve"] * np.maximum(firms.income_12[buyer], 0),
        gap=world.state["gap"][buyer], fit=fits(world, buyer, area[row]).astype(float),
        attention=now["licensing.attention"] * firms.sales_12[buyer],
        fit_weight=now["licensing.fit_weight"], gap_weight=now["licensing.gap_weight"],
        cash_share=now["licensing.cash_share"],
    )  # fmt: skip
    bids = np.zeros(suitors.shape)
    bids[row, place] = bid = world.decide(Firm, "bid_for_licence", buyer, known, "firms")
    diligence = now["deal.diligence_cost"][np.minimum(assets.phase[offers.asset] + 1, 5)] * 0.5
    world.ledger.pay(firms.cash, buyer, diligence[row] * (bid > 0), PROVIDERS)
    return bids


def replacement(world: World, offers: Offers) -> np.ndarray:
    """Usual cost of coming to assets as good as those on offer by own research, million US$, (offers,)."""
    assets = world.assets
    belief = within(assets.belief[offers.asset], -2, 3)
    stage = np.minimum(assets.phase[offers.asset] + offers.passed, FILED + 1)
    return own_research_cost(world)[stage] * np.exp(world.now["valuation.benefit_weight"] * belief)


def value_to_suitors(world: World, offers: Offers, asked: np.ndarray, row: np.ndarray, place: np.ndarray,
                     buyer: np.ndarray) -> np.ndarray:  # fmt: skip
    """Worth of what suitors ask for as they see it, million US$, (pairs,): who stands in (``row``, ``place``)."""
    firms, assets, now = world.firms, world.assets, world.now
    noise = world.draws.normal("bid.noise", assets.asset[offers.asset][row], firms.firm[buyer])
    belief = np.exp(now["licensing.buyer_noise"] * noise) * memory.appeal(world, offers.seller[row], buyer)
    proof = now["deal.validation"][np.minimum(assets.phase[offers.asset] + 1, 5)]
    belief = belief / np.where(firms.licensed[offers.seller] == 0, proof, 1.0)[row]
    return kernel.worth_to(
        row, place, buyer, belief, asked, offers, segment(world, assets.indication[offers.asset]), firms.kind,
        world.once(views), world.once(borders), now["valuation.follower_local"],
        now["deal.regional_licensee_cost_share"], partners_share(world, offers, later=1), selling(world),
    )  # fmt: skip


def seen_by(world: World, seller: np.ndarray, buyer: np.ndarray) -> np.ndarray:
    """What buyers see of the worth of what sellers offer, by region of the rights, (rows, 10): all of it at home."""
    home, other = world.firms.home[seller], world.firms.home[buyer]
    view = np.where((home != other)[:, None], world.once(views)[home], 1.0)
    return view * world.once(borders)[home, other][:, None]


def takes_development(territory: np.ndarray) -> np.ndarray:
    """Whether who takes a territory also takes over the development, bool (rows,)."""
    return territory.sum(axis=1) >= REGION_COUNT // 2


def own_research_cost(world: World) -> np.ndarray:
    """Cost of an asset that has passed so many phases, by own research in the US, million US$, (6,).

    What went into it and into those that failed on the way, at mean odds.
    """
    now = world.now
    odds = now["area.success"] @ now["area.start_share"]
    paid = entry_cost(world)
    spent = world.state["candidate_cost"][0]
    costs = [spent]
    for phase in range(FILED + 1):
        spent = (spent + (paid[phase] if phase else 0.0)) / odds[phase]
        costs.append(spent)
    return np.array(costs)
