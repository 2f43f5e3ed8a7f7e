"""What a comparison keeps of a played market: arrays that are small enough to travel between processes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.clock import year_of

if TYPE_CHECKING:
    from model import PharmaMarket
    from model.world import World

YEARS_BEFORE = 5
"""Years of common history that are kept for the charts."""
HOME_COUNT, KIND_COUNT = 10, 2
UNPARTNERED = -1


@dataclass(frozen=True)
class Measured:
    """Series from month ``first`` (a January) on, sums by group since the branch, and assets that moved since.

    ``indicators`` is (months, indicators), ``regional`` (months, regions, figures). ``groups`` holds for firms (kind x
    home), areas and modalities an array per figure, ``assets`` an array per attribute (see :func:`moved_assets`).
    """

    first: int
    indicators: np.ndarray
    regional: np.ndarray
    groups: Mapping[str, Mapping[str, np.ndarray]]
    assets: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Measure:
    """The measure of a comparison whose worlds part at month ``branch`` (a number)."""

    branch: int

    @property
    def name(self) -> str:
        """Digest of this file, which says what is kept, and the month."""
        return f"{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]}-{self.branch}"

    def __call__(self, market: PharmaMarket) -> Measured:
        """What to keep of ``market``."""
        return measure(market, self.branch)

    def pack(self, measures: Measured) -> dict[str, np.ndarray]:
        """All arrays by a name with their place: ``groups/area/net_sales``."""
        arrays = {"first": np.array(measures.first), "indicators": measures.indicators, "regional": measures.regional}
        for group, figures in measures.groups.items():
            arrays |= {f"groups/{group}/{name}": values for name, values in figures.items()}
        return arrays | {f"assets/{name}": values for name, values in measures.assets.items()}

    def unpack(self, arrays: Mapping[str, np.ndarray]) -> Measured:
        """The measures of :meth:`pack`. Raises KeyError where a part is missing."""
        found: dict[str, dict[str, np.ndarray]] = {}
        for key, values in arrays.items():
            if key.startswith("groups/"):
                _, group, name = key.split("/")
                found.setdefault(group, {})[name] = values
        assets = {key.split("/")[1]: values for key, values in arrays.items() if key.startswith("assets/")}
        return Measured(int(arrays["first"]), arrays["indicators"], arrays["regional"], found, assets)


def measure(market: PharmaMarket, branch: int) -> Measured:
    """What to keep of ``market``, which parted from others at month ``branch`` (a number)."""
    world = market.world
    recorder, first = world.recorder, 12 * max(branch // 12 - YEARS_BEFORE, 0)
    return Measured(
        first,
        recorder.indicators[first : recorder.months].copy(),
        recorder.regional[first : recorder.months].copy(),
        groups(world, branch),
        moved_assets(world, branch),
    )


def groups(world: World, branch: int) -> dict[str, dict[str, np.ndarray]]:
    """Figures by kind of firm, disease area and modality over the months from ``branch`` on."""
    from model.labels import AREAS, MODALITIES

    firms, assets = world.firms, world.assets
    classes = firms.kind.astype(np.int64) * HOME_COUNT + firms.home
    by_class = {
        **_asset_figures(world, branch, classes[assets.sponsor], KIND_COUNT * HOME_COUNT),
        **_firm_figures(world, branch, classes),
    }
    areas, modalities = (
        _asset_figures(world, branch, code.astype(np.int64), len(labels)) | _sales(world, branch, code, len(labels))
        for code, labels in ((assets.area, AREAS), (assets.modality, MODALITIES))
    )
    return {"firms": by_class, "area": areas, "modality": modalities}


def _asset_figures(world: World, branch: int, group: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """Candidates in development at the end, and first approvals since ``branch``, by group of asset."""
    approved = (world.assets.first_approval >= branch) & (world.assets.first_approval < world.month)
    return {
        "pipeline_assets": np.bincount(group[world.pipeline], minlength=count).astype(float),
        "approvals_first": np.bincount(group[approved], minlength=count).astype(float),
    }


def _firm_figures(world: World, branch: int, group: np.ndarray) -> dict[str, np.ndarray]:
    """Living firms at the end, and their sales and R&D spending in the complete years since ``branch``."""
    log = world.logs["firm_years"].arrays()
    recent = log["year"] >= year_of(branch)
    place = group[log["firm"][recent].astype(np.int64)]
    count = KIND_COUNT * HOME_COUNT
    sums = {name: np.bincount(place, log[name][recent], count) for name in ("net_sales", "rd_spend")}
    return {"firms": np.bincount(group[world.alive], minlength=count).astype(float), **sums}


def _sales(world: World, branch: int, code: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """Sales and patients in the complete years since ``branch`` by group of asset."""
    log = world.logs["sales"].arrays()
    recent = log["year"] >= year_of(branch)
    place = code[log["asset"][recent].astype(np.int64)].astype(np.int64)
    return {name: np.bincount(place, log[name][recent], count) for name in ("net_sales", "patients")}


def moved_assets(world: World, branch: int) -> dict[str, np.ndarray]:
    """Assets first approved, launched or signed away since ``branch``, sorted by identity.

    ``first_approval`` is a month (``model.clock.NEVER`` if none), ``modes`` bits of how they were launched since
    (bit 0: by the originator), ``partner`` the identity of the firm of the first deal since, -1 if none.
    """
    assets, firms = world.assets, world.firms
    partner = _first_partner(world, branch)
    modes = np.zeros(len(assets), np.int64)
    positions = world.positions
    new = np.flatnonzero((positions.launched >= branch) & ~positions.mature)
    np.bitwise_or.at(modes, positions.asset[new], 1 << positions.mode[new].astype(np.int64))
    approved = (assets.first_approval >= branch) & (assets.first_approval < world.month)
    rows = np.flatnonzero(approved | (modes > 0) | (partner != UNPARTNERED))
    rows = rows[np.argsort(assets.asset[rows], kind="stable")]
    found = {name: getattr(assets, name)[rows] for name in ("asset", "area", "origin", "modality", "started")}
    return found | {
        "first_approval": assets.first_approval[rows].astype(np.int64),
        "modes": modes[rows],
        "partner": partner[rows],
        "originator": firms.firm[assets.originator[rows]],
    }


def _first_partner(world: World, branch: int) -> np.ndarray:
    """Identity of the buyer in the first deal of each asset since ``branch``, -1 where there is none."""
    deals = world.deals
    partner = np.full(len(world.assets), UNPARTNERED, np.int64)
    rows = np.flatnonzero(deals.month >= branch)[::-1]  # rows are in order of signing: the first is written last
    partner[deals.asset[rows]] = world.firms.firm[deals.buyer[rows]]
    return partner
