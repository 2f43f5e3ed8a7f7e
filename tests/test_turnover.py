"""What is left when firms fail, are bought or sign: rights, files, contracts and money go somewhere, always.

The shocks are far beyond what the model would do: they come into every month, to any firm, in any state.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from test_invariants import CHECKS
from worlds import LIVELY, base, fork

from model import PharmaMarket
from model.clock import NEVER
from model.labels import FILED, MARKETED
from model.mechanisms.approvals import approve
from model.mechanisms.contracts import Terms, sign
from model.mechanisms.demand import SAFETY_REASON, withdraw
from model.mechanisms.dossiers import withdraw_files
from model.mechanisms.takeovers import merge
from model.mechanisms.turnover import ACQUIRED, INSOLVENCY, fail
from model.plan import MONTH, Plan
from model.world import World

SHOCKS: dict[str, Callable[[World], None]] = {}


def shock(function: Callable[[World], None]) -> Callable[[World], None]:
    SHOCKS[function.__name__] = function
    return function


def pick(world: World, rows: np.ndarray, share: float, what: str) -> np.ndarray:
    """Some of the firms, drawn anew each month."""
    return rows[world.draws.uniform(f"test.{what}", world.firms.firm[rows], world.month) < share]


@shock
def firms_fail(world: World) -> None:
    rows = pick(world, world.alive, 0.01, "fail")
    fail(world, rows, np.full(len(rows), INSOLVENCY))


@shock
def firms_are_bought(world: World) -> None:
    """Research firms by any pharma firm, dear."""
    firms = world.firms
    buyers = world.alive[firms.kind[world.alive] == 1]
    targets = pick(world, world.alive[firms.kind[world.alive] == 0], 0.01, "buy")
    buyer = world.draws.uniform("test.buyer", firms.firm[targets], world.month) * len(buyers)
    _, first = np.unique(buyer.astype(int), return_index=True)
    merge(world, targets[first], buyers[buyer.astype(int)[first]], np.full(len(first), 10.0))


@shock
def assets_are_licensed(world: World) -> None:
    """At any phase, to any pharma firm, for the half of the world that the seller still holds."""
    firms, assets = world.firms, world.assets
    held = np.concatenate([world.pipeline, world.state["marketed"]])
    held = np.unique(held[assets.ended[held] == NEVER])
    held = held[world.draws.uniform("test.sell", assets.asset[held], world.month) < 0.005]
    buyers = world.alive[firms.kind[world.alive] == 1]
    buyer = buyers[(world.draws.uniform("test.licensee", assets.asset[held], world.month) * len(buyers)).astype(int)]
    seller = assets.sponsor[held]
    territory = (np.arange(10) % 2 == 0) & (assets.holder[held] == seller[:, None]) & (assets.position[held] < 0)
    good = territory.any(axis=1) & (buyer != seller)
    money = np.full(good.sum(), 5.0)
    terms = Terms(territory[good], money, money, money, np.full(good.sum(), 0.1), np.zeros(good.sum(), int))
    sign(world, held[good], seller[good], buyer[good], terms, np.zeros(good.sum(), bool))


def shocked(names: tuple[str, ...], months: int) -> PharmaMarket:
    """A lively market with shocks before the month is recorded."""
    market = fork(base(scale=0.1, months=12, changes=LIVELY))
    parts = tuple((name, SHOCKS[name]) for name in names)
    market.plan = Plan((*MONTH[:-1], *parts, MONTH[-1]))
    return market.run_until(months)


@pytest.mark.slow
@pytest.mark.parametrize("names", [(name,) for name in SHOCKS] + [tuple(SHOCKS)], ids=lambda names: "+".join(names))
def test_everything_holds_after_shocks(names: tuple[str, ...]) -> None:
    market = shocked(names, 30)
    firms = market.world.firms
    if "firms_fail" in names:
        assert (firms.exit_reason == INSOLVENCY).sum() > 10
    if "firms_are_bought" in names:
        assert (firms.exit_reason == ACQUIRED).sum() > 10
    if "assets_are_licensed" in names:
        assert len(market.world.deals) > 30
    assert {name: broken for name, check in CHECKS.items() if (broken := list(check(market)))} == {}


# --- single cases


@pytest.fixture
def world() -> World:
    return fork(base(scale=0.2, months=18, changes=LIVELY)).world


def under_review(world: World) -> np.ndarray:
    """Pending files of assets that no regulator has approved yet, one per asset."""
    filings, assets = world.filings, world.assets
    rows = np.flatnonzero((filings.outcome == 0) & (assets.phase[filings.asset] == FILED))
    rows = rows[(assets.deals[filings.asset[rows]] == 0) & (assets.ended[filings.asset[rows]] == NEVER)]
    return rows[np.unique(filings.asset[rows], return_index=True)[1]]


def test_an_approval_survives_the_failure_of_its_firm_in_the_same_month(world: World) -> None:
    file = under_review(world)[:1]
    asset = int(world.filings.asset[file[0]])
    sponsor = int(world.assets.sponsor[asset])
    approve(world, file)
    left = world.firms.candidates[sponsor]
    fail(world, np.array([sponsor]), np.array([INSOLVENCY]))
    assert world.assets.phase[asset] == MARKETED and world.assets.ended[asset] == NEVER
    assert (world.firms.exited[world.assets.holder[asset]] == NEVER).all()
    assert left >= 0 and world.firms.candidates[sponsor] == 0


def test_files_that_were_never_handed_in_are_not_decided_before_they_were(world: World) -> None:
    filings = world.filings
    rows = under_review(world)[:2]
    filings.submitted[rows] = world.month + 5
    withdraw_files(world, filings.asset[rows])
    assert (filings.outcome[rows] == 3).all()
    assert (filings.submitted[rows] <= filings.decided[rows]).all()


def test_who_inherits_products_counts_them(world: World) -> None:
    positions, firms = world.positions, world.firms
    seller = int(np.bincount(positions.firm[positions.active]).argmax())
    mine = np.flatnonzero(positions.active & (positions.firm == seller))
    before = firms.products.copy()
    fail(world, np.array([seller]), np.array([INSOLVENCY]))
    heirs = np.bincount(positions.firm[mine], minlength=len(firms))
    assert firms.products[seller] == 0 == heirs[seller]
    np.testing.assert_array_equal(firms.products - before, heirs - np.where(np.arange(len(firms)) == seller, before, 0))


def test_a_medicine_that_leaves_the_market_takes_its_files_back(world: World) -> None:
    """Withdrawn wherever it is sold, while another regulator is still at work."""
    assets, positions = world.assets, world.positions
    asset = int(positions.asset[np.flatnonzero(positions.active & ~positions.mature)[0]])
    assets.phase_started[asset] = world.month - 100
    world.filings.append(
        1, asset=asset, regulator=6, filer=assets.sponsor[asset], submitted=world.month, due=world.month + 9
    )
    assets.open_filings[asset] += 1
    withdraw(world, np.flatnonzero(positions.active & (positions.asset == asset)), SAFETY_REASON)
    assert assets.ended[asset] == world.month
    assert assets.open_filings[asset] == 0
    assert (world.filings.outcome[world.filings.asset == asset] != 0).all()
