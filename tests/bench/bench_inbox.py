"""An inbox page of 50, with its counts, among a thousand, ten thousand and a hundred thousand open tasks.

Started by run.py; prints one line of JSON: milliseconds by the number of open tasks and by what was asked.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from statistics import quantiles
from typing import Any

from engine.domain.actor import Actor
from engine.domain.organisation import Role
from engine.reads import Reads
from engine.reads.inbox import InboxPage
from tests.bench.population import Bank, found, grow

SIZES = (1_000, 10_000, 100_000)
ASKED = 60
QUESTIONS: Mapping[str, Mapping[str, Any]] = {
    "most urgent": {},
    "of a grade": {"grade": "important"},
    "by due date": {"sort": "due"},
    "newest": {"sort": "newest"},
    "of a grade, newest": {"grade": "important", "sort": "newest"},
    "late": {"view": "late"},
    "late, newest": {"view": "late", "sort": "newest"},
    "a common word": {"text": "card"},
    "two words": {"text": "late father"},
    "a common word in Chinese": {"text": "网点"},
    "a rare word": {"text": "witness"},
    "a rare word in Chinese": {"text": "遗产"},
    "a reference": {"text": "R-1000777"},
    "a word nobody wrote": {"text": "zeppelin"},
}
"""What is asked beside the role's view; the first is how the inbox opens."""


def main(folder: str, database_url: str, times: int = ASKED, *sizes: int) -> None:
    """Fill an inbox step by step and ask for its first page at each size."""
    bank = found(folder, database_url)
    figures = {}
    for size in sizes or SIZES:
        grow(bank, size)
        asking = questions(bank)
        took = {name: [_took(ask) for _ in range(times)] for name, ask in asking.items()}
        plain, *others = took
        figures[str(size)] = {
            **_cuts(took[plain]),
            "questions": {name: _cuts(took[name]) for name in others},
        }
    bank.store.close()
    print(json.dumps(figures))


def questions(bank: Bank) -> dict[str, Callable[[], InboxPage]]:
    """Each question, ready to be asked by a triage officer of the whole bank."""
    reads = Reads(bank.store.reading, bank.clock)
    actor = bank.person_with(Role.TRIAGE_OFFICER)
    return {name: partial(_asked, reads, actor, asked) for name, asked in QUESTIONS.items()}


def _asked(reads: Reads, actor: Actor, asked: Mapping[str, Any]) -> InboxPage:
    return reads.inbox(actor, **{"view": "role", **asked})


def _took(ask: Callable[[], InboxPage]) -> float:
    before = time.perf_counter()
    ask()
    return (time.perf_counter() - before) * 1000


def _cuts(took: list[float]) -> dict[str, float]:
    cuts = quantiles(took, n=20)
    return {"p50_ms": cuts[9], "p95_ms": cuts[18]}


if __name__ == "__main__":
    folder, database_url, *more = sys.argv[1:]
    main(folder, database_url, *map(int, more))
