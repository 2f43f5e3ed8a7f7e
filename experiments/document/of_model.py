"""Tables on the model: entities, the month, decisions, random decisions, results."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import typing
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from experiments.document.markdown import code, sentence, table
from experiments.document.source_files import ROOT, drawn, sources


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


def draws() -> str:
    """The names of all random decisions by the file that draws them."""
    rows = []
    for path in sources("model"):
        names = sorted(set(drawn(path)))
        if names and path.name != "draws.py":
            rows.append((f"`{path.relative_to(ROOT).as_posix()}`", code(names)))
    return table(("file", "random decisions"), rows)


def results() -> str:
    """The result tables: what a row is."""
    from model.observation.frames import BUILDERS

    return table(("table", "what it holds"), [(f"`{name}`", sentence(made.__doc__)) for name, made in BUILDERS.items()])


def series() -> str:
    """The columns of the two monthly tables."""
    from model.observation.recorder import INDICATORS, REGIONAL

    return table(("table", "columns"), [("`indicators`", code(INDICATORS)), ("`regional`", code(REGIONAL))])
