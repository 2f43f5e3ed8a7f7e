"""Edits of a scenario text that leave alone what they do not mean: comments, order and layout of the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenarios import Change, Scenario, parse, positions


def put_change(text: str, scenario: Scenario, index: int | None, change: Change) -> str:
    """Replace change number ``index``, or append one."""
    changes = list(scenario.changes)
    if index is None:
        changes.append(change)
    else:
        changes[index] = change
    wanted = scenario.model_copy(update={"changes": changes})
    return _kept(text, wanted, lambda: _put(text, scenario, index, change))


def drop_change(text: str, scenario: Scenario, index: int) -> str:
    """Remove change number ``index``."""
    wanted = scenario.model_copy(
        update={"changes": [one for place, one in enumerate(scenario.changes) if place != index]}
    )
    return _kept(text, wanted, lambda: _spliced(text, *_block(text, "change", index), ""))


def put_head(text: str, scenario: Scenario, **fields: Any) -> str:
    """Change title, story, sources, watch or extends."""
    wanted = scenario.model_copy(update=fields)
    return _kept(text, wanted, lambda: _head(text, wanted, tuple(fields)))


def _kept(text: str, wanted: Scenario, edit: Callable[[], str]) -> str:
    """The edited text if it means what is wanted; else (unusual layouts) the scenario written anew."""
    try:
        edited = edit()
    except LookupError:
        return wanted.to_toml()
    found, _ = parse(edited, "edited.toml")
    return edited if found is not None and _same(found, wanted) else wanted.to_toml()


def _same(a: Scenario, b: Scenario) -> bool:
    return a.model_dump() == b.model_dump()


def _put(text: str, scenario: Scenario, index: int | None, change: Change) -> str:
    block = change.to_toml() + "\n"
    if index is not None:
        return _spliced(text, *_block(text, "change", index), block)
    last = len(scenario.changes) - 1
    if last >= 0:
        end = _block(text, "change", last)[1]
        return _spliced(text, end, end, "\n" + block)
    starts = [
        line
        for key, line in positions(text).items()
        if len(key) == 2 and key[0] == "expect" and isinstance(key[1], int)
    ]
    if starts:
        place = min(starts) - 1
        return _spliced(text, place, place, block + "\n")
    return text.rstrip("\n") + "\n\n" + block


def _block(text: str, kind: str, index: int) -> tuple[int, int]:
    """First line of a block and the line after its last that holds anything, from 0. LookupError if there is none."""
    where = positions(text)
    first = where[(kind, index)] - 1
    heads = sorted(line - 1 for key, line in where.items() if len(key) == 2 and isinstance(key[1], int))
    end = next((line for line in heads if line > first), len(text.splitlines()))
    return first, _trimmed(text, first, end)


def _trimmed(text: str, first: int, end: int) -> int:
    """Blank lines and comments at the end of a part belong to what follows."""
    lines = text.splitlines()
    while end > first + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _head(text: str, wanted: Scenario, names: tuple[str, ...]) -> str:
    for name in names:
        text = _put_key(text, wanted, name)
    return text


def _put_key(text: str, wanted: Scenario, name: str) -> str:
    value = getattr(wanted, name)
    alone = Scenario(**{"title": "", name: value}).to_toml().splitlines(keepends=True)
    line = alone[0 if name == "title" else 1] if value or name == "title" else ""
    where = positions(text)
    heads = sorted(place - 1 for key, place in where.items() if len(key) == 1 or isinstance(key[1], int))
    if (name,) in where:
        first = where[(name,)] - 1
        end = next((place for place in heads if place > first), len(text.splitlines()))
        return _spliced(text, first, _trimmed(text, first, end), line)
    after = where.get(("title",), 0)
    return _spliced(text, after, after, line)


def _spliced(text: str, first: int, end: int, new: str) -> str:
    lines = [line + "\n" for line in text.splitlines()]
    return "".join([*lines[:first], new, *lines[end:]])
