"""Many runs, their results, and the command line. ``run`` plays one scenario and returns its tables."""

from experiments.compiled import find_place
from experiments.run import Results, run

__all__ = ["Results", "run"]

find_place()
