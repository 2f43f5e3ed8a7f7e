"""The indicators as an ordinary Mesa data collector, read from the recorder when somebody asks for them."""

from __future__ import annotations

from functools import partial
from typing import Any

from agents.framework import mesa
from model.observation.recorder import INDICATORS, Recorder


class Series(mesa.DataCollector):
    """Collected indicators, one value per month played.

    The recorder keeps them as arrays anyway: making lists of them month by month would only cost time. For reporters
    of one's own, give the market a collector of one's own.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        super().__init__(model_reporters={name: partial(latest, name=name) for name in INDICATORS})

    def collect(self, model: Any) -> None:
        """Note the time of a month; the recorder has its figures already."""
        steps = self.__dict__.setdefault("_collection_steps", [])  # newer Mesa finds the month of a value by it
        steps.append(getattr(model, "time", model.steps))

    @property
    def model_vars(self) -> dict[str, list[float]]:
        """Values by indicator, in the order of the months."""
        played = self._recorder.indicators[: self._recorder.months]
        return {name: played[:, index].tolist() for index, name in enumerate(INDICATORS)}

    @model_vars.setter
    def model_vars(self, empty: dict[str, list[float]]) -> None:
        """The base class starts with empty lists: nothing to keep."""


def latest(market: Any, name: str) -> float:
    """Indicator of the month played last."""
    recorder = market.world.recorder
    return float(recorder.indicators[recorder.months - 1, INDICATORS.index(name)])
