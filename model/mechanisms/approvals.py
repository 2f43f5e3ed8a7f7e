"""Filings and reviews: dossiers, queues, decisions of the regulators."""

from __future__ import annotations

import numpy as np

from agents import Firm, Regulator
from agents.decisions.review import APPROVE, ASK_AGAIN, PENDING, REFUSE, ReviewKnown
from agents.decisions.trials import FilingKnown
from model.arrays import REGION_BITS, cells, logit, unpack_regions
from model.clock import NEVER, year_of
from model.kernels import evidence
from model.kernels.files import open_value, together
from model.kernels.grouping import mark, step, where_equal
from model.labels import APPROVED, FILED, GLOBAL, MARKETED, REGULATORS
from model.mechanisms.access import open_negotiations
from model.mechanisms.contracts import pay_milestones
from model.mechanisms.dossiers import CONDITIONAL, RELIANCE, choose_pathway, close_files, filing_cost, submit
from model.mechanisms.queues import hire_reviewers, keep_pace, measure_queues
from model.mechanisms.technology import complete_files, dossier_saved
from model.mechanisms.trials import REFUSED, end, readout_month
from model.mechanisms.valuation import going_alone, worth
from model.world import REGION_COUNT, World

EMA = REGULATORS.index("EMA")


def review_files(world: World) -> None:
    """File what is ready, decide what is due, keep up with the queue."""
    file_ready(world)
    decide_files(world)
    measure_queues(world)
    if world.month % 3 == 0:
        keep_pace(world)
    if world.month % 12 == 0:
        hire_reviewers(world)


def file_ready(world: World) -> None:
    """Rights holders choose regulators for assets that finished phase III or come up again."""
    assets = world.assets
    due = np.flatnonzero(assets.due == world.month)
    filed, sold = due[assets.phase[due] == FILED], where_equal(world.state["marketed"], assets.due, world.month)
    rows = np.concatenate([filed, sold])
    if not len(rows):
        return
    launch_late(world, rows)
    file(world, *holdings(world, rows[assets.confirming[rows] == NEVER]))
    young = world.month - assets.phase_started[rows] < world.now["approvals.filing_years"] * 12
    assets.due[rows] = np.where(young, world.month + 9, NEVER)
    stuck = rows[(assets.phase[rows] == FILED) & ~young & (assets.open_filings[rows] == 0)]
    end(world, stuck, REFUSED)


def file(world: World, asset: np.ndarray, holder: np.ndarray, regions: np.ndarray, early: bool = False) -> None:
    """Let holders file assets in those of the regions, bool (n, 10), that are worth it; ``early`` is conditionally."""
    chosen, coordinated, odds = choose(world, asset, holder, regions)
    row, region = cells(chosen)
    rows = asset[row]
    pathway = np.full(len(row), CONDITIONAL) if early else choose_pathway(world, rows, region)
    submit(world, rows, holder[row], region, coordinated[row], odds[row, region], pathway)


def launch_late(world: World, rows: np.ndarray) -> None:
    """Holders of approved rights that nobody uses yet think again about launching."""
    assets = world.assets
    unused = unpack_regions(assets.approved[rows] & ~assets.negotiated[rows]) & (assets.position[rows] < 0)
    row, region = cells(unused)
    if len(row):
        asset = rows[row]
        open_negotiations(world, asset, region, assets.holder[asset, region])


