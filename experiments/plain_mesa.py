"""Mesa as it comes: agents that do next to nothing, as a measure for the market's own speed.

``python -m experiments.plain_mesa 20000 312`` prints processor seconds as JSON.
"""

from __future__ import annotations

import json
import sys
import time

import mesa


class Counter(mesa.Agent):
    """An agent that counts its months."""

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model)
        self.x = 0

    def step(self) -> None:
        """One month."""
        self.x += 1


class Counters(mesa.Model):
    """A world of counters."""

    def __init__(self, agents: int) -> None:
        super().__init__(rng=1)
        Counter.create_agents(self, agents)


def seconds(agents: int, months: int, shuffled: bool) -> float:
    """Processor seconds of ``months`` steps of ``agents`` agents, setting up left out."""
    world = Counters(agents)
    began = time.process_time()
    for _ in range(months):
        if shuffled:
            world.agents.shuffle_do("step")
        else:
            world.agents.do("step")
    return time.process_time() - began


def main(agents: int, months: int) -> None:
    """Print both ways of stepping."""
    found = {
        "agents": agents,
        "months": months,
        "shuffle_do_seconds": round(seconds(agents, months, shuffled=True), 3),
        "do_seconds": round(seconds(agents, months, shuffled=False), 3),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
