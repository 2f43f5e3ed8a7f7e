"""The two named cases as set-ups: who is there and how they decide; what comes of it is the model's.

``pharmarket cases mrna`` or ``oncology`` plays them. Both arms of a case share seeds and luck; the intervals are those
of paired differences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from agents import Biotech, Pharma
from agents.choices import ALONE, CODEVELOPMENT
from experiments.errors import RequestError
from experiments.settings import Settings
from experiments.setups import add_biotechs, add_candidates, ally, largest_pharma, place

if TYPE_CHECKING:
    from model import PharmaMarket
    from model.world import World

Values = dict[str, float]
EU, US = 1, 0
VACCINES, ONCOLOGY = 7, 0
MRNA = 10
CANDIDATES = 4
"""Of the vaccine programme, tried side by side (BNT162 began with four)."""
UNREACHED = "never within the time played counts as its last month"


class Founder:
    """A founder's firm: keeps what is not under contract and is not for sale."""

    def choose_route(self, known: Any) -> np.ndarray:
        """Never offers anything."""
        return np.full(len(known.home), ALONE)

    def offer_firm(self, known: Any) -> np.ndarray:
        """Is not for sale."""
        return np.zeros(len(known.runway), bool)


class FounderBiotech(Founder, Biotech):
    """A founder's firm while it has no medicine on the market."""


class FounderPharma(Founder, Pharma):
    """The same firm once it sells."""


@dataclass(frozen=True)
class Case:
    """A named case: its arms (name -> set-up), when it begins, how long it plays, what is measured."""

    title: str
    branch: str
    months: int
    arms: dict[str, Callable[[World], list[int]]]
    measure: Callable[[PharmaMarket, list[int], int], Values]
    scenario: Callable[[], Any] = lambda: ()


def pandemic() -> Any:
    """Dated rules of a pandemic: urgent reviews, trials that start and recruit fast."""
    import scenarios

    source = "FDA Coronavirus Treatment Acceleration Program 2020; EMA rolling reviews; BNT162b2 trial C4591001"
    window = {"from": "2020-03", "until": "2024-01", "source": source}
    content = {
        "title": "Pandemic", "story": "Urgent vaccines for a disease that is everywhere.",
        "sources": [source], "watch": ["approvals_first"],
        "change": [
            {"value": "regulator.expedited_share", "set": 0.95, **window},
            {"value": "regulator.expedited_days", "scale": 0.4, **window},
            {"value": "area.length.vaccines", "scale": 0.25, **window},
            {"value": "trials.startup", "scale": 0.5, **window},
            {"value": "trials.recruitment", "scale": 4.0, **window},
        ],
    }  # fmt: skip
    return scenarios.Scenario.model_validate(content)


# --- a platform biotech in a pandemic


def platform(world: World) -> list[int]:
    """A European biotech with mRNA vaccines that work, money for its trials, and no sales organisation."""
    firm = add_biotechs(world, EU, 1_500.0, focus=VACCINES, second_focus=VACCINES, science=2.0, stance=0.8)
    size = np.where(world.indications.area == VACCINES, world.indications.prevalence, -1.0)
    return add_candidates(world, np.repeat(firm, CANDIDATES), VACCINES, modality=MRNA, novel=True, orphan=False,
                          quality=3.0, risk=-1.0, belief=2.5, indication=int(size.argmax())).tolist()  # fmt: skip


def platform_with_partner(world: World) -> list[int]:
    """The same biotech, with a global pharma firm as its partner everywhere but at home."""
    assets = platform(world)
    ally(world, np.array(assets), largest_pharma(world, home=US), CODEVELOPMENT, np.arange(10) != EU)
    return assets


def launch_figures(market: PharmaMarket, assets: list[int], began: int) -> Values:
    """Time to launches, reach and cost of the candidates of one programme by the end."""
    world, last = market.world, market.month - began
    positions = world.positions
    mine = np.isin(positions.asset, assets) & ~positions.mature & (positions.launched < market.month)
    month = np.full(10, last)
    np.minimum.at(month, positions.region[mine], positions.launched[mine] - began)
    month.sort()
    return {
        "launched": float(month[0] < last), "months to first launch": float(month[0]),
        "months to launch in three regions": float(month[2]), "regions reached": float((month < last).sum()),
        "patient-years treated, million": float(world.assets.exposure[assets].sum()) / 1e6 / market.scale,
        "trial cost, million US$": trial_cost(world, assets),
        "all research of the originator, million US$": originator_cost(market, assets[0], began),
    }  # fmt: skip


