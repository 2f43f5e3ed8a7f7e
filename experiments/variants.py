"""Rules under which a world can be played: scenarios composed in order, and changes for the whole run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.errors import RequestError
from experiments.settings import parse_number, title

if TYPE_CHECKING:
    from model.values import Values
    from scenarios import Scenario


@dataclass(frozen=True)
class Variant:
    """Scenarios (names, paths or Scenario objects) composed in order; ``changes`` set values for the whole run."""

    scenarios: tuple[str | Scenario, ...] = ("baseline",)
    changes: Mapping[str, float] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The names of its scenarios joined by +."""
        return "+".join(map(title, self.scenarios))

    def rules(self) -> Scenario:
        """All its scenarios as one. Raises RequestError where one is unknown or broken."""
        import scenarios

        try:
            return scenarios.compose(list(self.scenarios))
        except ValueError as error:
            raise RequestError(str(error)) from error

    def values(self) -> Values:
        """The named values month by month. Raises RequestError for an unknown name or a value out of range."""
        from model.market import resolved_values
        from model.values import UnknownValue

        try:
            return resolved_values(self.rules(), self.changes)
        except (ValueError, UnknownValue) as error:
            raise RequestError(str(error)) from error


def parse(text: str, branch: str, changes: Mapping[str, float] | None = None) -> Variant:
    """The variant of ``baseline+decoupling.toml+capital.supply=0.5``: scenarios and values, composed in order.

    A value given in this way holds from the month ``branch`` on. A text that is the path of a file is that file. Raises
    RequestError for a piece that is empty or a value that is no finite number.
    """
    pieces = [text] if Path(text).is_file() else [piece.strip() for piece in text.split("+")]
    if not all(pieces):
        raise RequestError(f"{text!r}: nothing stands beside a +; write names, files or NAME=VALUE joined by +")
    return Variant(tuple(_piece(piece, branch) for piece in pieces), dict(changes or {}))


def _piece(text: str, branch: str) -> str | Scenario:
    name, sign, value = (part.strip() for part in text.partition("="))
    if not sign or Path(text).is_file():
        return text
    from scenarios import Change, Scenario

    change = Change(value=name, set=parse_number(value, name), from_=branch, source="command line")
    return Scenario(name=text, title=text, changes=[change])
