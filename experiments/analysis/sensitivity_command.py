"""What the command ``sensitivity`` does: analyse, write tables and report, print what matters most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.analysis.sensitivity import Sensitivity, analyse

if TYPE_CHECKING:
    import pandas as pd

    from experiments.summary import Section

MOST_SHOWN = 5
TITLES = {"morris": "Morris", "sobol": "Sobol", "pawn": "PAWN"}
MEANING = {
    "morris": "mu_star: mean absolute effect on the outcome of a value that moves from end to end of its range.",
    "sobol": "total: share of the variance that would go if the value were known, with all its interactions.",
    "pawn": "median: largest gap between the distribution of the outcome and that with the value known, 0 to 1; "
    "idle: what a value that does nothing reaches by luck (97.5 %).",
}


def sensitivity_command(
    folder: Path, outcomes: Sequence[str], method: str | None, out: Path | None, began: float,
    *, without_failed: bool, report: bool, as_json: bool,
) -> None:  # fmt: skip
    """Analyse the sweep in ``folder``, write to ``out`` (the folder ``sensitivity`` in it by default) and print."""
    from experiments import reports, results, show

    target = out or folder / "sensitivity"
    found = analyse(folder, outcomes, method, without_failed=without_failed)
    results.check_writable(target)
    texts = reports.made(reports.SENSITIVITY, found.tables, found.manifest) if report else {}
    results.write_analysis(target, found.tables, found.manifest, began, texts)
    if as_json:
        tables = {name: table.to_dict("records") for name, table in found.tables.items()}
        show.print_json({"out": str(target), "manifest": found.manifest, **tables})
        return
    show.print_sections(summarise(found))
    for row in found.tables["not_analysed"].itertuples():
        print(f"Not analysed: {row.reason}")
    print(", ".join(["Results are in " + f"{target}/", *(f"{target}/{name}" for name in texts)]))


def summarise(found: Sensitivity) -> dict[str, Section]:
    """A table per group: for each outcome the values that matter most, by the main index."""
    from experiments.summary import Section

    manifest = found.manifest
    method, index, replicates = manifest["method"], manifest["main_index"], manifest["replicates"]
    averaged = f" {replicates} replicates averaged;" if replicates > 1 else ""
    note = f"{MEANING[method]}{averaged} 95 % bootstrap intervals."
    heads = ["outcome", "value varied", index, "low", "high", *({"morris": ["unit"], "pawn": ["idle"]}.get(method, []))]
    sections = {}
    for label, group in found.tables["sensitivity"].groupby("group", sort=False):
        lines = [line for _, one in group.groupby("outcome", sort=False) for line in _lines(one, method, index)]
        sections[str(label)] = Section(f"{TITLES[method]}: {label}", heads, lines, note)
    return sections


def _lines(rows: pd.DataFrame, method: str, index: str) -> Iterator[list[str]]:
    """The values that matter most to one outcome; with PAWN, what a value that does nothing reaches by luck."""
    idle = rows[rows["index"] == "idle"].set_index("name").high
    for row in rows[rows["index"] == index].nlargest(MOST_SHOWN, "value").to_dict("records"):
        numbers = [f"{row[name]:.3g}" for name in ("value", "low", "high")]
        last = {"morris": [row["unit"]], "pawn": [f"{idle.get(row['name'], 0.0):.3g}"]}.get(method, [])
        yield [row["label"], row["name"], *numbers, *last]
