"""``pharmarket explain``: the causal log of one asset, contract or firm of a run."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pyarrow import ArrowException

from experiments.errors import RequestError
from experiments.results import MANIFEST
from experiments.story import Line, Run, asset_story, deal_story, firm_story

STORIES: dict[str, Callable[[Run, int], list[Line]]] = {"asset": asset_story, "deal": deal_story, "firm": firm_story}
TABLES = {"asset": "assets", "deal": "deals", "firm": "firms"}
HINTS = 3


def explain_command(folder: Path, identity: str, as_json: bool) -> None:
    """Print the story of an identity, ``asset:ID``, ``deal:ID``, ``firm:ID`` or the name of a firm.

    Raises RequestError for a folder without results and for what is not in them, with the nearest that is.
    """
    from experiments import show

    kind, number, lines = tell(folder, identity)
    if as_json:
        show.print_json({"kind": kind, "id": number, "log": [dataclasses.asdict(line) for line in lines]})
        return
    print(f"{kind} {number}")
    for line in lines:
        print(f"{line.month}  {line.text}")


def tell(folder: Path, identity: str) -> tuple[str, int, list[Line]]:
    """Kind, number and story of an identity. Raises RequestError where the folder or the identity gives none."""
    if not (folder / MANIFEST).is_file() or not (folder / "assets.parquet").is_file():
        raise RequestError(f"{folder} holds no results of a run; `pharmarket run --out {folder}` writes some")
    run = Run(folder)
    try:
        kind, number = find(run, identity.strip())
        return kind, number, STORIES[kind](run, number)
    except (OSError, ArrowException) as error:
        raise RequestError(f"{folder} is damaged: {str(error).splitlines()[0]}; play the run again") from error
    except (KeyError, AttributeError) as error:
        column = getattr(error, "name", None) or error.args[0]
        raise RequestError(f"{folder} is damaged, or of another version: {column} is missing; play it again") from error


def find(run: Run, identity: str) -> tuple[str, int]:
    """Kind and number of what was asked for. Raises RequestError, with the nearest, where the run has no such thing."""
    kind, _, rest = identity.rpartition(":")
    if kind and kind not in STORIES:
        raise RequestError(f"{identity}: write asset:ID, deal:ID or firm:ID")
    if not re.fullmatch(r"-?[0-9]+", rest):
        return "firm", named(run, rest)
    number = int(rest)
    known = {name: numbers(run, name) for name in ([kind] if kind else list(STORIES))}
    found = [name for name, all_ in known.items() if number in all_]
    if len(found) > 1:
        choices = " or ".join(f"{name}:{number}" for name in found)
        raise RequestError(f"{number} stands for one {' and one '.join(found)}; write {choices}")
    if not found:
        near = "; ".join(
            f"{name} {', '.join(map(str, nearest(all_, number)))}" for name, all_ in known.items() if len(all_)
        )
        raise RequestError(f"there is no {kind or 'asset, deal or firm'} {number} in {run.place}; nearest: {near}")
    return found[0], number


def numbers(run: Run, kind: str) -> np.ndarray:
    """All identities of a kind, sorted."""
    return np.sort(run.column(TABLES[kind], kind))


def nearest(known: np.ndarray, number: int) -> list[int]:
    """The identities closest to a number."""
    number = min(max(number, 0), int(known[-1]))
    place = int(np.searchsorted(known, number))
    around = known[max(place - HINTS, 0) : place + HINTS]
    return sorted(int(one) for one in around[np.argsort(np.abs(around - number), kind="stable")][:HINTS])


def named(run: Run, name: str) -> int:
    """The firm of a name, whatever its case. Raises RequestError where none has it, or more than one."""
    called = list(zip(run.firms["name"].str.lower(), run.firms.index.tolist(), strict=True))
    names = dict(called)
    same = [number for one, number in called if one == name.lower()]
    if len(same) > 1:
        raise RequestError(
            f"{len(same)} firms are called {name}; write one of {', '.join(f'firm:{n}' for n in same[:5])}"
        )
    if same:
        return same[0]
    near = difflib.get_close_matches(name.lower(), names, n=HINTS, cutoff=0.5)
    hint = (
        "; nearest: " + ", ".join(f"{run.firms.loc[names[one], 'name']} (firm:{names[one]})" for one in near)
        if near
        else ""
    )
    raise RequestError(f"no firm is called {name!r} in {run.place}{hint}")
