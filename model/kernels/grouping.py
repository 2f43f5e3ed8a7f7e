"""Sums by group and lists by condition: what every part of the month needs, on arrays of rows."""

from __future__ import annotations

import numpy as np

from agents.compiling import compiled


@compiled
def count(groups: np.ndarray, out: np.ndarray) -> None:
    """Add to ``out`` how often each group occurs."""
    for group in groups:
        out[group] += 1


@compiled
def add(groups: np.ndarray, amounts: np.ndarray, out: np.ndarray) -> None:
    """Add each amount to the cell of its group; groups may repeat."""
    for i in range(len(groups)):
        out[groups[i]] += amounts[i]


@compiled
def step(groups: np.ndarray, by: int, out: np.ndarray) -> None:
    """Add ``by`` to the cell of each group; groups may repeat."""
    for group in groups:
        out[group] += by


@compiled
def mark(groups: np.ndarray, bits: np.ndarray, out: np.ndarray) -> None:
    """Set the bits of each row in the cell of its group; groups may repeat."""
    for i in range(len(groups)):
        out[groups[i]] |= bits[i]


@compiled
def where_equal(rows: np.ndarray, column: np.ndarray, value: int) -> np.ndarray:
    """Those of ``rows`` whose entry in ``column`` is ``value``, in their order."""
    found = np.empty(len(rows), rows.dtype)
    number = 0
    for row in rows:
        if column[row] == value:
            found[number] = row
            number += 1
    return found[:number].copy()


@compiled
def where_marked(rows: np.ndarray, column: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """Those of ``rows`` whose entry in ``column`` is a marked one, in their order."""
    found = np.empty(len(rows), rows.dtype)
    number = 0
    for row in rows:
        if marks[column[row]]:
            found[number] = row
            number += 1
    return found[:number].copy()


@compiled
def developing(rows: np.ndarray, ended: np.ndarray, phase: np.ndarray, never: int, marketed: int) -> np.ndarray:
    """Those of ``rows`` that have not ended and are not on the market."""
    found = np.empty(len(rows), rows.dtype)
    number = 0
    for row in rows:
        if ended[row] == never and phase[row] < marketed:
            found[number] = row
            number += 1
    return found[:number].copy()
