"""Dossiers: what files cost, how long they take to write, which pathway and clock they get, how they are closed."""

from __future__ import annotations

import numpy as np

from agents.decisions.review import PENDING, WITHDRAWN
from model.arrays import REGION_BITS, eased, logit
from model.clock import NEVER
from model.kernels import files
from model.kernels.evidence import nearest, open_of
from model.kernels.grouping import add, mark, step
from model.ledger import GOVERNMENTS, PROVIDERS
from model.mechanisms.alliances import effects
from model.mechanisms.emergency import shorter_review
from model.mechanisms.queues import stretch
from model.mechanisms.technology import dossier_saved, review_speed
from model.world import World

STANDARD, EXPEDITED, RELIANCE, CONDITIONAL = range(4)


def filing_cost(world: World, asset: np.ndarray, filer: np.ndarray, less: np.ndarray) -> np.ndarray:
    """Fee, dossier, patents and upkeep of files, million US$, (rows, 10); ``less`` (rows, 10) is what AI saves."""
    now = world.now
    return files.cost(filer, world.assets.evidence[asset], world.firms.regulatory, world.once(evidence_distance),
                      now["regulator.fee"], now["approvals.dossier_cost"], world.prices(2020), less)  # fmt: skip


def evidence_distance(world: World) -> np.ndarray:
    """How far data from a set of regions (bits) are from what regulators ask for, (sets, 10)."""
    return nearest(world.now["requirement.distance"])


def submit(world: World, asset: np.ndarray, filer: np.ndarray, region: np.ndarray,
           coordinated: np.ndarray, fit: np.ndarray, pathway: np.ndarray) -> None:  # fmt: skip
    """Hand in files after the time that their dossiers take."""
    if not len(asset):
        return
    firms, assets, now = world.firms, world.assets, world.now
    skill = effects.skill(world, asset, filer, region, "regulatory")
    row, home, less = np.arange(len(asset)), firms.home[filer], dossier_saved(world, filer)
    cost = filing_cost(world, asset, filer, less)[row, region]
    world.ledger.pay(firms.cash, filer, now["regulator.fee"][region], GOVERNMENTS)
    world.ledger.pay(firms.cash, filer, cost - now["regulator.fee"][region], PROVIDERS)
    add(filer, cost, firms.spend_year)
    world.flow("spend", home, cost)
    prepare = now["approvals.dossier_months"] * (0.5 + world.once(evidence_distance)[assets.evidence[asset], region])
    prepare *= eased(now["approvals.skill_time"], skill) * (1 - less[row, region])
    submitted = world.month + np.maximum(np.rint(prepare), 1).astype(np.int64)
    days = jointly(world, asset, coordinated, review_days(world, asset, region, pathway))
    world.filings.append(
        len(asset), asset=asset, regulator=region, filer=filer, submitted=submitted,
        due=submitted + np.maximum(np.rint(days / 30.4), 1).astype(np.int64), pathway=pathway,
        coordinated=coordinated, days=days,
        dossier=np.clip(fit * (1 - now["approvals.skill_fit"] + now["approvals.skill_fit"] * skill), 0, 1),
    )  # fmt: skip
    step(asset, 1, assets.open_filings)
    mark(asset, REGION_BITS[region], assets.filed_bits)
    world.flow("filings", region)
    firms.regulatory[filer, region] += now["capability.filing_gain"] * (1 - firms.regulatory[filer, region])


def choose_pathway(world: World, asset: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Expedited for need, novelty and orphan status, at the share that the regulator grants."""
    assets, now, draws = world.assets, world.now, world.draws
    return files.pathways(
        asset, region, draws.base("review.pathway"), draws.base("review.reliance"), NEVER, assets.asset, assets.orphan,
        assets.novel, assets.indication, assets.first_approval, world.indications.need, claim_weights(world),
        now["approvals.usual_claim"], world.once(expedited_odds), now["regulator.expedited_days"],
        now["approvals.reliance"] * world.regulators.reliance, (STANDARD, EXPEDITED, RELIANCE),
    )  # fmt: skip


def claim_weights(world: World) -> tuple[float, float, float]:
    """Weights of orphan status, novelty and need in the claim to a faster way, logits."""
    now = world.now
    return now["approvals.claim_orphan"], now["approvals.claim_novel"], now["approvals.claim_need"]


def expedited_odds(world: World) -> np.ndarray:
    """Log-odds with which regulators grant the expedited pathway to a usual claim, (10,)."""
    return logit(np.clip(world.now["regulator.expedited_share"], 1e-3, 0.98))


def review_days(world: World, asset: np.ndarray, region: np.ndarray, pathway: np.ndarray) -> np.ndarray:
    """Days from submission to decision: the clock of the pathway, stretched by the queue."""
    now = world.now
    standard, fast = now["regulator.standard_days"][region], now["regulator.expedited_days"][region]
    slow = (pathway == STANDARD) | ((pathway == CONDITIONAL) & (fast == 0))
    days = np.where(slow, standard, fast)
    days = np.where(pathway == RELIANCE, 0.5 * (days + standard), days)
    noise = world.draws.normal("review.days", world.assets.asset[asset], region)
    return (
        np.maximum(days * review_speed(world) * shorter_review(world, asset), 40)
        * stretch(world)[region]
        * np.exp(now["approvals.clock_spread"] * noise)
    )


def jointly(world: World, asset: np.ndarray, coordinated: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Review times of coordinated files (rows): regulators that review together end with the fastest of them."""
    share = world.now["approvals.parallel"]
    if not share or not coordinated.any():
        return days
    fastest = np.full(asset.max() + 1, np.inf)
    np.minimum.at(fastest, asset, np.where(coordinated, days, np.inf))
    return np.where(coordinated, share * np.minimum(fastest[asset], days) + (1 - share) * days, days)


def close_files(world: World, files: np.ndarray, outcome: int) -> None:
    """Write a final decision."""
    filings = world.filings
    filings.decided[files], filings.outcome[files] = world.month, outcome
    filings.submitted[files] = np.minimum(filings.submitted[files], world.month)  # taken back while written
    filings.due[files] = NEVER
    step(filings.asset[files], -1, world.assets.open_filings)


def withdraw_files(world: World, asset: np.ndarray) -> None:
    """Take the open files of ended assets back."""
    filings = world.filings
    if len(asset):
        files = open_of(asset, filings.asset, filings.outcome, PENDING, len(world.assets))
        close_files(world, files, WITHDRAWN)
