"""What the command ``sweep`` does: estimate, run or resume, tell how it stands."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments import pool, show
from experiments.errors import RequestError

STATUS = "status"


@dataclass(frozen=True)
class Asked:
    """The options of the command."""

    out: Path | None
    engine: str
    scheduler: str | None
    workers: int | None
    part: str
    estimate: bool
    as_json: bool
    quiet: bool


def sweep_command(words: Sequence[str], asked: Asked) -> None:
    """``DESIGN.toml`` runs a design, ``status DIR`` tells how one stands. Raises RequestError for anything else."""
    if words[0] == STATUS and len(words) == 2:
        tell_status(Path(words[1]), asked.as_json)
    elif len(words) == 1 and words[0] != STATUS:
        run_design(Path(words[0]), asked)
    else:
        raise RequestError("sweep: write `sweep DESIGN.toml --out DIR`, or `sweep status DIR`")


def tell_status(folder: Path, as_json: bool) -> None:
    """Print how a sweep stands."""
    from experiments.sweeps import status

    found = status.status(folder)
    if as_json:
        show.print_json(found)
    else:
        print(status.words(found))


def run_design(path: Path, asked: Asked) -> None:
    """Estimate, then play what is missing; with ``--estimate`` only the former."""
    from experiments.sweeps import create, driver, engines, estimate, progress

    part = parse_part(asked.part)
    engines.check_name(asked.engine)
    request = create.requested(path)
    if asked.out is not None:
        create.check_place(asked.out)
    found = estimate.estimate(request, asked.workers or pool.cores())
    if asked.estimate:
        show.print_json(found) if asked.as_json else print(estimate.words(found))
        return
    if asked.out is None:
        raise RequestError("out: name the folder of the sweep, as --out out/mysweep")
    if not asked.quiet:
        print(estimate.words(found), file=sys.stderr, flush=True)
    driver.carry_out(
        request,
        asked.out,
        asked.engine,
        asked.scheduler,
        asked.workers,
        part,
        progress.reporter(path.stem, asked.quiet),
    )
    tell_status(asked.out, asked.as_json)


def parse_part(text: str) -> tuple[int, int]:
    """Which of how many parts ``K/N`` means, counted from 0. Raises RequestError for what is none."""
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not int(found[1]) < int(found[2]):
        raise RequestError(f"part: {text!r} is no part; write K/N with K from 0 to N - 1, as 0/8")
    return int(found[1]), int(found[2])
