"""What readouts do to assets, row by row: who goes on, what is believed of it, why the rest ends.

``rows`` are assets; ``base`` is the 64-bit base of a decision, see :mod:`model.kernels.luck`.
"""

from __future__ import annotations

import numpy as np

from agents.compiling import compiled
from model.kernels.luck import quantile, unit


@compiled
def part(
    rows: np.ndarray, won: np.ndarray, phase: np.ndarray, month: int, clinical: int, origin: np.ndarray,
    waiting: np.ndarray, due: np.ndarray, readouts: np.ndarray, failures: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(assets that passed, assets that did not): the former wait for their next phase from next month on.

    ``readouts`` and ``failures`` (10,) count those from phase ``clinical`` on by origin.
    """
    passed, lost = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    on, off = 0, 0
    for i, row in enumerate(rows):
        if phase[i] >= clinical:
            readouts[origin[row]] += 1.0
            failures[origin[row]] += not won[i]
        if won[i]:
            waiting[row], due[row] = True, month + 1
            passed[on] = row
            on += 1
        else:
            lost[off] = row
            off += 1
    return passed[:on].copy(), lost[:off].copy()


@compiled
def sharpen(
    rows: np.ndarray, base: np.uint64, noise: float, identity: np.ndarray, phase: np.ndarray, quality: np.ndarray,
    belief: np.ndarray,
) -> None:  # fmt: skip
    """Move the public signal to the hidden quality, with ``noise`` that falls with the phase read out."""
    for row in rows:
        error = noise / (1 + phase[row]) * quantile(unit(base, identity[row], phase[row]))
        belief[row] = min(max(quality[row] + error, -8.0), 8.0)


@compiled
def reasons(
    rows: np.ndarray, base: np.uint64, harm: np.ndarray, identity: np.ndarray, phase: np.ndarray, first: int,
    laboratory: int, safety: int, efficacy: int,
) -> np.ndarray:  # fmt: skip
    """Why assets fail, (rows,): in the laboratory (phase ``first``), else for safety with the chance ``harm``."""
    found = np.empty(len(rows), np.int64)
    for i, row in enumerate(rows):
        if phase[row] == first:
            found[i] = laboratory
        else:
            found[i] = safety if unit(base, identity[row], phase[row]) < harm[i] else efficacy
    return found


@compiled
def leave(
    rows: np.ndarray, reason: np.ndarray, month: int, never: int, sponsor: np.ndarray, ended: np.ndarray,
    end_reason: np.ndarray, due: np.ndarray, waiting: np.ndarray, candidates: np.ndarray,
) -> None:  # fmt: skip
    """Take assets out of development for a reason each; ``candidates`` (firms,) counts what is left."""
    for i, row in enumerate(rows):
        ended[row], end_reason[row], due[row], waiting[row] = month, reason[i], never, False
        candidates[sponsor[row]] -= 1


@compiled
def native(
    rows: np.ndarray, phase: np.ndarray, base: np.uint64, share: float, since: int, identity: np.ndarray,
    originator: np.ndarray, started: np.ndarray, area: np.ndarray, ai: np.ndarray, gain: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Log-odds that AI-native candidates gain, (rows,): ``gain`` (phases, areas), a ``share`` of those of adopters."""
    found = np.zeros(len(rows))
    for i, row in enumerate(rows):
        more = gain[phase[i], area[row]]
        if more != 0.0 and started[row] >= since and ai[originator[row]] and unit(base, identity[row], 0) < share:
            found[i] = more
    return found
