"""The claims ledger: what was said about this market, where it lies in the model, and what the model says to it.

A claim is a row of ``experiments/data/claims.csv``; its tests are in ``experiments/data/experiments/*.toml``.
"""

from experiments.claims.ledger import Claim, Experiment, claims, experiments_by_name

__all__ = ["Claim", "Experiment", "claims", "experiments_by_name"]
