"""``python -m experiments.cli`` is ``pharmarket``."""

from experiments.cli import main

main()
