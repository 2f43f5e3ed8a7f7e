"""``python -m experiments.claims``: test all claims and keep the results, or say whether the kept ones are stale."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from experiments import record_keeping
from experiments.claims import report
from experiments.claims.command import claims_command
from experiments.claims.ledger import PAIRS


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m experiments.claims", description="The claims ledger.")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="pairs of runs per experiment")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="keep the record and renew docs/claims.md")
    parser.add_argument("--page", action="store_true", help="only renew docs/claims.md from the kept record")
    chosen = record_keeping.asked(parser, arguments, report.NAME, report.COMMAND)
    if chosen.page:
        report.PAGE.write_text(report.page(report.read()), "utf-8")
    else:
        record = claims_command((), chosen.pairs, None, chosen.workers, None, as_json=False)
        if chosen.write:
            report.keep(record)


if __name__ == "__main__":
    main()
