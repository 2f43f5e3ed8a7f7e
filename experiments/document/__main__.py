"""The command line: renew the tables of ``docs/``, or say which are stale."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from experiments.document import renew, stale


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m experiments.document", description="The tables of docs/.")
    parser.add_argument("--check", action="store_true", help="change nothing, end with 1 if a table is stale")
    if parser.parse_args(arguments).check:
        found = stale()
        print("\n".join(f"stale: {name}" for name in found) or "docs: up to date")
        return int(bool(found))
    print("\n".join(f"renewed: docs/{name}" for name in renew()) or "docs: up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