def originator_cost(market: PharmaMarket, row: int, began: int) -> float:
    """Research spending of the originator since the branch, million US$."""
    firm = int(market.world.firms.firm[market.world.assets.originator[row]])
    years = market.table("firm_years")
    mine = years[(years["firm"] == firm) & (years["year"] >= 2000 + began // 12)]
    return float(mine["rd_spend"].sum())


def trial_cost(world: World, assets: list[int]) -> float:
    """Cost of the programmes of assets so far, million US$; running ones by the months that have passed."""
    trials = world.trials
    mine = np.isin(trials.asset, assets)
    running = np.isin(assets, trials.asset[mine & (trials.outcome == 0)])
    left = world.assets.burn[assets] * np.maximum(world.assets.due[assets].astype(float) - world.month, 0)
    return float(trials.cost[mine].sum() - left[running].sum())


# --- a portfolio of oncology partners


PROJECTS = 16
PASSED = 1
"""The projects have passed phase I."""
NIMBLE, GROWN = 0.05, 0.3
"""Bureaucracy of a firm with one project and of one with all of them (that of regional pharma firms)."""
MONEY = 60.0
"""Million US$ that each project brings its firm."""


def project_traits(world: World, science: np.ndarray) -> dict[str, np.ndarray]:
    """Hidden nature of the projects: luck of its own for each, and the science of the firm behind it."""
    slot = np.arange(PROJECTS)
    good = world.draws.normal("case.quality", slot) + world.now["research.science_weight"] * science
    return {
        "quality": good.clip(-6, 6), "risk": world.draws.normal("case.risk", slot),
        "belief": (good + world.now["research.noise"] * world.draws.normal("case.belief", slot)).clip(-8, 8),
        "biomarker": world.draws.uniform("case.marker", slot) < world.now["area.biomarker_share"][ONCOLOGY],
    }  # fmt: skip


def portfolio(world: World) -> list[int]:
    """A global pharma firm with as many oncology biotechs as partners as projects, one each."""
    science = world.draws.normal("case.science", np.arange(PROJECTS))
    firms = add_biotechs(world, US, MONEY, PROJECTS, focus=ONCOLOGY, second_focus=ONCOLOGY, science=science,
                         bureaucracy=NIMBLE)  # fmt: skip
    return allied_projects(world, firms, science)


def single(world: World) -> list[int]:
    """The same pharma firm with one oncology biotech as its partner for the same number of projects."""
    science = world.draws.normal("case.science", np.zeros(1, np.int64))
    firm = add_biotechs(world, US, MONEY * PROJECTS, focus=ONCOLOGY, second_focus=ONCOLOGY, science=science,
                        bureaucracy=GROWN)  # fmt: skip
    return allied_projects(world, np.repeat(firm, PROJECTS), np.repeat(science, PROJECTS))


def allied_projects(world: World, owner: np.ndarray, science: np.ndarray) -> list[int]:
    """Give firms their projects and ally each with the pharma firm."""
    assets = add_candidates(world, owner, ONCOLOGY, PASSED, novel=True, orphan=False, **project_traits(world, science))
    ally(world, assets, largest_pharma(world, area=ONCOLOGY), CODEVELOPMENT, np.ones(10, bool))
    return assets.tolist()


def portfolio_figures(market: PharmaMarket, assets: list[int], began: int) -> Values:
    """Approvals, their cost and reach of a set of projects by the end."""
    from model.clock import NEVER

    world = market.world
    approved = world.assets.first_approval[assets]
    month = approved[approved < NEVER] - began
    cost = trial_cost(world, assets)
    number = float(len(month))
    positions = world.positions
    return {
        "approvals": number, "any approval": float(number > 0), "trial cost, million US$": cost,
        "approvals per billion US$": 1000 * number / max(cost, 1.0),
        "months to first approval": float(month.min()) if number else float(market.month - began),
        "regions reached": float(np.isin(positions.asset[~positions.mature], assets).sum()),
        "patient-years treated, thousand": float(world.assets.exposure[assets].sum()) / 1000 / market.scale,
    }  # fmt: skip


CASES: dict[str, Case] = {
    "mrna": Case("A platform biotech in a pandemic: alone against with a global pharma firm", "2020-03", 120,
                 {"solo": platform, "partnered": platform_with_partner}, launch_figures, pandemic),
    "oncology": Case("A global pharma firm in oncology: one partner against a portfolio of partners", "2010-01", 204,
                     {"single": single, "portfolio": portfolio}, portfolio_figures),
}  # fmt: skip


def play_case(name: str, seeds: tuple[int, ...], scale: float) -> dict[str, list[Values]]:
    """Figures of each arm by seed. Raises RequestError for an unknown case, no seeds, or what is no seed or scale."""
    if name not in CASES:
        raise RequestError(f"there is no case {name!r}; there are {', '.join(CASES)}")
    if not seeds:
        raise RequestError("seeds: at least one is needed, two for intervals")
    for seed in seeds:
        Settings(seed=seed, scale=scale)
    found: dict[str, list[Values]] = {arm: [] for arm in CASES[name].arms}
    for seed in seeds:
        history = market_before(CASES[name], seed, scale)
        for arm in found:
            found[arm].append(play_arm(CASES[name], arm, history))
    return found


def market_before(case: Case, seed: int, scale: float) -> PharmaMarket:
    """The market at the month of the branch, from the user's cache if it is there."""
    from experiments.history import market_at
    from experiments.variants import parse
    from model.clock import month_index

    return market_at(parse("baseline", case.branch, {}), seed, scale, month_index(case.branch))


def play_arm(case: Case, arm: str, history: PharmaMarket) -> Values:
    """Place the arm's actors, play on, measure."""
    began, known = history.month, len(history.world.firms)
    assets: list[int] = []

    def setup(world: World) -> None:
        assets.extend(case.arms[arm](world))

    added = known + count_added(case.arms[arm], history)

    def placed(agent: Any) -> bool:
        return known <= agent.row < added

    own = {Biotech: (FounderBiotech, placed), Pharma: (FounderPharma, placed)}
    market = place(history, setup, case.scenario() or (), agents=own)
    market.run_until(case.months)
    return case.measure(market, assets, began)


def count_added(setup: Callable[[World], list[int]], history: PharmaMarket) -> int:
    """How many firms a set-up adds."""
    trial = history.world.copy()
    setup(trial)
    return len(trial.firms) - len(history.world.firms)


def effects_of(found: dict[str, list[Values]]) -> list[dict[str, Any]]:
    """Means of both arms and the paired effect of the second with its 95 % interval, one row per figure."""
    from experiments.effects import paired

    first, second = found.values()
    names = list(first[0])
    a, b = (np.array([[one[name] for name in names] for one in arm]) for arm in (first, second))
    figures = paired(a, b)
    keys = ("mean_a", "mean_b", "effect", "low", "high")
    return [{"figure": name, **{key: float(figures[key][place]) for key in keys}} for place, name in enumerate(names)]


def cases_command(name: str, seeds: int, scale: float, as_json: bool = False) -> None:
    """Play a case and print both arms and the effect."""
    from experiments import show
    from experiments.summary import Section

    found = play_case(name, tuple(range(1, seeds + 1)), scale)
    rows = effects_of(found)
    case = CASES[name]
    if as_json:
        show.print_json(
            {"case": name, "title": case.title, "seeds": seeds, "scale": scale, "figures": rows, "runs": found}
        )
        return
    columns = ["figure", *found, "effect", "from", "to"]
    note = f"{seeds} pairs from {case.branch}, {case.months} months; effect with 95 % interval; {UNREACHED}."
    table = Section(case.title, columns, [list(row.values()) for row in rows], note)
    show.print_sections({name: table})
