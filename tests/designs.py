"""Designs of sweeps that several test files play."""

from __future__ import annotations

from pathlib import Path

from experiments.sweeps.design import Design


def written(folder: Path, text: str) -> Path:
    """The file of a design."""
    path = folder / "design.toml"
    path.write_text(text, "utf-8")
    return path


def stub(**changes: object) -> Design:
    """A design for the player of numbers: 10 points, 3 replicates."""
    given = {"replicates": 3, "until": "2001-12", "uncertainties": {"points": 10, "names": ["capital.persistence"]}}
    return Design.model_validate({**given, **changes})
