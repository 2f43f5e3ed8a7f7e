"""The same request gives the same world, bit for bit; and two worlds differ only where the rules make them differ."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from conftest import Pharmarket, environment
from worlds import LIVELY, base, digest, fork

from model import PharmaMarket
from model.data.reader import families
from model.ledger import VENTURE
from model.mechanisms.turnover import start_firms
from model.storage import content_hash
from model.values import Values
from model.world import TABLES, World
from scenarios import Scenario

SCALE, MONTHS = 0.05, 30
RUN = f"""
from worlds import digest
from model import PharmaMarket
market = PharmaMarket("baseline", rng=5, scale={SCALE}).run_until({MONTHS})
from model.storage import content_hash
print(digest(market), content_hash(market.world))
"""


def market(seed: int = 5, **settings: object) -> PharmaMarket:
    return PharmaMarket("baseline", rng=seed, scale=SCALE, **settings)  # type: ignore[arg-type]


# --- the same again


@pytest.fixture(scope="module")
def played() -> PharmaMarket:
    return market().run_until(MONTHS)


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_every_process_plays_the_same(played: PharmaMarket, hash_seed: str) -> None:
    tests = str(environment()["PYTHONPATH"]) + "/tests"
    env = environment(PYTHONHASHSEED=hash_seed)
    env["PYTHONPATH"] += f":{tests}"
    told = subprocess.check_output([sys.executable, "-W", "ignore", "-c", RUN], env=env, text=True).split()
    assert told == [digest(played), content_hash(played.world)]


@pytest.mark.slow
def test_compiled_loops_read_nothing_but_their_arrays(pharmarket: Pharmarket, tmp_path: Path) -> None:
    """Compiled code looks at no bounds and at memory as it finds it: watched, with memory that is never clean, a long
    run ends, and gives the same."""
    watch = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path / "loops"), "MALLOC_PERTURB_": "170"}
    hashes = []
    for name, changes in (("usual", {}), ("watched", watch)):
        done = pharmarket("run", "--scale", "0.1", "--out", name, **changes)
        assert done.returncode == 0, done.stderr
        hashes.append(json.loads((tmp_path / name / "manifest.json").read_text())["content_hash"])
    assert hashes[0] == hashes[1]


def test_another_seed_plays_another_world(played: PharmaMarket) -> None:
    assert digest(market(6).run_until(MONTHS)) != digest(played)


def test_playing_in_pieces_is_playing_at_once(played: PharmaMarket) -> None:
    pieces = market()
    for label in ("2000-04", "2001-02"):
        pieces.run_until(label)
    while pieces.month < MONTHS:
        pieces.step()
    assert content_hash(pieces.world) == content_hash(played.world)


def test_reading_the_tables_changes_nothing(played: PharmaMarket) -> None:
    before = content_hash(played.world)
    digest(played)
    assert content_hash(played.world) == before


# --- what changes nothing


def defaults() -> Mapping[str, float]:
    """Every undated scalar at its default."""
    values = Values.load()
    return {name: float(values[name]) for name, family in families().items() if not family.dims and not family.dated}


def test_setting_values_to_their_defaults_is_the_baseline(played: PharmaMarket) -> None:
    assert len(defaults()) > 100
    null = market(changes=defaults()).run_until(MONTHS)
    assert content_hash(null.world) == content_hash(played.world)


def test_an_empty_scenario_is_the_baseline(played: PharmaMarket) -> None:
    null = PharmaMarket(["baseline", Scenario(title="nothing")], rng=5, scale=SCALE).run_until(MONTHS)
    assert content_hash(null.world) == content_hash(played.world)


@pytest.mark.parametrize("at", [0, 7, 18])
def test_a_branch_without_new_rules_is_the_original(played: PharmaMarket, at: int) -> None:
    """At any month, quarters begun or not."""
    original = market().run_until(at)
    twin = original.branch().run_until(MONTHS - at)
    assert content_hash(twin.world) == content_hash(played.world)
    assert digest(twin) == digest(played)
    original.run_until(MONTHS - at)
    assert content_hash(original.world) == content_hash(played.world), "and the original plays on unmoved"


def test_a_branch_of_a_branch_is_the_original(played: PharmaMarket) -> None:
    twin = market().run_until(5).branch().run_until(6).branch(changes=defaults()).run_until(MONTHS - 11)
    assert content_hash(twin.world) == content_hash(played.world)


def test_the_original_is_not_touched_by_its_branch() -> None:
    original = base(scale=0.2, months=18, changes=LIVELY)
    before = content_hash(original.world)
    columns = {id(array) for name in TABLES for array in getattr(original.world, name).columns.values()}
    twin = original.branch(changes={"regulator.capacity": 1.0, "licensing.search_breadth": 9.0}).run_until(12)
    assert content_hash(original.world) == before
    assert not columns & {id(array) for name in TABLES for array in getattr(twin.world, name).columns.values()}
    assert content_hash(twin.world) != content_hash(fork(original).run_until(12).world), "the new rules did something"


def test_a_branch_goes_on_with_its_months_and_its_series() -> None:
    original = market().run_until(7)
    twin = original.branch().run_until(2)
    assert (twin.month, twin.steps, twin.month_label) == (9, 9, "2000-09")
    assert len(twin.indicators) == 9 and len(original.indicators) == 7
    assert len(twin.datacollector.get_model_vars_dataframe()) == 9, "charts of a branch show its history"


# --- pairing


SAME = ("quality", "risk", "modality", "area", "indication", "novel", "biomarker", "orphan", "origin")
"""Attributes that an asset is born with and keeps."""


def by_identity(world: World) -> dict[int, int]:
    return {int(identity): row for row, identity in enumerate(world.assets.asset)}


def pairs(first: World, second: World) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the assets that both worlds have."""
    left, right = by_identity(first), by_identity(second)
    both = sorted(left.keys() & right.keys())
    return np.array([left[one] for one in both]), np.array([right[one] for one in both])


