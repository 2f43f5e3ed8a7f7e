"""Readouts: what passes its phase, what ends, what goes on, what waits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents import Firm
from agents.decisions.trials import GO, STOP, ContinueKnown
from model.arrays import logistic, logit
from model.clock import NEVER
from model.kernels import readouts
from model.kernels import trials as kernel
from model.labels import FILED, PHARMA, PHASE1, PRECLINICAL
from model.mechanisms.alliances import effects
from model.mechanisms.contracts import FAILED, close, contracts_of
from model.mechanisms.costs import base_cost, cost_at_home, funds, lean
from model.mechanisms.dossiers import withdraw_files
from model.mechanisms.programmes import enter_phases, load
from model.mechanisms.technology import native_odds
from model.mechanisms.valuation import total_worth
from model.world import World

EFFICACY, SAFETY, STRATEGY, MONEY, REFUSED, OFF_MARKET, PRECLINICAL_FAILURE = range(1, 8)
SUCCESS, FAILURE, TERMINATED = 1, 2, 3
WEIGHTS = (
    "trials.quality_weight", "trials.risk_weight", "trials.biomarker_weight", "trials.orphan_weight", "trials.offset",
    "trials.bar_weight",
)  # fmt: skip
"""Named values in the order in which the odds of a phase take them."""


def develop(world: World) -> None:
    """Read out what is due, then decide on what waits to enter its next phase."""
    assets = world.assets
    if world.month % 3 == 0:
        world.state["load"] = load(world, np.concatenate([world.pipeline, unconfirmed(world)]))
    due = np.flatnonzero(assets.due == world.month)  # nothing is due once it has ended
    due = due[assets.phase[due] < FILED]
    waiting = assets.waiting[due]  # what is read out today can be partnered before it goes on
    read_out(world, due[~waiting])
    consider(world, due[waiting])


def read_out(world: World, rows: np.ndarray) -> None:
    """End the running phase of assets (rows): success waits for its next phase, failure ends."""
    if not len(rows):
        return
    assets, flows = world.assets, world.flows
    phase = assets.phase[rows]
    result = results(world, rows, phase)
    passed, lost = readouts.part(
        rows, result.success, phase, world.month, PHASE1, assets.origin, assets.waiting, assets.due, flows["readouts"],
        flows["failures"],
    )  # fmt: skip
    sharpen_belief(world, passed)
    publish(world, rows, phase, result)
    harm = logistic(assets.risk[lost] - 0.9)
    reason = readouts.reasons(lost, world.draws.base("trial.reason"), harm, assets.asset, assets.phase, PRECLINICAL,
                              PRECLINICAL_FAILURE, SAFETY, EFFICACY)  # fmt: skip
    end(world, lost, reason)


class Results(NamedTuple):
    """What came out of phases, arrays over assets (rows)."""

    chance: np.ndarray
    luck: np.ndarray
    success: np.ndarray


def results(world: World, rows: np.ndarray, phase: np.ndarray) -> Results:
    """Draw what comes out of a phase (rows,) of assets (rows), and end its trials."""
    luck = world.draws.uniform("trial.outcome", world.assets.asset[rows], phase)
    chance = success_odds(world, rows, phase)
    won = luck < chance
    close_trials(world, rows, np.where(won, SUCCESS, FAILURE))
    return Results(chance, 1 - luck, won)


def publish(world: World, rows: np.ndarray, phase: np.ndarray, result: Results) -> None:
    """Write results into the log of readouts, with the signal that everybody has of the assets (rows) now."""
    world.logs["readouts"].add(
        len(rows), asset=rows, month=world.month, phase=phase, signal=world.assets.belief[rows], **result._asdict()
    )


def success_odds(world: World, rows: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """Probability that each asset (row) passes a phase.

    The average by area and phase (BIO, QLS, Informa 2021), moved by modality, hidden quality and
    risk, biomarker, orphan status, validated target, sponsor's know-how and the bar that rises
    with what is on the market where the trial runs.
    """
    assets, firms, now = world.assets, world.firms, world.now
    phase = phase.astype(np.int64)
    odds = kernel.odds(
        rows, phase, assets.area, assets.modality, assets.indication, assets.sponsor, assets.quality, assets.risk,
        assets.biomarker, assets.orphan, assets.novel, firms.know_how, *world.once(odds_tables),
        float(np.log(now["science.follower_bonus"])), now["trials.execution_weight"], assets.origin, assets.trial,
        world.trials.regions, world.state["standard"],
    )  # fmt: skip
    odds += effects.odds(world, rows, phase) + native_odds(world, rows, phase)
    return logistic(odds)


def odds_tables(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-odds of passing by phase and area, log odds ratios by phase and modality, weights by phase (6, phases)."""
    now = world.now
    weights = np.stack([now[name] for name in WEIGHTS])
    return logit(now["area.success"]), np.log(now["modality.odds"]), weights


