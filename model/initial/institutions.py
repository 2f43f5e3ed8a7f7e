"""Regulators, payers, investors, governments and service providers."""

from __future__ import annotations

import numpy as np

from model.data.sheet import sheet
from model.labels import PAYERS, REGIONS
from model.world import REGION_COUNT, World

RULES = ("rebate", "list_round", "free_then_arbitration", "threshold", "reference", "negotiation",
         "tender", "self_pay", "listing")  # fmt: skip
AI_HOMES = tuple(REGIONS.index(home) for home in ("US", "EU", "CN"))


def set_up_institutions(world: World) -> None:
    """One row per institution; the data give what they do, the rows what is special to each."""
    regions = np.arange(REGION_COUNT)
    world.regulators.append(REGION_COUNT, region=regions)
    world.governments.append(REGION_COUNT, region=regions)
    world.investors.append(2 * REGION_COUNT, region=np.tile(regions, 2), public=np.repeat([False, True], REGION_COUNT))
    homes = np.concatenate([regions, regions, AI_HOMES])
    world.providers.append(
        len(homes), region=homes, kind=np.repeat([0, 1, 2], [REGION_COUNT, REGION_COUNT, len(AI_HOMES)])
    )
    set_up_payers(world)


def set_up_payers(world: World) -> None:
    """Payers with their rule and reference basket (payers by payers)."""
    rows = sheet("payers")
    rows = rows.rows(np.array([rows.texts("payer").tolist().index(payer) for payer in PAYERS]))
    region = np.array([REGIONS.index(home) for home in rows.texts("region")])
    world.payers.append(len(PAYERS), region=region, rule=[RULES.index(rule) for rule in rows.texts("rule")])
    basket = np.zeros((len(PAYERS), len(PAYERS)), bool)
    for index, text in enumerate(rows.texts("reference_basket")):
        for label in text.split():
            basket[index] |= (region == REGIONS.index(label)) if label in REGIONS else np.array(PAYERS) == label
    world.state["basket"] = basket
