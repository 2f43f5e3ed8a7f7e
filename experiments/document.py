"""The tables of the documentation, written from the schema, the families, the plan and the decisions.

``python -m experiments.document`` renews what stands between the marks in ``docs/``; ``--check`` changes nothing, names
the tables that are stale and ends with 1 if there are any.
"""

from __future__ import annotations

import argparse
import ast
import csv
import dataclasses
import fnmatch
import inspect
import json
import re
import sys
import typing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
MARK = re.compile(r"<!-- table:(?P<name>[\w.]+):begin -->\n.*?<!-- table:(?P=name):end -->", re.DOTALL)
DRAWS = ("uniform", "normal", "choice", "together")
Cells = Iterable[object]


# --- documents


def stale(folder: Path = DOCS) -> list[str]:
    """Tables that differ from what the code and data say now, as ``file: name``."""
    found = []
    for path in sorted(folder.glob("*.md")):
        old = path.read_text("utf-8")
        now = {match["name"]: match[0] for match in MARK.finditer(renewed(old))}
        found += [f"{path.name}: {match['name']}" for match in MARK.finditer(old) if now[match["name"]] != match[0]]
    return found


def renew(folder: Path = DOCS) -> list[str]:
    """Write every table anew; returns the names of the files that changed."""
    changed = []
    for path in sorted(folder.glob("*.md")):
        old = path.read_text("utf-8")
        new = renewed(old)
        if new != old:
            path.write_text(new, "utf-8")
            changed.append(path.name)
    return changed


def renewed(text: str) -> str:
    """A document with all its tables as they are now. Raises KeyError for a table that nobody writes."""
    return MARK.sub(lambda match: marked(match["name"]), text)


def marked(name: str) -> str:
    """A table between its marks."""
    return f"<!-- table:{name}:begin -->\n\n{content(name)}\n\n<!-- table:{name}:end -->"


@cache
def content(name: str) -> str:
    """The text of a table; ``state.firms`` asks the writer ``state`` for ``firms``."""
    writer, _, part = name.partition(".")
    return WRITERS[writer](part) if part else WRITERS[writer]()


def table(head: Sequence[str], rows: Iterable[Cells]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", r"\|").replace("\n", " ")


def sentence(text: str | None) -> str:
    """The first paragraph of a docstring in one line."""
    return " ".join((text or "").strip().split("\n\n")[0].split())


def code(words: Iterable[str]) -> str:
    """Words as code, with commas."""
    return ", ".join(f"`{word}`" for word in words)


# --- entities and the month


def entities() -> str:
    """The entity tables, their size, and what in them has one value for each region or payer."""
    from model.tables import schema
    from model.world import TABLES

    rows = [(f"[{name}](#{name})", len(schema(name)), code(_shaped(name))) for name in TABLES]
    return table(("table", "attributes", "of which by region or payer"), rows)


def _shaped(name: str) -> list[str]:
    from model.tables import schema

    return [column.name for column in schema(name) if column.dims]


def state(name: str) -> str:
    """The attributes of one entity table."""
    from model.tables import schema

    rows = []
    for column in schema(name):
        kind = f"{column.dtype} by {column.dims}" if column.dims else column.dtype
        default = "never" if column.default == 32_000 else f"{column.default:g}"
        limits = _range(column.low, column.high)
        rows.append((f"`{column.name}`", kind, column.unit, default, limits, column.description))
    return table(("attribute", "type", "unit", "default", "range", "meaning"), rows)


def _range(low: float, high: float) -> str:
    return "" if low == -float("inf") and high == float("inf") else f"{_bound(low)} to {_bound(high)}"


def _bound(value: float) -> str:
    return "any" if abs(value) == float("inf") else f"{value:g}"


def plan() -> str:
    """The parts of a month in order, with the function that plays each."""
    from model.plan import MONTH

    rows = [(i, name, sentence(part.__doc__), _place(part)) for i, (name, part) in enumerate(MONTH, 1)]
    return table(("", "part of the month", "what happens", "where"), rows)


def _place(function: Callable[..., object]) -> str:
    path = Path(inspect.getfile(function)).resolve().relative_to(ROOT)
    return f"`{path.as_posix()}`"


# --- decisions


def decisions(kind: str) -> str:
    """What one kind of agent decides: what it knows and what the decision returns."""
    import agents

    found: Mapping[str, typing.Any] = getattr(agents, kind).decisions()
    rows = []
    for name, decision in found.items():
        known = knowledge(decision.function)
        fields = code(field.name for field in dataclasses.fields(known))
        rows.append((f"`{name}`", f"`{known.__name__}`: {fields}", sentence(decision.function.__doc__)))
    return table(("decision", "knows", "returns"), rows)


def known(module: str) -> str:
    """Every field of what is known in one file of decisions."""
    tree = ast.parse((ROOT / "agents" / "decisions" / f"{module}.py").read_text("utf-8"))
    blocks = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            fields = table(("field", "type", "meaning"), _fields(node))
            blocks.append(f"**`{node.name}`**. {sentence(ast.get_docstring(node))}\n\n{fields}")
    return "\n\n".join(blocks)


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str, str]]:
    """Name, type and explanation of each field of a dataclass; the explanation is the string after it."""
    for item, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            said = after.value if isinstance(after, ast.Expr) else None
            text = sentence(str(said.value)) if isinstance(said, ast.Constant) else ""
            yield f"`{item.target.id}`", ast.unparse(item.annotation).replace("np.ndarray", "array"), text


