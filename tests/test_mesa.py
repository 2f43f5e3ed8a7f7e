"""The market is an ordinary Mesa model: batches, collected data, agents by type."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from worlds import KINDS, base, fork

from agents import Biotech, Payer, Pharma, Regulator
from agents.decisions.research import BudgetKnown
from model import PharmaMarket
from model.observation.recorder import INDICATORS


def test_a_market_is_a_model_of_agents() -> None:
    market = base(scale=0.02)
    assert isinstance(market, mesa.Model)
    assert all(isinstance(agent, mesa.Agent) and agent.model is market for agent in market.agents)
    numbers = [agent.unique_id for agent in market.agents]
    assert len(set(numbers)) == len(numbers)
    assert set(market.agent_types) == set(KINDS)
    assert len(market.agents_by_type[Payer]) == 48 and len(market.agents_by_type[Regulator]) == 10


def test_sets_of_agents_can_be_asked_and_changed() -> None:
    market = fork(base(scale=0.02))
    firms = market.world.firms
    cash = market.agents_by_type[Pharma].agg("cash", sum)
    assert cash == pytest.approx(firms.cash[(firms.kind == 1) & (firms.exited > 0)].sum())
    rich = market.agents_by_type[Biotech].select(lambda agent: agent.cash > 10)
    assert set(rich.get("row")) == set(np.flatnonzero((firms.kind == 0) & (firms.cash > 10)).tolist())
    market.agents_by_type[Biotech].set("stance", 0.75)
    assert (firms.stance[firms.kind == 0] == 0.75).all()


def batch(**settings: object) -> pd.DataFrame:
    parameters = {"scenario": ["baseline"], "scale": 0.02, "rng": [1, 2]}
    rows = mesa.batch_run(PharmaMarket, parameters, max_steps=3, display_progress=False, **settings)  # type: ignore[arg-type]
    return pd.DataFrame(rows)


def test_batches_run_unmodified() -> None:
    frame = batch(number_processes=1, data_collection_period=1)
    assert set(INDICATORS) <= set(frame.columns)
    assert (frame["scale"] == 0.02).all() and (frame["scenario"] == "baseline").all()
    series = {seed: part.sort_values("Step")["rd_spend"].to_numpy() for seed, part in frame.groupby("rng")}
    assert sorted(series) == [1, 2] and len(series[1]) >= 3
    for seed, spent in series.items():
        alone = PharmaMarket("baseline", scale=0.02, rng=seed).run_until(len(spent)).indicators
        np.testing.assert_array_equal(spent, alone["rd_spend"])
    assert (series[1] != series[2]).all()


def test_batches_run_in_processes_like_alone() -> None:
    alone, pooled = (batch(number_processes=number, data_collection_period=-1).sort_values("rng") for number in (1, 2))
    pd.testing.assert_frame_equal(alone.reset_index(drop=True), pooled.reset_index(drop=True))


def test_the_data_collector_holds_the_indicators() -> None:
    market = fork(base(scale=0.02)).run_until(5)
    frame = market.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(INDICATORS)
    assert len(frame) == 5
    for name in ("firms", "pipeline_assets", "net_sales", "venture", "tension_us_cn"):
        np.testing.assert_array_equal(frame[name], market.indicators[name])


def test_steps_and_the_end() -> None:
    market = fork(base(scale=0.02))
    assert market.steps == 0
    market.step()
    assert (market.steps, market.month, market.running) == (1, 1, True)
    market.world.month = 491
    market.step()
    assert not market.running
    with pytest.raises(ValueError, match="2041-01"):
        market.run_until(1)


def test_seeds_of_old_and_new_mesa() -> None:
    one, other = PharmaMarket(scale=0.02, rng=9).run_until(2), PharmaMarket(scale=0.02, seed=9).run_until(2)
    np.testing.assert_array_equal(one.world.firms.cash, other.world.firms.cash)
    assert PharmaMarket(scale=0.02, rng=np.int64(9)).seed_number == 9


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"scale": 0.0}, "scale"),
        ({"scale": 11}, "scale"),
        ({"start": "2005-01"}, "2005-01"),
        ({"start": "05"}, "YYYY-MM"),
    ],
)
def test_impossible_worlds_are_refused(given: dict[str, object], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        PharmaMarket("baseline", **given)  # type: ignore[arg-type]


class Hasty(Biotech):
    def choose_rout(self, known: object) -> object:  # the misspelling is the point
        return known


class Unsure(Biotech):
    def set_research_budget(self, known: BudgetKnown) -> np.ndarray:
        return np.full(len(known.cash), np.nan)


class Narrow(Biotech):
    def set_research_budget(self, known: BudgetKnown) -> np.ndarray:
        return np.zeros(len(known.cash) + 1)


@pytest.mark.parametrize(("behaviour", "message"), [
    ({Biotech: Hasty}, r"Hasty\.choose_rout is no decision; did you mean choose_route\?"),
    ({Biotech: str}, r"str is no Biotech; write class str\(Biotech\)"),
    ({Biotech: Pharma}, r"Pharma is no Biotech"),
    ({Biotech: (Biotech, 3)}, r"3 does not say which of them"),
    ({str: Biotech}, r"is no kind of agent"),
])  # fmt: skip
def test_own_behaviour_that_cannot_be_is_refused(behaviour: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PharmaMarket(rng=1, scale=0.02, agents=behaviour)


@pytest.mark.parametrize(("own", "message"), [
    (Unsure, r"Unsure\.set_research_budget answered array\(\[nan\]\) in 2000-01; it must give finite numbers"),
    (Narrow, r"Narrow\.set_research_budget answered an array of shape \(2,\) in 2000-01; it takes \(1,\)"),
])  # fmt: skip
def test_own_answers_that_cannot_be_are_refused(own: type[Biotech], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PharmaMarket(rng=1, scale=0.02, agents={Biotech: own}).run_until(2)
