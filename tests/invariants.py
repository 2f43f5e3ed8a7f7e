"""All invariants (``CHECKS``), functions that name what breaks them; here those of development, dates and figures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd
from money_and_rights import CHECKS, invariant, told

from agents.decisions.coverage import REFUSED
from model import PharmaMarket
from model.arrays import count, total, unpack_regions
from model.clock import NEVER
from model.labels import FILED, MARKETED, PHASE1, PHASE3
from model.mechanisms.programmes import load
from model.mechanisms.trials import TERMINATED, unconfirmed
from model.observation.recorder import INDICATORS, REGIONAL
from model.world import REGION_COUNT, TABLES

__all__ = ["CHECKS"]
SHARES = ("cross_border_share", "runway_below_1y_share", "cr4", "cr10", "ai_adoption", "tension_us_cn", "solo_share",
          "first_cycle_share", "listed_share")  # fmt: skip
EMA = 1
SPARSE = {"alliance_trust", "cross_border_share", "solo_share", "launch_lag_median", "runway_below_1y_share"}
"""Means and medians that a month without any case has not."""


# --- development


@invariant
def counters_equal_counts(market: PharmaMarket) -> Iterator[str]:
    world = market.world
    firms, assets = world.firms, world.assets
    rows = np.flatnonzero((assets.phase < MARKETED) & (assets.ended == NEVER))
    size = len(firms)
    yield from told(
        np.flatnonzero(firms.candidates != count(assets.sponsor[rows], size)), "firms with a wrong number of candidates"
    )
    paid = np.concatenate([rows, unconfirmed(world)])
    burn = total(assets.sponsor[paid], assets.burn[paid], size)
    yield from told(np.flatnonzero(~np.isclose(firms.trial_burn, burn, atol=1e-6)), "firms with a wrong cost of trials")
    if not np.array_equal(np.sort(world.pipeline), rows):
        yield "the list of the pipeline is not the pipeline"
    if not np.array_equal(np.sort(world.alive), np.flatnonzero(firms.exited == NEVER)):
        yield "the list of the living firms is not that of the living firms"
    open_files = count(world.filings.asset[world.filings.outcome == 0], len(assets))
    yield from told(np.flatnonzero(open_files != assets.open_filings), "assets with a wrong number of open files")


@invariant
def sites_carry_the_running_trials(market: PharmaMarket) -> Iterator[str]:
    world = market.world
    running = np.flatnonzero(world.trials.outcome == 0)
    expected = load(world, world.trials.asset[running])
    if not np.allclose(world.state["load"], expected, rtol=0.05, atol=0.05 * expected.sum()):
        yield f"the sites carry {world.state['load'].round(1)}, the running trials need {expected.round(1)}"


@invariant
def trials_belong_to_the_clinic(market: PharmaMarket) -> Iterator[str]:
    assets, trials = market.world.assets, market.world.trials
    clinical = (assets.phase >= PHASE1) & (assets.phase < FILED) & (assets.ended == NEVER) & ~assets.waiting
    yield from told(np.flatnonzero(clinical & (assets.trial < 0)), "assets in the clinic without a trial")
    confirming = (assets.phase == MARKETED) & (assets.confirming < NEVER)
    outside = ~clinical & ~confirming & (assets.trial >= 0)
    yield from told(np.flatnonzero(outside), "assets with a trial and not in the clinic")
    yield from told(np.flatnonzero(confirming & (assets.trial < 0)), "conditional approvals that nothing will confirm")
    rows = np.flatnonzero(assets.trial >= 0)
    trial, phase = assets.trial[rows], np.where(confirming, PHASE3, assets.phase)[rows]
    wrong = (trials.asset[trial] != rows) | (trials.phase[trial] != phase) | (trials.outcome[trial] != 0)
    yield from told(rows[wrong], "assets with the trial of another, of another phase, or one that is over")
    yield from told(np.flatnonzero(trials.regions == 0), "trials without a region")
    key = trials.asset.astype(np.int64) * 8 + trials.phase
    if len(np.unique(key)) < len(key):
        yield "an asset ran the same phase twice"


@invariant
def what_has_ended_rests(market: PharmaMarket) -> Iterator[str]:
    assets = market.world.assets
    ended = assets.ended < NEVER
    late = (assets.first_approval < NEVER) & (assets.first_approval > assets.ended)
    for name, wrong in (
        ("a running trial", assets.trial >= 0),
        ("a date to come", assets.due < NEVER),
        ("running cost", assets.burn > 0),
        ("files under review", assets.open_filings > 0),
        ("a product on the market", (assets.position >= 0).any(axis=1)),
        ("an approval later than its end", late),
    ):
        yield from told(np.flatnonzero(ended & wrong), f"ended assets with {name}")
    yield from told(
        np.flatnonzero(ended != (assets.end_reason > 0)), "assets with an end and no reason, or the reverse"
    )


@invariant
def one_file_each_and_one_listing_a_round(market: PharmaMarket) -> Iterator[str]:
    filings, listings = market.world.filings, market.world.listings
    files = filings.asset.astype(np.int64) * 64 + filings.regulator
    rounds = (listings.asset.astype(np.int64) * 64 + listings.payer) * 16 + listings.rounds
    for name, key in (("asset and regulator", files), ("asset, payer and round", rounds)):
        _, number = np.unique(key, return_counts=True)
        yield from told(np.flatnonzero(number > 1), f"rows that share {name}")
    last = listings.outcome != REFUSED
    _, number = np.unique(rounds[last] // 16, return_counts=True)
    yield from told(np.flatnonzero(number > 1), "negotiations that go on beside others with the same payer")


# --- dates


@invariant
def dates_are_in_order(market: PharmaMarket) -> Iterator[str]:
    world = market.world
    assets, trials, filings = world.assets, world.trials, world.filings
    listings, positions, deals = world.listings, world.positions, world.deals
    done = market.month - 1

    def wrong(text: str, *columns: np.ndarray) -> Iterator[str]:
        ordered = np.ones(len(columns[0]), bool)
        for earlier, later in pairwise(columns):
            ordered &= earlier <= later
        yield from told(np.flatnonzero(~ordered), text)

    yield from wrong(
        "assets that began after their phase or the future",
        assets.started,
        assets.phase_started,
        np.full(len(assets), done),
    )
    yield from wrong("assets that ended before their phase began", assets.phase_started, assets.ended)
    yield from wrong("assets approved before they began", assets.started, assets.first_approval)
    yield from wrong("trials that began before their asset", assets.started[trials.asset], trials.started)
    early = (trials.started > trials.ended) | ((trials.started == trials.ended) & (trials.outcome != TERMINATED))
    yield from told(np.flatnonzero(early), "trials that ended before they began")
    yield from wrong("files decided before they were handed in", filings.submitted, filings.decided)
    yield from wrong("files handed in before the asset began", assets.started[filings.asset], filings.submitted)
    yield from wrong("listings decided before they began", listings.started, listings.decided)
    yield from wrong("contracts that ended before they began", deals.month, deals.ended)
    new = np.flatnonzero(~positions.mature)
    yield from told(
        new[assets.first_approval[positions.asset[new]] > positions.launched[new]], "launches before the first approval"
    )
    approved = np.full((len(assets), REGION_COUNT), -9999)
    good = filings.outcome == 1
    approved[filings.asset[good], filings.regulator[good]] = filings.decided[good]
    here = approved[positions.asset[new], positions.region[new]]
    yield from told(new[here > positions.launched[new]], "launches before the approval in the region")


@invariant
def decisions_and_dates_agree(market: PharmaMarket) -> Iterator[str]:
    world = market.world
    for name in ("filings", "listings"):
        table = getattr(world, name)
        yield from told(
            np.flatnonzero((table.outcome > 0) != (table.decided < NEVER)),
            f"{name} decided without a date, or the reverse",
        )
        late = (table.outcome == 0) & (table.due < market.month)
        yield from told(
            np.flatnonzero(late & (world.assets.ended[table.asset] == NEVER)), f"{name} that were forgotten"
        )
    yield from told(
        np.flatnonzero((world.trials.outcome > 0) != (world.trials.ended < NEVER)),
        "trials that ended without outcome, or the reverse",
    )
    approved, filed = unpack_regions(world.assets.approved), np.zeros((len(world.assets), REGION_COUNT), bool)
    good = world.filings.outcome == 1
    filed[world.filings.asset[good], world.filings.regulator[good]] = True
    covered = filed | filed[:, [EMA]]  # a region may follow the approvals of EMA
    lost, odd = (filed & ~approved).any(axis=1), (approved & ~covered).any(axis=1)
    yield from told(np.flatnonzero(lost | odd), "assets approved where no file was, or the reverse")
    stuck = (world.assets.phase < FILED) & (world.assets.ended == NEVER) & (world.assets.due < market.month)
    yield from told(np.flatnonzero(stuck), "assets in development that nobody looks at any more")


# --- figures


@invariant
def attributes_stay_in_range(market: PharmaMarket) -> Iterator[str]:
    for name in TABLES:
        yield from getattr(market.world, name).problems()


@invariant
def figures_make_sense(market: PharmaMarket) -> Iterator[str]:
    recorder = market.world.recorder
    known = [name for name in INDICATORS if name not in SPARSE]
    figures = dict(zip(INDICATORS, recorder.indicators[: recorder.months].T, strict=True))
    yield from (f"{name} is not a number" for name in known if not np.isfinite(figures[name]).all())
    yield from (f"{name} is negative" for name in INDICATORS if np.nanmin(np.append(figures[name], 0)) < 0)
    yield from (
        f"{name} is above one"
        for name in SHARES
        if name in figures and np.nanmax(np.append(figures[name], 0)) > 1 + 1e-9
    )
    regional = dict(zip(REGIONAL, recorder.regional[: recorder.months].reshape(-1, len(REGIONAL)).T, strict=True))
    yield from (f"regional {name} is negative" for name in REGIONAL if np.nanmin(np.append(regional[name], 0)) < 0)
    yield from (
        f"regional {name} is above one"
        for name in SHARES
        if name in regional and np.nanmax(np.append(regional[name], 0)) > 1 + 1e-9
    )
    for name, state in market.world.state.items():
        if np.isnan(np.asarray(state, float)).any():
            yield f"the state holds not-a-number in {name}"


@invariant
def counts_add_up(market: PharmaMarket) -> Iterator[str]:
    world, regional = market.indicators, market.regional
    same = ("firms", "entries", "exits", "venture", "net_sales", "generic_sales", "patients")
    for whole, part in (("pipeline_assets", "pipeline_originated"), *zip(same, same, strict=True)):
        summed = regional.groupby("month")[part].sum().to_numpy()
        if not np.allclose(summed, world[whole], rtol=1e-9):
            yield f"{part} of the regions are not the {whole} of the world"
    phases = world[["preclinical", "phase1", "phase2", "phase3", "filed"]].sum(axis=1)
    if not np.array_equal(phases, world["pipeline_assets"]):
        yield "the phases do not add up to the pipeline"
    if not np.array_equal(world["biotechs"] + world["pharmas"], world["firms"]):
        yield "the kinds do not add up to the firms"
    moved = world["firms"].diff() - (world["entries"] - world["exits"])
    if moved.iloc[1:].abs().max() > 0:
        yield "firms come or go without entry or exit"


@invariant
def sales_of_a_year_agree(market: PharmaMarket) -> Iterator[str]:
    whole = market.indicators.groupby(market.indicators["month"].dt.year)["net_sales"].agg(["sum", "size"])
    whole = whole[whole["size"] == 12]["sum"]
    frames = {name: market.table(name).groupby("year")["net_sales"].sum() for name in ("firm_years", "sales")}
    regional = market.regional
    frames["regional"] = regional.groupby(regional["month"].dt.year)["net_sales"].sum()
    for name, found in frames.items():
        if not np.allclose(found.reindex(whole.index, fill_value=0.0), whole, rtol=1e-9):
            yield f"net sales of {name} are not those of the indicators"
    spent = market.indicators.groupby(market.indicators["month"].dt.year)["rd_spend"].sum().reindex(whole.index)
    by_firm = market.table("firm_years").groupby("year")["rd_spend"].sum().reindex(whole.index, fill_value=0.0)
    if not np.allclose(by_firm, spent, rtol=1e-9):
        yield "research spending of the firms is not that of the indicators"
    by_region = market.table("sales").groupby(["year", "region"], observed=False)["net_sales"].sum()
    expected = regional.groupby([regional["month"].dt.year.rename("year"), "region"], observed=False)["net_sales"].sum()
    expected = expected[expected.index.get_level_values("year").isin(whole.index)]
    if not np.allclose(by_region.reindex(expected.index, fill_value=0.0), expected, rtol=1e-9):
        yield "net sales by region are not those of the regional figures"


@invariant
def tables_can_be_read(market: PharmaMarket) -> Iterator[str]:
    for name in market.table_names:
        frame = market.table(name)
        if not isinstance(frame.index, pd.RangeIndex):
            yield f"{name} has an index"
