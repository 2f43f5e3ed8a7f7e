"""What pages share, without a browser: panels that fail, long work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import solara
from ipywidgets import Image, Widget

from experiments.errors import RequestError
from model import PharmaMarket
from viz.jobs import Job, Progress
from viz.parts.guard import guarded


@guarded("Approvals")
def Broken(error: Exception | None) -> None:
    solara.Text("before")
    if error:
        raise error


def shown(element: Any) -> str:
    box, rc = solara.render(element, handle_error=False)
    texts = " ".join(words(box))
    rc.close()
    return texts


def words(widget: Any) -> Iterator[str]:
    """Every text below a widget."""
    for child in getattr(widget, "children", ()):
        yield from [child] if isinstance(child, str) else words(child)


@pytest.mark.parametrize("error", [RequestError("no such table"), KeyError("month"), ZeroDivisionError("by zero")])
def test_a_failing_panel_says_so(error: Exception) -> None:
    texts = shown(Broken(error))
    assert "Approvals cannot be shown" in texts and str(error).strip("'") in texts
    assert "cannot be shown" not in shown(Broken(None))


def follow(work: Any, *arguments: Any, stop_at: int = -1) -> list[Progress]:
    """Every state that a job goes through; it is cancelled once ``stop_at`` steps are done."""
    seen: list[Progress] = []
    ended = threading.Event()

    def note(progress: Progress) -> None:
        seen.append(progress)
        if progress.done == stop_at and progress.state == "running":
            job.cancel()
        if progress.state != "running":
            ended.set()

    job = Job(work, *arguments, on_change=note)
    assert ended.wait(60)
    return seen


def count(report: Any, steps: int) -> int:
    for step in range(steps):
        report(step + 1, steps, str(step))
    if steps == 13:
        raise ValueError("an unlucky number")
    if steps == 99:
        threading.Event().wait(60)
    return steps


def test_long_work_tells_how_far_it_is() -> None:
    seen = follow(count, 3)
    assert [progress.done for progress in seen[:-1]] == [1, 2, 3]
    assert seen[-1].state == "done" and seen[-1].result == 3


def test_long_work_fails_and_ends() -> None:
    assert follow(count, 13)[-1].error == "an unlucky number"
    assert follow(count, 99, stop_at=99)[-1].state == "cancelled"


def widgets(widget: Any) -> Iterator[Any]:
    """A widget and all below it, those in slots and grids included."""
    yield widget
    for name in ("children", "v_slots", "items"):
        for child in getattr(widget, name, ()):
            found = child["children"] if isinstance(child, dict) and name == "v_slots" else child
            for one in found if isinstance(found, list) else [found]:
                if isinstance(one, Widget):
                    yield from widgets(one)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning", "ignore::FutureWarning")
def test_the_market_works_in_mesas_own_page() -> None:
    from mesa.visualization import SolaraViz, make_plot_component

    market = PharmaMarket("baseline", rng=1, scale=0.02)

    @solara.component
    def Whole() -> None:
        with solara.AppLayout():
            SolaraViz(market, components=[make_plot_component("approvals_first")])

    box, rc = solara.render(Whole(), handle_error=False)
    steps = [part for part in widgets(box) if getattr(part, "children", None) == ["Step"]]
    for _ in range(2):
        steps[0].click()
    assert market.steps == 2 and len(market.datacollector.get_model_vars_dataframe()) == 2
    assert any(isinstance(part, Image) for part in widgets(box))
    rc.close()