def knowledge(function: Callable[..., object]) -> type:
    """The dataclass of which a decision takes an instance."""
    found: type = typing.get_type_hints(function)["known"]
    return found


# --- chance


def draws() -> str:
    """The names of all random decisions by the file that draws them."""
    rows = []
    for path in sources("model"):
        names = sorted(set(_drawn(path)))
        if names and path.name != "draws.py":
            rows.append((f"`{path.relative_to(ROOT).as_posix()}`", code(names)))
    return table(("file", "random decisions"), rows)


def _drawn(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and isinstance(called, ast.Attribute) and called.attr in DRAWS and node.args:
            yield from _texts(node.args[0])


def _texts(node: ast.AST) -> Iterator[str]:
    """All texts in an expression, those that are put together as one."""
    text = _pattern(node)
    if text:
        yield text
    else:
        for part in ast.iter_child_nodes(node):
            yield from _texts(part)


def _pattern(node: ast.AST) -> str:
    """A text in the code; where it is put together, its parts with ``*`` between; else nothing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
    return ""


def sources(*rooms: str) -> list[Path]:
    """The Python files of some rooms."""
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


# --- named values


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
    """The levers by group: axes, unit, allowed range, meaning, and whether a mechanism reads them yet."""
    asleep = set(unread_families())
    rows = [
        (f"`{family.name}`", " x ".join(family.dims), family.unit, f"{family.low:g} to {family.high:g}",
         family.description, "not yet" if family.name in asleep else "yes")
        for _, found in _grouped() for family in found if family.role == "lever"
    ]  # fmt: skip
    return table(("lever", "by", "unit", "allowed", "meaning", "acts"), rows)


def unread() -> str:
    """Named values that no file of the model reads, by group."""
    groups: dict[str, list[str]] = {}
    for name in unread_families():
        groups.setdefault(name.split(".")[0], []).append(name.partition(".")[2])
    return table(("group", "not read yet"), [(f"`{group}`", code(names)) for group, names in sorted(groups.items())])


def unread_families() -> list[str]:
    """Names of families that appear nowhere in ``model`` or ``agents``."""
    from model.data.reader import families

    read = {name for path in sources("model", "agents") for name in _read(path)}
    return [name for name in families() if name not in read]


def reads() -> str:
    """The named values that each mechanism reads."""
    rows = []
    for path in [*sources("model/mechanisms"), *sources("model/initial")]:
        names = sorted(_read(path))
        if names:
            rows.append((f"`{path.relative_to(ROOT).as_posix()}`", code(names)))
    return table(("file", "named values"), rows)


def _read(path: Path) -> set[str]:
    """Families whose name stands in a file as a text, or matches a text that is put together there."""
    from model.data.reader import families

    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        text = _pattern(node)
        if text in families():
            found.add(text)
        elif "*" in text and "." in text.split("*")[0].strip("."):
            found.update(fnmatch.filter(families(), text))
    return found


# --- scenarios, results, the world of 2000, facts


def library() -> str:
    """The scenarios of the library."""
    import scenarios

    rows = []
    for name in scenarios.available():
        one = scenarios.load(name)
        rows.append((f"`{name}`", one.title, code(one.extends), len(one.changes), " ".join(one.story.split())))
    return table(("name", "title", "extends", "changes", "story"), rows)


def expectations() -> str:
    """What sources expect of each scenario and what came out, as kept by ``python -m experiments.expectations``."""
    from experiments.library import RESULTS

    if not RESULTS.is_file():
        return "Not played yet."
    kept = json.loads(RESULTS.read_text("utf-8"))
    rows = [
        (f"`{row['scenario']}`", f"`{row['column']}`", row["direction"], f"{row['from']} to {row['until']}",
         f"{row['effect']:+.3g} ({row['low']:.3g} to {row['high']:.3g})", row["unit"], row["verdict"], row["reason"])
        for row in kept["expectations"]
    ]  # fmt: skip
    found = [row["verdict"] for row in kept["expectations"]]
    said = ", ".join(f"{found.count(verdict)} {verdict}" for verdict in sorted(set(found)))
    head = f"Scale {kept['scale']:g}, {len(kept['seeds'])} seeds: {said}.\n\n"
    return head + table(
        ("scenario", "column", "expected", "months", "effect (95 % interval)", "unit", "came out", "why"), rows
    )


def results() -> str:
    """The result tables: what a row is."""
    from model.observation.frames import BUILDERS

    return table(("table", "what it holds"), [(f"`{name}`", sentence(made.__doc__)) for name, made in BUILDERS.items()])


def series() -> str:
    """The columns of the two monthly tables."""
    from model.observation.recorder import INDICATORS, REGIONAL

    return table(("table", "columns"), [("`indicators`", code(INDICATORS)), ("`regional`", code(REGIONAL))])


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


def million() -> str:
    """What a million runs take, from what ``python -m experiments.analysis.bench --write`` has kept."""
    from experiments.analysis import planning

    found = planning.measured()
    if found is None:
        return "Not measured yet."
    return planning.sentences(found) + "\n\n" + table(planning.HEADS, planning.rows(found))


def headlines() -> str:
    """The headline facts: how each is counted in the model, and the band that is accepted."""
    from experiments.headlines import FACTS

    rows = []
    for fact in FACTS:
        how = fact.measure.func if isinstance(fact.measure, partial) else fact.measure
        band = f"{_figure(fact.low)} to {_figure(fact.high)}"
        target = "" if fact.target is None else _figure(fact.target)
        rows.append((fact.name, fact.unit, sentence(how.__doc__), target, band, f"{fact.status}: {fact.source}"))
    return table(("fact", "unit", "counted in the model", "observed", "accepted", "source"), rows)


def limits(part: str) -> str:
    """Sentences on what the model cannot tell."""
    from experiments.limits import limits as sentences

    return "\n".join(f"{number}. {text}" for number, text in enumerate(sentences(part), 1))


def counting() -> str:
    """What sources and the model count under the same name."""
    from experiments.limits import counting as rows

    head = ("figure", "the source counts", "the model counts", "hence")
    return table(head, [(row["figure"], row["source"], row["model"], row["hence"]) for row in rows()])


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


WRITERS: dict[str, Callable[..., str]] = {
    "entities": entities, "state": state, "plan": plan, "decisions": decisions, "known": known, "draws": draws,
    "inputs": inputs, "levers": levers, "unread": unread, "reads": reads, "library": library,
    "expectations": expectations, "results": results, "series": series, "firms_2000": firms_2000,
    "headlines": headlines, "limits": limits, "counting": counting, "million": million,
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m experiments.document", description="The tables of docs/.")
    parser.add_argument("--check", action="store_true", help="change nothing, end with 1 if a table is stale")
    if parser.parse_args(arguments).check:
        found = stale()
        print("\n".join(f"stale: {name}" for name in found) or "docs: up to date")
        return int(bool(found))
    print("\n".join(f"renewed: docs/{name}" for name in renew()) or "docs: up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
