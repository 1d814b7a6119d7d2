"""``python -m tests.dmn_tck DIR [--verbose]``: how much of a test kit passes."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from tests.dmn_tck.runner import Outcome, run_folder


def main(arguments: list[str]) -> int:
    """Run, print what failed when asked to, and end with the count."""
    parser = argparse.ArgumentParser(prog="python -m tests.dmn_tck", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--verbose", action="store_true", help="name every result that is not as expected")
    options = parser.parse_args(arguments)
    outcomes = list(run_folder(options.folder))
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if options.verbose:
        _tell(failed)
    total, passed = len(outcomes), len(outcomes) - len(failed)
    share = 100 * passed / total if total else 0
    sys.stdout.write(f"passed {passed} of {total} ({share:.1f} %)\n")
    return 0 if total and not failed else 1


def _tell(failed: list[Outcome]) -> None:
    for outcome in failed:
        sys.stdout.write(f"{outcome.folder} {outcome.case} {outcome.node}: {outcome.problem}\n")
    for folder, count in sorted(Counter(outcome.folder for outcome in failed).items()):
        sys.stdout.write(f"{folder}: {count} failed\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
