"""What a link to the app carries in its search part: scenario, seed, scale and month, and what a page adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import solara

from experiments.errors import RequestError
from experiments.settings import LAST_MONTH, Settings, finite, month_number
from viz.studio.link import source_of

LONGEST = 20_000
FIRST_MONTH = "2000-01"


@dataclass(frozen=True)
class Link:
    """Scenarios (composed in order), seed, scale, month to go to, and further words of a page by name.

    A scenario is a name of the library or, after a ``~``, a text in itself (:mod:`viz.studio.link`).
    """

    scenarios: tuple[str, ...] = ("baseline",)
    seed: int = 1
    scale: float = 1.0
    month: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """The run that it asks for. Raises RequestError where it cannot be played."""
        return Settings(tuple(map(source_of, self.scenarios)), self.seed, self.scale)

    def search(self) -> str:
        """The search part, without what is as it would be anyway."""
        words = {"scenario": "+".join(self.scenarios), "seed": str(self.seed), "scale": f"{self.scale:g}",
                 "month": self.month}  # fmt: skip
        return urlencode({k: v for k, v in {**words, **self.more}.items() if v}, safe="+,:~", quote_via=quote)


def parse(search: str | None) -> Link:
    """The link of a search part. Raises RequestError that names the word that is wrong."""
    text = (search or "").removeprefix("?")
    if len(text) > LONGEST:
        raise RequestError(f"link: longer than {LONGEST} characters; share the scenario as a file")
    words = dict(parse_qsl(text.replace("+", "%2B")))
    names = tuple(filter(None, words.pop("scenario", "baseline").split("+"))) or ("baseline",)
    link = Link(names, int(_number(words.pop("seed", "1"), "seed")), _number(words.pop("scale", "1"), "scale"),
                words.pop("month", ""), words)  # fmt: skip
    link.settings  # noqa: B018 - checks numbers and names: a link never names a file of the server
    if link.month and not FIRST_MONTH <= _month(link.month) <= LAST_MONTH:
        raise RequestError(f"month: {link.month} is outside {FIRST_MONTH} to {LAST_MONTH}")
    return link


def _month(label: str) -> str:
    month_number(label, "month")
    return label


def _number(text: str, name: str) -> float:
    value = finite(text)
    if value is None:
        raise RequestError(f"{name}: {text!r} is not a number")
    return value


def use_link() -> tuple[Link, str, Callable[[Link], None]]:
    """The link of the page, what is wrong with it (empty if nothing; the default then stands in), and how to go on."""
    router = solara.use_router()
    wrong = ""
    try:
        link = parse(router.search)
    except RequestError as error:
        link, wrong = Link(), str(error)

    def go(new: Link, path: str | None = None) -> Any:
        router.push(f"{path or router.path or '/'}?{new.search()}")

    return link, wrong, go
