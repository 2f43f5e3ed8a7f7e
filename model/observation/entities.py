"""Result tables made from the entities as they are: firms, assets, trials, filings, listings, launches, deals."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from model.clock import NEVER
from model.labels import AREAS, MODALITIES, PAYERS, REGIONS, REGULATORS, STATES
from model.observation.columns import flags, labels, months, numbers, region_lists, texts
from model.observation.names import firm_names
from model.observation.recorder import INDICATORS, REGIONAL
from model.world import World

KINDS = ("biotech", "pharma")
EXIT_REASONS = (None, "insolvency", "acquired", "wound up")
END_REASONS = (None, "efficacy", "safety", "strategy", "money", "refused", "off the market", "preclinical failure")
NOVELTIES = ("follower", "first in class")
TRIAL_OUTCOMES = ("running", "success", "failure", "terminated")
SUCCESS, TERMINATED = 1, 3
FILING_OUTCOMES = ("pending", "approved", "refused", "withdrawn")
LISTING_OUTCOMES = ("pending", "listed", "refused")
PATHWAYS = ("standard", "expedited", "reliance", "conditional")
MODES = ("originator", "licensee", "copromotion", "acquirer")
DEAL_KINDS = ("licence", "codevelopment", "copromotion", "option", "newco", "asset_sale", "acquisition")
DEAL_ENDS = (None, "failure", "partner gone", "acquired", "expired", "terminated", "returned", "sold")


def firm_of(world: World, rows: np.ndarray) -> pa.Array:
    """Identity of firms by row, -1 for none."""
    return numbers(np.append(world.firms.firm, -1)[rows])


def asset_of(world: World, rows: np.ndarray) -> pa.Array:
    """Identity of assets by row, -1 for none."""
    return numbers(np.append(world.assets.asset, -1)[rows])


def deal_of(world: World, rows: np.ndarray) -> pa.Array:
    """Identity of contracts by row (asset and ordinal packed), -1 for none."""
    deals = world.deals
    return numbers(np.append((world.assets.asset[deals.asset] << 8) | deals.ordinal, -1)[rows])


def indicators(world: World) -> pa.Table:
    """World figures, one row per month."""
    recorder = world.recorder
    figures = recorder.indicators[: recorder.months].T
    return pa.table({"month": months(np.arange(recorder.months)), **dict(zip(INDICATORS, map(numbers, figures)))})


def regional(world: World) -> pa.Table:
    """Regional figures, one row per month and region."""
    recorder = world.recorder
    figures = recorder.regional[: recorder.months].reshape(-1, len(REGIONAL)).T
    return pa.table({
        "month": months(np.repeat(np.arange(recorder.months), len(REGIONS))),
        "region": labels(np.tile(np.arange(len(REGIONS)), recorder.months), REGIONS),
        **dict(zip(REGIONAL, map(numbers, figures))),
    })  # fmt: skip


def firms(world: World) -> pa.Table:
    """Firms of all times."""
    table = world.firms
    return pa.table({
        "firm": numbers(table.firm), "name": texts(firm_names(table.firm)), "kind": labels(table.kind, KINDS),
        "home": labels(table.home, REGIONS), "founded": months(table.founded), "exited": months(table.exited),
        "exit_reason": labels(table.exit_reason, EXIT_REASONS), "listed": flags(table.listed),
        "cash": numbers(table.cash),
    })  # fmt: skip


def assets(world: World) -> pa.Table:
    """Assets of all times."""
    table = world.assets
    return pa.table({
        "asset": numbers(table.asset), "originator": firm_of(world, table.originator),
        "origin_region": labels(table.origin, REGIONS), "owner": firm_of(world, table.sponsor),
        "area": labels(table.area, AREAS), "indication": indication_names(world, table.indication),
        "modality": labels(table.modality, MODALITIES), "novelty": labels(table.novel, NOVELTIES),
        "orphan": flags(table.orphan), "biomarker": flags(table.biomarker), "started": months(table.started),
        "phase": labels(table.phase, STATES), "ended": months(table.ended),
        "end_reason": labels(table.end_reason, END_REASONS), "first_approval": months(table.first_approval),
    })  # fmt: skip


def indication_names(world: World, codes: np.ndarray) -> pa.Array:
    """Indications by name (a large world holds several markets of one name)."""
    names = world.indications.name
    known = tuple(sorted(set(names)))
    return labels(np.searchsorted(known, names)[codes], known)


def trials(world: World) -> pa.Table:
    """Clinical programmes: one row per asset and phase.

    A success went on to its next phase or waits for it; what passed and was given up is terminated.
    """
    table, assets = world.trials, world.assets
    given_up = (assets.ended[table.asset] < NEVER) & (assets.phase[table.asset] == table.phase)
    outcome = np.where(given_up & (table.outcome == SUCCESS), TERMINATED, table.outcome)
    return pa.table({
        "trial": numbers(np.arange(len(table))), "asset": asset_of(world, table.asset),
        "phase": labels(table.phase, STATES), "sponsor": firm_of(world, table.sponsor),
        "started": months(table.started), "ended": months(table.ended), "regions": region_lists(table.regions),
        "patients": numbers(table.patients), "cost": numbers(table.cost), "startup_months": numbers(table.startup),
        "enrolment_months": numbers(table.enrolment), "paperwork_months": numbers(table.paperwork),
        "outcome": labels(outcome, TRIAL_OUTCOMES),
    })  # fmt: skip


def filings(world: World) -> pa.Table:
    """One row per asset and regulator."""
    table = world.filings
    rows = np.flatnonzero(table.submitted < world.month)  # later ones are still being written
    return pa.table({
        "asset": asset_of(world, table.asset[rows]), "regulator": labels(table.regulator[rows], REGULATORS),
        "filer": firm_of(world, table.filer[rows]), "submitted": months(table.submitted[rows]),
        "decided": months(table.decided[rows]), "cycles": numbers(table.cycles[rows]),
        "pathway": labels(table.pathway[rows], PATHWAYS), "coordinated": flags(table.coordinated[rows]),
        "outcome": labels(table.outcome[rows], FILING_OUTCOMES), "days": numbers(table.days[rows]),
    })  # fmt: skip


def listings(world: World) -> pa.Table:
    """One row per negotiation: an asset with a payer, once more after each refusal."""
    table = world.listings
    return pa.table({
        "asset": asset_of(world, table.asset), "payer": labels(table.payer, PAYERS),
        "region": labels(table.region, REGIONS), "started": months(table.started), "decided": months(table.decided),
        "outcome": labels(table.outcome, LISTING_OUTCOMES), "net_price": numbers(table.price),
        "discount": numbers(table.discount),
    })  # fmt: skip


def launched(world: World) -> np.ndarray:
    """Positions (rows) launched so far, those of before 2000 left out; later ones wait for their organisation."""
    return np.flatnonzero(~world.positions.mature & (world.positions.launched < world.month))


def launches(world: World) -> pa.Table:
    """One row per asset and region on the market."""
    table, rows = world.positions, launched(world)
    return pa.table({
        "asset": asset_of(world, table.asset[rows]), "region": labels(table.region[rows], REGIONS),
        "firm": firm_of(world, table.firm[rows]), "mode": labels(table.mode[rows], MODES),
        "month": months(table.launched[rows]),
    })  # fmt: skip


def deals(world: World) -> pa.Table:
    """Contracts between firms."""
    table = world.deals
    return pa.table({
        "deal": deal_of(world, np.arange(len(table))), "month": months(table.month),
        "kind": labels(table.kind, DEAL_KINDS), "seller": firm_of(world, table.seller),
        "buyer": firm_of(world, table.buyer), "seller_home": labels(table.seller_home, REGIONS),
        "buyer_home": labels(table.buyer_home, REGIONS), "asset": asset_of(world, table.asset),
        "phase": labels(table.phase, STATES), "territory": region_lists(table.territory),
        "upfront": numbers(table.upfront), "milestones": numbers(table.exercise + table.development + table.commercial),
        "royalty": numbers(table.royalty),
        "headline": numbers(table.upfront + table.exercise + table.development + table.commercial),
        "paid": numbers(table.paid), "cross_border": flags(table.seller_home != table.buyer_home),
        "ended": months(table.ended), "end_reason": labels(table.end_reason, DEAL_ENDS),
    })  # fmt: skip
