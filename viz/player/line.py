"""A world line: a market that is played on, its history, and the way back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from model import PharmaMarket
from model.clock import month_label
from model.market import LAST_MONTH
from scenarios import Change, Scenario
from viz.player.history import History
from viz.player.keyframes import Keyframes


class Line:
    """A market with everything that was seen of it.

    ``writer`` moves states to ``folder`` meanwhile.
    """

    def __init__(self, market: PharmaMarket, history: History, keyframes: Keyframes) -> None:
        self.market, self.history, self.keyframes = market, history, keyframes

    @classmethod
    def begin(cls, market: PharmaMarket, folder: Path, writer: ThreadPoolExecutor) -> Line:
        """The line of a market that has not played yet."""
        line = cls(market, History(), Keyframes(folder, writer))
        line.keyframes.keep(market)
        return line

    @property
    def months(self) -> int:
        """How many months have been played."""
        return self.history.months

    @property
    def over(self) -> bool:
        """Whether the last month has been played."""
        return self.months >= LAST_MONTH

    def play(self) -> None:
        """Play one month."""
        self.market.step()
        self.history.add(self.market.world)
        if not self.over:
            self.keyframes.keep(self.market)

    def branch(self, months: int, lever: str, value: float) -> Line:
        """The same world up to ``months`` months, and with another value of a lever from then on.

        Raises ValueError or LookupError for a value that the lever cannot have.
        """
        change = Change(value=lever, set=value, from_=month_label(months), source="changed while it played")
        rule = Scenario(title=f"{lever} = {value:g} from {month_label(months)}", changes=[change])
        market = self.market if months == self.months else self.keyframes.market_at(months)
        return Line(market.branch([rule]), self.history.prefix(months), self.keyframes.until(months))
