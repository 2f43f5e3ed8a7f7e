"""Texts to begin with: an example, one of the library as it is, several composed, or one of the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from experiments.errors import RequestError
from experiments.rules_commands import TEMPLATE
from scenarios import available, load
from scenarios.loader import LIBRARY
from viz.studio import shelf
from viz.studio.link import SIGN, packed, source_of, unpacked
from viz.studio.verdict import judge

EXAMPLE = "example"
MINE = "mine:"


def choices() -> dict[str, str]:
    """Everything that can be opened, with the words for it."""
    mine = {f"{MINE}{name}": f"yours: {name}" for name in shelf.saved()}
    library = {name: f"{load(name).title} ({name})" for name in available()}
    return {EXAMPLE: "an example", **mine, **library}


def text_of(choice: str) -> str:
    """The text of a choice. Raises RequestError where there is none."""
    if choice == EXAMPLE:
        return TEMPLATE
    if choice.startswith(MINE):
        return shelf.read(choice.removeprefix(MINE))
    return (LIBRARY / f"{source_of(choice)}.toml").read_text(encoding="utf-8")


def names_in(search: str | None) -> tuple[str, ...]:
    """The scenarios that an address names, whether they can be played or not."""
    words = dict(parse_qsl((search or "").removeprefix("?").replace("+", "%2B")))
    return tuple(name for name in words.get("scenario", "").split("+") if name) or ("baseline",)


def text_for(names: Sequence[str]) -> str:
    """The text for the scenarios of an address: that of a text in it or of the one named, or one that composes several.

    Raises RequestError for an unknown name or a damaged text.
    """
    if list(names) == ["baseline"]:
        return TEMPLATE
    if len(names) == 1:
        return unpacked(names[0]) if names[0].startswith(SIGN) else text_of(names[0])
    if any(name.startswith(SIGN) for name in names):
        raise RequestError("link: a scenario that is a text cannot be composed with others here; name it alone")
    titles = " and ".join(load(source_of(name)).title for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    return f'title = "{titles}"\nstory = ""\nextends = [{listed}]\n'


def own_texts(names: Sequence[str]) -> list[dict[str, str]]:
    """Name, title and story of the texts among scenarios of an address, and of what the user keeps and can play."""
    kept = [packed(text) for name in shelf.saved() if judge(text := shelf.read(name)).playable]
    codes = dict.fromkeys([*(name for name in names if name.startswith(SIGN)), *kept])
    found = [(code, judge(unpacked(code)).scenario) for code in codes]
    return [{"name": code, "title": f"{one.title} (yours)", "story": " ".join(one.story.split())}
            for code, one in found if one is not None]  # fmt: skip
