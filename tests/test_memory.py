"""Who plays many markets one after the other keeps none of them."""

from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from experiments import run
from experiments.history import played_world
from experiments.pairs import run_pairs
from experiments.sweeps import market as player
from experiments.variants import parse
from model import PharmaMarket
from model.world import World


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[weakref.ref[World]]]:
    """The worlds of all markets that are played meanwhile, while nothing collects circular garbage."""
    worlds: list[weakref.ref[World]] = []
    played = PharmaMarket.run_until

    def run_until(market: PharmaMarket, *given: Any, **named: Any) -> PharmaMarket:
        worlds.append(weakref.ref(market.world))
        return played(market, *given, **named)

    monkeypatch.setattr(PharmaMarket, "run_until", run_until)
    gc.collect()
    gc.disable()
    yield worlds
    gc.enable()


def _pair() -> object:
    return run_pairs("baseline", "capital.supply=0.5", [1], measure=months, scale=0.01, branch="2000-04",
                     until="2000-06", workers=1)  # fmt: skip


def months(market: PharmaMarket) -> int:
    return market.month


def _swept() -> object:
    return player.play(
        player.Run(
            0, 1, json.dumps(player.rules_of(parse("baseline", "2025-01"))), {}, 0.01, None, "2000-06", True, None
        )
    )


@pytest.mark.parametrize(
    "play", [lambda: run("baseline", 1, scale=0.01, until="2000-06"), _pair, _swept], ids=["run", "pair", "sweep"]
)
def test_a_played_market_is_gone_at_once(seen: list[weakref.ref[World]], play: Callable[[], object]) -> None:
    kept = play()
    assert kept is not None and seen
    assert not any(world() is not None for world in seen)


def test_a_past_is_all_that_is_left_of_its_market(seen: list[weakref.ref[World]]) -> None:
    world = played_world(parse("baseline", "2025-01"), 1, 0.01, 3)
    assert [one() for one in seen] == [world]
    assert world.month == 3
