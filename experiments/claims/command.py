"""What the command ``claims`` does: play, judge, print, keep."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments import record_keeping
from experiments.claims import report
from experiments.claims.effects import LEAST_PAIRS
from experiments.claims.runs import Clock
from experiments.errors import RequestError
from experiments.settings import LARGEST_SCALE


def claims_command(
    numbers: Sequence[int], pairs: int, scale: float | None, workers: int, out: Path | None, *, as_json: bool
) -> dict[str, Any]:
    """Test claims and print the ledger; ``out`` is a file for the record. Raises RequestError for a wrong request."""
    if pairs < LEAST_PAIRS:
        raise RequestError(f"pairs: {pairs} are too few for an interval; take {LEAST_PAIRS} or more")
    if scale is not None and not 0 < scale <= LARGEST_SCALE:
        raise RequestError(f"scale: {scale:g} is outside (0, {LARGEST_SCALE:g}]; 1 is the real world's size")
    if out is not None and (out.is_dir() or not os.access(out.parent, os.W_OK)):
        raise RequestError(f"out: {out} cannot be written; name a file in a folder that is there")
    chosen = report.chosen_claims(numbers)
    began = time.perf_counter()
    record = report.run_claims(chosen, pairs, scale, workers, Clock(complain))
    complain(f"{len(chosen)} claims took {time.perf_counter() - began:.0f} s")
    if out is not None:
        record_keeping.write(out, record)
    print(json.dumps(record) if as_json else "\n".join(report.lines(record)))
    return record


def complain(message: str) -> None:
    """One line on standard error."""
    print(f"claims: {message}", file=sys.stderr, flush=True)
