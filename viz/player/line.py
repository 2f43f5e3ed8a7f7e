"""A world line: a market that is played on, its history, and the way back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from model import PharmaMarket
from model.clock import month_label
from model.market import LAST_MONTH
from scenarios import Change, Scenario
from viz.player.history import History
from viz.player.keyframes import EVERY, Keyframes
from viz.player.recording import ENDS, Recording


class Line:
    """A market with everything that was seen of it.

    While months are still to be seen the market stands where the history ends, or on the way there; afterwards it
    stands wherever it was needed last.
    """

    def __init__(
        self, market: PharmaMarket, history: History, keyframes: Keyframes, recording: Recording | None = None
    ) -> None:
        self.market, self.history, self.keyframes, self.recording = market, history, keyframes, recording

    @classmethod
    def begin(cls, market: PharmaMarket, folder: Path, writer: ThreadPoolExecutor) -> Line:
        """The line of a market that has not played yet, with what is known of it from earlier.

        ``writer`` moves states to ``folder`` meanwhile.
        """
        recording = Recording(market)
        line = cls(market, recording.history(), Keyframes(folder, writer), recording)
        line.keyframes.keep(market)
        line.keyframes.kept += recording.keyframes(line.months)
        if 0 < line.months < LAST_MONTH:
            line.market = line.keyframes.market_before(line.months)
        return line

    @property
    def months(self) -> int:
        """How many months have been seen."""
        return self.history.months

    @property
    def over(self) -> bool:
        """Whether the last month has been seen."""
        return self.months >= LAST_MONTH

    def play(self) -> None:
        """Play one month, and keep what was seen if nobody has seen it yet."""
        self.market.step()
        if self.market.month > self.months:
            self.history.add(self.market.world)
            self._keep()

    def _keep(self) -> None:
        """Keep the state every two years, and what was seen at the end of a chapter."""
        recording = self.recording if self.months in ENDS else None
        if self.over:
            self.keyframes.spill(self.keyframes.kept)
        elif self.months % EVERY == 0:
            self.keyframes.keep(self.market, recording.keyframe(self.months) if recording else None)
        if recording is not None:
            self.keyframes.writer.submit(recording.keep, self.history, self.months)

    def market_before(self, months: int) -> PharmaMarket:
        """The market nearest before ``months`` months that have been seen, to be played on to them.

        It is the line's own where that stands there, or where nothing is left to be seen.
        """
        if self.keyframes.latest(months) <= self.market.month <= months:
            return self.market
        market = self.keyframes.market_before(months)
        if self.over:
            self.market = market
        return market

    def branch(self, market: PharmaMarket, lever: str, value: float) -> Line:
        """The same world as far as ``market`` has played it, and with another value of a lever from then on.

        Raises ValueError or LookupError for a value that the lever cannot have.
        """
        months = market.month
        change = Change(value=lever, set=value, from_=month_label(months), source="changed while it played")
        rule = Scenario(title=f"{lever} = {value:g} from {month_label(months)}", changes=[change])
        return Line(market.branch([rule]), self.history.prefix(months), self.keyframes.until(months))
