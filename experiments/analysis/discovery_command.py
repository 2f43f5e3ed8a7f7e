"""What the command ``discover`` does: find boxes, write tables and report, print the boxes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analysis.discovery import Case, Discovery, discover

if TYPE_CHECKING:
    from experiments.summary import Section

TITLES = {"prim": "PRIM", "cart": "CART"}
NOTE = (
    "coverage: share of all cases that lie in the box; density: share of the points in the box that are cases; "
    "p: chance of so clear a limit without cause (PRIM's quasi p-value)."
)


def discover_command(
    folder: Path, case: Case, out: Path | None, began: float, *, without_failed: bool, report: bool, as_json: bool
) -> None:
    """Find the boxes, write to ``out`` (the folder ``discovery`` in that of the sweep by default) and print."""
    from experiments import reports, results, show

    target = out or folder / "discovery"
    found = discover(folder, case, without_failed=without_failed)
    results.check_writable(target)
    texts = reports.made(reports.DISCOVERY, found.tables, found.manifest) if report else {}
    results.write_analysis(target, found.tables, found.manifest, began, texts)
    if as_json:
        tables = {name: found.tables[name].to_dict("records") for name in ("boxes", "limits", "trade_off", "lost")}
        show.print_json({"out": str(target), "manifest": found.manifest, **tables})
        return
    show.print_sections(summarise(found))
    manifest = found.manifest
    if manifest["left_out"]:
        print(f"{manifest['left_out']} points that failed or gave no number are left out.")
    print(", ".join([f"Results are in {target}/", *(f"{target}/{name}" for name in texts)]))


def summarise(found: Discovery) -> dict[str, Section]:
    """One table: each box with its limits."""
    from experiments.summary import Section

    manifest, limits = found.manifest, found.tables["limits"]
    lines: list[list[Any]] = []
    for box in found.tables["boxes"].to_dict("records"):
        rows = limits[(limits.method == box["method"]) & (limits.box == box["box"])].to_dict("records")
        head = [f"{TITLES[box['method']]} {box['box']}", *(f"{box[name]:.2f}" for name in ("coverage", "density"))]
        for number, row in enumerate(rows):
            p_value = "" if row["p_value"] != row["p_value"] else f"{row['p_value']:.2g}"
            lines.append([*(head if number == 0 else ["", "", ""]), row["name"], span(row), p_value])
    title = f"{manifest['case']}: {manifest['cases']} of {manifest['points']} points"
    return {"boxes": Section(title, ["box", "coverage", "density", "value varied", "within", "p"], lines, NOTE)}


def span(limit: dict[str, Any]) -> str:
    """A limit for people: both ends, one, or the values that are in."""
    low, high = limit["low"], limit["high"]
    if limit["values"]:
        return str(limit["values"])
    if low != low:
        return f"up to {high:.4g}"
    return f"from {low:.4g}" if high != high else f"{low:.4g} to {high:.4g}"