def holdings(world: World, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who can file where: (asset, holder, regions bool (n, 10)), one row per asset and holder."""
    holder = world.assets.holder[rows]
    sponsor = world.assets.sponsor[rows]
    own = holder == sponsor[:, None]
    other_row, other_region = cells(~own)
    single = np.zeros((len(other_row), REGION_COUNT), bool)
    single[np.arange(len(other_row)), other_region] = True
    return (np.concatenate([rows, rows[other_row]]),
            np.concatenate([sponsor, holder[other_row, other_region]]),
            np.concatenate([own, single]))  # fmt: skip


def choose(world: World, asset: np.ndarray, holder: np.ndarray,
           regions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Filings chosen (n, 10), whether coordinated (n,), odds of approval (n, 10)."""
    assets, firms = world.assets, world.firms
    odds = acceptance(world, asset)
    net = going_alone(world, holder, worth(world, asset, marketer=holder), assets.indication[asset])
    value = open_value(regions, asset, assets.filed_bits, separate(world), net)
    home = firms.home[holder].astype(np.int64)
    expected = odds if world.now["requirement.outlook"] == 1 else acceptance(world, asset, expected=True)
    cost = filing_cost(world, asset, holder, dossier_saved(world, holder))
    known = FilingKnown(value=value, cost=cost, odds=expected, home=home,
                        cash=firms.cash[holder] + firms.income_12[holder] / 4,
                        stance=firms.stance[holder], cash_share=world.now["approvals.filing_share"])  # fmt: skip
    wanted = world.decide(Firm, "choose_filings", holder, known, "firms")
    able = (firms.scope[holder] == GLOBAL) | (
        firms.regulatory[holder, home] > world.now["approvals.coordination_skill"]
    )
    sequential = ~able & (assets.phase[asset] == FILED)
    chosen, several = together(wanted, value, home, sequential)
    return chosen, able & several, odds


def separate(world: World) -> np.ndarray:
    """Regulators that decide on their own by now; the others follow EMA, bool (10,)."""
    return world.now["regulator.separate_from"] <= year_of(world.month)


def follow(world: World, rows: np.ndarray, region: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Approvals (asset, region) including those of regions that follow EMA."""
    followers = np.flatnonzero(~separate(world))
    central = rows[region == EMA]
    more = np.repeat(central, len(followers))
    return np.concatenate([rows, more]), np.concatenate([region, np.tile(followers, len(central))])


def acceptance(world: World, asset: np.ndarray, expected: bool = False) -> np.ndarray:
    """Chance that the evidence is fit for each regulator's patients, (rows, 10), also as it is expected to be.

    Local data always is; foreign data with the regulator's rate, more as requirements of the
    regions studied come close to its own.
    """
    now, assets = world.now, world.assets
    return evidence.acceptance(
        assets.evidence[asset], world.once(expected_closeness if expected else closeness),
        now["regulator.accepts_foreign_data"], world.state["foreign_data"],
    )  # fmt: skip


def closeness(world: World) -> np.ndarray:
    """How far data for one regulator serve another, by their requirements, (10, 10)."""
    return 1 - np.minimum(world.now["requirement.distance"], 1) ** world.now["approvals.distance_power"]


def expected_closeness(world: World) -> np.ndarray:
    """The :func:`closeness` that filers expect, (10, 10)."""
    distance = world.now["requirement.distance"] * world.now["requirement.outlook"]
    return 1 - np.minimum(distance, 1) ** world.now["approvals.distance_power"]


def decide_files(world: World) -> None:
    """Regulators decide the files whose clock has run out."""
    filings, now = world.filings, world.now
    due = np.flatnonzero(filings.due == world.month)
    if not len(due):
        return
    asset, region = filings.asset[due], filings.regulator[due].astype(np.int64)
    identity = world.assets.asset[asset] * REGION_COUNT + region
    usual_chance = np.clip(0.9 - now["regulator.strictness"], 0.02, 0.99)
    known = ReviewKnown(
        merit=merit(world, due), cycles=filings.cycles[due],
        strictness=world.regulators.strictness[region] + logit(0.9) - logit(usual_chance)[region],
        luck=world.draws.uniform("review.luck", identity, filings.cycles[due]),
        second_luck=world.draws.uniform("review.again", identity, filings.cycles[due]),
        most_cycles=int(now["approvals.most_cycles"]), second_chance=now["approvals.second_chance"],
        first_cycle_share=complete_files(world, filings.filer[due], now["regulator.first_cycle_share"][region]),
    )  # fmt: skip
    outcome = world.decide(Regulator, "review", region, known, "regulators")
    again = due[outcome == ASK_AGAIN]
    filings.cycles[again] += 1
    desk = filings.regulator[again]
    extra = now["approvals.response_months"][desk] + now["regulator.expedited_days"][desk] / 30.4 / 2
    filings.due[again] = world.month + np.rint(extra).astype(np.int16)
    filings.days[again] += extra * 30.4
    approve(world, due[outcome == APPROVE])
    refused = due[outcome == REFUSE]
    early = under_trial(world, filings.asset[refused])
    wait_for_trial(world, refused[early])
    refuse(world, refused[~early])


def under_trial(world: World, rows: np.ndarray) -> np.ndarray:
    """Whether the phase III of assets (rows) still runs, in the clinic or to confirm an approval, bool (rows,)."""
    assets = world.assets
    return (assets.phase[rows] < FILED) | (assets.confirming[rows] < NEVER)


def merit(world: World, files: np.ndarray) -> np.ndarray:
    """Log-odds that a file deserves approval: benefit in its data, risk, evidence against the standard, dossier."""
    filings, assets, now = world.filings, world.assets, world.now
    rows = filings.asset[files]
    odds = logit(now["area.success"][FILED, assets.area[rows]])
    odds += now["trials.quality_weight"][FILED] * assets.belief[rows]
    odds -= now["trials.risk_weight"][FILED] * assets.risk[rows]
    odds -= now["trials.bar_weight"][FILED] * evidence.behind(
        rows, filings.regulator[files], assets.indication, assets.evidence, world.state["standard"]
    )
    fit = np.clip(filings.dossier[files], 0.02, 0.995)
    return odds + now["trials.offset"][FILED] + now["approvals.dossier_weight"] * np.log(fit)


def approve(world: World, files: np.ndarray) -> None:
    """Grant approvals: first ones make a product of the asset, all open negotiations with payers."""
    if not len(files):
        return
    filings, assets = world.filings, world.assets
    close_files(world, files, APPROVE)
    rows, region = filings.asset[files].astype(np.int64), filings.regulator[files].astype(np.int64)
    lean_on(world, rows[region <= EMA])
    world.flow("first_cycle", region[filings.cycles[files] == 1])
    rows, region = follow(world, rows, region)
    mark(rows, REGION_BITS[region], assets.approved)
    mark(rows, REGION_BITS[region], assets.filed_bits)
    world.flow("approvals", region)
    new = np.unique(rows[assets.first_approval[rows] == NEVER])
    assets.first_approval[new] = world.month
    assets.confirming[new] = np.where(assets.trial[new] >= 0, assets.due[new], NEVER)
    assets.phase[new], assets.phase_started[new] = MARKETED, world.month
    assets.due[new] = world.month + 6
    step(assets.sponsor[new], -1, world.firms.candidates)
    world.state["marketed"] = np.concatenate([world.state["marketed"], new])
    world.flow("approvals_first", assets.origin[new])
    firms, filer = world.firms, assets.holder[rows, region]
    firms.reputation[filer] += world.now["approvals.reputation_gain"] * (1 - firms.reputation[filer])
    assets.book[new] = world.price_book.append(len(new), asset=new)
    pay_milestones(world, new)
    world.event(APPROVED, region, filer, rows)
    open_negotiations(world, rows, region, filer)


def lean_on(world: World, approved: np.ndarray) -> None:
    """Reviews still under way elsewhere are cut short where the regulator relies on the decision of FDA or EMA."""
    filings, assets = world.filings, world.assets
    if not len(approved):
        return
    files = evidence.open_of(approved, filings.asset, filings.outcome, PENDING, len(assets))
    region = filings.regulator[files].astype(np.int64)
    willing = world.now["approvals.reliance"][region] * world.regulators.reliance[region]
    asset = assets.asset[filings.asset[files]]
    relies = world.draws.uniform("review.reliance", asset, region) < willing
    files = files[relies & (filings.pathway[files] < RELIANCE) & (region > EMA)]
    left = filings.due[files] - np.maximum(filings.submitted[files], world.month)
    cut = np.floor(world.now["approvals.reliance_cut"] * left).astype(np.int64)
    filings.pathway[files] = RELIANCE
    filings.due[files] -= cut
    filings.days[files] -= cut * 30.4


def wait_for_trial(world: World, files: np.ndarray) -> None:
    """Early files that do not convince are decided again once phase III has read out and the answer is written."""
    filings, now = world.filings, world.now
    answer = np.rint(now["approvals.response_months"][filings.regulator[files]]).astype(np.int64)
    again = readout_month(world, filings.asset[files]) + answer
    filings.cycles[files] += 1
    filings.days[files] += (again - world.month) * 30.4
    filings.due[files] = again


def refuse(world: World, files: np.ndarray) -> None:
    """Refuse files; an asset without approval or open file ends."""
    if not len(files):
        return
    assets = world.assets
    close_files(world, files, REFUSE)
    rows = np.unique(world.filings.asset[files]).astype(np.int64)
    dead = rows[(assets.open_filings[rows] == 0) & (assets.first_approval[rows] == NEVER)]
    end(world, dead[assets.ended[dead] == NEVER], REFUSED)
