"""The market as a player that writes a line to the file ``PLAYER_LOG`` for each run begun."""

from __future__ import annotations

import sweep_player

from experiments.sweeps import market
from experiments.sweeps.market import Outcome, Run, figures, past_of, prepare, series

__all__ = ["figures", "past_of", "play", "prepare", "series"]


def play(run: Run) -> Outcome:
    sweep_player.note(run)
    return market.play(run)
