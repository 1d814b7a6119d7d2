"""Leaves a bank in the middle of its work: `python store_bank.py HOME`, run with the code of an earlier commit.

It says only what earlier commits know, and nothing newer may be added to it.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine import bootstrap
from engine.runtime.clock import MovableClock
from engine.runtime.play import play
from engine.settings import Settings

UNTIL = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DAYS, PER_DAY, SEED = 6, 4, 3


def main(home: Path) -> None:
    """Six days at a demo bank, to a Tuesday morning at work."""
    clock = MovableClock(UNTIL - timedelta(days=DAYS))
    settings = Settings.from_env({"REDRESS_HOME": str(home)})
    bootstrap.prepare(settings, demo=True, clock=clock)
    app = bootstrap.build(settings, clock=clock)
    for _ in play(
        app.ports, clock, app.senders, app.forms, days=DAYS, per_day=PER_DAY, seed=SEED, until=UNTIL
    ):
        pass
    app.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
