"""The command line: play the library of scenarios, and judge whether it does what its sources expect."""

from __future__ import annotations

from experiments.library import main

if __name__ == "__main__":
    main()
