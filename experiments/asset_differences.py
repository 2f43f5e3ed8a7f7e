"""Asset by asset: what became of it in both worlds of a seed, and where that differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.effects import paired
from experiments.measures import UNPARTNERED

if TYPE_CHECKING:
    import pandas as pd

Found = Mapping[str, np.ndarray]
Rule = Callable[[Found], np.ndarray]

APPROVAL = ("neither", "only A", "only B", "same month", "earlier in B", "later in B")
ROUTES = ("not launched", "alone", "by a partner", "both ways")
PARTNERS = ("none", "only A", "only B", "same", "another")
ALONE = 1
"""Bit of a launch by the originator itself."""
FATE: dict[tuple[str, str], Rule] = {
    ("First approval", "in both, same month"): lambda found: found["approval"] == 3,
    ("First approval", "earlier in B"): lambda found: found["approval"] == 4,
    ("First approval", "later in B"): lambda found: found["approval"] == 5,
    ("First approval", "only in A"): lambda found: found["approval"] == 1,
    ("First approval", "only in B"): lambda found: found["approval"] == 2,
    ("Route to market", "the same in both"): lambda found: _launched(found) & (found["route_a"] == found["route_b"]),
    ("Route to market", "alone in A, by a partner in B"): lambda found: (
        (found["route_a"] == 1) & (found["route_b"] > 1)
    ),
    ("Route to market", "by a partner in A, alone in B"): lambda found: (
        (found["route_a"] > 1) & (found["route_b"] == 1)
    ),
    ("Route to market", "launched only in A"): lambda found: (found["route_a"] > 0) & (found["route_b"] == 0),
    ("Route to market", "launched only in B"): lambda found: (found["route_a"] == 0) & (found["route_b"] > 0),
    ("First deal", "with the same firm"): lambda found: found["partner"] == 3,
    ("First deal", "with another firm"): lambda found: found["partner"] == 4,
    ("First deal", "only in A"): lambda found: found["partner"] == 1,
    ("First deal", "only in B"): lambda found: found["partner"] == 2,
}
"""What may have become of an asset after the branch, by question; a lone launch is one by the originator alone."""


def align(a: Found, b: Found, never: int) -> dict[str, np.ndarray]:
    """Assets that moved in either world with what became of them in both; codes of APPROVAL, ROUTES and PARTNERS.

    ``a`` and ``b`` come from :func:`experiments.measures.moved_assets`, ``never`` is the month of what has not
    happened.
    """
    asset = np.union1d(a["asset"], b["asset"])
    place_a, place_b = (np.searchsorted(asset, side["asset"]) for side in (a, b))
    found = {"asset": asset}
    for name in ("area", "origin", "modality", "started", "originator"):
        found[name] = _filled(a[name], place_a, len(asset), 0)
        found[name][place_b] = b[name]
    for side, place, which in (("a", place_a, a), ("b", place_b, b)):
        found[f"month_{side}"] = _filled(which["first_approval"], place, len(asset), never)
        found[f"partner_{side}"] = _filled(which["partner"], place, len(asset), UNPARTNERED)
        found[f"route_{side}"] = _filled(_routes(which["modes"]), place, len(asset), 0)
    found["approval"] = _approval(found["month_a"], found["month_b"], never)
    found["partner"] = _partner(found["partner_a"], found["partner_b"])
    return found


def counts(aligned: Sequence[Found]) -> pd.DataFrame:
    """How many assets a pair has in each row of FATE: mean over pairs with interval."""
    import pandas as pd

    numbers = np.array([[int(rule(found).sum()) for rule in FATE.values()] for found in aligned], np.float64)
    stats = paired(np.zeros_like(numbers), numbers)
    questions, fates = zip(*FATE)
    figures = {"assets": stats["effect"], "low": stats["low"], "high": stats["high"]}
    return pd.DataFrame({"question": questions, "fate": fates, **figures})


def frame(aligned: Mapping[int, Found], never: int) -> pd.DataFrame:
    """One row per seed and asset that fared differently in the two worlds."""
    import pandas as pd

    parts = [_differing(seed, found, never) for seed, found in aligned.items()]
    return pd.concat(parts, ignore_index=True)


def _differing(seed: int, found: Found, never: int) -> pd.DataFrame:
    import pandas as pd

    from model.clock import dates
    from model.labels import AREAS, MODALITIES, REGIONS

    rows = np.flatnonzero(
        np.isin(found["approval"], (1, 2, 4, 5)) | (found["route_a"] != found["route_b"])
        | np.isin(found["partner"], (1, 2, 4))
    )  # fmt: skip
    part = {name: column[rows] for name, column in found.items()}
    both = (part["month_a"] < never) & (part["month_b"] < never)
    return pd.DataFrame({
        "seed": seed, "asset": part["asset"], "area": _named(part["area"], AREAS),
        "origin_region": _named(part["origin"], REGIONS), "modality": _named(part["modality"], MODALITIES),
        "started": dates(part["started"]), "approval": _named(part["approval"], APPROVAL),
        "first_approval_a": dates(part["month_a"]), "first_approval_b": dates(part["month_b"]),
        "months_later_in_b": np.where(both, part["month_b"] - part["month_a"], np.nan).astype(float),
        "route_a": _named(part["route_a"], ROUTES), "route_b": _named(part["route_b"], ROUTES),
        "partner": _named(part["partner"], PARTNERS), "originator": part["originator"],
        "partner_a": part["partner_a"], "partner_b": part["partner_b"],
    })  # fmt: skip


def _named(codes: np.ndarray, names: tuple[str, ...]) -> Any:
    import pandas as pd

    return pd.Categorical.from_codes(codes.astype(np.int64), categories=pd.Index(names))


def _filled(values: np.ndarray, place: np.ndarray, count: int, default: int) -> np.ndarray:
    column = np.full(count, default, np.int64)
    column[place] = values
    return column


def _routes(modes: np.ndarray) -> np.ndarray:
    """Codes of ROUTES: whether the originator launched it, others did, or both."""
    return (modes & ALONE > 0) * 1 + (modes & ~ALONE > 0) * 2


def _launched(found: Found) -> np.ndarray:
    return (found["route_a"] > 0) & (found["route_b"] > 0)


def _approval(a: np.ndarray, b: np.ndarray, never: int) -> np.ndarray:
    """Codes of APPROVAL from the months of first approval."""
    in_a, in_b = a < never, b < never
    both = np.select([b == a, b < a], [3, 4], 5)
    return np.select([in_a & in_b, in_a, in_b], [both, 1, 2], 0)


def _partner(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Codes of PARTNERS from the identities of the first partners."""
    in_a, in_b = a != UNPARTNERED, b != UNPARTNERED
    return np.select([in_a & in_b & (a == b), in_a & in_b, in_a, in_b], [3, 4, 1, 2], 0)