def test_identities_are_unique() -> None:
    world = base(scale=0.2, months=18, changes=LIVELY).world
    assert len(set(world.assets.asset.tolist())) == len(world.assets)
    assert len(set(world.firms.firm.tolist())) == len(world.firms)
    deals = base(scale=0.2, months=18, changes=LIVELY).table("deals")["deal"]
    assert deals.is_unique


def test_a_policy_leaves_the_nature_of_every_asset_as_it_was() -> None:
    """Strict regulators change who lives and what starts, not what an asset is."""
    plain = fork(base(scale=0.2, months=18, changes=LIVELY)).run_until(24).world
    strict = fork(base(scale=0.2, months=18, changes=LIVELY), regulator__strictness=0.5).run_until(24).world
    assert content_hash(plain) != content_hash(strict)
    left, right = pairs(plain, strict)
    born = plain.assets.started[left] >= 18
    assert born.sum() > 100
    same = plain.assets.area[left] == strict.assets.area[right]  # where firms search is their choice, not luck
    assert same.mean() > 0.95
    same &= plain.assets.started[left] == strict.assets.started[right]  # the mix of modalities moves with the year
    assert same.mean() > 0.9
    for name in ("quality", "risk", "modality", "novel"):
        np.testing.assert_array_equal(
            getattr(plain.assets, name)[left[same]], getattr(strict.assets, name)[right[same]]
        )


def with_one_more(original: PharmaMarket, region: int) -> tuple[PharmaMarket, int]:
    """A copy with one more research firm: an identity of its own, no money, no subsidy to share."""
    market = fork(original, takeover__rate=0.0)
    world = market.world
    founded = world.state["founded"].copy()
    world.state["founded"][region] = 2**20  # later entrants keep their ordinals
    row = int(start_firms(world, np.array([region]), np.array([0.0]))[0])
    world.state["founded"][:] = founded
    return market, row


def unsubsidised(world: World) -> int:
    return int(np.flatnonzero(world.governments.subsidy == 0)[-1])


def test_one_more_firm_leaves_the_others_luck_as_it_was() -> None:
    original = base(scale=0.2, months=18, changes=LIVELY)
    plain = fork(original, takeover__rate=0.0).run_until(24).world
    market, row = with_one_more(original, unsubsidised(original.world))
    other = market.run_until(24).world
    assert other.firms.firm[row] & 0xFFFFFF == 2**20
    left, right = pairs(plain, other)
    assert len(left) > 0.9 * len(plain.assets)
    assert (left != right).any(), "rows have moved, identities have not"
    for name in SAME:
        np.testing.assert_array_equal(
            getattr(plain.assets, name)[left], getattr(other.assets, name)[right], err_msg=name
        )


def test_one_more_firm_leaves_the_rest_of_the_world_as_it_was() -> None:
    """A firm without money and idea does nothing, so what happens to every other asset and firm stays, bit for bit."""
    original = base(scale=0.2, months=18, changes=LIVELY)
    plain = fork(original, takeover__rate=0.0).run_until(36).world
    market, row = with_one_more(original, unsubsidised(original.world))
    market.world.firms.credit[row] = 0.0  # with a candidate it would find a partner for it
    other = market.run_until(36).world
    left, right = pairs(plain, other)
    assert len(left) == len(plain.assets) == len(other.assets)
    for name in (
        "phase",
        "phase_started",
        "due",
        "ended",
        "end_reason",
        "first_approval",
        "belief",
        "approved",
        "exposure",
    ):
        np.testing.assert_array_equal(
            getattr(plain.assets, name)[left], getattr(other.assets, name)[right], err_msg=name
        )
    rest = np.arange(len(other.firms)) != row
    for name in ("firm", "exited", "cash", "sales_12", "research", "know_how", "commercial"):
        np.testing.assert_array_equal(getattr(plain.firms, name), getattr(other.firms, name)[rest], err_msg=name)
    np.testing.assert_allclose(plain.ledger.balances[VENTURE], other.ledger.balances[VENTURE], rtol=1e-12)


@pytest.mark.slow
def test_one_more_firm_leaves_safety_as_it_was() -> None:
    """Over years its candidates move the rows of those that reach the market (partners, who would choose, are out)."""
    original = base(scale=0.05, months=0, changes=LIVELY)
    plain = fork(original, takeover__rate=0.0, licensing__least_deal=1000.0, safety__hazard=0.3).run_until(200)
    market, _ = with_one_more(original, unsubsidised(original.world))
    market = fork(market, takeover__rate=0.0, licensing__least_deal=1000.0, safety__hazard=0.3).run_until(200)
    left, right = pairs(plain.world, market.world)
    assert (
        left[plain.world.assets.first_approval[left] < 200] != right[plain.world.assets.first_approval[left] < 200]
    ).any()
    columns = ["asset", "region", "month", "reason"]
    told = [one.table("withdrawals")[columns].sort_values(columns).reset_index(drop=True) for one in (plain, market)]
    assert len(told[0]) > 20
    assert told[0].equals(told[1])
