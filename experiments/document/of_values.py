"""Tables on the named values and the companies of 2000."""

from __future__ import annotations

import csv
import typing
from collections import Counter

from experiments.document.markdown import code, table
from experiments.document.source_files import ROOT, families_read, sources


def inputs() -> str:
    """The named values by group: how many, how they change with time, where they come from."""
    rows = []
    for group, found in _grouped():
        points = [point for family in found for cell in family.points.values() for point in cell]
        status = Counter(point.status for point in points)
        years = [point.year for point in points if point.year]
        span = f"{min(years)} to {max(years)}" if years else "constant"
        roles = sorted(Counter(family.role for family in found).items())
        said = ", ".join(f"{number} {role}" for role, number in roles)
        shares = [_share(status[letter], len(points)) for letter in "VMA"]
        rows.append((f"`{group}`", len(found), f"{len(points):,}", span, *shares, said))
    head = ("group", "families", "numbers", "years", "V", "M", "A", "roles of the families")
    return table(head, rows)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"


def _grouped() -> list[tuple[str, list[typing.Any]]]:
    """Families by the first word of their name, in the order of the files."""
    from model.data.reader import families

    groups: dict[str, list[typing.Any]] = {}
    for name, family in families().items():
        groups.setdefault(name.split(".")[0], []).append(family)
    return sorted(groups.items())


def levers() -> str:
    """The levers by group: axes, unit, allowed range and meaning."""
    rows = [
        (f"`{family.name}`", " x ".join(family.dims), family.unit, f"{family.low:g} to {family.high:g}",
         family.description)
        for _, found in _grouped() for family in found if family.role == "lever"
    ]  # fmt: skip
    return table(("lever", "by", "unit", "allowed", "meaning"), rows)


def reads() -> str:
    """The named values that each mechanism reads."""
    rows = []
    for path in [*sources("model/mechanisms"), *sources("model/initial")]:
        names = sorted(families_read(path))
        if names:
            rows.append((f"`{path.relative_to(ROOT).as_posix()}`", code(names)))
    return table(("file", "named values"), rows)


def firms_2000() -> str:
    """The companies of January 2000 by home and kind."""
    from model.labels import REGIONS

    with (ROOT / "model" / "data" / "initial_firms.csv").open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["section"] == "count"]
    counts = {(row["home"], row["kind"]): int(row["count"]) for row in listed}
    kinds = ("biotech", "pharma_regional", "pharma_global")
    rows: list[list[object]] = [[region, *(counts.get((region, kind), 0) for kind in kinds)] for region in REGIONS]
    total = [sum(counts.get((region, kind), 0) for region in REGIONS) for kind in kinds]
    rows.append(["all", *total])
    return table(("home", "biotechs", "regional pharma firms", "global pharma firms"), rows)