def sharpen_belief(world: World, rows: np.ndarray) -> None:
    """A readout moves the public signal towards the hidden quality."""
    assets = world.assets
    readouts.sharpen(rows, world.draws.base("belief.readout"), world.now["research.noise"], assets.asset, assets.phase,
                     assets.quality, assets.belief)  # fmt: skip


def close_trials(world: World, rows: np.ndarray, outcome: np.ndarray | int) -> None:
    """End the running trials of assets: free sites and money."""
    if not len(rows):
        return
    assets, trials, firms = world.assets, world.trials, world.firms
    kernel.close(
        rows, np.zeros(len(rows), np.int64) + outcome, world.month, world.now["trials.capacity"], trials.regions,
        trials.patients, trials.enrolment, assets.sponsor, assets.trial, assets.burn, firms.trial_burn, trials.ended,
        trials.outcome, world.state["load"],
    )  # fmt: skip


def end(world: World, rows: np.ndarray, reason: np.ndarray | int) -> None:
    """Take assets out of development, with what is still open of their files."""
    if not len(rows):
        return
    assets = world.assets
    withdraw_files(world, rows[assets.open_filings[rows] > 0])
    readouts.leave(
        rows, np.zeros(len(rows), np.int64) + reason, world.month, NEVER, assets.sponsor, assets.ended,
        assets.end_reason, assets.due, assets.waiting, world.firms.candidates,
    )  # fmt: skip
    close(world, contracts_of(world, rows), FAILED)


def consider(world: World, rows: np.ndarray) -> None:
    """Sponsors decide whether waiting assets enter their next phase."""
    if not len(rows):
        return
    assets, firms, now = world.assets, world.firms, world.now
    sponsor = assets.sponsor[rows]
    following = assets.phase[rows] + 1
    known = ContinueKnown(
        value=total_worth(world, rows, 1) * now["trials.kept_value"] * effects.persistence(world, rows),
        cost=expected_cost(world, rows, following), cash=funds(world, sponsor),
        pharma=firms.kind[sponsor] == PHARMA, affordable_share=now["trials.affordable_share"],
        pharma_share=now["trials.pharma_share"],
    )  # fmt: skip
    answer = world.decide(Firm, "continue_development", sponsor, known, "firms")
    world.logs["gates"].add(len(rows), asset=rows, month=world.month, phase=following, answer=answer,
                            value=known.value, cost=known.cost, money=known.cash)  # fmt: skip
    enter_phases(world, rows[answer == GO], following[answer == GO])
    shelve(world, rows[answer != GO], answer[answer != GO] == STOP)


def unconfirmed(world: World) -> np.ndarray:
    """Assets sold under a conditional approval while the trial that has to confirm it runs (rows)."""
    marketed = world.state["marketed"]
    return marketed[world.assets.confirming[marketed] < NEVER]


def readout_month(world: World, rows: np.ndarray) -> np.ndarray:
    """Month in which the running trials of assets (rows) read out, int64 (rows,)."""
    confirming = world.assets.confirming[rows]
    return np.where(confirming < NEVER, confirming, world.assets.due[rows]).astype(np.int64)


def shelve(world: World, rows: np.ndarray, worthless: np.ndarray) -> None:
    """What is not worth its cost ends, what cannot be paid waits for up to two years."""
    assets = world.assets
    assets.due[rows] = world.month + 6
    patience = world.month - assets.phase_started[rows] > world.now["trials.patience"] + expected_length(world, rows)
    given_up = worthless | patience
    end(world, rows[given_up], np.where(worthless, STRATEGY, MONEY)[given_up])


def expected_length(world: World, rows: np.ndarray) -> np.ndarray:
    """Usual length of the phase of assets, months."""
    assets = world.assets
    return world.now["area.length"][assets.phase[rows], assets.area[rows]]


def expected_cost(world: World, rows: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """Cost of a phase for the sponsor's home region alone, million US$ (filing counts as phase 4)."""
    sponsor = world.assets.sponsor[rows]
    local = world.once(cost_at_home)[world.firms.home[sponsor]]
    return base_cost(world, rows, phase) * local * lean(world, sponsor)
