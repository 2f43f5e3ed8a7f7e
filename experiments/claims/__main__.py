"""``python -m experiments.claims``: test all claims and keep the results, or say whether the kept ones are stale."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from experiments.claims import report
from experiments.claims.command import claims_command


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m experiments.claims", description="The claims ledger.")
    parser.add_argument("--pairs", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="keep the record and renew docs/claims.md")
    parser.add_argument("--page", action="store_true", help="only renew docs/claims.md from the kept record")
    parser.add_argument("--check", action="store_true", help="only say whether the kept verdicts are stale")
    chosen = parser.parse_args(arguments)
    if chosen.check:
        print(report.staleness())
    elif chosen.page:
        report.PAGE.write_text(report.page(report.read()), "utf-8")
    else:
        record = claims_command((), chosen.pairs, None, chosen.workers, None, as_json=False)
        if chosen.write:
            report.keep(record)


if __name__ == "__main__":
    main()
